"""The layout-neutral document: what every reader hands on and every recogniser reads.

A :class:`Document` is a sequence of blocks in reading order. A block is a
:class:`Paragraph` or a :class:`Table`; both remember the place of every piece
of their text, so that a record made from them can be traced to page and quote.

Text in these classes has been normalised once, by the reader (see
:mod:`fiscalgraph.extract.normalise`): radicals folded, control characters gone,
full-width punctuation kept. No later stage normalises again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "Block",
    "Cell",
    "ColumnTrust",
    "Document",
    "Doubt",
    "Paragraph",
    "Place",
    "Run",
    "Table",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of text stands in its source.

    ``page`` and ``line`` count from 1; ``box`` is (left, top, right, bottom) in
    PDF points with the origin at the top left of the page; ``part`` names the
    member file when one disclosure is published in several files.
    """

    page: int | None = None
    line: int | None = None
    box: tuple[float, float, float, float] | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that stands in one place (one printed line, usually)."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text: a sentence, a heading, a caption above a table, a note below one.

    ``runs`` joined without a separator are the text. ``heading`` is the outline
    level (1 outermost) where the format itself says so (a Word style, a Markdown
    ``#``), else ``None``.
    """

    runs: tuple[Run, ...]
    heading: int | None = None
    recognised: bool = False  # text came from optical recognition

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def place(self) -> Place:
        return self.runs[0].place if self.runs else Place()

    def place_at(self, offset: int) -> Place:
        """The place of the character at ``offset`` of :attr:`text`."""
        for run in self.runs:
            if offset < len(run.text):
                return run.place
            offset -= len(run.text)
        return self.runs[-1].place if self.runs else Place()


class ColumnTrust(StrEnum):
    """How well the source itself says which column a cell belongs to."""

    KNOWN = "known"  # rules, markup or sheet cells place every cell
    DRIFTING = "drifting"  # separators are there, but rows may have lost or gained cells
    LOST = "lost"  # only the order of the non-empty cells is known


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; ``row`` and ``column`` count from 0, spans from 1.

    ``text`` keeps the cell's own line breaks as ``\\n``: a break inside a header
    or a name is layout and is dropped by whoever knows the cell's meaning.
    """

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    place: Place = field(default_factory=Place)
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A raw grid as the reader found it: cells in row-major order, each listed once.

    A table that runs over pages arrives as one ``Table`` per page; joining them is
    the business of :mod:`fiscalgraph.extract.tables`.
    """

    cells: tuple[Cell, ...]
    place: Place = field(default_factory=Place)
    trust: ColumnTrust = ColumnTrust.KNOWN

    @property
    def height(self) -> int:
        return max((cell.row + cell.row_span for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        return max((cell.column + cell.column_span for cell in self.cells), default=0)

    def grid(self) -> list[list[Cell | None]]:
        """Rows of equal length; a merged cell stands in every square it covers."""
        width = self.width
        rows: list[list[Cell | None]] = [[None] * width for _ in range(self.height)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    rows[row][column] = cell
        return rows


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that optical recognition is not sure of: its digits are in no block.

    ``text`` is what was recognised, perhaps nothing; ``what`` says whether it stands in a
    ``cell`` of a table or in a ``paragraph``.
    """

    text: str
    place: Place
    what: str


@dataclass(frozen=True, slots=True)
class Document:
    """One disclosure as read: blocks in reading order, and what the reader had to say.

    ``name`` is the file's stem (the scorer's ``document``), ``pages`` is ``None``
    for formats without pages, ``problems`` are plain sentences about what could not
    be read (an image-only page, a table cut off at the end of the file), ``doubts`` figures
    left out because optical recognition was not sure of them.
    """

    name: str
    file_name: str
    sha256: str
    format: str
    blocks: tuple[Block, ...]
    pages: int | None = None
    problems: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]
