"""Tables of figures in flattened text: rebuilt from words and figures in reading order.

The text of a printed page (or a converter's "one cell a line") names the table, prints its header
words in some order, then for each row a code, a name and the figures of the non-empty cells. The
header's words tell the columns (:mod:`.layouts`, :mod:`.arrangements`), the accounting identities
which figure stands in which (:mod:`.identities`). Where several readings remain, what they do not
agree on is left unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise

from fiscalgraph.extract.document import Cell, ColumnTrust, Document
from fiscalgraph.extract.normalise import printed_figure
from fiscalgraph.extract.records import Leftover, Source
from fiscalgraph.extract.tables.code_tree import hierarchy
from fiscalgraph.extract.tables.evidence import Evidence, TableHints, income_by_source
from fiscalgraph.extract.tables.flat_header import Split, split_header
from fiscalgraph.extract.tables.flat_lines import Region, Token, by_line, regions
from fiscalgraph.extract.tables.flat_rows import (
    Line,
    bare_rows,
    coded_rows,
    codes_in_parts,
    labelled_rows,
    rows_of_halves,
    sides_of,
    tree_of_halves,
    tree_of_owners,
)
from fiscalgraph.extract.tables.grounds import grounds
from fiscalgraph.extract.tables.header import CODE
from fiscalgraph.extract.tables.header_words import Family
from fiscalgraph.extract.tables.identities import Effort, Hints, Placement, Tree
from fiscalgraph.extract.tables.layouts import MatchedLayout
from fiscalgraph.extract.tables.logical import LogicalTable
from fiscalgraph.extract.tables.placing import place_lines

__all__ = ["flattened_tables"]

_FISCAL = re.compile(r"收入|支出|收支|三公")
_CODE_OF = {"2": "功能分类科目编码", "3": "部门经济分类科目编码", "5": "政府经济分类科目编码"}
_READINGS = 3  # times that tables are read with what the others tell


def _cell(token: Token, row: int, column: int, text: str | None = None) -> Cell:
    return Cell(text if text is not None else token.text, row, column, place=token.place)


def _same_row(line: Line, other: Line) -> bool:
    return line.code is other.code is None and line.label == other.label and line.printed == other.printed


_UNDECIDED = "the text has lost its column and no identity decides"


def _leftovers(line: Line, why: str = _UNDECIDED, tokens: Sequence[Token] | None = None) -> list[Leftover]:
    quote = " ".join([*([line.code.text] if line.code else []), line.label, *(t.text for t in line.figures)])
    return [
        Leftover(
            "cell",
            f"{printed_figure(token.text)}: {why}",
            Source(quote, page=token.place.page, line=token.place.line, part=token.place.part),
        )
        for token in (line.amounts if tokens is None else tokens)
    ]


def _has_serials(split: Split) -> bool:
    return "序号" in "".join(token.text for token in split.header)


def _unplaced(line: Line, where: Placement) -> list[Token]:
    return [token for c, token in zip(where, line.amounts, strict=True) if c is None]


@dataclass
class _Made:
    """A table, and what it tells about others beside its cells."""

    table: LogicalTable
    partial: frozenset[int] = frozenset()  # rows of which some figures stay unplaced
    items: Sequence[tuple[str, str | None]] = ()  # of the income side of a 收支总表


@dataclass
class _Builder:
    """Makes the tables of one document."""

    evidence: Evidence
    functions: Set[str]
    effort: Effort = field(default_factory=Effort)

    def build(self, region: Region, split: Split, index: int) -> _Made:
        families = split.layouts[0].families
        if split.layouts[0].layout.sides:
            return self.halves(region, split, index)
        coded = any(t.whole and CODE.fullmatch(t.text) for t in split.rows) or any(
            re.search(r"编码|代码", t.text) for t in split.header
        )
        if coded and (not families or Family.LABEL in families):
            return self.coded(region, split, index)
        return self.labelled(region, split, index)

    def coded(self, region: Region, split: Split, index: int) -> _Made:
        left: list[Leftover] = []
        lines: list[Line] = []
        owners = Family.OWNER in split.layouts[0].families
        serials = _has_serials(split)
        parts = not serials and any("款" in token.text for token in split.header)
        found_rows = coded_rows(split.rows, serials=serials, parts=parts)
        for line in codes_in_parts(found_rows) if parts else found_rows:
            total = line.is_total or owners or not lines
            repeated = line.code is None and any(_same_row(line, other) for other in lines)
            if line.code is None and not total:
                left += _leftovers(line, "the row has lost its code")
            elif (line.figures or line.code) and not repeated:
                lines.append(line)
        codes = [line.code.text if line.code else None for line in lines]
        by_block = split.layouts[0].paths[-1][0] == "公用经费" and not split.layouts[0].layout.identities
        placed: list[Placement]
        why: list[tuple[str, ...]] = []
        if by_block:  # 人员经费 | 公用经费: the code says which
            matched = split.layouts[0]
            placed = [
                (0 if (code or line.label).startswith(("301", "303", "人员")) else 1,)
                if len(line.printed) == 1
                else (None,) * len(line.printed)
                for code, line in zip(codes, lines, strict=True)
            ]
        else:
            total_row = next((i for i, line in enumerate(lines) if line.is_total and not line.code), None)
            tree = hierarchy(codes, total_row)
            hints = self._hints(region, codes)
            found = place_lines(split.layouts, lines, tree, hints, effort=self.effort)
            if found is None:
                return _unread(region, index, [*left, *(o for line in lines for o in _leftovers(line))])
            matched, placed = found
            why = _grounds(matched, lines, placed, tree, hints)
        width = len(matched.paths)
        beside = sorted({token.text[0] for line in lines for token in line.others})
        first = 2 + len(beside)
        rows: list[tuple[Cell | None, ...]] = []
        inferred: dict[int, tuple[str, ...]] = {}
        partial: set[int] = set()
        for number, (line, where) in enumerate(zip(lines, placed, strict=True)):
            row: list[Cell | None] = [None] * (first + width)
            if line.code is not None:
                row[0] = _cell(line.code, number, 0)
            if line.name:
                row[1] = _cell(line.name[0], number, 1, line.label)
            for token in line.others:
                at = 2 + beside.index(token.text[0])
                row[at] = _cell(token, number, at)
            for c, token in zip(where, line.amounts, strict=True):
                if c is not None:
                    row[c + first] = _cell(token, number, c + first)
            if unplaced := _unplaced(line, where):
                left += _leftovers(line, tokens=unplaced)
                partial.add(number)
            if len(where) < width and not by_block:
                inferred[number] = why[number]
            rows.append(tuple(row))
        heads: tuple[tuple[str, ...], ...] = (
            ("科目编码",),
            ("科目名称",),
            *((_CODE_OF[digit],) for digit in beside),
            *matched.paths,
        )
        if owners:  # a row without a code is about a unit, as are those below it
            units = [row[1] if row[0] is None else None for row in rows]
            rows = [(*row, unit) for row, unit in zip(rows, units, strict=True)]
            heads = (*heads, ("单位名称",))
        return _Made(_table(region, index, heads, rows, inferred, left), frozenset(partial))

    def _hints(
        self,
        region: Region,
        codes: Sequence[str | None],
        income: Sequence[tuple[str, str | None]] = (),
    ) -> Callable[[MatchedLayout], TableHints]:
        def of_layout(matched: MatchedLayout) -> TableHints:
            sources = income_by_source(income, matched.paths)
            return TableHints(self.evidence, region.title, region.caption.unit, matched.paths, codes, sources)

        return of_layout

    def halves(self, region: Region, split: Split, index: int) -> _Made:
        lines = rows_of_halves(split.rows, split.layouts[0].ordered)
        count = split.layouts[0].layout.sides
        width = len(split.layouts[0].paths)
        left: list[Leftover] = []
        sides = sides_of(lines, self.functions, split.layouts[0].layout.blocks)
        right = [i for i, side in enumerate(sides) if side == "支出" and lines[i].figures]
        matched = split.layouts[0]
        placed: dict[int, Placement] = {}
        why: dict[int, tuple[str, ...]] = {}
        several = width - count > 1
        items = [
            (line.label, line.printed[0] if line.amounts else None)
            for line, side in zip(lines, sides, strict=True)
            if side == "收入"
        ]
        if several:
            spent = [lines[i] for i in right]
            hints = self._hints(region, [line.label for line in spent], items)
            tree = tree_of_halves(spent)
            made = place_lines(split.layouts, spent, tree, hints, count, self.effort)
            if made is None:
                return _unread(region, index, [o for line in lines for o in _leftovers(line)])
            matched, found = made
            placed = dict(zip(right, found, strict=True))
            why = dict(zip(right, _grounds(matched, spent, found, tree, hints), strict=True))
        heads = (
            ("收入", "项目"),
            *matched.paths[:count],
            ("支出", "项目"),
            *matched.paths[count:],
        )
        rows: list[tuple[Cell | None, ...]] = []
        inferred: dict[int, tuple[str, ...]] = {}
        for number, (line, side) in enumerate(zip(lines, sides, strict=True)):
            amounts = line.amounts
            if not line.figures:
                continue
            columns: Placement
            if side == "收入" and len(amounts) <= count:
                columns = tuple(range(len(amounts)))
            elif side == "支出":
                columns = placed[number] if several else (count,) * (len(amounts) == 1)
            else:
                columns = ()
            columns = columns or (None,) * len(amounts)
            left += _leftovers(line, tokens=_unplaced(line, columns))
            if not any(c is not None for c in columns):
                continue
            if several and side == "支出":
                inferred[len(rows)] = why[number]
            row: list[Cell | None] = [None] * len(heads)
            start = 0 if side == "收入" else count + 1
            row[start] = _cell(line.name[0], len(rows), start, line.label)
            for c, token in zip(columns, amounts, strict=True):
                if c is not None:
                    at = c + 1 + (side == "支出")
                    row[at] = _cell(token, len(rows), at)
            rows.append(tuple(row))
        return _Made(_table(region, index, heads, rows, inferred, left), items=items)

    def labelled(self, region: Region, split: Split, index: int) -> _Made:
        """Rows of words and figures, or of figures alone: “三公”, 收入总表 without codes."""
        families = split.layouts[0].families
        named = bool(families & {Family.ITEM, Family.OWNER, Family.LABEL})
        years = any("年度" in token.text for token in split.header)
        lines = (
            labelled_rows(split.rows, years=years, serials=_has_serials(split))
            if named
            else bare_rows(split.rows, len(split.layouts[0].paths))
        )
        tree = tree_of_owners(lines)
        hints = self._hints(region, [None] * len(lines))
        found = place_lines(split.layouts, lines, tree, hints, effort=self.effort)
        if found is None:
            return _unread(region, index, [o for line in lines for o in _leftovers(line)])
        matched, placed = found
        why = _grounds(matched, lines, placed, tree, hints)
        left: list[Leftover] = []
        rows: list[tuple[Cell | None, ...]] = []
        inferred: dict[int, tuple[str, ...]] = {}
        partial: set[int] = set()
        heads: tuple[tuple[str, ...], ...] = matched.paths
        if named:
            other = "年度" if years else "单位名称" if Family.OWNER in families else "科目名称"
            heads = ((split.layouts[0].item or other,), *heads)
        for line, where, identities in zip(lines, placed, why, strict=True):
            unplaced = _unplaced(line, where)
            left += _leftovers(line, tokens=unplaced)
            if line.amounts and len(unplaced) == len(line.amounts):
                continue
            row: list[Cell | None] = [None] * len(heads)
            if named and line.name:
                row[0] = _cell(line.name[0], len(rows), 0, line.label)
            for c, token in zip(where, line.amounts, strict=True):
                if c is not None:
                    row[c + named] = _cell(token, len(rows), c + named)
            if unplaced:
                partial.add(len(rows))
            if len(where) < len(matched.paths):
                inferred[len(rows)] = identities
            rows.append(tuple(row))
        return _Made(_table(region, index, heads, rows, inferred, left), frozenset(partial))


def _grounds(
    matched: MatchedLayout,
    lines: Sequence[Line],
    placed: Sequence[Placement],
    tree: Tree,
    hints: Callable[[MatchedLayout], Hints],
) -> list[tuple[str, ...]]:
    rows = [line.printed for line in lines]
    return grounds(matched.layout, rows, placed, tree, hints(matched))


def _table(
    region: Region, index: int, paths: Sequence[tuple[str, ...]], rows: Sequence[tuple[Cell | None, ...]],
    inferred: Mapping[int, tuple[str, ...]], left: Sequence[Leftover],
) -> LogicalTable:  # fmt: skip
    blocks = sorted({token.block for token in region.tokens} | {region.first_block})
    return LogicalTable(
        index=index,
        title=region.title,
        unit=region.caption.unit,
        year=region.caption.year,
        paths=tuple(paths),
        rows=tuple(rows),
        trust=ColumnTrust.LOST,
        blocks=tuple(blocks),
        place=region.tokens[0].place,
        title_place=region.caption.place,
        inferred=inferred,
        unplaced=tuple(left),
        reporting_unit=region.caption.reporting_unit,
    )


def _unread(region: Region, index: int, left: Sequence[Leftover]) -> _Made:
    """A table whose figures contradict its header, or whose header is not understood: only leftovers."""
    heads = (("科目编码",), ("科目名称",), ("金额",))
    return _Made(replace(_table(region, index, heads, (), {}, left), blocks=()))


def _not_understood(region: Region) -> list[Leftover]:
    return [
        Leftover(
            "cell",
            f"{printed_figure(token.text)}: the words of the table's header are not understood",
            Source(
                " ".join([region.title, *(t.text for t in line)])[:300],
                page=token.place.page,
                line=token.place.line,
                part=token.place.part,
            ),
        )
        for line in by_line(region.tokens)
        for token in line
        if token.figure
    ]


def _functions(found: Sequence[Region]) -> frozenset[str]:
    """Names of functional classes, as the coded tables of the document print them."""
    names = set()
    for region in found:
        for token, after in pairwise(region.tokens):
            if token.whole and re.fullmatch(r"2\d{2}(?:\d{2}){0,2}", token.text) and after.words:
                names.add(after.text)
    return frozenset(names)


def flattened_tables(document: Document, first_index: int = 0) -> Iterator[LogicalTable]:
    """The tables of figures that stand in the document's lines of text.

    Of a table of figures whose header's words are not all known, only what stays unread is told.
    """
    found = list(regions(document))
    builder = _Builder(Evidence(document, found), _functions(found))
    parts: list[tuple[Region, Split]] = []
    unread: list[tuple[Region, list[Leftover]]] = []
    for region in found:
        split = split_header(region)
        if split is None:
            if _FISCAL.search(region.title) and (left := _not_understood(region)):
                unread.append((region, left))
            continue
        before = parts[-1] if parts else None
        if (
            before is not None
            and before[0].title == region.title
            and before[1].layouts[0].paths == split.layouts[0].paths
        ):
            before[1].rows.extend(split.rows)  # the next page of the same table
            before[0].tokens.extend(region.tokens)
        else:
            parts.append((region, split))
    made = [builder.build(region, split, index) for index, (region, split) in enumerate(parts, first_index)]
    for _ in range(_READINGS):  # what one table tells may settle another
        known = builder.evidence.size
        for each in made:
            builder.evidence.learn(each.table, each.partial)
            builder.evidence.learn_items(each.table.title or "", each.items)
        if builder.evidence.size == known:
            break
        made = [
            builder.build(region, split, index) for index, (region, split) in enumerate(parts, first_index)
        ]
    yield from (each.table for each in made)
    for index, (region, left) in enumerate(unread, start=first_index + len(parts)):
        yield _unread(region, index, left).table
