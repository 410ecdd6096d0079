"""How fast PDFs are read: pdfplumber, bare text extraction (the floor) and our reader, side by side.

    python bench/reading.py [--all] [PATH …]

PATHs are PDF files or folders; without any, the corpus named by FISCALGRAPH_CORPUS (or
../shared/corpus) is taken. All three read the same files in one run, in one process and in
two. Rates are pages per second of CPU time (one process) and of wall-clock time (two);
the default is a sample of every eighth file, ``--all`` takes every one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

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
    """Peak resident memory in MB of a fresh process that reads ``path``."""
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
    """Print the table (and, with ``--json``, the figures for a program)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--all", action="store_true", help="read every file, not a sample")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory_of:
        read_with_ours(arguments.memory_of)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    corpus = Path(os.environ.get("FISCALGRAPH_CORPUS", Path(__file__).parents[1] / "../shared/corpus"))
    roots = arguments.paths or [corpus]
    if not all(root.exists() for root in roots):
        print("no PDFs: name files or folders, or set FISCALGRAPH_CORPUS", file=sys.stderr)
        return 1
    everything = find_pdfs(roots)
    sampled = len(everything) > SAMPLE_STRIDE and not arguments.all
    paths = readable(everything[::SAMPLE_STRIDE] if sampled else everything)
    if not paths:
        print("no readable PDFs there", file=sys.stderr)
        return 1
    figures: dict[str, dict[str, float]] = {}
    for name in READERS:
        pages, seconds = run(name, paths)
        figures[name] = {"pages": pages, "one": pages / seconds, "two": run_on_two(name, paths)}
    longest = max(everything, key=read_bare_text)
    memory = peak_memory(longest)
    if arguments.json:
        print(json.dumps({"readers": figures, "peak_memory_mb": memory}, ensure_ascii=False))
        return 0
    base = figures["pdfplumber"]
    print(f"{len(paths)} files, {int(base['pages'])} pages")
    print(f"{'':12} {'one process':>22} {'two processes':>22}")
    for name, own in figures.items():
        one, two = f"{own['one']:.0f}/s", f"{own['two']:.0f}/s"
        print(
            f"{name:12} {one:>10} {own['one'] / base['one']:10.1f}x"
            f" {two:>10} {own['two'] / base['two']:10.1f}x"
        )
    print(f"peak memory on the longest file ({longest.name}): {memory:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
