"""Parts of a document that must not be read with the rest, and how they are reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fiscalgraph.extract.document import Block, Document, Paragraph, Place
from fiscalgraph.extract.normalise import compact
from fiscalgraph.extract.records import Leftover, Source

__all__ = ["SetAside", "block_text", "kind_of_blocks", "source_of", "where"]

_QUOTE = 120


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document less the blocks that must not be read with the rest, these blocks, and why."""

    document: Document
    aside: tuple[Block, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    problems: tuple[str, ...] = ()


def block_text(block: Block) -> str:
    """All that a block prints, the cells of a table one after the other."""
    if isinstance(block, Paragraph):
        return block.text
    return " ".join(compact(cell.text) for cell in block.cells if cell.text)


def source_of(blocks: Sequence[Block]) -> Source:
    """Where a run of blocks begins, with its first words."""
    place = blocks[0].place
    return Source(block_text(blocks[0])[:_QUOTE], place.page, place.line, place.box, place.part)


def where(place: Place) -> str:
    """ "page 3", "line 120" or, where a format has neither, "the text"."""
    if place.page is not None:
        return f"page {place.page}"
    return f"line {place.line}" if place.line is not None else "the text"


def kind_of_blocks(document: Document, blocks: Sequence[Block]) -> str:
    """What a run of blocks is called among the leftovers."""
    if document.pages is not None:
        return "page"
    return "paragraph" if all(isinstance(block, Paragraph) for block in blocks) else "table"
