"""The official layouts of the tables of figures, for text that has lost its columns.

Flattened text keeps a table's words and figures but not which column a figure stood in. The
formats of the published tables are prescribed (财政部 部门预算公开 and 部门决算公开 formats), so
the words of a header tell which layout it was: a layout fits when its column words, together
with the generic label words, account for every character of the header.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise, product

from fiscalgraph.extract.tables.header_words import Family

__all__ = ["Identity", "Layout", "MatchedLayout", "match_layout"]


@dataclass(frozen=True, slots=True)
class Identity:
    """``total`` = sum of ``parts`` less ``minus``; columns by position, empty counts as nothing."""

    total: int
    parts: tuple[int, ...]
    minus: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """One prescribed table: alternatives of header words per column, and what must add up.

    ``columns`` holds for each value column its path; each part may offer alternatives
    separated by "|". ``{year}`` and ``{last}`` stand for the later and the earlier year in the
    header. ``sides`` says how many value columns belong to 收入 when the table has two halves;
    ``blocks`` how many times items and amounts stand side by side then.
    """

    title: str
    columns: tuple[tuple[str, ...], ...]
    identities: tuple[Identity, ...] = ()
    sides: int = 0
    percent_of: tuple[tuple[int, int, int], ...] = ()  # (rate, change, base): rate = change / base
    blocks: int = 2
    within: tuple[tuple[int, int], ...] = ()  # (part, whole): "其中" that takes no part in a sum
    sparse: bool = False  # a subtotal may be printed without its parts, or its only part without it

    @property
    def has_subtotals(self) -> bool:
        """Whether a column is a sum of some columns and a part of another one."""
        return any(
            each.total in (*other.parts, *other.minus)
            for each in self.identities
            for other in self.identities
        )


@dataclass(frozen=True, slots=True)
class MatchedLayout:
    """A layout with the words the header really printed."""

    layout: Layout
    paths: tuple[tuple[str, ...], ...]
    ordered: bool  # the header prints 行次
    families: frozenset[Family] = frozenset()  # what else the header's words stand for
    item: str | None = None  # the word above the labels: 项目, 支出项目类别


_BLOCK = "{year}年预算数|本年支出|{year}年政府性基金预算支出|{year}年国有资本经营预算支出"
_YEAR_BLOCK = "{year}年预算数|{year}年年初预算数"
_BASIC = "{year}年基本支出|基本支出|本年基本支出"
_AMOUNT = "决算数|预算数|金额"
_SUM = (Identity(0, (1, 2)),)
_CARS = "公务用车购置及运行维护费|公务用车购置及运行费|公务用车购置及运行维护"
_THREE_PUBLIC = (
    ("合计",),
    ("因公出国（境）费|因公出国（境）费用|因公出国（境）经费",),
    (_CARS, "小计"),
    (_CARS, "公务用车购置费|公务用车购置"),
    (_CARS, "公务用车运行维护费|公务用车运行费"),
    ("公务接待费",),
)


def _twice(head: tuple[str, str]) -> tuple[tuple[str, ...], ...]:
    return tuple((block, *path) for block in head for path in _THREE_PUBLIC)


_PUBLIC_SUMS = (Identity(0, (1, 2, 5)), Identity(2, (3, 4)))
_PUBLIC_SUMS_TWICE = (*_PUBLIC_SUMS, Identity(6, (7, 8, 11)), Identity(8, (9, 10)))

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        r"收入.*表",
        (
            ("本年收入合计|合计",), ("财政拨款收入",), ("上级补助收入",), ("事业收入",),
            ("经营收入|事业单位经营收入",), ("附属单位上缴收入",), ("其他收入",),
        ),
        (Identity(0, (1, 2, 3, 4, 5, 6)),),
    ),
    Layout(
        r"收入.*表",
        (
            ("合计",), ("上年结转",), ("一般公共预算拨款收入",), ("政府性基金预算拨款收入",),
            ("国有资本经营预算拨款收入",), ("事业收入", "金额"), ("事业收入", "其中:教育收费"),
            ("事业单位经营收入",), ("上级补助收入",), ("附属单位上缴收入",), ("其他收入",),
            ("使用非财政拨款结余",),
        ),
        (Identity(0, (1, 2, 3, 4, 5, 7, 8, 9, 10, 11)),),
    ),
    Layout(
        r"支出.*表",
        (
            ("本年支出合计|合计|总计",), ("基本支出",), ("项目支出",), ("上缴上级支出",),
            ("经营支出|事业单位经营支出",), ("对附属单位补助支出",),
        ),
        (Identity(0, (1, 2, 3, 4, 5)),),
    ),
    Layout(
        r"支出.*表",
        (
            ("本年支出合计|合计|总计",), ("基本支出",), ("项目支出",), ("经营支出|事业单位经营支出",),
            ("上缴上级支出",), ("对附属单位补助支出",),
        ),
        (Identity(0, (1, 2, 3, 4, 5)),),
    ),
    Layout(
        r"支出.*表",
        ((_BLOCK, "小计|合计"), (_BLOCK, "基本支出"), (_BLOCK, "项目支出")),
        _SUM,
    ),
    Layout(r"支出.*表", (("合计|小计",), ("基本支出",), ("项目支出",)), _SUM),
    Layout(
        r"支出.*表",
        ((_BASIC, "合计"), (_BASIC, "人员经费"), (_BASIC, "公用经费")),
        _SUM,
    ),
    Layout(
        r"支出.*表",
        (
            ("{last}年执行数", "执行数"), ("{last}年执行数", "扣除中央基建投资后执行数"),
            ("{year}年预算数", "年初预算数", "小计"), ("{year}年预算数", "年初预算数", "基本支出"),
            ("{year}年预算数", "年初预算数", "项目支出"), ("{year}年预算数", "扣除中央基建投资后预算数"),
            ("{year}年预算数比{last}年执行数", "增减额"), ("{year}年预算数比{last}年执行数", "增减(%)"),
            ("{year}年预算数比{last}年执行数（扣除中央基建投资）", "增减额"),
            ("{year}年预算数比{last}年执行数（扣除中央基建投资）", "增减(%)"),
        ),
        (Identity(2, (3, 4)), Identity(6, (2,), (0,)), Identity(8, (5,), (1,))),
        percent_of=((7, 6, 0), (9, 8, 1)),
    ),
    Layout(
        r"支出.*表",
        (
            ("{last}年执行数",),
            (_YEAR_BLOCK, "小计|合计"), (_YEAR_BLOCK, "基本支出"), (_YEAR_BLOCK, "项目支出"),
            ("{year}年预算数比{last}年执行数", "增减额"), ("{year}年预算数比{last}年执行数", "增减(%)|增减%"),
        ),
        (Identity(1, (2, 3)), Identity(4, (1,), (0,))),
        percent_of=((5, 4, 0),),
    ),
    Layout(
        r"支出.*表",
        (
            (_YEAR_BLOCK, "小计|合计"), (_YEAR_BLOCK, "基本支出"), (_YEAR_BLOCK, "项目支出"),
            ("{last}年执行数",),
            ("{year}年预算数比{last}年执行数", "增减额"), ("{year}年预算数比{last}年执行数", "增减(%)|增减%"),
        ),
        (Identity(0, (1, 2)), Identity(4, (0,), (3,))),
        percent_of=((5, 4, 3),),
    ),
    Layout(
        r"政府性基金.*表",
        (
            ("年初结转和结余",), ("本年收入",), ("本年支出", "小计"), ("本年支出", "基本支出"),
            ("本年支出", "项目支出"), ("年末结转和结余",),
        ),
        (Identity(2, (3, 4)), Identity(5, (0, 1), (2,))),
    ),
    Layout(
        r"基本支出.*表",
        (("人员经费", "决算数|金额"), ("公用经费", "决算数|金额")),
    ),
    Layout(r"收支.*表|收入支出.*表", (("收入", _AMOUNT), ("支出", _AMOUNT)), sides=1),
    Layout(
        r"收支.*表|收入支出.*表",
        (
            ("收入", _AMOUNT), ("支出", "决算数|", "合计"), ("支出", "决算数|", "一般公共预算财政拨款"),
            ("支出", "决算数|", "政府性基金预算财政拨款"), ("支出", "决算数|", "国有资本经营预算财政拨款"),
        ),
        (Identity(1, (2, 3, 4)),),
        sides=1,
    ),
    Layout(r"三公", _THREE_PUBLIC, _PUBLIC_SUMS),
    Layout(r"三公", tuple(("{year}年预算数", *path) for path in _THREE_PUBLIC), _PUBLIC_SUMS),
    Layout(r"三公", _twice(("预算数", "决算数")), _PUBLIC_SUMS_TWICE),
    Layout(r"三公", _twice(("{last}年预算数", "{year}年预算数")), _PUBLIC_SUMS_TWICE),
    Layout(r"三公", _twice(("{year}年预算数", "{year}年决算数")), _PUBLIC_SUMS_TWICE),
)  # fmt: skip

_GENERIC = (
    "部门预算支出经济分类科目", "支出功能分类科目编码", "功能分类科目编码", "经济分类科目编码",
    "功能分类科目", "经济分类科目", "科目编码", "科目代码", "科目名称", "功能分类", "经济分类",
    "类款项", "项目", "栏次", "行次", "收入", "支出", "人员经费", "公用经费", "决算数", "金额",
    "编码", "名称",
)  # fmt: skip
_WIDTH = str.maketrans({"(": "（", ")": "）", "%": "％", ":": "：", "“": "", "”": ""})


def _folded(text: str) -> str:
    return text.translate(_WIDTH)


@cache
def _generic_counters() -> tuple[Counter[str], ...]:
    return tuple(Counter(word) for word in _GENERIC)


@lru_cache(maxsize=50_000)
def _composed_of_labels(rest: str, start: int = 0) -> bool:
    """Whether the remaining characters, in sorted order, are exactly some generic label words."""
    if not rest:
        return True
    letters = Counter(rest)
    words = _generic_counters()
    for i in range(start, len(words)):
        word = words[i]
        fits = all(letters[ch] >= n for ch, n in word.items())
        if fits and _composed_of_labels("".join(sorted((letters - word).elements())), i):
            return True
    return False


def _spelled(layout: Layout, year: str, last: str) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Every way to spell the layout's columns; one alternative serves all columns that share it."""
    offers = list(dict.fromkeys(part for path in layout.columns for part in path if "|" in part))
    for choice in product(*(offer.split("|") for offer in offers)):
        chosen = dict(zip(offers, choice, strict=True))
        yield tuple(
            tuple(
                word
                for part in path
                if (word := chosen.get(part, part).replace("{year}", year).replace("{last}", last))
            )
            for path in layout.columns
        )


def _words(paths: Sequence[tuple[str, ...]]) -> Counter[str]:
    """The characters of a header with these paths, a merged parent printed once."""
    letters: Counter[str] = Counter()
    before: tuple[str, ...] = ()
    for path in paths:
        shared = 0
        while shared < min(len(path), len(before)) - 1 and path[shared] == before[shared]:
            shared += 1
        letters.update("".join(_folded(part) for part in path[shared:]))
        before = path
    return letters


def match_layout(title: str, header: str) -> MatchedLayout | None:
    """The layout whose words account for every character of ``header`` (no blanks), if just one does."""
    letters = Counter(_folded(header))
    years = sorted(set(re.findall(r"20\d\d", header)))
    year, last = (years[-1], years[0]) if years else ("", "")
    found: list[MatchedLayout] = []
    for layout in LAYOUTS:
        if not re.search(layout.title, title):
            continue
        for paths in _spelled(layout, year, last):
            words = _words(paths)
            if any(letters[ch] < n for ch, n in words.items()):
                continue
            if _composed_of_labels("".join(sorted((letters - words).elements()))):
                found.append(MatchedLayout(layout, paths, "行次" in header or "行次" in _folded(header)))
    longest = max((sum(_words(each.paths).values()) for each in found), default=0)
    best = [each for each in found if sum(_words(each.paths).values()) == longest]
    if len(best) > 1:  # the same words in another order: the header's order decides
        folded = _folded(header)
        ranks = [_in_order(each.paths, folded) for each in best]
        best = [each for each, rank in zip(best, ranks, strict=True) if rank == max(ranks)]
    return best[0] if len({each.paths for each in best}) == 1 else None


def _in_order(paths: Sequence[tuple[str, ...]], header: str) -> int:
    """How many neighbouring columns' words stand in the header in the layout's order.

    Of columns below different words of the first row those words are compared.
    """
    apart = [
        next((a, b) for a, b in zip(left, right, strict=False) if a != b) for left, right in pairwise(paths)
    ]
    places = [(header.find(_folded(left)), header.find(_folded(right))) for left, right in apart]
    return sum(0 <= left < right for left, right in places)
