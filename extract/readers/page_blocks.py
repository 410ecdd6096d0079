"""From what the pages of a document draw to its blocks: the same for every format with placed text.

Tables come one per page (:mod:`fiscalgraph.extract.tables` joins them), paragraphs and
tables in reading order; a paragraph broken by the end of a page is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fiscalgraph.extract.document import Block, Paragraph, Table
from fiscalgraph.extract.readers.pdf_cells import (
    OUTSIDE,
    assign_cells,
    map_cells,
    needs_windows,
    settle_overflow,
    settle_struck,
)
from fiscalgraph.extract.readers.pdf_content import PageContent, Rule
from fiscalgraph.extract.readers.pdf_flow import (
    FlowPage,
    Measure,
    drop_furniture,
    joins_next_page,
    measures,
    paragraphs,
    segments,
)
from fiscalgraph.extract.readers.pdf_grid import find_grids, merge_rules
from fiscalgraph.extract.readers.pdf_lines import Fragment, fragments, lines_of
from fiscalgraph.extract.readers.pdf_open_tables import OpenTables
from fiscalgraph.extract.readers.pdf_tables import ruled_table, without_captions

__all__ = ["PlacedPage", "blocks_of_pages", "place_page"]


@dataclass(slots=True)
class PlacedPage:
    """One page's free lines and ruled tables; ``horizontal`` rules may yet part open tables' rows.

    ``characters`` is how many characters of the page were placed.
    """

    flow: FlowPage
    tables: list[Table] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)
    characters: int = 0


def place_page(content: PageContent, with_windows: Callable[[], PageContent] | None = None) -> PlacedPage:
    """Put a page's characters into the cells of its grids and into lines.

    ``with_windows`` reads the page once more with the windows its text is seen through; it is
    called only where they decide.
    """
    cells = map_cells(find_grids(merge_rules(content.horizontal), merge_rules(content.vertical)))
    regions = assign_cells(content.characters, cells)
    if content.off_page or needs_windows(content.characters, cells, regions):
        if with_windows is not None:
            content = with_windows()
            regions = assign_cells(content.characters, cells)
        settle_overflow(content.characters, cells, regions)
    settle_struck(content.characters, cells, regions)
    by_region: dict[int, list[Fragment]] = {}
    for part in fragments(content.characters, regions):
        by_region.setdefault(part.region, []).append(part)
    flow = FlowPage(content.number, content.width, content.height)
    for line in lines_of(by_region.get(OUTSIDE, [])):
        flow.lines += segments(line)
    return PlacedPage(
        flow,
        tables=[
            ruled_table(content.number, grid, first, by_region)
            for grid, first in zip(cells.grids, cells.first, strict=True)
        ],
        horizontal=content.horizontal,
        characters=len(content.characters),
    )


def blocks_of_pages(pages: Sequence[PlacedPage]) -> list[Block]:
    """The blocks of all pages in reading order, without page numbers and running heads and foots."""
    flows = [page.flow for page in pages]
    drop_furniture(flows)
    measure = measures(flows)
    open_tables = OpenTables()
    blocks: list[Block] = []
    for page in pages:
        own = measure.get(round(page.flow.width))
        _append(blocks, _page_blocks(page, own, open_tables), own)
    return blocks


def _page_blocks(page: PlacedPage, measure: Measure | None, open_tables: OpenTables) -> list[Block]:
    """The page's paragraphs and tables from the top down."""
    tables = page.tables + open_tables.take(page.flow, merge_rules(page.horizontal))
    blocks: list[Block] = []
    waiting = page.flow.lines
    position = 0
    for table in sorted(tables, key=_top_left):
        stop = position
        while stop < len(waiting) and (waiting[stop].box[1] + waiting[stop].box[3]) / 2 < _top_left(table)[0]:
            stop += 1
        blocks += paragraphs(page.flow, waiting[position:stop], measure)
        blocks += without_captions(table)
        position = stop
    return [*blocks, *paragraphs(page.flow, waiting[position:], measure)]


def _top_left(table: Table) -> tuple[float, float]:
    left, top = table.place.box[:2] if table.place.box else (0.0, 0.0)
    return top, left


def _append(blocks: list[Block], following: list[Block], measure: Measure | None) -> None:
    """Add a page's blocks; a sentence broken by the page's end becomes one paragraph again."""
    if blocks and following:
        last, first = blocks[-1], following[0]
        if (
            isinstance(last, Paragraph)
            and isinstance(first, Paragraph)
            and joins_next_page(last, first, measure)
        ):
            blocks[-1] = Paragraph(last.runs + first.runs)
            following = following[1:]
    blocks += following
