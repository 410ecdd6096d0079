"""Which text a citation means."""

from __future__ import annotations

import pytest

from fiscalgraph.graph.identifiers import law_iri
from fiscalgraph.graph.law_titles import official_number, resolve_law

ISSUER = "云泽省水务厅"
BUDGET_LAW = "中华人民共和国预算法"


@pytest.mark.parametrize(
    ("printed", "number", "title", "rules"),
    [
        ("中华人民共和国预算法", None, BUDGET_LAW, ("listed-title",)),
        ("预算法", None, BUDGET_LAW, ("full-title",)),
        ("项目支出绩效评价管理办法", None, "项目支出绩效评价管理办法", ("listed-title",)),
        ("项目支出绩效评价管理办法", "财预〔2020〕10号", "项目支出绩效评价管理办法", ("listed-title",)),
        (
            "财政部关于印发〈项目支出绩效评价管理办法〉的通知",
            "财预[2020]10号",
            "项目支出绩效评价管理办法",
            ("listed-title", "same-number"),
        ),
        (
            "财政部关于印发《项目支出绩效评价管理办法》的通知",
            None,
            "项目支出绩效评价管理办法",
            ("listed-title", "issuing-notice"),
        ),
        (
            "关于全面实施预算绩效管理的意见",
            "中发〔2018〕34号",
            "中共中央国务院关于全面实施预算绩效管理的意见",
            ("listed-title", "same-number"),
        ),
        (
            "云泽省水务厅关于印发云泽省节水管理办法的通知",
            None,
            "云泽省节水管理办法",
            ("issuing-notice",),
        ),
        ("云泽省河道条例", None, "云泽省河道条例", ("same-title",)),
    ],
)
def test_citations_of_one_text_meet(
    printed: str, number: str | None, title: str, rules: tuple[str, ...]
) -> None:
    found = resolve_law(printed, number, ISSUER)
    assert (found.title, found.rules) == (title, rules)
    assert found.iri == law_iri(title)


@pytest.mark.parametrize(
    "printed",
    [
        "关于贯彻落实〈云泽省节水管理办法〉的通知",  # a text about a text
        "关于转发〈云泽省节水管理办法〉的通知",
        "关于印发〈云泽省节水管理办法〉和〈云泽省用水定额〉的通知",
    ],
)
def test_a_text_about_another_stays_itself(printed: str) -> None:
    assert resolve_law(printed, None, ISSUER).title == printed


def test_a_title_that_says_nothing_means_a_text_of_the_issuer() -> None:
    ours, theirs = (resolve_law("实施细则", None, issuer) for issuer in (ISSUER, "清河市水务局"))
    assert ours.iri != theirs.iri
    assert ours.rules == theirs.rules == ("title-of-issuer",)


def test_an_opinion_of_nobody_is_not_the_listed_one() -> None:
    bare = resolve_law("关于全面实施预算绩效管理的意见", "云财〔2019〕6号", ISSUER)
    assert bare.known is None or "中发〔2018〕34号" not in bare.known.numbers


def test_a_citys_notice_of_the_same_words_is_not_the_state_councils() -> None:
    title = "关于开展第四次全国农业普查的通知"
    assert resolve_law(title, None, ISSUER).title == f"国务院{title}"
    for printed, number in ((f"云泽省人民政府{title}", None), (title, "云政发〔2025〕21号")):
        assert resolve_law(printed, number, ISSUER).title == printed


@pytest.mark.parametrize(
    "number",
    ["财预〔2020〕10号", "财预[2020]10号", "财预（2020）10 号", "财预﹝2020﹞第10号", "财预〔2020〕010号"],
)
def test_a_number_has_one_form(number: str) -> None:
    assert official_number(number) == "财预〔2020〕10号"
