"""Lists of projects: a project a row, with goals, indicators or scores beside it."""

from __future__ import annotations

import pytest
from performance_tables import grid, merged, names, paragraph, read

from fiscalgraph.extract.document import ColumnTrust, Table


def test_list_of_projects_with_indicator_rows() -> None:
    records = read(
        paragraph("单位：万元"),
        merged(
            ("单位（项目）名称", 0, 0, 2, 1), ("资金总额", 0, 1, 2, 1), ("绩效目标", 0, 2, 2, 1),
            ("绩效指标", 0, 3, 1, 6),
            ("一级指标", 1, 3, 1, 1), ("二级指标", 1, 4, 1, 1), ("三级指标", 1, 5, 1, 1),
            ("指标值", 1, 6, 1, 1),
            ("度量单位", 1, 7, 1, 1), ("指标值类型", 1, 8, 1, 1),
            ("合计", 2, 0, 1, 1), ("9.00", 2, 1, 1, 1), ("", 2, 2, 1, 7),
            ("水务局", 3, 0, 1, 1), ("9.00", 3, 1, 1, 1), ("", 3, 2, 1, 7),
            ("河道巡查", 4, 0, 2, 1), ("9.00", 4, 1, 2, 1), ("保持清洁", 4, 2, 2, 1),
            ("产出指标", 4, 3, 2, 1), ("数量指标", 4, 4, 1, 1), ("巡查次数", 4, 5, 1, 1), ("40", 4, 6, 1, 1),
            ("次", 4, 7, 1, 1),
            ("≥", 4, 8, 1, 1),
            ("质量指标", 5, 4, 1, 1), ("水面", 5, 5, 1, 1), ("清洁", 5, 6, 1, 1), ("", 5, 7, 1, 1),
            ("定性", 5, 8, 1, 1),
        ),
    )  # fmt: skip
    (project,) = records.projects
    assert (project.project, project.implementing_unit, project.unit, project.budget_initial) == (
        "河道巡查",
        "水务局",
        "万元",
        "9.00",
    )
    assert [(i.level1, i.level2, i.target) for i in records.indicators] == [
        ("产出指标", "数量指标", "≥40次"),
        ("产出指标", "质量指标", "清洁"),
    ]


def test_project_repeated_at_the_next_pages_top_is_one() -> None:
    def page(name: str, target: str) -> Table:
        return grid(
            "项目名称|金额|绩效目标|一级指标|二级指标|三级指标|指标值",
            f"河道巡查|9.00|保持清洁|产出指标|数量指标|{name}|{target}",
            trust=ColumnTrust.KNOWN,
        )

    records = read(page("巡查次数", "40次"), page("清理次数", "9次"))
    assert len(records.projects) == 1
    assert names(records) == ["巡查次数", "清理次数"]


def bodies_list(*rows: str) -> Table:
    return grid(*rows, trust=ColumnTrust.KNOWN)


BODIES_HEADER = "预算单位|项目名称|预算数（万元）|绩效目标"


def test_a_row_that_a_pages_end_cuts_is_one_project() -> None:
    first = bodies_list(BODIES_HEADER, "清河县水务局|巡查|12.50|完成巡查。", "清河县水务|河道清|8.00|全年清")
    rest = bodies_list("局|洁||洁四次。", "清河县水务局|绿化|3.00|绿化两岸。")
    assert [(p.project, p.implementing_unit, p.budget_initial) for p in read(first, rest).projects] == [
        ("巡查", "清河县水务局", "12.50"),
        ("河道清洁", "清河县水务局", "8.00"),
        ("绿化", "清河县水务局", "3.00"),
    ]


def test_a_project_without_an_amount_below_a_whole_row_is_not_its_rest() -> None:
    first = bodies_list(BODIES_HEADER, "清河县水务局|巡查|12.50|完成巡查。")
    rest = bodies_list("清河县水务局|清洁||清洁四次。", "清河县水务局|绿化|3.00|绿化两岸。")
    assert next(p.project for p in read(first, rest).projects) == "巡查"


def test_indicators_written_into_one_cell() -> None:
    coded = (
        "1、1-产出指标；11-数量指标；巡查次数；实施周期指标值:≥90次；年度指标值:≥40次。"
        "2、3-满意度指标；31-服务对象满意度；居民；实施周期指标值:95%；年度指标值:90%。"
    )
    records = read(
        grid(
            "项目名称|总计|财政拨款|绩效目标|绩效指标",
            f"河道巡查|9.00|9.00|保持清洁|{coded}",
            trust=ColumnTrust.KNOWN,
        )
    )
    assert [(i.level1, i.level2, i.level3, i.target) for i in records.indicators] == [
        ("产出指标", "数量指标", "巡查次数", "≥40次"),
        ("满意度指标", "服务对象满意度", "居民", "90%"),
    ]
    assert [(fund.fund, fund.budget_initial) for fund in records.funds] == [
        ("总计", "9.00"),
        ("财政拨款", "9.00"),
    ]


@pytest.mark.parametrize(("last", "weights"), [("30", ["60", "30"]), ("31", [None, None])])
def test_remarks_are_weights_only_if_they_add_up(last: str, weights: list[str | None]) -> None:
    records = read(
        grid(
            "项目名称|金额|绩效目标|一级指标|二级指标|三级指标|指标值|备注",
            "河道巡查|9.00|保持清洁|产出指标|数量指标|巡查次数|40次|60",
            f"||||效益指标|水面|清洁|{last}",
            trust=ColumnTrust.KNOWN,
        )
    )
    assert [indicator.weight for indicator in records.indicators] == weights


def test_a_value_written_into_one_cell_may_hold_semicolons() -> None:
    coded = (
        "1、1-产出指标；13-时效指标；故障恢复；实施周期指标值:一级≤1小时；二级≤2小时。；年度指标值:一级≤1小时；二级≤3小时。"
        "2、2-效益指标；22-社会效益；水面；年度指标值:清洁。"
    )
    records = read(
        grid("项目名称|总计|绩效目标|绩效指标", f"河道巡查|9.00|{coded}|", trust=ColumnTrust.KNOWN),
    )
    assert [(i.level3, i.target) for i in records.indicators] == [
        ("故障恢复", "一级≤1小时；二级≤3小时"),
        ("水面", "清洁"),
    ]


def test_a_cell_of_indicators_without_codes_gives_none() -> None:
    records = read(
        grid("项目名称|总计|绩效目标|绩效指标", "河道巡查|9.00|保持清洁|巡查四十次", trust=ColumnTrust.KNOWN)
    )
    assert len(records.projects) == 1
    assert records.indicators == ()


def test_sources_of_money_below_their_sum_and_pages_that_repeat_only_the_header() -> None:
    def page(name: str, amount: str) -> Table:
        return merged(
            ("支出项目类别（资金使用单位）", 0, 0, 2, 1), ("总计", 0, 1, 2, 1), ("财政拨款", 0, 2, 1, 2),
            ("其他资金", 0, 4, 2, 1), ("绩效目标", 0, 5, 2, 1),
            ("合计", 1, 2, 1, 1), ("一般公共预算", 1, 3, 1, 1),
            (name, 2, 0, 1, 1), (amount, 2, 1, 1, 1), (amount, 2, 2, 1, 1), (amount, 2, 3, 1, 1),
            ("0.00", 2, 4, 1, 1), ("保持清洁", 2, 5, 1, 1),
        )  # fmt: skip

    records = read(
        paragraph("部门名称：水务局"), paragraph("单位：万元"), page("河道巡查", "9.00"), page("清淤", "7.00")
    )
    assert [(p.project, p.department, p.unit, p.budget_initial) for p in records.projects] == [
        ("河道巡查", "水务局", "万元", "9.00"),
        ("清淤", "水务局", "万元", "7.00"),
    ]
    assert [(fund.fund, fund.budget_initial) for fund in records.funds[:4]] == [
        ("总计", "9.00"),
        ("财政拨款", "9.00"),
        ("一般公共预算", "9.00"),
        ("其他资金", "0.00"),
    ]


def test_sources_of_money_in_the_indicators_header_row() -> None:
    records = read(
        paragraph("部门整体支出绩效目标表"),
        paragraph("（万元）"),
        merged(
            ("单位名称", 0, 0, 2, 1), ("年度预算申请", 0, 1, 1, 2), ("整体绩效目标", 0, 3, 2, 1),
            ("年度绩效指标", 0, 4, 1, 3),
            ("资金总额", 1, 1, 1, 1), ("基本支出", 1, 2, 1, 1),
            ("一级指标", 1, 4, 1, 1), ("三级指标", 1, 5, 1, 1), ("指标值", 1, 6, 1, 1),
            ("水务局", 2, 0, 1, 1), ("8.10", 2, 1, 1, 1), ("3.10", 2, 2, 1, 1), ("保持清洁", 2, 3, 1, 1),
            ("产出指标", 2, 4, 1, 1), ("巡查次数", 2, 5, 1, 1), ("40次", 2, 6, 1, 1),
        ),
    )  # fmt: skip
    assert [(fund.fund, fund.budget_initial, fund.unit) for fund in records.funds] == [
        ("资金总额", "8.10", "万元"),
        ("基本支出", "3.10", "万元"),
    ]


def test_the_price_of_a_project_with_its_unit_in_the_header() -> None:
    records = read(
        grid("项目|预算数（单位：万元）|绩效目标", "河道巡查|1,550|保持清洁", trust=ColumnTrust.KNOWN)
    )
    (fund,) = records.funds
    assert (fund.fund, fund.budget_initial, fund.unit) == ("预算数", "1550", "万元")


def test_most_forms_confirm_that_remarks_are_weights() -> None:
    records = read(
        grid(
            "项目名称|金额|绩效目标|一级指标|二级指标|三级指标|指标值|备注",
            "河道巡查|9.00|保持清洁|产出指标|数量指标|巡查次数|40次|90",
            "清淤|7.00|保持通畅|产出指标|数量指标|清淤次数|4次|90",
            "绿化|5.00|保持美观|产出指标|数量指标|植树|9棵|85",
            trust=ColumnTrust.KNOWN,
        )
    )
    assert [indicator.weight for indicator in records.indicators] == ["90", "90", "85"]


@pytest.mark.parametrize(
    ("operator", "value", "unit", "target"),
    [
        ("≥", "90", "%", "≥90%"),
        ("%", "90", "≥", "≥90%"),
        ("定性", "优", "其他", "优"),
        ("=", "100%", "%", "=100%"),
        ("＝", "2026年度内", "年", "＝2026年度内"),
        ("≥", "3万", "人", "≥3万人"),
    ],
)
def test_target_of_three_columns(operator: str, value: str, unit: str, target: str) -> None:
    records = read(
        grid(
            "项目名称|金额|绩效目标|一级指标|二级指标|三级指标|指标性质|指标值|计量单位",
            f"河道巡查|9.00|保持清洁|产出指标|数量指标|巡查|{operator}|{value}|{unit}",
            trust=ColumnTrust.KNOWN,
        )
    )
    assert [indicator.target for indicator in records.indicators] == [target]
