"""Flattened text: what is left of a document when its tables have lost their rules."""

from __future__ import annotations

from collections.abc import Sequence

from fiscalgraph.samples.layout import LayoutVariant
from fiscalgraph.samples.printed import Block, Positions, PrintedParagraph, PrintedTable, placed_cells
from fiscalgraph.samples.typesetting import columns_of, wrapped

__all__ = ["render_text"]

_LINES_A_PAGE = 44


class _Writer:
    def __init__(self, variant: LayoutVariant) -> None:
        self.variant = variant
        self.paged = variant.flattening != "tabs"
        self.lines: list[str] = []
        self.on_page = 0
        self.page = 1

    def write(self, line: str, *, may_turn: bool = True) -> int:
        """Append a line; its number, from 1. Pages of PDF text end with their number."""
        if self.paged and may_turn and self.on_page >= _LINES_A_PAGE:
            self.page += 1
            self.on_page = 0
            if self.variant.page_numbers:
                self.lines.append(f"- {self.page - 1} -")
                self.lines.append("")
        self.lines.append(line)
        self.on_page += 1
        return len(self.lines)

    def paragraph(self, block: PrintedParagraph) -> int:
        if not self.paged:
            marks = {"cover": "# ", "title": "## ", "heading1": "## ", "heading2": "### "}
            begun = self.write(marks.get(block.style, "") + block.text)
            self.write("")
            return begun
        lines = wrapped(block.text, self.variant.text_width, measure=columns_of)
        numbers = [self.write(line) for line in lines]
        return numbers[0]

    def table(self, table: PrintedTable) -> list[int]:
        """Write a table; the line of each row."""
        if self.paged:
            for line in (table.title, table.subtitle, table.number):
                if line:
                    self.write(line)
            caption = f"{table.left_caption} {table.right_caption}".strip()
            if caption:
                self.write(caption)
        else:
            self.write(f"## {table.title}")
            self.write("")
            for line in (
                table.subtitle,
                f"{table.number} {table.left_caption} {table.right_caption}".strip(),
            ):
                if line:
                    self.write(line)
                    self.write("")
        rows = self._cells(table)
        if self.variant.flattening == "tabs":
            numbers = [self.write("\t".join(row)) for row in self._tabbed(table)]
        elif self.variant.flattening == "blanks":
            numbers = [self._blanks(row) for row in rows]
        else:
            numbers = [self._one_a_line(row) for row in rows]
        for note in table.notes:
            self.write(note)
        self.write("")
        return numbers

    @staticmethod
    def _cells(table: PrintedTable) -> list[list[str]]:
        """The non-empty cells of each row, in order: empty ones leave no trace in a text layer."""
        rows: list[list[str]] = [[] for _ in table.rows]
        for row, _, cell in placed_cells(table):
            if cell.text:
                rows[row].append(cell.text.replace("　", ""))
        return rows

    def _wrapped(self, text: str) -> list[str]:
        """A long cell in the lines of its narrow column; figures stay whole."""
        width = max(self.variant.text_width // 3, 8)
        return wrapped(text, width, measure=columns_of)

    def _one_a_line(self, cells: Sequence[str]) -> int:
        lines = [line for cell in cells for line in self._wrapped(cell)]
        numbers = [self.write(line, may_turn=self._may_turn(index)) for index, line in enumerate(lines)]
        return numbers[0] if numbers else len(self.lines) + 1

    def _may_turn(self, line_of_row: int) -> bool:
        """Whether the page may end here: before a row, or inside it where rows may be split."""
        return line_of_row == 0 or self.variant.split_rows

    def _blanks(self, cells: Sequence[str]) -> int:
        """Cells on one line with blanks between them; a wrapped cell stands on lines of its own."""
        lines: list[str] = []
        pending: list[str] = []
        for cell in cells:
            pieces = self._wrapped(cell)
            if len(pieces) == 1 or (len(cells) <= 6 and len(cell) <= self.variant.text_width):
                pending.append(cell)
                continue
            if pending:
                lines.append(" ".join(pending))
                pending = []
            lines += pieces
        if pending:
            lines.append(" ".join(pending))
        numbers = [self.write(line, may_turn=self._may_turn(index)) for index, line in enumerate(lines)]
        return numbers[0] if numbers else len(self.lines) + 1

    def _tabbed(self, table: PrintedTable) -> list[list[str]]:
        """Cells by column; squares under a merged cell are blank, or vanish with their column."""
        width = len(table.widths)
        grid: list[list[str | None]] = [[None] * width for _ in table.rows]
        for row, column, cell in placed_cells(table):
            grid[row][column] = cell.text.replace("　", "")
        covered = None if self.variant.covered_cells_vanish else ""
        return [
            [text for text in (covered if square is None else square for square in line) if text is not None]
            for line in grid
        ]


def render_text(blocks: Sequence[Block], variant: LayoutVariant) -> tuple[bytes, Positions]:
    """The document as encoded text, and the line of each block and row."""
    writer = _Writer(variant)
    positions = Positions("line")
    for index, block in enumerate(blocks):
        if isinstance(block, PrintedParagraph):
            positions.at[(index, 0)] = writer.paragraph(block)
        else:
            for row, line in enumerate(writer.table(block)):
                positions.at[(index, row)] = line
    positions.pages = None
    return ("\n".join(writer.lines) + "\n").encode(variant.text_encoding), positions
