"""Logical paragraphs: joined as the author wrote them, every character still knowing its place."""

from __future__ import annotations

from fiscalgraph.extract.document import Cell, Document, Paragraph, Place, Run, Table
from fiscalgraph.extract.paragraphs import logical_paragraphs, source_at, tidy


def document(*blocks: str | Paragraph | Table) -> Document:
    made = [
        Paragraph((Run(block, Place(line=line)),)) if isinstance(block, str) else block
        for line, block in enumerate(blocks, 1)
    ]
    return Document("d", "d.txt", "0", "text", tuple(made))


def texts(*blocks: str | Paragraph | Table) -> list[str]:
    return [paragraph.text for paragraph in logical_paragraphs(document(*blocks))]


def boxed(text: str, page: int, left: float, right: float, top: float = 100.0) -> Run:
    return Run(text, Place(page=page, box=(left, top, right, top + 12)))


def test_layout_blanks_go_and_blanks_between_latin_words_stay() -> None:
    assert tidy("完成 预算 的 98.5 %， QQ  Music 平台") == "完成预算的98.5%，QQ Music平台"


def test_a_sentence_cut_by_a_line_break_is_joined() -> None:
    assert texts("全县灌区改造任务已经完成，支出决", "算为 12.50 万元。") == [
        "全县灌区改造任务已经完成，支出决算为12.50万元。"
    ]


def test_enumerators_begin_paragraphs() -> None:
    assert texts("二、机构设置", "（一）内设机构。", "1.办公室负责文电。", "（2）财务科。") == [
        "二、机构设置",
        "（一）内设机构。",
        "1.办公室负责文电。",
        "（2）财务科。",
    ]


def test_a_figure_at_the_beginning_of_a_line_is_no_enumerator() -> None:
    assert texts("收支总预算", "1.5万元，比上年增加。") == ["收支总预算1.5万元，比上年增加。"]
    assert texts("编制范围的预算单位共", "3个，包括本级。") == ["编制范围的预算单位共3个，包括本级。"]


def test_a_number_before_a_word_that_looks_like_a_counter_is_an_enumerator() -> None:
    assert texts("问题如下，", "1.个别合同不规范。", "2.人员不足。")[1:] == [
        "1.个别合同不规范。",
        "2.人员不足。",
    ]


def test_an_ordinal_that_a_line_end_parts_is_no_enumerator() -> None:
    assert texts("问题：第一，补助到账偏晚，资金结转；第", "二，经费十二月才到位。") == [
        "问题：第一，补助到账偏晚，资金结转；第二，经费十二月才到位。"
    ]
    assert texts("问题如下，", "二，经费十二月才到位。") == ["问题如下，", "二，经费十二月才到位。"]


def test_a_heading_is_not_joined_with_what_follows() -> None:
    assert texts("第三部分", "2023年度部门决算情况说明", "一、收入决算情况说明") == [
        "第三部分",
        "2023年度部门决算情况说明",
        "一、收入决算情况说明",
    ]


def test_an_open_bracket_waits_for_its_partner() -> None:
    assert texts("执行《乡镇供水管", "理办法》", "其他事项") == ["执行《乡镇供水管理办法》", "其他事项"]


def test_page_numbers_and_running_heads_do_not_interrupt_a_sentence() -> None:
    head = "云泽省水务厅2024年度部门预算公开"
    pages = [head, "一、概况", head, "二、收支", head, "三、说明"]
    assert (
        texts(*pages, "本年压减会议，项目支出减", "- 12 -", head, "少。")[-1]
        == "本年压减会议，项目支出减少。"
    )


def test_a_table_ends_a_paragraph_but_not_a_sentence_under_way() -> None:
    table = Table((Cell("1", 0, 0),))
    assert texts("经费增加。", table, "下一段。") == ["经费增加。", "下一段。"]
    assert texts("经费增加，主要是人", table, "员增加。") == ["经费增加，主要是人员增加。"]


def test_wrapped_text_is_joined_behind_a_full_line_that_ends_a_sentence() -> None:
    full = "我局内设机构按照批准的方案运行良好各项工作平稳"
    lines = [full + "，", full + "，", full + "，", full + "。", "年初预算为十万元。", "短句。", "另一段。"]
    assert texts(*lines)[0].endswith("年初预算为十万元。")
    assert texts(*lines)[1:] == ["短句。", "另一段。"]


def test_an_unfinished_classification_item_goes_on() -> None:
    assert texts("1.教育支出（类）普通教育（款）小学教", "育（项）支出3万元。") == [
        "1.教育支出（类）普通教育（款）小学教育（项）支出3万元。"
    ]


def test_over_a_page_end_indentation_decides() -> None:
    body = [
        Paragraph(
            tuple(boxed("我局按计划完成全部监测任务并上报。", 1, 90 if n else 110, 500) for n in range(4))
        )
        for _ in range(3)
    ]
    flush = Paragraph((boxed("续写的句子。", 2, 90, 200),))
    indented = Paragraph((boxed("新的一段。", 2, 114, 200),))
    ended = Paragraph((boxed("开头", 1, 110, 500), boxed("到行末结束。", 1, 90, 500)))
    assert texts(*body, ended, flush)[-1] == "开头到行末结束。续写的句子。"
    assert texts(*body, ended, indented)[-1] == "新的一段。"


def test_places_survive_joining() -> None:
    (paragraph,) = logical_paragraphs(document("全年平稳，支出决", "算为 12.50 万元。"))
    offset = paragraph.text.index("12.50")
    assert paragraph.place_at(0).line == 1
    assert paragraph.place_at(offset).line == 2
    assert source_at(paragraph, offset, offset + 5).quote == "12.50"


def test_a_long_quote_is_cut() -> None:
    (paragraph,) = logical_paragraphs(document("长" * 300 + "。"))
    quote = source_at(paragraph, 0, 301).quote
    assert len(quote) == 200
    assert quote.endswith("…")


def test_a_score_on_the_next_line_goes_on() -> None:
    lines = ("2024年度河道巡查及水闸管护工作经费项目绩效自评得分为", "96.79分。", "2.绩效目标完成情况")
    blocks = tuple(Paragraph((Run(text, Place(line=n)),)) for n, text in enumerate(lines, 1))
    joined = logical_paragraphs(Document("d", "d.txt", "0", "text", blocks))
    assert [paragraph.text for paragraph in joined] == [lines[0] + lines[1], lines[2]]


def test_a_figure_parted_from_its_unit_of_money_is_joined_on_a_short_line_too() -> None:
    assert texts(
        "（一）2080506-机关事业单位职业年金缴费支出 38.82 万",
        "元。主要用于职业年金。",
        "（二）住房公积金 5",
        "万元。",
        "二、其他说明",
    ) == [
        "（一）2080506-机关事业单位职业年金缴费支出38.82万元。主要用于职业年金。",
        "（二）住房公积金5万元。",
        "二、其他说明",
    ]
