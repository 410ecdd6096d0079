"""Which body a printed name means: regions, fields of work, a body's own words, head offices."""

from __future__ import annotations

import pytest

from fiscalgraph.graph.identifiers import department_iri
from fiscalgraph.graph.names import (
    CONFIDENCE,
    government_of,
    is_body,
    normalised_name,
    other_names,
    resolve_body,
    resolve_unit,
)
from fiscalgraph.ontology.terms import CODES


@pytest.mark.parametrize(
    ("printed", "name", "rules"),
    [
        ("人力资源社会保障部", "人力资源和社会保障部", ("conjunction",)),
        ("[117]人力资源社会保障部", "人力资源和社会保障部", ("conjunction",)),
        ("人社部", "人力资源和社会保障部", ("abbreviation",)),
        ("国家发改委", "国家发展和改革委员会", ("abbreviation",)),
        ("国务院国资委", "国务院国有资产监督管理委员会", ("abbreviation",)),
        ("烟台市人社局", "烟台市人力资源和社会保障局", ("abbreviation",)),
        ("云南省发展和改革委", "云南省发展和改革委员会", ("abbreviation",)),
        ("云南省教委", "云南省教育委员会", ("abbreviation",)),
        ("芜湖市国资委", "芜湖市人民政府国有资产监督管理委员会", ("abbreviation",)),
        ("黔南州住建局", "黔南布依族苗族自治州住房和城乡建设局", ("region", "abbreviation")),
        ("湖北省武汉市水务局", "武汉市水务局", ("region",)),
        ("江苏省昆山市水务局", "昆山市水务局", ("region",)),
        ("南海区财政局", "佛山市南海区财政局", ("region",)),
        ("芜湖市委组织部", "中共芜湖市委组织部", ("party-committee",)),
        ("中共芜湖市委员会组织部", "中共芜湖市委组织部", ("party-committee",)),
        ("芜湖市政府办公室", "芜湖市人民政府办公室", ("government-word",)),
        ("芜湖市数据中心（芜湖市信息中心）", "芜湖市数据中心", ("second-name",)),
    ],
)
def test_names_of_one_body_meet(printed: str, name: str, rules: tuple[str, ...]) -> None:
    found = resolve_body(printed)
    assert (found.name, found.rules) == (name, rules)
    assert department_iri(printed) == department_iri(name)
    assert resolve_body(name).rules == ()


@pytest.mark.parametrize(
    "printed",
    [
        "人社局",  # of nobody knows where
        "普陀区财政局",  # there are two districts of the name
        "芜湖市政府投资项目评审中心",
        "芜湖市市场监督管理局",
        "芜湖市发展改革研究中心",
        "芜湖市文化广电旅游体育局",
        "市民中心",
        "云泽省水务厅",
        "中国人事科学研究院",
    ],
)
def test_what_no_rule_decides_stays_as_printed(printed: str) -> None:
    assert resolve_body(printed, "芜湖市财政局").name == printed


@pytest.mark.parametrize(
    ("printed", "issuer", "name"),
    [
        ("我部", "人力资源和社会保障部", "人力资源和社会保障部"),
        ("本单位", "芜湖市水务局", "芜湖市水务局"),
        ("省就业局", "云南省人力资源和社会保障厅", "云南省就业局"),
        ("省水文中心", "云泽省水务厅", "云泽省水文中心"),
        ("市政府办公室", "芜湖市水务局", "芜湖市人民政府办公室"),
        ("自治区水利厅", "广西壮族自治区财政厅", "广西壮族自治区水利厅"),
        ("普陀区法律援助中心", "上海市普陀区司法局", "上海市普陀区法律援助中心"),
    ],
)
def test_a_bodys_own_words_mean_what_the_issuer_means(printed: str, issuer: str, name: str) -> None:
    found = resolve_body(printed, issuer)
    assert (found.name, found.relative) == (name, True)
    assert "own-words" in found.rules


@pytest.mark.parametrize(
    "printed",
    [
        "芜湖市水务局本级",
        "芜湖市水务局（本级）",
        "芜湖市水务局(本级)",
        "芜湖市水务局机关",
        "芜湖市水务局（本部）",
        "芜湖市水务局部门本级（机关）",
        "局本级",
        "本级",
        "局机关",
    ],
)
def test_a_head_office_is_told_from_the_whole(printed: str) -> None:
    found = resolve_body(printed, "芜湖市水务局")
    assert (found.name, found.whole, found.body) == ("芜湖市水务局本级", "芜湖市水务局", "芜湖市水务局")


def test_a_unit_that_ends_like_a_head_office_is_none() -> None:
    assert resolve_body("芜湖市水务局机关服务中心").whole is None
    assert resolve_body("芜湖市水务局（汇总）").name == "芜湖市水务局"


def test_a_name_every_body_has_is_the_issuers() -> None:
    assert resolve_unit("信息中心", "芜湖市水务局").name == "芜湖市水务局信息中心"
    assert resolve_unit("附属中学", "云泽大学").rules == ("scoped",)
    assert resolve_unit("首都图书馆", "北京市文化和旅游局").name == "首都图书馆"


def test_second_names_are_other_names() -> None:
    found = resolve_body("芜湖市水文站（市水质监测中心、芜湖市水情中心）")
    assert found.second_names == ("芜湖市水质监测中心", "芜湖市水情中心")
    assert resolve_body("芜湖市水文站（芜湖市水质监").name == "芜湖市水文站"


def test_short_names_lead_back_to_the_body() -> None:
    for name in (
        "人力资源和社会保障部",
        "芜湖市住房和城乡建设局",
        "国家发展和改革委员会",
        "云南省教育委员会",
    ):
        short = list(other_names(name))
        assert short
        assert {resolve_body(each).name for each in short} == {name}


@pytest.mark.parametrize(
    ("name", "level", "code"),
    [
        ("财政部", "central", None),
        ("国家信访局", "central", None),
        ("上海市审计局", "provincial", "310000"),
        ("云南省财政厅", "provincial", "530000"),
        ("芜湖市财政局", "prefecture", "340200"),
        ("中共芜湖市委宣传部", "prefecture", "340200"),
        ("上海市普陀区财政局", "county", "310107"),
        ("昆山市财政局", "county", "320583"),
        ("上海市普陀区人民政府万里街道办事处", "township", "310107"),
        ("云泽省水务厅", "provincial", None),
        ("西南大学", None, None),
        ("中国企业管理培训中心", None, None),
    ],
)
def test_level_and_region_follow_from_the_name(name: str, level: str | None, code: str | None) -> None:
    found, region = government_of(name)
    assert (found, region.code if region else None) == (level, code)


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("芜湖市水文中心", True),
        ("芜湖市水文中心（市水情中心）", True),
        ("芜湖市水文中心、芜湖市水情中心", False),
        ("各市直属幼儿园", False),
        ("芜湖市水务局本级等", False),
        ("人力资源和社会保障部社会保险事", False),
        ("安全生产专项资金", False),
    ],
)
def test_one_body_is_told_from_several_and_from_none(text: str, one: bool) -> None:
    assert is_body(text) is one


def test_printing_is_no_part_of_a_name() -> None:
    for printed in ("[114] 云泽省 水务厅", "114_云泽省水务厅", "云泽省水务厅105", "云泽省水务厅（汇总）"):
        assert normalised_name(printed) == "云泽省水务厅"
    assert normalised_name("2024") == "2024"


def test_every_rule_is_in_the_code_list_with_a_confidence() -> None:
    assert set(CONFIDENCE) <= set(CODES["identity rule"])
    assert all(0 < float(confidence) <= 1 for confidence in CONFIDENCE.values())
