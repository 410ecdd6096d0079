"""How fast PDFs are read: pdfplumber, bare text extraction (the floor) and our reader, side by side.

    python bench/reading.py [--all] [--json] [PATH …]
    python bench/reading.py --build DIR [--json]

PATHs are PDF files or folders; without any, the corpus named by FISCALGRAPH_CORPUS (or
../shared/corpus) is taken. All three read the same files in one run, in one process and in
two. Rates are pages per second of CPU time (one process) and of wall-clock time (two);
the default is a sample of every eighth file, ``--all`` takes every one. ``--build`` instead
builds all PDFs of a folder on two cores and says what each stage costs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

from build_stages import IN_WORKERS, BuildFigures, measure_build, peak_memory_mb

SAMPLE_STRIDE = 8


def read_with_pdfplumber(path: Path) -> int:
    """pdfplumber's own ``extract_text`` and ``extract_tables``, pages closed after use."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_text()
            page.extract_tables()
            page.close()
        return len(document.pages)


def read_bare_text(path: Path) -> int:
    """PDFium's text of every page and nothing else: what no reader built on it can beat."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    for page in document:
        textpage = page.get_textpage()
        textpage.get_text_range()
        textpage.close()
        page.close()
    pages = len(document)
    document.close()
    return pages


def read_with_ours(path: Path) -> int:
    """The whole reader: paragraphs, tables, places."""
    from fiscalgraph.extract.readers.pdf import read_pdf

    return read_pdf(path, path.stem, "").pages or 0


READERS: dict[str, Callable[[Path], int]] = {
    "pdfplumber": read_with_pdfplumber,
    "bare text": read_bare_text,
    "fiscalgraph": read_with_ours,
}


def run(name: str, paths: list[Path]) -> tuple[int, float]:
    """Read ``paths`` one after the other; pages read and CPU seconds used."""
    reader = READERS[name]
    reader(paths[0])  # imports are not reading
    start = time.process_time()
    pages = sum(reader(path) for path in paths)
    return pages, time.process_time() - start


def run_on_two(name: str, paths: list[Path]) -> float:
    """Pages per second of wall-clock time with two processes, start-up not counted."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(READERS[name], [paths[0], paths[0]]))
        start = time.perf_counter()
        pages = sum(pool.map(READERS[name], paths, chunksize=1))
        return pages / (time.perf_counter() - start)


def peak_memory(path: Path) -> float:
    """Peak resident memory in MB of a fresh process that does a reading worker's work on ``path``."""
    command = [sys.executable, __file__, "--memory-of", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def find_pdfs(roots: list[Path]) -> list[Path]:
    """All PDFs below ``roots``, in a fixed order."""
    return [path for root in roots for path in (sorted(root.rglob("*.pdf")) if root.is_dir() else [root])]


def readable(paths: list[Path]) -> list[Path]:
    """Those of ``paths`` that have a text layer; the others are named with the reason."""
    from fiscalgraph.extract.errors import UnreadableDocument

    kept: list[Path] = []
    for path in paths:
        try:
            read_with_ours(path)
        except UnreadableDocument as refusal:
            print(f"left out: {refusal}", file=sys.stderr)
            continue
        kept.append(path)
    return kept


def main() -> int:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--all", action="store_true", help="read every file, not a sample")
    parser.add_argument(
        "--build", type=Path, metavar="DIR", help="time the stages of building a folder's PDFs"
    )
    parser.add_argument("--json", action="store_true", help="the figures for a program")
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory_of:
        print_memory_of(arguments.memory_of)
        return 0
    corpus = Path(os.environ.get("FISCALGRAPH_CORPUS", Path(__file__).parents[1] / "../shared/corpus"))
    roots = [arguments.build] if arguments.build else arguments.paths or [corpus]
    if not all(root.exists() for root in roots):
        print("no PDFs: name files or folders, or set FISCALGRAPH_CORPUS", file=sys.stderr)
        return 1
    everything = find_pdfs(roots)
    if arguments.build:
        return report_build(everything, arguments.json)
    sampled = len(everything) > SAMPLE_STRIDE and not arguments.all
    paths = readable(everything[::SAMPLE_STRIDE] if sampled else everything)
    if not paths:
        print("no readable PDFs there", file=sys.stderr)
        return 1
    report_rates(paths, longest(everything), arguments.json)
    return 0


def print_memory_of(path: Path) -> None:
    """Read and recognise ``path`` as a reading worker does, and print this process' peak memory."""
    from fiscalgraph.extract.errors import FiscalgraphError
    from fiscalgraph.reading import read_records

    try:
        read_records(path)
    except FiscalgraphError as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
    print(peak_memory_mb())


def longest(paths: list[Path]) -> Path:
    """The one of ``paths`` with the most pages."""
    import pypdfium2

    def pages(path: Path) -> int:
        try:
            with pypdfium2.PdfDocument(path) as document:
                return len(document)
        except pypdfium2.PdfiumError:
            return 0

    return max(paths, key=pages)


def report_rates(paths: list[Path], longest_path: Path, as_json: bool) -> None:
    """Read ``paths`` with each reader and print how fast each was."""
    figures: dict[str, dict[str, float]] = {}
    for name in READERS:
        pages, seconds = run(name, paths)
        figures[name] = {"pages": pages, "one": pages / seconds, "two": run_on_two(name, paths)}
    memory = peak_memory(longest_path)
    if as_json:
        print(json.dumps({"readers": figures, "peak_memory_mb": memory}, ensure_ascii=False))
        return
    base = figures["pdfplumber"]
    print(f"{len(paths)} files, {int(base['pages'])} pages")
    print(f"{'':12} {'one process':>22} {'two processes':>22}")
    for name, own in figures.items():
        one, two = f"{own['one']:.0f}/s", f"{own['two']:.0f}/s"
        print(
            f"{name:12} {one:>10} {own['one'] / base['one']:10.1f}x"
            f" {two:>10} {own['two'] / base['two']:10.1f}x"
        )
    print(f"peak memory of a reading worker on the longest file ({longest_path.name}): {memory:.0f} MB")


def report_build(paths: list[Path], as_json: bool) -> int:
    """Build ``paths`` and print what each stage cost."""
    if not paths:
        print("no PDFs there", file=sys.stderr)
        return 1
    longest_path = longest(paths)
    memory = peak_memory(longest_path)
    figures: BuildFigures = measure_build(paths)
    if as_json:
        print(json.dumps({**asdict(figures), "peak_memory_mb": memory}, ensure_ascii=False))
        return 0
    print(f"{len(paths)} PDFs on two cores: {figures.documents} built, {figures.refused} refused")
    print(f"{'':24}{'CPU':>10}{'elapsed':>10}")
    for stage, cost in figures.stages.items():
        where = "  (both workers together)" if stage in IN_WORKERS else ""
        print(f"{stage:24}{cost.cpu:8.1f} s{cost.elapsed:8.1f} s{where}")
    documents, pages = figures.documents / figures.elapsed, figures.pages / figures.elapsed
    rates = f"{documents:.1f} documents/s, {pages:.0f} pages/s ({figures.pages:,} pages)"
    print(f"{'everything':24}{'':10}{figures.elapsed:8.1f} s  {rates}")
    print(f"peak memory of a reading worker: {figures.worker_memory_mb:.0f} MB in this build, ", end="")
    print(f"{memory:.0f} MB on the longest file alone ({longest_path.name})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
