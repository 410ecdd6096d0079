"""What the prose states against its own figures and against the tables."""

from __future__ import annotations

import pytest
from checked import REFERENCE, claim, found, line, project, results, spoken, total, verdicts

from fiscalgraph.extract.records import Statement
from fiscalgraph.graph.checks import Verdict


def test_a_sentence_s_amount_against_every_table() -> None:
    assert found(spending=REFERENCE, narrative=[spoken("行政运行", "10.00")]) == []
    assert found(spending=REFERENCE, narrative=[spoken("行政运行", "14.00")]) == [
        ("text_vs_table", "14.00", "10.00")
    ]
    wider = line("2130301", "行政运行", "14.00", "本年支出合计", "支出决算表", index=1)
    assert found(spending=[*REFERENCE, wider], narrative=[spoken("行政运行", "14.00")]) == []


def test_an_amount_rounded_to_a_coarser_unit_agrees() -> None:
    rows = [line("2130301", "行政运行", "2399244", unit="元")]
    assert found(spending=rows, narrative=[spoken("行政运行", "240")]) == []
    assert found(spending=rows, narrative=[spoken("行政运行", "260")]) == [
        ("text_vs_table", "260", "2399244")
    ]


def test_names_of_an_item_and_of_its_parent() -> None:
    other = found(spending=REFERENCE, narrative=[spoken("水利工程运行和维护", "20.00")])
    assert other == [("name_mismatch", "水利工程运行和维护", "水利工程运行与维护")]
    parent = found(spending=REFERENCE, narrative=[spoken("行政运行", "10.00", "水利事务")])
    assert parent == [("name_mismatch", "水利事务", "水利")]


def test_a_name_without_its_last_word_is_the_same_name() -> None:
    rows = [line("2130399", "其他水利支出", "5.00")]
    assert found(spending=rows, narrative=[spoken("其他水利", "5.00")]) == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("10.00%", []),
        ("10.01%", [("rate_mismatch", "10.01%", "10.00%")]),
        ("12.00%", [("rate_mismatch", "12.00%", "10.00%")]),
    ],
)
def test_percentages_recomputed(printed: str, expected: list[tuple[str, str, str]]) -> None:
    growth = claim("increase", printed, "1100.00万元", "100.00万元", unit="%")
    assert found(statements=[growth]) == expected


def test_a_percentage_less_than_a_unit_off_is_rounded() -> None:
    growth = claim("increase", "33.34%", "4000000.00万元", "1000000.00万元", unit="%")
    assert found(statements=[growth]) == [("rounding_mismatch", "33.34%", "33.33%")]


def test_a_stated_total_must_stand_in_some_table() -> None:
    rows = [total("总计", "150.00"), total("总计", "150.00", side="收入")]

    def stated(printed: str) -> list[tuple[str, str, str]]:
        return found(totals=rows, statements=[claim("total", printed, subject="收支总计", unit="万元")])

    assert stated("150.00") == []
    assert stated("158.00") == [("text_vs_table", "158.00", "150.00")]


def test_a_stated_total_against_its_stated_parts() -> None:
    def bought(printed: str) -> list[tuple[str, str, str]]:
        parts = ("10.00万元", "20.00万元", "30.00万元")
        return found(statements=[claim("parts", printed, *parts, subject="政府采购", unit="万元")])

    assert bought("60.00") == []
    assert bought("66.00") == [("sum_mismatch", "66.00", "60")]


def counted(number: str, tables: int, *more: Statement) -> list[tuple[str, str, str]]:
    statement = claim("project_count", number, subject="self_evaluation", unit="个")
    return found(projects=[project(None, n) for n in range(tables)], statements=[statement, *more])


def test_the_number_of_projects_against_the_tables_that_are_there() -> None:
    assert counted("4", 4) == []
    assert counted("5", 4) == [("count_mismatch", "5", "4")]
    assert counted("40", 4) == []  # so few of so many are a selection
    assert counted("5", 4, claim("selection", "涉密项目不予公开")) == []


def test_the_count_of_tables_shown_goes_before_that_of_all_projects() -> None:
    shown = claim("project_count", "4", subject="reflected_self_evaluation", unit="个")
    assert counted("5", 4, shown) == []


def test_the_money_involved_against_the_sum_of_the_tables() -> None:
    def involved(printed: str) -> list[tuple[str, str, str]]:
        return counted("4", 4, claim("project_funds", printed, subject="self_evaluation", unit="万元"))

    assert involved("40.00") == involved("36.00") == []
    assert involved("47.00") == [("sum_mismatch", "47.00", "40.00")]


def test_a_sentence_s_amount_that_a_table_prints_agrees_with_that_figure() -> None:
    (told,) = results("narrative-amounts", spending=REFERENCE, narrative=[spoken("行政运行", "10.00")])
    assert told.verdict is Verdict.AGREES
    assert told.right.records == (REFERENCE[2],)


def test_a_stated_total_that_only_another_table_prints_may_be_of_another_scope() -> None:
    rows = [total("总计", "150.00"), total("总计", "150.00", side="收入"), total("合计", "158.00", side=None)]
    stated = claim("total", "158.00", subject="收支总计", unit="万元")
    assert verdicts("stated-totals", totals=rows, statements=[stated]) == [Verdict.CANNOT_TELL]
    coded = [line("2010101", "行政运行", "158.00")]
    assert verdicts("stated-totals", totals=rows[:2], spending=coded, statements=[stated]) == [
        Verdict.CONTRADICTS
    ]


def test_few_tables_contradict_the_count_when_their_money_is_all_there_is() -> None:
    claims = [
        claim("project_count", "3", subject="self_evaluation", unit="个"),
        claim("project_funds", "10.00", subject="self_evaluation", unit="万元"),
    ]
    one = [project(None)]
    assert verdicts("stated-project-count", projects=one, statements=claims) == [Verdict.CONTRADICTS]
    assert verdicts("stated-project-count", projects=one, statements=claims[:1]) == []
