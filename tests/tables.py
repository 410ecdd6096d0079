"""Small documents for tests of tables and recognisers, written as lists of strings."""

from __future__ import annotations

from collections.abc import Sequence

from fiscalgraph.extract.document import Block, Cell, ColumnTrust, Document, Paragraph, Place, Run, Table

Rows = Sequence[Sequence[str]]


def paragraph(text: str, page: int | None = None, line: int | None = None) -> Paragraph:
    return Paragraph((Run(text, Place(page=page, line=line)),))


def table(rows: Rows, page: int = 1, trust: ColumnTrust = ColumnTrust.KNOWN) -> Table:
    """A grid; ``<`` continues the cell to the left, ``^`` the cell above."""
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            across = 1
            while c + across < len(row) and row[c + across] == "<":
                across += 1
            down = 1
            while r + down < len(rows) and c < len(rows[r + down]) and rows[r + down][c] == "^":
                down += 1
            box = (c * 50.0, r * 20.0, (c + across) * 50.0, (r + down) * 20.0)
            cells.append(Cell(text, r, c, down, across, Place(page=page, box=box)))
    return Table(tuple(cells), Place(page=page), trust)


def document(*blocks: Block | str, format: str = "pdf") -> Document:
    made = tuple(paragraph(block) if isinstance(block, str) else block for block in blocks)
    return Document("d", "d.pdf", "0" * 64, format, made, pages=1)


def flat(text: str) -> Document:
    """Flattened text: one paragraph for each printed line."""
    lines = [paragraph(line, line=n) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    return Document("d", "d.txt", "0" * 64, "text", tuple(lines))
