"""Statements of one classification item's spending."""

from __future__ import annotations

from decimal import Decimal

from fiscalgraph.extract.document import Document, Paragraph, Place, Run
from fiscalgraph.extract.recognise.narrative import recognise_narrative
from fiscalgraph.extract.records import NarrativeItem


def read(*lines: str) -> tuple[NarrativeItem, ...]:
    blocks = tuple(Paragraph((Run(text, Place(line=n)),)) for n, text in enumerate(lines, 1))
    return recognise_narrative(Document("d", "d.txt", "0", "text", blocks))


def names(item: NarrativeItem) -> tuple[str | None, str | None, str | None]:
    return item.class_name, item.subclass, item.item


def test_final_accounts_give_the_executed_amount_percent_and_reason() -> None:
    (item,) = read(
        "1.农林水支出（类）水利（款）水文测报（项）。年初预算为1,200.00万元，支出决算为1,100.50万元，"
        "完成年初预算的91.71%。决算数小于预算数的主要原因是：汛期推迟，部分站点改造顺延。"
    )
    assert names(item) == ("农林水支出", "水利", "水文测报")
    assert (item.printed, item.unit, item.percent) == ("1100.50", "万元", "91.71%")
    assert item.amount == Decimal("11005000.00")
    assert item.reason == "汛期推迟，部分站点改造顺延"
    assert item.purpose is None
    assert item.source.line == 1


def test_a_budget_gives_the_planned_amount_and_why_it_changed() -> None:
    (item,) = read(
        "2.教育支出(类)普通教育(款)学前教育(项)2024年预算数为30万元，比2023年执行数减少2万元，"
        "下降6.25%。主要是压减会议。"
    )
    assert (item.printed, item.percent, item.reason) == ("30", None, "压减会议")


def test_names_left_out_are_those_above() -> None:
    items = read(
        "2.教育（类）支出50.00万元，完成年初预算的98%。其中：",
        "（1）普通教育（款）小学教育（项）支出30.00万元。",
        "（2）普通教育（款）初中教育（项）支出20.00万元。",
        "（一）卫生健康支出（类）",
        "1.公共卫生（款）疾病预防（项）支出6万元。",
    )
    assert [names(item) for item in items] == [
        ("教育", None, None),
        ("教育", "普通教育", "小学教育"),
        ("教育", "普通教育", "初中教育"),
        ("卫生健康支出", "公共卫生", "疾病预防"),
    ]


def test_a_list_of_shares_counts_where_the_marker_is_printed() -> None:
    items = read("支出主要用于以下方面：教育支出（类）8.00万元，占80%；其他支出（类）2.00万元，占20%。")
    assert [(item.class_name, item.printed) for item in items] == [("教育支出", "8.00"), ("其他支出", "2.00")]
    assert read("教育支出8.00万元，占80%；住房保障支出2.00万元，占20%。") == ()


def test_a_share_that_repeats_a_fuller_sentence_is_left_out() -> None:
    items = read(
        "1.教育（类）支出8.00万元，主要用于教师培训。",
        "结构如下：教育（类）支出8.00万元，占100%。",
    )
    assert [item.purpose for item in items] == ["教师培训"]


def test_purpose_ends_where_the_comparison_begins() -> None:
    (item,) = read(
        "（1）公共安全支出（类）司法（款）普法宣传（项）9.60万元，主要用于宪法宣传、读本印制等支出，"
        "比上年执行数增加1.00万元，主要原因是新增活动。"
    )
    assert item.purpose == "宪法宣传、读本印制等支出"
    assert item.reason == "新增活动"


def test_a_stated_use_is_no_reason() -> None:
    (item,) = read("1.住房保障支出（类）5.00万元，占5%。主要是用于住房公积金支出。")
    assert (item.purpose, item.reason) == ("住房公积金支出", None)


def test_an_enumerated_reason_is_kept_whole() -> None:
    (item,) = read("1.教育支出（类）支出决算为5万元。决算数大于预算数的主要原因是：一是增资。二是追加。")
    assert item.reason == "一是增资。二是追加"


def test_brackets_and_codes_in_names() -> None:
    (first,) = read(
        "1.一般公共服务支出（201类）政府办公厅（室）及相关机构事务（03款）行政运行（01项）1.00元。"
    )
    assert names(first) == ("一般公共服务支出", "政府办公厅（室）及相关机构事务", "行政运行")
    assert first.amount == Decimal("1.00")
    (second,) = read("1.“教育支出（类）普通教育（款）高中教育（项）”7.00亿元，主要用于办学。")
    assert names(second) == ("教育支出", "普通教育", "高中教育")


def test_an_item_may_be_named_by_its_code() -> None:
    items = read(
        "（一）2130304-水利行业业务管理20.00万元。主要用于管护。",
        "2.水文测报（2130313），2024年度决算数为3.00万元。",
    )
    assert [(item.item, item.printed) for item in items] == [
        ("水利行业业务管理", "20.00"),
        ("水文测报", "3.00"),
    ]


def test_definitions_and_income_are_no_spending() -> None:
    assert read("（九）教育支出（类）普通教育（款）小学教育（项）：指学校支出，生均补助600元。") == ()
    assert read("财政拨款收入100.00万元，占90%；事业收入10.00万元，占10%。") == ()
    assert read("第四部分 名词解释", "教育支出（类）由财政安排，共5.00万元。") == ()


def test_a_change_without_the_amount_itself_is_no_statement() -> None:
    assert read("1.教育支出（类）比上年增加3.00万元，主要原因是增资。") == ()


def test_a_share_repeats_its_class_with_or_without_the_last_word() -> None:
    items = read(
        "结构如下：教育（类）支出8.00万元，占100%。", "1.教育支出（类）8.00万元，完成年初预算的90%。"
    )
    assert [(item.class_name, item.percent) for item in items] == [("教育支出", "90%")]


def test_what_a_known_item_is_used_for() -> None:
    items = read(
        "项目支出主要用于：",
        "水文测报支出5.00万元，主要用于站点维护。防汛和抗旱支出7.00万元，主要用于物资储备。",
        "劳务费支出6.00万元，主要用于临时用工。",
        "1.农林水支出（类）水利（款）水文测报（项）支出决算为9.00万元。",
        "2.农林水支出（类）水利（款）防汛（项）支出决算为8.00万元。",
        "3.农林水支出（类）水利（款）抗旱（项）支出决算为3.00万元。",
    )
    assert [(*names(item), item.printed, item.purpose) for item in items[:2]] == [
        (None, None, "水文测报支出", "5.00", "站点维护"),
        (None, None, "防汛和抗旱支出", "7.00", "物资储备"),
    ]
    assert [item.printed for item in items[2:]] == ["9.00", "8.00", "3.00"]


def test_the_last_word_of_a_name_told_by_code() -> None:
    items = read("（一）2130399-其他水利支出20.00万元。", "（二）2130301-行政运行支出3.00万元。")
    assert [(item.item, item.printed) for item in items] == [("其他水利支出", "20.00"), ("行政运行", "3.00")]


def test_an_item_mentioned_in_a_reason_does_not_end_it() -> None:
    (first, second) = read(
        "1.水利（款）水文测报（项）支出8.00万元，比上年减少。主要原因是部分站点调整至水利（款）防汛（项）。",
        "（2）农林水支出（类）支出9.00万元，比上年增加。主要原因是水价调整带来农林水支出（类）支出增加。",
    )
    assert (first.printed, first.reason) == ("8.00", "部分站点调整至水利（款）防汛（项）")
    assert (second.printed, second.reason) == ("9.00", "水价调整带来农林水支出（类）支出增加")


def test_a_quoted_path_of_class_subclass_and_item() -> None:
    (item,) = read("1.“农林水支出-水利-水文测报”科目120.50万元，主要用于水文站点运行。")
    assert names(item) == ("农林水支出", "水利", "水文测报")
    assert (item.printed, item.purpose) == ("120.50", "水文站点运行")


def test_a_class_by_its_three_digits_and_a_name_with_brackets() -> None:
    first, second = read(
        "（一）204-公共安全支出 94.64 万元。主要用于日常运转。",
        "4.其他政府办公厅（室）及相关机构事务支出（2010399）20.00万元，较上年无增减；",
    )
    assert names(first) == ("公共安全支出", None, None)
    assert names(second) == (None, None, "其他政府办公厅（室）及相关机构事务支出")


def test_figures_that_look_like_codes_name_no_item() -> None:
    assert read("产出指标数量指标萱草＝20000株产出指标数量指标高1.2-1.5m＝300株，预算5.00万元。") == ()
    assert read("主管部门及代码231_水务局项目资金（万元）年度预算资金总额：31.00元") == ()


def test_the_sentence_behind_a_list_of_classes_is_not_the_last_ones() -> None:
    assert (
        read("其中：教育支出15.26万元，住房保障支出539.91万元；支出比上年增加5万元，主要是人员增加。") == ()
    )


def test_an_item_within_a_reason_states_nothing() -> None:
    (item,) = read(
        "（3）农林水支出（类）支出500万元，主要用于日常运转。与上年相比增加90万元。主要原因是河道工程"
        "多5万元，堤防工程在农林水支出（类）支出列支80万元。"
    )
    assert (item.printed, item.purpose) == ("500", "日常运转")


def test_an_item_stated_twice_is_two_records() -> None:
    bare = "水利（款）水文测报（项）支出70万元，与上年预算数相同。"
    full = "农林水支出（类）水利（款）水文测报（项）支出70万元，主要是用于站点运行。"
    assert [item.purpose for item in read("农林水支出（类）", bare, full)] == [None, "站点运行"]


def test_a_glossary_whose_end_has_lost_its_heading() -> None:
    items = read(
        "名词解释",
        "（一）教育支出（类）：指各级各类教育的支出。",
        "支出预算40,870万元，比2025年预算增加1,500万元。",
        "1.“教育支出”科目23,689万元，主要用于学校管理。",
    )
    assert [(item.class_name, item.printed) for item in items] == [("教育支出", "23689")]


def test_a_class_without_its_marker_heads_its_items() -> None:
    items = read(
        "（三）具体情况",
        "1.教育支出90.5万元，占20.1%。其中：",
        "（1）普通教育（款）小学教育（项）支出90.5万元，主要用于小学日常运转。",
        "2.住房保障支出。",
        "（1）住房改革支出（款）住房公积金（项）支出5万元，主要用于缴存公积金。",
    )
    assert [(i.class_name, i.subclass, i.item) for i in items if i.item] == [
        ("教育支出", "普通教育", "小学教育"),
        ("住房保障支出", "住房改革支出", "住房公积金"),
    ]
