"""Tables of figures in flattened text: rebuilt from words and figures in reading order.

The text of a printed page (or a converter's "one cell a line") names the table, prints its header
words in some order, then for each row a code, a name and the figures of the non-empty cells. The
header's words tell the columns (:mod:`.layouts`, :mod:`.arrangements`), the accounting identities
which figure stands in which (:mod:`.identities`). Where several readings remain, what they do not
agree on is left unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from fiscalgraph.extract.document import Cell, ColumnTrust, Document
from fiscalgraph.extract.normalise import printed_figure
from fiscalgraph.extract.records import Leftover, Source
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
)
from fiscalgraph.extract.tables.header import CODE
from fiscalgraph.extract.tables.header_words import Family
from fiscalgraph.extract.tables.identities import Placement
from fiscalgraph.extract.tables.logical import LogicalTable
from fiscalgraph.extract.tables.placing import Evidence, place_lines

__all__ = ["flattened_tables"]

_FISCAL = re.compile(r"收入|支出|收支|三公")


def _cell(token: Token, row: int, column: int, text: str | None = None) -> Cell:
    return Cell(text if text is not None else token.text, row, column, place=token.place)


def _same_row(line: Line, other: Line) -> bool:
    return line.code is other.code is None and line.label == other.label and line.printed == other.printed


_UNDECIDED = "the text has lost its column and no identity decides"


def _leftovers(line: Line, why: str = _UNDECIDED) -> list[Leftover]:
    quote = " ".join([*([line.code.text] if line.code else []), line.label, *(t.text for t in line.figures)])
    return [
        Leftover(
            "cell",
            f"{printed_figure(token.text)}: {why}",
            Source(quote, page=token.place.page, line=token.place.line, part=token.place.part),
        )
        for token in line.amounts
    ]


@dataclass
class _Builder:
    """Makes the tables of one document."""

    evidence: Evidence
    functions: Set[str]

    def build(self, region: Region, split: Split, index: int) -> LogicalTable:
        families = split.layouts[0].families
        if split.layouts[0].layout.sides:
            return self.halves(region, split, index)
        coded = any(t.whole and CODE.fullmatch(t.text) for t in split.rows) or any(
            re.search(r"编码|代码", t.text) for t in split.header
        )
        if coded and (not families or Family.LABEL in families):
            return self.coded(region, split, index)
        return self.labelled(region, split, index)

    def coded(self, region: Region, split: Split, index: int) -> LogicalTable:
        left: list[Leftover] = []
        lines: list[Line] = []
        owners = Family.OWNER in split.layouts[0].families
        serials = any("序号" in token.text for token in split.header)
        parts = not serials and any("款" in token.text for token in split.header)
        found_rows = coded_rows(split.rows, serials=serials, parts=parts)
        for line in codes_in_parts(found_rows) if parts else found_rows:
            total = line.is_total or owners or not lines
            repeated = any(_same_row(line, other) for other in lines) and line.code is None
            if line.code is None and not total:
                left += _leftovers(line, "the row has lost its code")
            elif (line.figures or line.code) and not repeated:
                lines.append(line)
        codes = [line.code.text if line.code else None for line in lines]
        by_block = split.layouts[0].paths[-1][0] == "公用经费" and not split.layouts[0].layout.identities
        placed: list[Placement | None]
        if by_block:  # 人员经费 | 公用经费: the code says which
            matched = split.layouts[0]
            placed = [
                (0 if (code or line.label).startswith(("301", "303", "人员")) else 1,)
                if len(line.printed) == 1
                else None
                for code, line in zip(codes, lines, strict=True)
            ]
        else:
            found = place_lines(split.layouts, lines, codes, self.evidence)
            if found is None:
                return _unread(region, index, [*left, *(o for line in lines for o in _leftovers(line))])
            matched, placed = found
        width = len(matched.paths)
        rows: list[tuple[Cell | None, ...]] = []
        inferred: set[int] = set()
        for number, (line, where) in enumerate(zip(lines, placed, strict=True)):
            row: list[Cell | None] = [None] * (width + 2)
            if line.code is not None:
                row[0] = _cell(line.code, number, 0)
            if line.name:
                row[1] = _cell(line.name[0], number, 1, line.label)
            if where is None:
                left += _leftovers(line)
            else:
                for c, token in zip(where, line.amounts, strict=True):
                    row[c + 2] = _cell(token, number, c + 2)
                if len(where) < width and not by_block:
                    inferred.add(number)
            rows.append(tuple(row))
        heads = (("科目编码",), ("科目名称",), *matched.paths)
        return _table(region, index, heads, rows, inferred, left)

    def halves(self, region: Region, split: Split, index: int) -> LogicalTable:
        lines = rows_of_halves(split.rows, split.layouts[0].ordered)
        count = split.layouts[0].layout.sides
        width = len(split.layouts[0].paths)
        left: list[Leftover] = []
        sides = sides_of(lines, self.functions)
        right = [i for i, side in enumerate(sides) if side == "支出" and lines[i].figures]
        matched = split.layouts[0]
        placed: dict[int, Placement | None] = {}
        several = width - count > 1
        if several:
            total = next((i for i in right if "合计" in lines[i].label), None)
            order = ([total] if total is not None else []) + [i for i in right if i != total]
            codes = [
                None
                if i == total
                else f"{200 + k}"
                if lines[i].label[0] in "一二三四五六七八九十（("
                else None
                for k, i in enumerate(order)
            ]
            made = place_lines(split.layouts, [lines[i] for i in order], codes, self.evidence, first=count)
            if made is None:
                return _unread(region, index, [o for line in lines for o in _leftovers(line)])
            matched, found = made
            placed = dict(zip(order, found, strict=True))
            used = {c for where in placed.values() if where for c in where}
            for i, where in placed.items():  # a column nobody uses is not where an undecided row goes
                if where is None and len(used) == len(lines[i].printed):
                    placed[i] = tuple(sorted(used))
        heads = (
            ("收入", "项目"),
            *matched.paths[:count],
            ("支出", "项目"),
            *matched.paths[count:],
        )
        rows: list[tuple[Cell | None, ...]] = []
        inferred: set[int] = set()
        for number, (line, side) in enumerate(zip(lines, sides, strict=True)):
            if not line.figures:
                continue
            columns: Placement | None = tuple(range(len(line.figures)))
            start = 0 if side == "收入" else count + 1
            if side is None or (side == "收入" and len(line.figures) > count):
                columns = None
            elif side == "支出":
                where = placed.get(number) if several else (count,) * len(line.figures)
                fits = where is not None and len(line.figures) <= width - count
                columns = tuple(c - count for c in where) if fits and where is not None else None
                inferred.update({len(rows)} if several else ())
            if columns is None:
                left += _leftovers(line)
                continue
            row: list[Cell | None] = [None] * len(heads)
            row[start] = _cell(line.name[0], len(rows), start, line.label)
            for c, token in zip(columns, line.figures, strict=True):
                row[start + 1 + c] = _cell(token, len(rows), start + 1 + c)
            rows.append(tuple(row))
        return _table(region, index, heads, rows, inferred, left)

    def labelled(self, region: Region, split: Split, index: int) -> LogicalTable:
        """Rows of words and figures, or of figures alone: “三公”, 收入总表 without codes."""
        families = split.layouts[0].families
        named = bool(families & {Family.ITEM, Family.OWNER, Family.LABEL})
        years = any("年度" in token.text for token in split.header)
        lines = (
            labelled_rows(split.rows, years=years)
            if named
            else bare_rows(split.rows, len(split.layouts[0].paths))
        )
        found = place_lines(split.layouts, lines, [None] * len(lines), self.evidence)
        if found is None:
            return _unread(region, index, [o for line in lines for o in _leftovers(line)])
        matched, placed = found
        left: list[Leftover] = []
        rows: list[tuple[Cell | None, ...]] = []
        inferred: set[int] = set()
        heads: tuple[tuple[str, ...], ...] = matched.paths
        if named:
            other = "年度" if years else "单位名称" if Family.OWNER in families else "科目名称"
            heads = ((split.layouts[0].item or other,), *heads)
        for line, where in zip(lines, placed, strict=True):
            if where is None:
                left += _leftovers(line)
                continue
            row: list[Cell | None] = [None] * len(heads)
            if named and line.name:
                row[0] = _cell(line.name[0], len(rows), 0, line.label)
            for c, token in zip(where, line.amounts, strict=True):
                row[c + named] = _cell(token, len(rows), c + named)
            if len(where) < len(matched.paths):
                inferred.add(len(rows))
            rows.append(tuple(row))
        return _table(region, index, heads, rows, inferred, left)


def _table(
    region: Region, index: int, paths: Sequence[tuple[str, ...]], rows: Sequence[tuple[Cell | None, ...]],
    inferred: set[int], left: Sequence[Leftover],
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
        inferred=frozenset(inferred),
        unplaced=tuple(left),
    )


def _unread(region: Region, index: int, left: Sequence[Leftover]) -> LogicalTable:
    """A table whose figures contradict its header, or whose header is not understood: only leftovers."""
    heads = (("科目编码",), ("科目名称",), ("金额",))
    return replace(_table(region, index, heads, (), set(), left), blocks=())


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
    for learning in (True, False):
        for index, (region, split) in enumerate(parts, start=first_index):
            table = builder.build(region, split, index)
            if learning:
                builder.evidence.learn(table)
            else:
                yield table
    for index, (region, left) in enumerate(unread, start=first_index + len(parts)):
        yield _unread(region, index, left)
