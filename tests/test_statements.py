"""What the prose claims of its own figures: which figures a percentage is of, counts, words of forms."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tables import document, table

from fiscalgraph.extract.document import Block
from fiscalgraph.extract.proportions import Agreement, percentage, quantity, same_amount
from fiscalgraph.extract.recognise.statements import recognise_statements
from fiscalgraph.extract.records import (
    DisclosureRecords,
    DocumentIdentity,
    Project,
    Source,
    Statement,
    records_from_json,
    records_to_json,
)


def project(name: str, page: int = 1, top: float = 0.0, occurrence: int = 0) -> Project:
    source = Source(name, page=page, box=(0.0, top, 50.0, top + 20.0))
    blank: list[str | None] = [None] * 10
    return Project(occurrence, name, "project", None, None, *blank, ("self_eval_table",), source)


def read(*blocks: Block | str, projects: tuple[Project, ...] = ()) -> list[Statement]:
    return list(recognise_statements(document(*blocks), projects))


def claims(text: str, *kinds: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(s.kind, s.printed, s.operands) for s in read(text) if not kinds or s.kind in kinds]


def test_growth_is_of_the_level_stated_before_it() -> None:
    text = "本厅2024年度收、支总计均为1,100.00万元。与2023年度相比，收、支总计各增加100.00万元，增长10.00%。"
    assert claims(text, "increase", "decrease") == [("increase", "10.00%", ("1100.00万元", "100.00万元"))]


def test_growth_on_a_base_that_the_sentence_states() -> None:
    text = "2024年收入预算900.00万元，比2023年年初预算数1,000.00万元减少100.00万元，下降10.00%。"
    ((_, printed, operands),) = claims(text, "change_on_base", "decrease")
    assert printed == "10.00%"
    assert operands in {("900.00万元", "100.00万元"), ("100.00万元", "1000.00万元")}


def test_the_level_may_stand_before_a_list_of_its_parts() -> None:
    text = (
        "当年预算收入500.00万元，其中：财政拨款480.00万元、其他收入20.00万元，"
        "较上年增加50.00万元，增长11.11%。"
    )
    assert claims(text, "increase") == [("increase", "11.11%", ("500.00万元", "50.00万元"))]


def test_a_change_whose_level_is_in_doubt_is_left_out() -> None:
    text = "运行费300.00万元，其中：油料80.00万元、保险15.00万元，较上年增加50.00万元，增长77.00%。"
    assert claims(text, "increase", "change_on_base") == []


def test_two_levels_and_the_percentage_between_them() -> None:
    text = (
        "“水利（款）防汛（项）”12.00万元，用于防汛。2023年当年预算执行数为10.00万元，"
        "2024年预算安排12.00万元，比2023年预算执行数增加20.00%。"
    )
    assert claims(text, "increase_to") == [("increase_to", "20.00%", ("12.00万元", "10.00万元"))]


def test_completion_of_the_budget() -> None:
    text = "年初预算为200.00万元，支出决算为150.00万元，完成年初预算的75.00%。"
    assert claims(text, "completion") == [("completion", "75.00%", ("150.00万元", "200.00万元"))]


def test_a_rate_beside_figures_of_other_things_is_left_out() -> None:
    assert claims("当年预算执行400.00万元，上年结转资金执行90.00万元，执行率100%。", "completion") == []


def test_each_share_of_a_list_is_of_the_whole_that_explains_the_others() -> None:
    text = (
        "支出1,000.00万元，其中：教育支出200.00万元，占20.00%；住房保障支出300.00万元，占30.00%；"
        "农林水支出500.00万元，占55.00%。"
    )
    found = claims(text, "share")
    assert [operands[1] for _, _, operands in found] == ["1000.00万元"] * 3
    assert found[2][1] == "55.00%"


def test_a_share_of_something_not_stated_is_left_out() -> None:
    assert claims("项目支出30.00万元，占全市同类支出的7.00%。", "share") == []


def test_what_a_figure_is_said_of_is_neither_cut_nor_numbered() -> None:
    said = "社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）年初预算"
    (found,) = (
        each
        for each in read(f"12.{said}200.00万元，支出决算100.00万元，完成年初预算的50.00%。")
        if each.kind == "completion"
    )
    assert found.subject == said


@pytest.mark.parametrize(
    ("text", "subject", "number"),
    [
        ("我局组织对6个项目开展了2024年度绩效自评，涉及资金80.50万元。", "self_evaluation", "6"),
        ("共计12个项目进行了绩效自评，涉及资金80.50万元。", "self_evaluation", "12"),
        ("本单位编报绩效目标的项目共4个，涉及项目预算资金80.50万元。", "target", "4"),
        ("在决算中反映“测站维护”“堤防加固”等2个项目绩效自评结果。", "reflected_self_evaluation", "2"),
    ],
)
def test_counts_of_projects_and_the_money_involved(text: str, subject: str, number: str) -> None:
    found = read(text)
    counts = [(s.subject, s.printed) for s in found if s.kind == "project_count"]
    assert counts == [(subject, number)]
    funds = [(s.printed, s.unit) for s in found if s.kind == "project_funds"]
    assert funds == ([("80.50", "万元")] if "资金" in text else [])


def test_totals_and_the_parts_that_make_them_up() -> None:
    found = read(
        "政府采购支出总额60.00万元，其中：政府采购货物支出10.00万元、政府采购工程支出20.00万元、政府采购服务支出30.00万元。"
    )
    (parts,) = [s for s in found if s.kind == "parts"]
    assert (parts.subject, parts.printed) == ("政府采购", "60.00")
    assert parts.operands == ("10.00万元", "20.00万元", "30.00万元")


def test_goal_outcome_and_conclusion_belong_to_the_table_they_stand_in() -> None:
    form = table(
        [
            ["项目名称", "测站维护", "<", "<"],
            ["年度目标", "预期目标", "<", "实际完成情况"],
            ["^", "维护测站40座，按月巡检", "<", "维护测站42座，按月巡检"],
            ["自评结论", "各项目标全部完成，无偏差。", "<", "<"],
        ]
    )
    found = read(form, projects=(project("测站维护", occurrence=7),))
    assert [(s.kind, s.printed, s.occurrence) for s in found] == [
        ("goal", "维护测站40座，按月巡检", 7),
        ("outcome", "维护测站42座，按月巡检", 7),
        ("conclusion", "各项目标全部完成，无偏差。", 7),
    ]


def test_a_form_before_any_project_has_no_owner() -> None:
    form = table([["自评结论", "各项目标全部完成，无偏差。"]])
    assert read(form, projects=(project("堤防加固", page=2),)) == []


def test_table_titles_of_a_contents_list_without_number_and_year() -> None:
    found = read("目录", "一、收支总表", "二、2024年收入总表……3", "三、支出总表", *["概况说明。"] * 8)
    assert [s.printed for s in found if s.kind == "caption"] == ["收支总表", "收入总表", "支出总表"]


def test_a_quoted_name_counts_only_where_it_is_called_a_project() -> None:
    found = read("组织对“测站运行维护”项目开展评价，落实“过紧日子”要求，编制“十五五”规划。")
    assert [s.printed for s in found if s.kind == "quoted_name"] == ["测站运行维护"]


def test_statements_survive_serialisation() -> None:
    identity = DocumentIdentity("d", "甲局", "部门决算", 2024, "万元", 1, "0", "d.pdf", "pdf", Source("甲局"))
    found = tuple(read("年初预算为200.00万元，支出决算为150.00万元，完成年初预算的75.00%。"))
    records = DisclosureRecords(identity=identity, statements=found)
    assert found
    assert records_from_json(records_to_json(records)) == records


def test_a_percentage_may_be_any_that_its_rounded_figures_allow() -> None:
    small = percentage("share", ("0.01万元", "0.03万元"))
    assert small is not None
    assert small.agreement("25%") is Agreement.AGREES  # 0.0075 / 0.0300 … 0.0150 / 0.0250
    exact = percentage("increase", ("1100.00万元", "100.00万元"))
    assert exact is not None
    assert exact.value == Decimal(10)
    assert exact.agreement("9.99%") is Agreement.DIFFERS  # a whole unit off
    third = percentage("share", ("1000000.00万元", "3000000.00万元"))
    assert third is not None
    verdicts = [third.agreement(p) for p in ("33.33%", "33.34%", "33.35%")]
    assert verdicts == [Agreement.AGREES, Agreement.ROUNDING, Agreement.DIFFERS]


def test_a_base_of_nothing_gives_no_percentage() -> None:
    assert percentage("increase", ("50.00万元", "50.00万元")) is None
    assert percentage("share", ("50.00万元", "0万元")) is None
    assert percentage("total", ("50.00万元", "50.00万元")) is None


def test_amounts_of_different_precision_may_be_the_same() -> None:
    rough, fine, other = quantity("2399万元"), quantity("23992440元"), quantity("2402万元")
    assert rough is not None
    assert fine is not None
    assert other is not None
    assert same_amount(rough, fine)
    assert not same_amount(other, fine)
    assert quantity("约20万元") is None


def test_basic_expenditure_and_the_three_publics_with_their_parts() -> None:
    basic = "一般公共预算财政拨款基本支出100.00万元，其中：人员经费80.00万元，公用经费20.00万元。"
    assert claims(basic, "parts") == [("parts", "100.00", ("80.00万元", "20.00万元"))]
    publics = (
        "“三公”经费预算6.00万元，其中：因公出国（境）费1.00万元，"
        "公务用车购置及运行费3.00万元，公务接待费2.00万元。"
    )
    assert claims(publics, "parts") == [("parts", "6.00", ("1.00万元", "3.00万元", "2.00万元"))]


def test_parts_belong_to_the_amount_right_before_them() -> None:
    text = (
        "“三公”经费预算为9.00万元，支出决算为6.00万元，其中：因公出国（境）费1.00万元，"
        "公务用车购置及运行费3.00万元，公务接待费2.00万元。"
    )
    assert ("parts", "9.00", ("1.00万元", "3.00万元", "2.00万元")) not in claims(text, "parts")


@pytest.mark.parametrize(
    "words",
    [
        "注：本套报表金额单位转换时可能存在尾数误差。",
        "本表金额转换为万元时，因四舍五入可能存在尾差。",
        "注：由于四舍五入因素，部分分项加和与总计可能略有差异，下同。",
    ],
)
def test_admitted_differences_in_the_last_place(words: str) -> None:
    (admitted,) = [s for s in read(f"表1。{words}", words) if s.kind == "rounding_admitted"]
    assert admitted.source.quote in words


def test_rounding_alone_admits_no_difference() -> None:
    assert claims("金额按四舍五入列示，保留两位小数。", "rounding_admitted") == []
