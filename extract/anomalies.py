"""What is wrong with a document as published: pages pasted twice, two documents in one file,
a year that contradicts itself, a table without its header, a table cut off at the end of the file.

Pure functions over a document (or what was read of it). None of them repairs anything: what is doubtful
is set aside and reported, and a document whose year cannot be settled is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from fiscalgraph.extract.anomalies_ends import missing_parts, without_cut_end
from fiscalgraph.extract.anomalies_repeats import without_repeats
from fiscalgraph.extract.anomalies_several import (
    CONTENTS,
    YEAR,
    YEAR_ALONE,
    Bodies,
    Identify,
    first_of_several,
    title_length,
)
from fiscalgraph.extract.captions import is_caption_text
from fiscalgraph.extract.coverage import certify
from fiscalgraph.extract.document import Document, Paragraph
from fiscalgraph.extract.errors import RefusedDocument
from fiscalgraph.extract.normalise import compact
from fiscalgraph.extract.records import Coverage, Leftover, Source
from fiscalgraph.extract.set_aside import SetAside

__all__ = ["empty_pages", "settled_year", "sound_part", "with_set_aside"]


def empty_pages(document: Document) -> tuple[Leftover, ...]:
    """Pages of which nothing could be read as text: blank ones, or ones that are pictures."""
    found = {block.place.page for block in document.blocks}
    return tuple(
        Leftover("page", "no text on it", Source("", page))
        for page in range(1, (document.pages or 0) + 1)
        if page not in found
    )


def sound_part(document: Document, identify: Identify, bodies: Bodies) -> SetAside:
    """What of ``document`` can be read as one disclosure, each part of it once.

    ``identify`` and ``bodies`` are those of :func:`first_of_several`.
    """
    one = first_of_several(document, identify, bodies)
    once = without_repeats(one.document)
    whole, cut = without_cut_end(once.document)
    return SetAside(
        whole,
        once.aside + one.aside,
        empty_pages(document) + one.leftovers + once.leftovers + cut,
        one.problems
        + once.problems
        + tuple(f"{left.why} ({left.source.quote})" for left in cut)
        + missing_parts(whole),
    )


def with_set_aside(coverage: Coverage, sound: SetAside, further: Iterable[str] = ()) -> Coverage:
    """``coverage`` of the part that was read, made that of the whole document: what was set aside counts
    as unread. ``further`` are problems found while reading."""
    rest = certify(replace(sound.document, blocks=sound.aside), frozenset(), (), ())
    return replace(
        coverage,
        tables=coverage.tables + rest.tables,
        cells=coverage.cells + rest.cells,
        paragraphs=coverage.paragraphs + rest.paragraphs,
        leftovers=coverage.leftovers + sound.leftovers,
        problems=coverage.problems + sound.problems + tuple(further),
    )


# -- a year that contradicts itself ----------------------------------------------------------

_FISCAL = re.compile("预算|决算|收入|支出|收支")
_PERFORMANCE = re.compile("绩效|自评")
_FRONT = 14
_CAPTION_LINES = 6
_CLEAR = 3  # tables at least, and this many times as many as say otherwise


def _title_years(document: Document) -> Counter[str]:
    """The years in the titles of the title page."""
    lines: list[str] = []
    for block in document.blocks[:_FRONT]:
        if not isinstance(block, Paragraph) or CONTENTS.fullmatch(compact(block.text)):
            break
        lines.append(compact(block.text))
    years: Counter[str] = Counter()
    for position in range(len(lines)):
        length = title_length(lines[position:])
        if length:
            title = "".join(lines[position : position + length])
            years.update(set(YEAR.findall(title)))
    return years


def _table_years(document: Document) -> tuple[Counter[str], Counter[str]]:
    """For how many tables each year stands above or in the first rows, alone or in the title.

    Of flattened tables, which are lines of text, each such line counts. Performance tables are counted
    apart, in the second result: they may be of another year than the accounts.
    """
    accounts: Counter[str] = Counter()
    performance: Counter[str] = Counter()
    above: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above.append(compact(block.text))
            continue
        for line in above[:-_CAPTION_LINES]:
            accounts.update(_stated_year([line]))
        lines = above[-_CAPTION_LINES:] + [compact(cell.text) for cell in block.cells if cell.row < 2]
        years = performance if any(_PERFORMANCE.search(line) for line in lines) else accounts
        years.update(_stated_year(lines))
        above = []
    for line in above:
        accounts.update(_stated_year([line]))
    return accounts, performance


def _stated_year(lines: Sequence[str]) -> set[str]:
    """The year that ``lines`` state alone, or else in the title of a table, if it is one."""
    alone = {found[1] for line in lines if (found := YEAR_ALONE.fullmatch(line))}
    titled = {
        year for line in lines if is_caption_text(line) and line.endswith("表") for year in YEAR.findall(line)
    }
    stated = alone or titled
    return stated if len(stated) == 1 else set()


def _prose_years(document: Document) -> Counter[str]:
    """The years of the sentences that speak of a budget or of final accounts, the first of each."""
    years: Counter[str] = Counter()
    for block in document.paragraphs:
        text = compact(block.text)
        found = YEAR.search(text)
        if found and "。" in text and _FISCAL.search(text):
            years[found[1]] += 1
    return years


def settled_year(document: Document, year: int) -> tuple[int, tuple[str, ...]]:
    """The fiscal year, and what contradicts it; ``year`` is what the evidence as a whole speaks for.

    Where the title page says one year and the tables another, the tables decide if they clearly agree
    among themselves and the text does not side with the title. Performance tables of another year are
    only reported. Raises :class:`~fiscalgraph.extract.errors.RefusedDocument` where nothing decides.
    """
    titles = _title_years(document)
    if len(titles) != 1:
        return year, ()
    (title,) = titles
    accounts, performance = _table_years(document)
    problems = tuple(
        f"the title says 20{title}, {count} performance tables say 20{other}: they may be of another document"
        for other, count in performance.most_common()
        if other != title and count >= _CLEAR
    )
    (table, count), *others = accounts.most_common(2) or [(title, 0)]
    if table == title or count < _CLEAR:
        if str(year) != f"20{title}":
            raise _undecided(document, f"the title says 20{title}, most of the text says {year}")
        return year, problems
    said = f"the title says 20{title}, {count} tables say 20{table}"
    prose = _prose_years(document)
    if count < _CLEAR * sum(number for _, number in others) or prose[table] < prose[title]:
        raise _undecided(document, said)
    return 2000 + int(table), (
        f"the fiscal year contradicts itself: {said}; 20{table} was taken",
        *problems,
    )


def _undecided(document: Document, said: str) -> RefusedDocument:
    return RefusedDocument(
        document.file_name,
        f"its fiscal year contradicts itself: {said}",
        "Correct the year in the file, or take its parts apart",
    )
