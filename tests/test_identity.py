"""Issuer, kind and fiscal year, from the document's own words."""

from __future__ import annotations

import pytest

from fiscalgraph.extract.document import Cell, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.errors import RefusedDocument
from fiscalgraph.extract.recognise.identity import recognise_identity
from fiscalgraph.extract.recognise.names import is_abbreviation, is_fragment, public_body


def document(*blocks: str | Table) -> Document:
    made = [
        Paragraph((Run(block, Place(line=n)),)) if isinstance(block, str) else block
        for n, block in enumerate(blocks, 1)
    ]
    return Document("2031年误导局_决算", "2031年误导局_决算.txt", "0", "text", tuple(made))


def read(*blocks: str | Table) -> tuple[str, str, int]:
    identity = recognise_identity(document(*blocks))
    return identity.issuer, identity.kind, identity.fiscal_year


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("云泽省水务厅", "2024 年度部门决算", "2025年8月", "目录"), ("云泽省水务厅", "部门决算", 2024)),
        (("2026年清河市教育局（本级）部门预算", "目录"), ("清河市教育局", "部门预算", 2026)),
        (("2026年度", "清河市水文总队", "单位预算", "目录"), ("清河市水文总队", "单位预算", 2026)),
        (
            ("2026年度清河市财政局部门预算公开", "清河市财政局2026年度部门预算公开"),
            ("清河市财政局", "部门预算", 2026),
        ),
        (("清河市2026年市级单位预算", "预算单位：清河市植物园", "目录"), ("清河市植物园", "单位预算", 2026)),
        (("清河市财政局（汇总）", "2026年部门预算公开说明"), ("清河市财政局", "部门预算", 2026)),
        (("清河市信访局部门2026年度部门预算信息公开",), ("清河市信访局", "部门预算", 2026)),
        (
            ("附件2", "2019年部门综合预算公开报表", "部门名称：清河市应急局"),
            ("清河市应急局", "部门预算", 2019),
        ),
        (("云泽大学2023年度部门决算",), ("云泽大学", "部门决算", 2023)),
        (("清河市国资委", "2026部门预算情况的说明"), ("清河市国资委", "部门预算", 2026)),
        (("清河市水务局", "二〇二四年度部门决算", "目录"), ("清河市水务局", "部门决算", 2024)),
        (("清河市水务局二○二四年部门预算公开",), ("清河市水务局", "部门预算", 2024)),
        (("关于清河市水务局2024年度部门决算公开的说明",), ("清河市水务局", "部门决算", 2024)),
        (("清河市水务局关于2024年度部门决算公开的说明",), ("清河市水务局", "部门决算", 2024)),
        (("【清河市水务局】", "2024年度部门决算"), ("清河市水务局", "部门决算", 2024)),
        (("2024 年 度 部 门 决 算", "清 河 市 水 务 局"), ("清河市水务局", "部门决算", 2024)),
        (("2024年度", "部门决算", "清河市水务局", "2025年9月"), ("清河市水务局", "部门决算", 2024)),
        (
            ("首页 > 政务公开 > 财政预决算", "2024年度清河市水务局部门决算公开", "来源：清河市财政局"),
            ("清河市水务局", "部门决算", 2024),
        ),
        (("1", "清河市水务局", "2024年度部门决算"), ("清河市水务局", "部门决算", 2024)),
        (("索引号：00012345", "清河市水务局2 0 2 4年度部门决算"), ("清河市水务局", "部门决算", 2024)),
    ],
)
def test_title_pages(lines: tuple[str, ...], expected: tuple[str, str, int]) -> None:
    assert read(*lines) == expected


def test_the_file_name_says_nothing() -> None:
    assert read("清河市教育局", "2024年度部门预算") == ("清河市教育局", "部门预算", 2024)


def test_a_document_without_title_page_is_known_by_its_captions_and_headings() -> None:
    assert read(
        "第一部分 清河市水务局概况",
        "第二部分 清河市水务局",
        "2023年度部门决算表",
        "2023年度收入支出决算总表",
        "部门：清河市水务局 单位：万元",
        "与2022年度相比，支出增加。",
    ) == ("清河市水务局", "部门决算", 2023)


def test_own_level_without_brackets_is_part_of_the_name() -> None:
    assert read("云泽省水务厅本级2024年度预算", "单位收支总表", "单位预算")[:2] == (
        "云泽省水务厅本级",
        "单位预算",
    )


def test_a_year_torn_by_recognition() -> None:
    assert (
        read("云泽省水务厅", "部门决算公开", "(2, 023年度)", "(2, 023年度)", "部门：云泽省水务厅")[2] == 2023
    )


def test_an_evaluation_report_is_published_by_whose_working_group_has_evaluated() -> None:
    assert read(
        "2022年度清河市水务局",
        "防汛专项及部门项目支出绩效评价结果",
        "为加强财政支出管理，清河市财政局绩效评价工作组对清河市水务局2022年度的专项支出实施了绩效评价。",
    ) == ("清河市财政局", "绩效评价报告", 2022)


def test_a_publication_date_is_no_fiscal_year() -> None:
    assert read("云泽省水务厅2023年度部门决算", "2024年8月", "2024年8月20日")[2] == 2023


def test_a_labelled_cell_names_the_issuer() -> None:
    table = Table((Cell("部门（单位）名称", 0, 0), Cell("清河市人民政府办公室", 0, 1)))
    assert read("部门整体绩效自评表", "（2024年度）", table) == ("清河市人民政府办公室", "绩效自评", 2024)


def test_target_tables_and_evaluation_reports() -> None:
    table = Table(
        (Cell("部门名称", 0, 0), Cell("清河市数据局", 0, 1), Cell("2026年度热线运行，2026年度安全检测", 1, 0))
    )
    assert read("部门整体预算绩效目标申报表", table) == ("清河市数据局", "绩效目标表", 2026)
    assert read(
        "2020年度堤防加固专项资金绩效评价报告",
        "项目主管部门：清河市水务局",
        "一、基本情况",
        "清河市财政局",
        "2021年8月22日",
    ) == ("清河市财政局", "绩效评价报告", 2020)


def test_the_unit_is_that_of_most_captions() -> None:
    lines = ("云泽省水务厅2024年度部门决算", "单位：万元", "单位：万元", "金额单位：元")
    assert recognise_identity(document(*lines)).amount_unit == "万元"
    assert recognise_identity(document(lines[0], "支出5.00亿元。")).amount_unit == "亿元"
    assert recognise_identity(document(lines[0])).amount_unit is None


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        (("清河市水务局部门预算", "部门：清河市水务局"), "fiscal year"),
        (("2024年度部门预算", "单位：万元"), "issuer"),
        (("清河市水务局概况", "2024年度工作总结"), "kind"),
        (("清河市水务局部门决算", "2023年度收支决算表", "2022年度收支决算表"), "fiscal year"),
    ],
)
def test_what_the_text_does_not_establish_is_refused(lines: tuple[str, ...], missing: str) -> None:
    with pytest.raises(RefusedDocument, match=missing):
        recognise_identity(document(*lines))


def test_the_source_is_where_the_issuer_stands() -> None:
    source = recognise_identity(document("目录", "部门：清河市水务局", "2024年度部门预算表")).source
    assert (source.line, source.quote) == (2, "部门：清河市水务局")


@pytest.mark.parametrize("text", ["本部门", "各部门", "万元", "清河市", "收入支出情况", "水务", "预算单位"])
def test_what_is_no_public_body(text: str) -> None:
    assert public_body(text) is None


FIGURES = ("预算01表 收支总表", "金额单位：万元", "一、一般公共预算拨款收入 95.10")


@pytest.mark.parametrize(
    "form",
    [
        ("（2026年度）", "部门名称 清河市水务局"),
        ("2026（年度）", "部门名称 清河市水务局"),
        ("（2026年度） 部 门 名 称 清河市水务局 总体资金情况（万元）",),
        ("（2026年度）", "部门（单位）名称 清河市水务局 部门预算编码 127"),
        ("（2026年度）", "部门名称", "清河市水务局"),
        ("（2026年度）", "部门名称 清河市", "水务局"),
    ],
)
def test_tables_without_a_title_page_are_of_whom_a_form_among_them_names(form: tuple[str, ...]) -> None:
    assert read(*FIGURES, "预算13表 部门整体支出绩效目标表", *form) == ("清河市水务局", "部门预算", 2026)


def test_a_list_below_unit_names_does_not_name_the_issuer() -> None:
    with pytest.raises(RefusedDocument, match="issuer"):
        read("2026年度部门预算", "目录", "单位名称", "清河市水文站")


def test_a_department_is_not_taken_for_a_unit_because_units_are_spoken_of() -> None:
    lines = ("部门整体支出绩效目标表", "（2026年度）", "部门名称 清河市水务局", "推动各预算单位预算管理提高")
    assert read(*FIGURES, *lines)[1] == "部门预算"


def test_a_rate_of_timely_publication_does_not_make_final_accounts() -> None:
    lines = ("2026年度收支预算总表", "单位名称：清河市水务局", "部门预决算按时公开率", "部门预决算公开率")
    assert read(*lines)[1] == "部门预算"


def test_a_name_broken_over_two_lines_is_never_cut() -> None:
    prose = (
        "（一）本部门职责情况",
        "按照有关规定制定全市城市管理工作的规划和标准并组织实施，拟订有关政策，清",
        "河市城市管理综合行政执法局内设机构和人员数量的规定另行印发，各区自行执行，清河",
        "市城市管理综合行政执法局设12个内设机构，负责全市城市管理综合行政执法的统筹协",
        "调和监督，各区设综合行政执法局，受理群众投诉，处理重大案件，办理交办的其他事项。",
        "清河市城市管理综合行政执法局的主要职责是负责全市城市管理综合行政执法工作。",
    )
    assert read("第一部分 2026年度部门预算情况说明", *prose)[0] == "清河市城市管理综合行政执法局"


def test_a_body_spoken_of_once_is_not_the_issuer() -> None:
    with pytest.raises(RefusedDocument, match="issuer"):
        read("第一部分 2026年度部门预算情况说明", "支出增加，清河市水文站2026年收入减少，与上年持平。")


def test_an_abbreviation_gives_way_to_the_full_name() -> None:
    sentences = ("市应急局2026年部门预算收入增加。", "市应急局2026年部门预算支出减少。")
    assert read("2026年度部门预算情况说明", *sentences)[0] == "市应急局"
    full = "清河市应急管理局是主管应急工作的部门，为正局级。"
    assert read("2026年度部门预算情况说明", *sentences, full)[0] == "清河市应急管理局"


def test_the_attached_tables_say_whose_they_are() -> None:
    assert read("第一部分 2026年度部门预算情况说明", "附件：清河市气象局2026年度部门预算报表") == (
        "清河市气象局",
        "部门预算",
        2026,
    )


def test_what_is_short_for_what() -> None:
    assert is_abbreviation("市应急局", "清河市应急管理局")
    assert not is_abbreviation("清河市公安局", "清河市公安局交通管理局")
    assert is_fragment("革委员会", "清河市发展和改革委员会，清河市发展和改革委员会")
    assert not is_fragment("清河市水务局", "由清河市水务局负责。清河市水务局设五个处。")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2110102清河市教育局", "清河市教育局"),
        ("127清河市教育局", "清河市教育局"),
        ("（一）关于清河市教育局", "清河市教育局"),
        ("清河市教育局（简称市教育局）", "清河市教育局"),
        ("清河市教育局清河市教育局", "清河市教育局"),
        ("1清河市教育局", None),
        ("原因是局属事业单位清河市房屋管理中心", None),
        ("工作部署动员会", None),
    ],
)
def test_what_precedes_a_name_is_not_part_of_it(text: str, name: str | None) -> None:
    assert public_body(text) == name
