"""What is wrong with tables as published: one without its header, one cut off at the end of the file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from fiscalgraph.extract.document import ColumnTrust, Document, Paragraph, Table
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.records import Indicator, Leftover, SpendingLine, TotalLine
from fiscalgraph.extract.tables.header import CODE, TOTAL_LABELS, Row, text_of
from fiscalgraph.extract.tables.logical import LogicalTable

__all__ = ["cut_off_table", "headless_tables", "nameless_figures"]

_NUMBER_LINE = re.compile(r"[-—－–·\s第页]*\d{0,4}[-—－–·\s页]*")
_ROUNDING = Decimal("0.1")
_WEIGHTS = Decimal(80)  # indicators weigh 100 together, 90 beside 10 for execution or 80 beside 20


def headless_tables(
    tables: Iterable[LogicalTable], lines: Iterable[SpendingLine | TotalLine]
) -> dict[int, str]:
    """Tables (by index) that print figures below no header, with a sentence each."""
    nameless = {line.table_index for line in lines if not line.column}
    found: dict[int, str] = {}
    for table in tables:
        if table.index in nameless or (table.unplaced and not any(table.paths)):
            where = "" if table.place.page is None else f" on page {table.place.page}"
            name = f" “{table.title}”" if table.title else ""
            found[table.index] = f"the table{name}{where} has no header: its figures were left"
    return found


def nameless_figures(lines: Iterable[SpendingLine | TotalLine]) -> tuple[Leftover, ...]:
    """The figures of ``lines`` whose column has no name, as leftovers."""
    return tuple(
        Leftover("cell", f"{line.printed}: the table has no header", line.source)
        for line in lines
        if not line.column
    )


# -- the end of the file ---------------------------------------------------------------------


def _last_block(document: Document) -> int | None:
    """The position of the last block that is more than a page number."""
    for position in reversed(range(len(document.blocks))):
        block = document.blocks[position]
        if isinstance(block, Table) or not _NUMBER_LINE.fullmatch(block.text) or document.pages is None:
            return position
    return None


def _ends_document(table: LogicalTable, document: Document) -> bool:
    last = _last_block(document)
    if last is None:
        return False
    if table.trust is not ColumnTrust.LOST:
        return last in table.blocks
    block = document.blocks[last]
    lines = [cell.place.line for row in table.rows for cell in row if cell is not None and cell.place.line]
    return isinstance(block, Paragraph) and block.place.line in lines[-1:]


def _last_row_unplaced(table: LogicalTable, document: Document) -> bool:
    last = _last_block(document)
    if last is None or table.trust is not ColumnTrust.LOST:
        return False
    line = document.blocks[last].place.line
    return line is not None and any(left.source.line == line for left in table.unplaced)


def _amounts(row: Row) -> dict[int, Decimal]:
    return {
        column: Decimal(printed_figure(text))
        for column, cell in enumerate(row)
        if is_figure(text := text_of(cell)) and not CODE.fullmatch(text) and not text.endswith(("%", "％"))
    }


def _missing(table: LogicalTable) -> tuple[str, Decimal, Decimal] | None:
    """What of a coded table does not add up for want of rows: the sum's name, the sum, its parts."""
    total: tuple[str, dict[int, Decimal]] | None = None
    by_code: dict[str, dict[int, Decimal]] = {}
    for row in table.rows:
        texts = [text_of(cell) for cell in row]
        code = next((text for text in texts if CODE.fullmatch(text)), None)
        if code is not None:
            if code in by_code:
                return None  # several bodies in one table: its sums are of another kind
            by_code[code] = _amounts(row)
        elif (label := next((text for text in texts if text in TOTAL_LABELS), None)) is not None:
            total = total or (label, _amounts(row))
    if (unfinished := _without_parts(by_code)) is not None:
        return unfinished
    sums = [] if total is None else [(*total, [by_code[code] for code in by_code if len(code) == 3])]
    if by_code:
        last = list(by_code)[-1]
        for above in sorted({last[:3], last[:5]}):
            if above in by_code:
                below = [by_code[code] for code in by_code if code[:-2] == above]
                sums.append((above, by_code[above], below))
    for name, whole, parts in sums:
        column = next(iter(whole), None)
        if not parts or column is None or any(column not in part for part in parts):
            continue
        found = sum((part[column] for part in parts), Decimal(0))
        if found + _ROUNDING < whole[column]:
            return name, whole[column], found
    return None


def _without_parts(by_code: dict[str, dict[int, Decimal]]) -> tuple[str, Decimal, Decimal] | None:
    """The last row, where it is a class whose parts are missing and all classes before have theirs."""
    *before, last = [code for code in by_code if len(code) == 3] or [""]
    if len(before) < 2 or list(by_code)[-1] != last or not by_code[last]:
        return None
    if any(not any(code[:-2] == above for code in by_code) for above in before):
        return None
    whole = next(iter(by_code[last].values()))
    return (last, whole, Decimal(0)) if whole else None


def cut_off_table(
    document: Document, tables: Sequence[LogicalTable], indicators: Sequence[Indicator]
) -> tuple[str, ...]:
    """A sentence for a table that ends with the file before it is complete."""
    for table in tables[-1:]:
        if _last_row_unplaced(table, document):
            return (f"the file may end within the table “{table.title or ''}”: its last row was not read",)
        missing = _missing(table) if _ends_document(table, document) else None
        if missing is not None:
            name, whole, found = missing
            return (
                f"the file ends within the table “{table.title or ''}”: {name} is {whole}, "
                f"its rows up to the end add up to {found}",
            )
    return _cut_off_indicators(document, indicators)


def _cut_off_indicators(document: Document, indicators: Sequence[Indicator]) -> tuple[str, ...]:
    last = _last_block(document)
    if last is None or not indicators:
        return ()
    weights: dict[int, list[str | None]] = defaultdict(list)
    for indicator in indicators:
        weights[indicator.occurrence].append(indicator.weight)
    final = indicators[-1]
    block = document.blocks[last]
    text = block.text if isinstance(block, Paragraph) else " ".join(cell.text for cell in block.cells)
    ends = (final.source.page, final.source.part) == (block.place.page, block.place.part)
    if not ends or not _holds(text, final) or "总分" in compact(text):
        return ()
    printed = weights[final.occurrence]
    if not all(weight is not None and is_figure(weight) for weight in printed):
        return ()
    found = sum((Decimal(printed_figure(weight or "").rstrip("%")) for weight in printed), Decimal(0))
    if found >= _WEIGHTS:
        return ()
    return (
        f"the last performance table (“{final.project}”) may be cut off by the end of the file: "
        f"the weights of its indicators add up to {found}",
    )


def _holds(text: str, indicator: Indicator) -> bool:
    name = compact(indicator.level3 or indicator.level2 or "")
    return bool(name) and name in compact(text)
