"""How well are scans read? Turns PDFs into pictures, reads them with recognition, compares with their text.

    python bench/recognition.py [--pages 1,8-14] [--scans 150,200-askew] [--workers N] [--out FILE] [PDF …]

Each PDF (the samples, when none is named) is drawn as a scan of it would look: some dots an inch, a
little askew, with noise, without any text. What recognition makes of the scan is compared with what
the reader takes from the text of the very same pages. That is as good as the truth for documents
that ``make accuracy`` finds read without a fault; choose such ones.

A figure that stands nowhere on the page is *wrong*; one that is not given is *blank*. The records
are matched like in ``bench/score.py``; whether a wrong one has a wrong figure or a misread word is
told apart, since the first is what must not happen.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from score import TYPES, pair, same

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.errors import RefusedDocument, UnreadableDocument
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.readers import RECOGNITION_LIMITS, read
from fiscalgraph.extract.recognise import recognise
from fiscalgraph.extract.records import DisclosureRecords

ROOT = Path(__file__).parent.parent
RECORD_TYPES = [name for name in TYPES if name not in ("documents", "contradictions")]
# Record fields that score.py knows by another name.
_NAMES = {"class_name": "class", "fund": "source", "printed": "amount"}
_FIGURE = re.compile(r"\d(?:[\d,，.]*\d)?%?")

Record = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Scan:
    """How a page is turned into a picture: dots an inch, degrees askew, deviation of the grey."""

    dots: int
    skew: float = 0.0
    noise: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.dots}-askew" if self.skew else str(self.dots)

    @property
    def words(self) -> str:
        return f"{self.dots} dpi" + (f", {self.skew}° askew, noise" if self.skew else "")


SCANS = (Scan(150), Scan(200), Scan(300), Scan(200, skew=0.6, noise=12.0))


@dataclass(slots=True)
class Counts:
    """True values, and how many were read right or wrong; wrong words are counted apart."""

    true: int = 0
    right: int = 0
    wrong: int = 0
    wrong_words: int = 0

    def add(self, other: Counts) -> None:
        self.true += other.true
        self.right += other.right
        self.wrong += other.wrong
        self.wrong_words += other.wrong_words


@dataclass(slots=True)
class Outcome:
    """What one scan of one document gave."""

    file: str
    scan: Scan
    pages: int
    seconds: float
    refused: str = ""
    figures: dict[str, Counts] = field(default_factory=dict)
    records: dict[str, Counts] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def write_scan(source: Path, pages: Sequence[int], scan: Scan, target: Path) -> None:
    """Draw the given pages (from 1) of ``source`` into the PDF ``target``, as pictures and nothing else."""
    random = np.random.default_rng(0)
    canvas = Canvas(str(target), invariant=True)
    with pypdfium2.PdfDocument(source) as pdf:
        for number in pages:
            page = pdf[number - 1]
            size = page.get_size()
            picture = page.render(scale=scan.dots / 72, grayscale=True).to_pil()
            picture = picture.rotate(scan.skew, fillcolor=255, resample=Image.Resampling.BICUBIC)
            grey = np.asarray(picture, dtype=np.float64)
            grey = grey + random.normal(0.0, scan.noise, grey.shape) if scan.noise else grey
            picture = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
            canvas.setPageSize(size)
            canvas.drawImage(ImageReader(picture), 0, 0, *size)
            canvas.showPage()
    canvas.save()


def write_pages(source: Path, pages: Sequence[int], target: Path) -> None:
    """The given pages (from 1) of ``source``, as they are."""
    with pypdfium2.PdfDocument(source) as pdf, pypdfium2.PdfDocument.new() as chosen:
        chosen.import_pages(pdf, [number - 1 for number in pages])
        chosen.save(target)


def measure(source: Path, scan: Scan, pages: Sequence[int], show: bool) -> Outcome:
    """Read one document's scan and compare it with its text."""
    with tempfile.TemporaryDirectory() as folder:
        # Of one name, so that it cannot tell them apart.
        for kind in ("text", "scan"):
            (Path(folder) / kind).mkdir()
        plain, scanned = (Path(folder) / kind / source.name for kind in ("text", "scan"))
        write_pages(source, pages, plain)
        write_scan(source, pages, scan, scanned)
        true = read(plain)
        started = _processor_seconds()
        try:
            found = read(scanned, RECOGNITION_LIMITS)
            outcome = Outcome(source.name, scan, len(pages), _processor_seconds() - started)
            _compare_figures(true, found, outcome)
            _compare_records(recognise(true), recognise(found), outcome)
        except (UnreadableDocument, RefusedDocument) as refusal:
            outcome = Outcome(source.name, scan, len(pages), _processor_seconds() - started, str(refusal))
        outcome.faults = outcome.faults if show else []
        return outcome


def _processor_seconds() -> float:
    """What this process and the programs it has run have used of a processor."""
    return sum(os.times()[:4])


def _figures(document: Document) -> dict[str, Counter[tuple[int, str]]]:
    """The figures of each page: those that fill a cell, and those among words."""
    cells: Counter[tuple[int, str]] = Counter()
    words: Counter[tuple[int, str]] = Counter()
    for table in document.tables:
        for cell in table.cells:
            if is_figure(cell.text):
                cells[(cell.place.page or 0, printed_figure(cell.text))] += 1
            else:
                words.update((cell.place.page or 0, one) for one in _among_words(cell.text))
    for paragraph in document.paragraphs:
        words.update((paragraph.place.page or 0, one) for one in _among_words(paragraph.text))
    return {"cells": cells, "words": words}


def _among_words(text: str) -> list[str]:
    return [printed_figure(match) for match in _FIGURE.findall(compact(text))]


def _compare_figures(true: Document, found: Document, outcome: Outcome) -> None:
    theirs, ours = _figures(true), _figures(found)
    # Whether a figure fills its cell or stands among words may differ; wrong is what stands in neither.
    anywhere = theirs["cells"] + theirs["words"]
    for kind, figures in theirs.items():
        right = figures & (ours["cells"] + ours["words"])
        wrong = ours[kind] - anywhere
        outcome.figures[kind] = Counts(figures.total(), right.total(), wrong.total())
        outcome.faults += [f"page {page}: {figure} (among {kind})" for page, figure in wrong.elements()]


def _rows(records: DisclosureRecords, name: str) -> list[Record]:
    rows: list[Record] = []
    for record in getattr(records, name):
        row: Record = {}
        for own in dataclasses.fields(record):
            value = getattr(record, own.name)
            if own.name not in ("source", "sources", "occurrence", "table_index"):
                given = _NAMES.get(own.name, own.name)
                row.setdefault(given, None if value is None else str(value))
        if name in ("spending", "totals", "narrative"):
            row["amount"] = record.printed
        if name == "units":
            row["name"] = record.unit
        rows.append(row)
    return rows


def _compare_records(true: DisclosureRecords, found: DisclosureRecords, outcome: Outcome) -> None:
    for name in RECORD_TYPES:
        _, keys, values, numeric, threshold = TYPES[name]
        theirs, ours = _rows(true, name), _rows(found, name)
        pairs = pair(theirs, ours, keys, values, numeric, threshold)
        counts = outcome.records[name] = Counts(true=len(theirs))
        for one, other in pairs:
            faults = [
                key for key in values if other.get(key) and not same(key, one.get(key), other[key], numeric)
            ]
            blank = any(one.get(key) and not other.get(key) for key in values)
            if any(key in numeric for key in faults):
                counts.wrong += 1
            elif faults:
                counts.wrong_words += 1
            elif not blank:
                counts.right += 1
            outcome.faults += [f"{name}: {key}: {other[key]} for {one.get(key)}" for key in faults]
        matched = {id(other) for _, other in pairs}
        for other in ours:
            if id(other) not in matched:
                wrong = _has_strange_figure(other, theirs, numeric)
                counts.wrong += wrong
                counts.wrong_words += not wrong
                outcome.faults.append(f"{name}: not in the text: {dict(other)}")


def _has_strange_figure(
    record: Mapping[str, str | None], truth: Iterable[Record], numeric: Sequence[str]
) -> bool:
    """Whether a record that matches none holds a figure that no true record of its type has in that field."""
    rows = list(truth)
    return any(
        record.get(key) and not any(same(key, row.get(key), record[key], numeric) for row in rows)
        for key in numeric
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "–"


def _report(outcomes: Sequence[Outcome]) -> str:
    scans = list(dict.fromkeys(outcome.scan for outcome in outcomes))
    files = list(dict.fromkeys(outcome.file for outcome in outcomes))
    pages = sum({outcome.file: outcome.pages for outcome in outcomes}.values())
    lines = [
        "## Scans, read by optical recognition",
        "",
        "Made by `bench/recognition.py`: the pages are drawn as pictures without text, read with",
        "`--recognise` and compared with what is read from their text. *Wrong* is a figure that the page",
        "does not print (number in brackets); what is neither right nor wrong is left blank.",
        "Seconds are those of one processor.",
        f"{len(files)} documents, {pages} pages: {', '.join(files)}.",
        "",
        "| scan | figures in cells | right | wrong | figures among words | right | wrong | s a page |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for scan in scans:
        row = [scan.words]
        done = [outcome for outcome in outcomes if outcome.scan == scan]
        for kind in ("cells", "words"):
            counts = _sum(outcome.figures.get(kind, Counts()) for outcome in done)
            wrong = f"{_share(counts.wrong, counts.true)} ({counts.wrong})"
            row += [str(counts.true), _share(counts.right, counts.true), wrong]
        seconds = sum(outcome.seconds for outcome in done) / sum(outcome.pages for outcome in done)
        lines.append("| " + " | ".join([*row, f"{seconds:.1f}"]) + " |")
    lines += [
        "",
        "Records: the share read completely right / with a misread word / with a wrong figure.",
        "",
        "| record type | true | " + " | ".join(scan.words for scan in scans) + " |",
        "|---|---|" + "---|" * len(scans),
    ]
    for name in RECORD_TYPES:
        row = []
        for scan in scans:
            counts = _sum(o.records.get(name, Counts()) for o in outcomes if o.scan == scan)
            shares = [_share(part, counts.true) for part in (counts.right, counts.wrong_words, counts.wrong)]
            row.append(" / ".join(shares))
        lines.append(f"| {name} | {counts.true} | " + " | ".join(row) + " |")
    lines += [""] + [f"- {o.file}, {o.scan.words}: {o.refused}" for o in outcomes if o.refused]
    return "\n".join(lines).rstrip() + "\n"


def _sum(counts: Iterable[Counts]) -> Counts:
    total = Counts()
    for one in counts:
        total.add(one)
    return total


def _chosen(text: str, count: int) -> list[int]:
    """Page numbers like ``1,8-14``; all ``count`` for an empty text."""
    if not text:
        return list(range(1, count + 1))
    numbers: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return [number for number in numbers if number <= count]


def _page_count(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as pdf:
        return len(pdf)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="*", metavar="PDF")
    parser.add_argument("--pages", default="", help="page numbers, such as 1,8-14")
    parser.add_argument("--scans", default="", help="of " + ",".join(scan.name for scan in SCANS))
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="list everything that was read wrong")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    files = args.files or sorted((ROOT / "samples/documents").glob("*.pdf"))
    scans = [scan for scan in SCANS if not args.scans or scan.name in args.scans.split(",")]
    jobs = [
        (file, scan, _chosen(args.pages, _page_count(file)), args.faults) for scan in scans for file in files
    ]
    with ProcessPoolExecutor(args.workers, mp_context=get_context("spawn")) as pool:
        outcomes = []
        for outcome in pool.map(measure, *zip(*jobs, strict=True)):
            outcomes.append(outcome)
            said = outcome.refused or f"{outcome.seconds / outcome.pages:.1f} processor seconds a page"
            print(f"{outcome.file}, {outcome.scan.words}: {said}", file=sys.stderr, flush=True)
            for fault, times in Counter(outcome.faults).items():
                print(f"  {times} x {fault}", file=sys.stderr, flush=True)
    report = _report(outcomes)
    if args.out:
        args.out.write_text(report, "utf-8")
    print(report, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
