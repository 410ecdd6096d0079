"""How the words of a flattened header stand above the columns, and what must then add up.

Reading order keeps the words of one header row in order, but not where a merged cell stands
between the rows. So every arrangement that the words allow is offered; the figures decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from fiscalgraph.extract.tables.header_words import Family, HeaderWord, is_one_word
from fiscalgraph.extract.tables.layouts import Identity, Layout, MatchedLayout

__all__ = ["arrangements"]

_F = Family
_PUBLIC = frozenset({_F.PUBLIC, _F.VEHICLES, _F.VEHICLE_PART})
_BESIDE_GROUPS = frozenset({_F.BLOCK, _F.BESIDE})
_EXPENDITURE = frozenset({_F.TOTAL, _F.NATURE, _F.STAFF, _F.OF_WHICH, _F.PARTS})
_INCOME = frozenset({_F.TOTAL, _F.SOURCE, _F.ALLOCATION, _F.INCOME, _F.OF_WHICH})
_GOVERNMENT = re.compile(r"一般公共|政府性基金|国有资本")
_UNIT_MONEY = re.compile(r"单位资金|其他资金")
_MOST_COLUMNS = 24
# What a word "其中：…" is a part of.
_WHOLE_OF = {
    "教育收费": _F.INCOME,
    "经费拨款": _F.ALLOCATION,
    "建": _F.NATURE,
    "采购": _F.BESIDE,
    "专项资金": _F.SOURCE,
    "": _F.LABEL,
}


@dataclass(eq=False)
class _Node:
    """A header word with the words below it."""

    word: HeaderWord
    children: list[_Node] = field(default_factory=list)

    @property
    def is_column(self) -> bool:
        """Whether figures stand below the word itself: no parts, or only "其中" beside it."""
        return all(child.word.text.startswith("其中") for child in self.children)


def _accepts(word: HeaderWord) -> tuple[int, frozenset[Family]]:
    """How deep the word stands (1 outermost, 0 never above others), and what may stand below it."""
    text = word.text
    match word.family:
        case Family.BLOCK if "三公" in text:
            return 1, frozenset({_F.TOTAL}) | _PUBLIC
        case Family.BLOCK if "基本支出" in text:
            return 1, frozenset({_F.TOTAL, _F.STAFF})
        case Family.BLOCK if "收入" in text or "部门" in text:
            carried = {_F.CARRIED} if "预算" in text else set()
            return 1, _INCOME | carried
        case Family.BLOCK:
            return 1, _EXPENDITURE
        case Family.AMOUNT:
            return 1, _EXPENDITURE | _INCOME | _PUBLIC | {_F.CARRIED}
        case Family.CARRIED:
            return 1, frozenset({_F.TOTAL, _F.SOURCE})
        case Family.NATURE if "基本" in text:
            return 2, frozenset({_F.TOTAL, _F.STAFF})
        case Family.NATURE if "项目" in text:
            return 2, frozenset({_F.TOTAL, _F.OF_WHICH})
        case Family.ALLOCATION:
            return 2, frozenset({_F.TOTAL, _F.SOURCE, _F.OF_WHICH})
        case Family.SOURCE if "专户" in text:
            return 2, frozenset({_F.SCHOOL})
        case Family.SOURCE if _UNIT_MONEY.match(text):
            return 2, frozenset({_F.INCOME})
        case Family.SOURCE:
            return 2, frozenset({_F.TOTAL, _F.OF_WHICH})
        case Family.INCOME if text.startswith("事业收入"):
            return 2, frozenset({_F.OF_WHICH})
        case Family.VEHICLES:
            return 2, frozenset({_F.TOTAL, _F.VEHICLE_PART})
        case Family.PARTS:
            return 2, frozenset({_F.NATURE, _F.STAFF, _F.VEHICLE_PART})
        case Family.BESIDE if "采购" in text:
            return 2, frozenset({_F.TOTAL, _F.OF_WHICH})
        case _:
            return 0, frozenset()


def _may_stand_below(word: HeaderWord, above: HeaderWord) -> bool:
    _, accepted = _accepts(above)
    if word.family not in accepted:
        return False
    if "总计" in word.text:  # the total of all, not of the year's income or of one group
        if above.family is _F.NATURE:  # but where the group is printed above it: 基本支出 | 总计 人员 公用
            return above.start < word.start
        return above.family is _F.AMOUNT or (above.family is _F.BLOCK and "本年收入" not in above.text)
    if word.family is _F.OF_WHICH:
        return _WHOLE_OF[next((key for key in _WHOLE_OF if key in word.text), "")] is above.family
    if above.family is _F.ALLOCATION and word.family is _F.SOURCE:
        return _GOVERNMENT.match(word.text) is not None
    return True


def _second_row(words: Sequence[HeaderWord]) -> int:
    """Where the words that can only be parts of others begin."""
    for i, word in enumerate(words):
        inner = word.family in (_F.STAFF, _F.VEHICLE_PART, _F.SCHOOL) or (
            word.family is _F.SOURCE and _GOVERNMENT.match(word.text)
        )
        if inner and any(_accepts(w)[0] == 2 and _may_stand_below(word, w) for w in words[:i]):
            return i
    return len(words)


def _tree(words: Sequence[HeaderWord], totals_outside: bool) -> list[_Node]:
    """The words below each other; ``totals_outside`` keeps 合计 (not 小计) above all groups."""
    nodes = [_Node(word) for word in words]
    parents: list[_Node | None] = [None] * len(words)
    second = _second_row(words)
    # 上年结转 is split by source only beside a year's income that is.
    government = [match.group() for word in words if (match := _GOVERNMENT.match(word.text))]
    sources_twice = len(set(government)) < len(government)
    for i, node in enumerate(nodes):
        word = node.word
        if word.family is _F.TOTAL or word.text == "金额":
            continue
        above = [
            other
            for other in nodes[:i]
            if _may_stand_below(word, other.word) and (other.word.family is not _F.CARRIED or sources_twice)
        ]
        if i < second and word.family is _F.INCOME:
            above = [other for other in above if _accepts(other.word)[0] == 1]
        if not above:
            continue
        deepest = max(_accepts(other.word)[0] for other in above)
        above = [other for other in above if _accepts(other.word)[0] == deepest]
        free = [o for o in above if all(child.word.text != word.text for child in o.children)]
        if not free:
            continue
        chosen = free[0]
        for other in free:  # a group that was left behind is not taken up again
            if any(nodes.index(child) == i - 1 for child in other.children):
                chosen = other
        parents[i] = chosen
        chosen.children.append(node)
    for i in reversed(range(len(nodes))):
        word = nodes[i].word
        if word.text == "金额" and i + 1 < len(nodes) and nodes[i + 1].word.family is _F.OF_WHICH:
            whole = parents[i + 1]
            if whole is not None:
                parents[i] = whole
                whole.children.append(nodes[i])
        if word.family is not _F.TOTAL:
            continue
        follows = i + 1
        beside = parents[follows] if follows < len(nodes) else parents[i - 1] if i else None
        if follows < len(nodes) and nodes[follows].word.family is _F.TOTAL:
            beside = None
        if totals_outside and not word.text.startswith("小计"):
            beside = None
        if beside is None or not _may_stand_below(word, beside.word):
            continue
        if any(child.word.family is _F.TOTAL for child in beside.children):
            continue
        parents[i] = beside
        beside.children.append(nodes[i])
    for node in nodes:
        node.children.sort(key=lambda child: child.word.start)
    return [node for node, parent in zip(nodes, parents, strict=True) if parent is None]


def _ordered(nodes: Sequence[_Node], by_child: bool, totals_first: bool) -> list[_Node]:
    """Siblings in the order of their columns."""

    def place(node: _Node) -> tuple[bool, int]:
        start = node.word.start
        if by_child and node.children and not node.is_column:
            start = min(child.word.start for child in node.children)
        return not (node.word.family is _F.TOTAL and totals_first), start

    return sorted(nodes, key=place)


def _total_may_be_last(words: Sequence[HeaderWord]) -> bool:
    """Whether a total is printed right of its parts: nowhere else than first do others print it."""
    last_part = max((w.start for w in words if w.family is not _F.TOTAL), default=0)
    return any(w.family is _F.TOTAL and w.start > last_part for w in words)


class _Columns:
    """Columns and identities of one arrangement."""

    def __init__(self, roots: Sequence[_Node], by_child: bool, totals_first: bool) -> None:
        self.by_child, self.totals_first = by_child, totals_first
        self.paths: list[tuple[str, ...]] = []
        self.position: dict[_Node, int] = {}
        self.identities: list[Identity] = []
        self.within: list[tuple[int, int]] = []
        self._lay(roots, ())
        self._add_up(roots, "")
        movement = any(node.word.family is _F.CARRIED and "年" in node.word.text[:2] for node in roots)
        # 本年收入 beside 年初结转 is a column; otherwise such a word without parts has lost them.
        self.hollow = (
            len(self.paths) > 1
            and not movement
            and any(node.word.family in (_F.BLOCK, _F.PARTS) for node in self.position)
        )

    def _lay(self, nodes: Sequence[_Node], above: tuple[str, ...]) -> None:
        for node in _ordered(nodes, self.by_child, self.totals_first):
            path = (*above, node.word.text)
            if not node.children or node.is_column:
                self.position[node] = len(self.paths)
                self.paths.append(path)
                path = above
            self._lay(node.children, path)

    def _worth(self, node: _Node) -> tuple[int, ...]:
        """The columns that together hold what the node stands for."""
        if node in self.position:
            return (self.position[node],)
        for child in node.children:
            if child.word.family is _F.TOTAL and child in self.position:
                return (self.position[child],)
        return tuple(c for child in node.children if _adds(child) for c in self._worth(child))

    def _add_up(self, nodes: Sequence[_Node], above: str) -> None:
        total = next((node for node in nodes if node.word.family is _F.TOTAL), None)
        if total is not None:
            public = "三公" in total.word.text or "三公" in above
            parts = [
                node
                for node in nodes
                if node.word.family is not _F.TOTAL and _adds(node) and (not public or _is_public(node))
            ]
            columns = tuple(c for node in parts for c in self._worth(node))
            if columns:
                self.identities.append(Identity(self.position[total], columns))
        if total is None and not above and nodes[0].word.family is _F.ALLOCATION and not nodes[0].children:
            natures = [node for node in nodes[1:] if node.word.family is _F.NATURE]
            if natures:  # 财政拨款支出 = 基本支出 + 项目支出
                columns = tuple(c for node in natures for c in self._worth(node))
                self.identities.append(Identity(self.position[nodes[0]], columns))
        for node in nodes:
            if node.children and node in self.position and node.word.family is _F.VEHICLES:
                parts_below = tuple(self.position[child] for child in node.children)
                self.identities.append(Identity(self.position[node], parts_below))
            whole = self._worth(node)
            self.within += [
                (self.position[child], whole[0])
                for child in node.children
                if child.word.family is _F.OF_WHICH and child in self.position and len(whole) == 1
            ]
            self._add_up(node.children, node.word.text)


def _adds(node: _Node) -> bool:
    return node.word.family not in (_F.OF_WHICH, _F.BESIDE)


def _is_public(node: _Node) -> bool:
    return node.word.family in _PUBLIC or "三公" in node.word.text


def _detached(words: Sequence[HeaderWord]) -> bool:
    """Whether cells of the first header row may be printed out of their order.

    They are when a group opens the header, above the middle of its taller neighbours, or when a
    taller cell is printed after the parts of a group.
    """
    roots = _tree(words, totals_outside=False)
    parts = [child.word.start for node in roots for child in node.children]
    if not parts:
        return False
    late = any(not node.children and node.word.start > min(parts) for node in roots)
    inner = [node for root in roots for node in root.children if node.children]
    late_inside = any(
        not other.children and other.word.start > min(child.word.start for child in node.children)
        for root in roots
        for node in inner
        for other in root.children
        if node in root.children
    )
    opening = min(roots, key=lambda node: node.word.start)
    beside = any(not node.children and node.word.family is not _F.TOTAL for node in roots)
    return late or late_inside or (bool(opening.children) and beside)


def _follows_a_tall_cell(roots: Sequence[_Node]) -> bool:
    """Whether a total is printed after a taller cell to its right, so that it cannot be as tall."""
    totals = [node.word.start for node in roots if node.word.family is _F.TOTAL]
    tall = [node.word.start for node in roots if node.word.family in _BESIDE_GROUPS and not node.children]
    return bool(totals and tall) and min(tall) < max(totals)


def _columns(words: Sequence[HeaderWord]) -> Iterator[_Columns]:
    """Every way the words can stand above the columns, the likeliest first."""
    seen = set()
    first = (True, False) if _total_may_be_last(words) else (True,)
    places = (False, True) if _detached(words) else (False,)
    for totals_first, outside, by_child in product(first, (False, True), places):
        roots = _tree(words, outside)
        if outside and totals_first and _follows_a_tall_cell(roots):
            continue
        made = _Columns(roots, by_child, totals_first)
        key = (tuple(path[-1] for path in made.paths), tuple(made.identities))
        if made.hollow:
            continue
        if made.paths and len(made.paths) <= _MOST_COLUMNS and key not in seen:
            seen.add(key)
            yield made


def _of_halves(words: Sequence[HeaderWord]) -> Iterator[tuple[tuple[tuple[str, ...], ...], Layout]]:
    """Tables in two halves: items of income with one amount, items of expenditure with one or more."""
    first_item = next(i for i, word in enumerate(words) if word.family is _F.ITEM)
    heads = [word for word in words[:first_item] if word.family not in (_F.LABEL, _F.ORDER)]
    values = [word for word in words[first_item:] if word.family not in _NO_VALUES]
    if len(heads) == 1 or len(heads) > 2 or not values or values[0].family is not _F.AMOUNT:
        return
    left, right = (heads[0].text, heads[1].text) if heads else ("收入", "支出")
    if "支" in left or "收入" in right or not values[1:]:
        return
    items = sum(word.family is _F.ITEM for word in words)
    if items > 2:  # expenditure by function beside the same by economic item
        if len(values) == items and len({word.text for word in values}) == 1:
            both = ((left, values[0].text), (right, values[0].text))
            yield both, Layout("", both, sides=1, blocks=items)
        return
    for made in _columns(values[1:]):
        alone = values[-1].family in (_F.AMOUNT, _F.TOTAL) and len(values) == 2
        if not alone and not made.identities:
            continue
        paths = ((left, values[0].text), *((right, *path) for path in made.paths))
        sums = tuple(Identity(i.total + 1, tuple(c + 1 for c in i.parts)) for i in made.identities)
        yield paths, Layout("", paths, sums, sides=1)


def _cycle(words: Sequence[HeaderWord]) -> tuple[int, int]:
    """Length and number of repetitions of the sources of money printed below each column."""
    texts = [word.text for word in words]
    for length in (2, 3, 4):
        unit = texts[-length:]
        if len(texts) <= 2 * length or any(word.family is not _F.SOURCE for word in words[-length:]):
            continue
        times = 1
        while texts[-length * (times + 1) : -length * times] == unit:
            times += 1
        if times > 1:
            return length, times
    return 0, 0


def _one_of(words: Sequence[HeaderWord], times: int) -> list[HeaderWord] | None:
    """One copy of words that are printed so many times, row by row of the header, if they are."""
    texts = [word.text for word in words]
    copy: list[HeaderWord] = []
    at = 0
    while at < len(words):
        length = next(
            (
                n
                for n in range(1, (len(words) - at) // times + 1)
                if texts[at : at + n * times] == texts[at : at + n] * times
            ),
            0,
        )
        if not length:
            return None
        copy += words[at : at + length]
        at += length * times
    return copy


def _by_year(years: Sequence[HeaderWord], words: Sequence[HeaderWord]) -> Iterator[Layout]:
    """The same columns below each year, and below their difference."""
    copy = _one_of(words, len(years))
    for made in _columns(copy) if copy else ():
        width = len(made.paths)
        paths = tuple((year.text, *path) for year in years for path in made.paths)
        sums = [
            Identity(k * width + i.total, tuple(k * width + c for c in i.parts))
            for k, year in enumerate(years)
            for i in made.identities
        ]
        if len(years) == 3 and years[2].text.startswith("增减"):
            sums += [Identity(2 * width + c, (width + c,), (c,)) for c in range(width)]
        yield Layout("", paths, tuple(sums))


def _repeated(words: Sequence[HeaderWord]) -> Iterator[Layout]:
    """Columns and what must add up; where each column is split by the same sources, once for each source."""
    years = [word for word in words if word.family is _F.YEAR]
    if years:
        if len(years) > 1 and list(words[: len(years)]) == years:
            yield from _by_year(years, words[len(years) :])
        return
    length, times = _cycle(words)
    if length:
        below = [word.text for word in words[-length:]]
        for made in _columns(words[: -length * times]):
            if len(made.paths) == times:
                paths = tuple((*path, text) for path in made.paths for text in below)
                sums = tuple(
                    Identity(i.total * length + k, tuple(c * length + k for c in i.parts))
                    for i in made.identities
                    for k in range(length)
                )
                yield Layout("", paths, sums)
        return
    for made in _columns(words):
        yield Layout("", tuple(made.paths), tuple(made.identities), within=tuple(made.within))


def _has_stray_end(words: Sequence[HeaderWord]) -> bool:
    """Whether a lone 收入 or 支出 is the end of a taller cell's word, which stands too early then.

    附属单位上缴 | 财政拨款收入 | … | 收入: the lines of the header do not follow its cells.
    """
    ends = [word for word in words if word.family is _F.SIDE]
    return any(
        is_one_word(word.text + end.text)
        for end in ends
        for word, after in pairwise(words)
        if word.start < end.start and after is not end and word.family is _F.INCOME
    )


_NO_VALUES = frozenset({_F.LABEL, _F.ORDER, _F.ITEM, _F.OWNER, _F.SIDE})


def arrangements(words: Sequence[HeaderWord]) -> list[MatchedLayout]:
    """The layouts that a header's words allow; none if they name no column of amounts."""
    families = frozenset(word.family for word in words)
    ordered = any(word.text == "行次" for word in words)
    items = sum(word.family is _F.ITEM for word in words)
    codes = sum(word.text.endswith(("编码", "代码")) and word.family is _F.LABEL for word in words)
    values = [word for word in words if word.family not in _NO_VALUES]
    found: list[MatchedLayout] = []
    if items < 2 and _has_stray_end(words):
        return []
    second = _second_row(values)
    broken = [
        word
        for i, word in enumerate(values)
        # A word that only the next row of the header interrupts keeps its place in its own row.
        if word.broken and word.family is not _F.TOTAL and (i >= second or i + 1 < second)
    ]
    if len(broken) > 1 or any(word.family not in (_F.CARRIED, _F.BESIDE) for word in broken):
        return []  # printed line by line: taller words come before their left neighbours
    if items > 1 and codes == 0:
        found = [MatchedLayout(layout, paths, ordered, families) for paths, layout in _of_halves(words)]
    elif items < 2 and values:
        amounts = {word.text for word in values}
        if codes > 1 and len(amounts) == 1 and values[0].family is _F.AMOUNT:
            values = values[:1]  # several blocks of code, name and amount side by side
        elif len(amounts) < len(values) and all(word.family is _F.AMOUNT for word in values):
            return []
        item = next((word.text for word in words if word.family is _F.ITEM), None)
        coded = _F.LABEL in families
        found = [
            MatchedLayout(layout, layout.columns, ordered, families, item)
            for layout in _repeated(values)
            if layout.identities or len(layout.columns) == 1 or not coded  # nothing would tell a wrong order
        ]
    return [each for each in found if len(set(each.paths)) == len(each.paths)]
