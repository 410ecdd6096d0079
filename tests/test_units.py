"""Subordinate units and internal divisions."""

from __future__ import annotations

import pytest

from fiscalgraph.extract.document import Cell, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.recognise.units import recognise_units


def read(*blocks: str | Table) -> dict[str, list[str]]:
    made = [
        Paragraph((Run(block, Place(line=n)),)) if isinstance(block, str) else block
        for n, block in enumerate(blocks, 1)
    ]
    found: dict[str, list[str]] = {"internal_division": [], "subordinate_unit": []}
    for unit in recognise_units(Document("d", "d.txt", "0", "text", tuple(made))):
        found[unit.relation].append(unit.unit)
    return found


@pytest.mark.parametrize(
    "lead",
    [
        "本厅内设3个职能机构，分别是：",
        "云泽省水务厅本级内设3个处室，包括：",
        "部门内设机构包括：",
        "云泽省水文中心设3个内设机构，包括：",
        "本部门无下属单位，下设",
    ],
)
def test_divisions_in_a_sentence(lead: str) -> None:
    assert read(f"{lead}办公室、建设处、机关党委（人事处）。")["internal_division"] == [
        "办公室",
        "建设处",
        "机关党委（人事处）",
    ]


@pytest.mark.parametrize(
    "lead",
    [
        "纳入2024年度部门决算编报范围的单位共3个，分别是",
        "所属3个预算单位，分别为",
        "下属事业单位包括：",
        "从预算单位构成看，云泽省水务厅部门决算包括：本级、",
    ],
)
def test_units_in_a_sentence(lead: str) -> None:
    names = ["云泽省水文中心", "云泽省灌溉试验站", "云泽水利学校"]
    assert read(lead + "、".join(names) + "。")["subordinate_unit"] == names


def test_the_last_two_may_be_joined_by_and() -> None:
    assert read("本局内设三个处室：办公室、财务处和人事处。")["internal_division"] == [
        "办公室",
        "财务处",
        "人事处",
    ]


def test_and_inside_a_name_stays() -> None:
    found = read("下属事业单位包括：省人力资源和社会保障厅考试院、住房和城乡建设局。")
    assert found["subordinate_unit"] == ["省人力资源和社会保障厅考试院", "住房和城乡建设局"]


def test_asides_in_brackets_go_and_names_in_brackets_stay() -> None:
    found = read("内设机构包括：接待司（对外称“接待室”）、机关党委（纪委）、康复区（2个）。")
    assert found["internal_division"] == ["接待司", "机关党委（纪委）"]


def test_two_lists_in_one_sentence() -> None:
    found = read("机关内设办公室、规划处、工会等3个处室，下属清河市节水中心、清河市水质站等2个事业单位。")
    assert found == {
        "internal_division": ["办公室", "规划处", "工会"],
        "subordinate_unit": ["清河市节水中心", "清河市水质站"],
    }


def test_a_scope_that_lists_only_divisions() -> None:
    found = read("部本级预算编制范围有办公厅、法规司、规划司、人事司、机关党委。")
    assert found["internal_division"] == ["办公厅", "法规司", "规划司", "人事司", "机关党委"]


def test_numbered_paragraphs_below() -> None:
    found = read(
        "内设2个科室，分别是：办公室、财务科。纳入2024年部门预算编制范围的二级预算单位包括：",
        "1.清河市水务局（本级）",
        "2.清河市灌区（东片",
        "区）管理处",
        "3.清河市节水中心。",
        "第二部分 清河市水务局",
    )
    assert found["subordinate_unit"] == [
        "清河市水务局（本级）",
        "清河市灌区（东片区）管理处",
        "清河市节水中心",
    ]


def test_a_flattened_table_below() -> None:
    found = read(
        "纳入编制范围的预算单位共2个，详见下表：",
        "序号",
        "单位名称",
        "1",
        "清河市水务局本",
        "级",
        "2",
        "清河市节水中心",
    )
    assert found["subordinate_unit"] == ["清河市水务局本级", "清河市节水中心"]


def test_a_table_of_unit_names() -> None:
    cells = ["序号", "单位名称", "1", "清河市水务局（本级）", "2", "清河市节水中心"]
    table = Table(tuple(Cell(text, n // 2, n % 2) for n, text in enumerate(cells)))
    assert read("三、预算单位构成", table)["subordinate_unit"] == ["清河市水务局（本级）", "清河市节水中心"]


def test_amounts_by_unit_are_no_list_of_units() -> None:
    cells = ["单位名称", "本年", "上年", "清河市水务局", "5.00", "3.00"]
    table = Table(tuple(Cell(text, n // 3, n % 3) for n, text in enumerate(cells)))
    assert read(table)["subordinate_unit"] == []


def test_a_short_name_is_dropped_beside_the_full_one() -> None:
    found = read("部门决算包括：局本级决算、清河市节水中心决算。", "编报范围的单位包括：清河市水务局局本级。")
    assert "局本级" not in found["subordinate_unit"]


def test_a_list_under_the_heading_of_the_setup() -> None:
    assert read("（二）机构设置", "综合部、治理部、后勤部。")["internal_division"] == [
        "综合部",
        "治理部",
        "后勤部",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "本部门无下属单位，部门预算为局本级预算。",
        "负责机关和所属单位的人事管理、机构编制工作。",
        "部门预算包括：局机关预算、局属事业单位预算。",
        "所属单位共有车辆108台，其中：机要用车3辆。",
    ],
)
def test_no_units_where_none_are_named(text: str) -> None:
    assert read(text) == {"internal_division": [], "subordinate_unit": []}


def test_the_place_is_that_of_the_name() -> None:
    blocks = ("内设2个处室，分别是：办公室、", "建设管理处。")
    made = tuple(Paragraph((Run(text, Place(line=n)),)) for n, text in enumerate(blocks, 1))
    units = recognise_units(Document("d", "d.txt", "0", "text", made))
    assert [(unit.unit, unit.source.line) for unit in units] == [("办公室", 1), ("建设管理处", 2)]


def test_the_list_of_units_says_how_the_body_itself_is_written() -> None:
    table = Table((Cell("单位名称", 0, 0), Cell("清河市水务局（本级）", 1, 0), Cell("清河市节水中心", 2, 0)))
    found = read("部门决算包括：清河市水务局本级决算、下属单位决算。", table)
    assert found["subordinate_unit"] == ["清河市水务局（本级）", "清河市节水中心"]


def test_divisions_whose_names_begin_like_a_sentence() -> None:
    found = read(
        "本局内设5个处室，分别为办公室、财政审计处、农贸市场和供水监管处、协调督办处、指导监督处、“水安全”指挥中心。"
    )
    assert found["internal_division"] == [
        "办公室",
        "财政审计处",
        "农贸市场和供水监管处",
        "协调督办处",
        "指导监督处",
        "“水安全”指挥中心",
    ]
    assert read("本局下属单位包括：财政全额拨款事业单位2个、协调各方工作的办公室。")["subordinate_unit"] == []


def test_what_a_budget_is_said_to_hold() -> None:
    found = read("我校2024年度部门预算包括大学本级、附属中学及附属小学的预算收支情况。")
    assert found["subordinate_unit"] == ["大学本级", "附属中学", "附属小学"]


def test_units_counted_behind_the_divisions() -> None:
    found = read("本局下设2个处室：办公室、人事处，1个非独立核算单位：清河市节水办公室。")
    assert (found["internal_division"], found["subordinate_unit"]) == (
        ["办公室", "人事处"],
        ["清河市节水办公室"],
    )


def test_a_list_below_the_kinds_of_units() -> None:
    found = read(
        "云泽省水务厅部门预算包括：厅机关预算、厅属事业单位预算。",
        "1.云泽省水务厅厅机关",
        "2.云泽省水文中心",
        "二、主要职责",
    )
    assert found["subordinate_unit"] == ["云泽省水务厅厅机关", "云泽省水文中心"]


def test_a_flattened_table_with_a_column_of_changes() -> None:
    found = read(
        "纳入本部门预算编制范围的二级预算单位共有4个，包括：",
        "—17—",
        "序号单位名称拟变动情况",
        "1云泽省水务厅本级（机关）无变动",
        "2云泽省水文处云泽省水文中心",
        "3云泽省河道管理站无",
        "4云泽省水利学校",
    )
    # The second row runs two names together: which is the unit's cannot be told.
    assert found["subordinate_unit"] == ["云泽省水务厅本级（机关）", "云泽省河道管理站", "云泽省水利学校"]


def test_enumerators_within_a_sentence_separate_names() -> None:
    divisions = read("本单位内设机构包括：（一）办公室（二）建设处（审批处）（三）水文处。")[
        "internal_division"
    ]
    assert divisions == ["办公室", "建设处（审批处）", "水文处"]
    units = read("云泽省信访局部门预算包括：1.云泽省信访局2.云泽省信访服务中心。")["subordinate_unit"]
    assert units == ["云泽省信访局", "云泽省信访服务中心"]


def test_a_second_name_in_brackets_stays_and_an_aside_goes() -> None:
    divisions = read("部门内设机构包括：政策法规处（行政审批处）、人事处（副处级）。")["internal_division"]
    assert divisions == ["政策法规处（行政审批处）", "人事处"]


def test_a_list_in_brackets_behind_its_kind() -> None:
    found = read(
        "水务厅预算单位共有3个，包括水务厅机关和2个全额拨款的事业单位（云泽省水文中心，云泽省水利学校）。"
    )
    assert found["subordinate_unit"] == ["水务厅机关", "云泽省水文中心", "云泽省水利学校"]


def test_counted_kinds_behind_names_are_no_part_of_them() -> None:
    found = read(
        "下属预算单位为3个，分别为云泽省水务厅本级、云泽省河道总队2个行政单位以及云泽省水文中心1个事业单位。"
    )
    assert found["subordinate_unit"] == ["云泽省水务厅本级", "云泽省河道总队", "云泽省水文中心"]


def test_an_unclosed_bracket_does_not_hide_the_list() -> None:
    divisions = read("内设机构包括：办公室（人事处）(机关党委(与办公室合署)、建设处、水文处（防汛处）。")
    assert divisions["internal_division"][-2:] == ["建设处", "水文处（防汛处）"]
