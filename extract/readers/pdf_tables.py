"""From a grid and the text in its cells to a :class:`Table`."""

from __future__ import annotations

from dataclasses import replace

from fiscalgraph.extract.captions import is_caption, lift_captions
from fiscalgraph.extract.document import Block, Cell, ColumnTrust, Paragraph, Place, Run, Table
from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.readers.pdf_flow import rounded
from fiscalgraph.extract.readers.pdf_grid import Grid, GridCell
from fiscalgraph.extract.readers.pdf_lines import Fragment, Line, lines_of

__all__ = ["ruled_table", "without_captions"]

SAME_LINE = 0.45  # baselines closer than this share of the font size are one line
SLIVER = 8.0  # an outermost column narrower than this (points) and empty is the frame's, not the table's
_NO_FRAGMENTS: list[Fragment] = []
_NOTHING = {"-", "--", "—", "——", "－"}


def ruled_table(page: int, grid: Grid, first: int, by_region: dict[int, list[Fragment]]) -> Table:
    """The table of ``grid``, whose cells are the regions from ``first`` on.

    Rows that the document parts by white space only (one tall box with a column of figures
    in it) are parted here too; such a table is marked as drifting.
    """
    lines = [lines_of(by_region.get(first + offset, _NO_FRAGMENTS)) for offset in range(len(grid.cells))]
    levels = _unruled_rows(grid, lines)
    shift = [0]
    for row in range(len(grid.ys) - 1):
        shift.append(shift[-1] + len(levels.get(row, [0.0])))
    xs, ys = [round(x, 1) for x in grid.xs], [round(y, 1) for y in grid.ys]
    cells: list[Cell] = []
    for cell, own in zip(grid.cells, lines, strict=True):
        if cell.row_span == 1 and cell.row in levels:
            cells += _parted(page, cell, own, levels[cell.row], shift[cell.row])
            continue
        below, beside = cell.row + cell.row_span, cell.column + cell.column_span
        cells.append(
            Cell(
                text="\n".join([line.text for line in own]),
                row=shift[cell.row],
                column=cell.column,
                row_span=shift[below] - shift[cell.row],
                column_span=cell.column_span,
                place=Place(page=page, box=(xs[cell.column], ys[cell.row], xs[beside], ys[below])),
            )
        )
    cells.sort(key=lambda cell: (cell.row, cell.column))
    cells = _without_slivers(cells, grid.xs)
    trust = ColumnTrust.DRIFTING if levels else ColumnTrust.KNOWN
    return Table(tuple(cells), Place(page=page, box=rounded(grid.box)), trust)


def _unruled_rows(grid: Grid, lines: list[list[Line]]) -> dict[int, list[float]]:
    """Grid rows that hold several printed rows, and the baselines of those."""
    by_row: dict[int, list[list[Line]]] = {}
    for cell, own in zip(grid.cells, lines, strict=True):
        if cell.row_span == 1 and len(own) > 1 and _is_figure_column(own):
            by_row.setdefault(cell.row, []).append(own)
    levels: dict[int, list[float]] = {}
    for row, columns in by_row.items():
        if len(columns) < 2:
            continue
        found = _baselines(columns)
        if all(len(found) - len(column) <= len(found) // 2 for column in columns):
            levels[row] = found
    return levels


def _is_figure_column(lines: list[Line]) -> bool:
    """Whether every line is a figure of its own (and not one figure broken over two lines)."""
    texts = [compact(line.text) for line in lines]
    if not all(is_figure(text) or text in _NOTHING for text in texts):
        return False
    decimals = {len(text.rstrip("%％").rpartition(".")[2]) for text in texts if "." in text}
    whole = [text for text in texts if "." not in text and text not in _NOTHING]
    return len(decimals) == 1 and not whole if len(texts) < 3 else len(decimals) <= 1


def _baselines(columns: list[list[Line]]) -> list[float]:
    found: list[float] = []
    for line in sorted((line for column in columns for line in column), key=lambda line: line.box[3]):
        if not found or line.box[3] - found[-1] > SAME_LINE * line.size:
            found.append(line.box[3])
    return found


def _parted(page: int, cell: GridCell, lines: list[Line], levels: list[float], row: int) -> list[Cell]:
    """One cell per printed row; a line belongs to the nearest one."""
    parts: list[list[Line]] = [[] for _ in levels]
    for line in lines:
        nearest = min(range(len(levels)), key=lambda index: abs(levels[index] - line.box[3]))
        parts[nearest].append(line)
    left, top, right, bottom = cell.box
    cells: list[Cell] = []
    for offset, part in enumerate(parts):
        upper = min((line.box[1] for line in part), default=top)
        lower = max((line.box[3] for line in part), default=bottom)
        cells.append(
            Cell(
                text="\n".join(line.text for line in part),
                row=row + offset,
                column=cell.column,
                column_span=cell.column_span,
                place=Place(page=page, box=rounded((left, upper, right, lower))),
            )
        )
    return cells


def _without_slivers(cells: list[Cell], xs: list[float]) -> list[Cell]:
    """Drop an empty, very narrow column at either edge (a frame drawn around the table)."""
    columns = len(xs) - 1
    if columns > 2 and xs[-1] - xs[-2] < SLIVER and _is_empty_column(cells, columns - 1):
        cells = [
            replace(cell, column_span=min(cell.column_span, columns - 1 - cell.column))
            for cell in cells
            if cell.column < columns - 1
        ]
        columns -= 1
    if columns > 2 and xs[1] - xs[0] < SLIVER and _is_empty_column(cells, 0):
        cells = [
            replace(
                cell,
                column=max(cell.column - 1, 0),
                column_span=cell.column_span - (1 if cell.column == 0 else 0),
            )
            for cell in cells
            if cell.column + cell.column_span > 1
        ]
    return cells


def _is_empty_column(cells: list[Cell], column: int) -> bool:
    return not any(cell.text for cell in cells if cell.column == column and cell.column_span == 1)


def without_captions(table: Table) -> list[Block]:
    """The table, and as paragraphs the title, unit and notes that were drawn into its frame.

    A title is set across the table: a lone narrow cell on top is the rest of a row broken by
    the end of a page, and stays.
    """
    top = [cell for cell in table.cells if cell.row == 0 and cell.text]
    if not all(is_caption(cell.text) or _is_wide(cell, table) for cell in top):
        return [table]
    lifted = lift_captions(table)
    body = next(block for block in lifted if isinstance(block, Table))
    if body is table:
        return [table]
    first = next(cell.row for cell in table.cells if cell.place == body.cells[0].place)
    above = [_paragraph(cell) for cell in table.cells if cell.row < first and cell.text]
    below = [_paragraph(cell) for cell in table.cells if cell.row >= first + body.height and cell.text]
    return [*above, replace(body, place=table.place), *below]


def _is_wide(cell: Cell, table: Table) -> bool:
    if cell.place.box is None or table.place.box is None:
        return False
    return cell.place.box[2] - cell.place.box[0] > 0.5 * (table.place.box[2] - table.place.box[0])


def _paragraph(cell: Cell) -> Paragraph:
    """A lifted cell; its line breaks are the frame's, not the text's."""
    return Paragraph(tuple(Run(text, cell.place) for text in cell.text.split("\n")))
