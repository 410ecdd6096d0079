"""Which documents print which classification codes: what the lists are made from.

Two readings of each document are put together: the records of its tables with codes, and the rows
of all its tables, scanned for a code with its name beside it. The second one sees what records do
not hold: the government's economic codes (政府预算支出经济分类) that some budgets print beside their own.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fiscalgraph.extract.document import Cell
from fiscalgraph.ontology.classification import LISTS, classification_list

SUFFIXES = (".docx", ".htm", ".html", ".md", ".ofd", ".pdf", ".txt", ".xlsx")
CODES_OF_A_TABLE = 3  # different 款 and 项 codes: with fewer, a table's numbers may be anything

_BRACKETS = str.maketrans("()", "（）")
_NAME = re.compile(r"[\u4e00-\u9fff（）、“”\-—]{2,40}")
_JOINED = re.compile(r"(\d{3}|\d{5}|\d{7})[-－—_]?(\D+)")
_DIGITS = re.compile(r"\d{3}|\d{5}|\d{7}")
_LEVEL = re.compile(r"\d{2}")


@dataclass(frozen=True)
class Sighting:
    """A code that a publication (issuer, kind and year; however many files) prints with a name."""

    code: str
    name: str
    year: int
    publication: str


@dataclass(frozen=True)
class PairSighting:
    """A row that prints a department's and a government's economic code."""

    department_code: str
    government_code: str
    publication: str


@dataclass(frozen=True)
class DerivedCode:
    """One line of a derived list: see the list's own description."""

    code: str
    name: str
    documents: int
    share: float
    years: tuple[int, ...]
    other_spellings: tuple[tuple[str, int], ...]


def tidy_name(text: str) -> str | None:
    """A printed cell as a code's name, or ``None`` where it cannot be one (figures, sentences, cut)."""
    name = "".join(text.split()).translate(_BRACKETS)
    if not _NAME.fullmatch(name) or name.count("（") != name.count("）") or "反映" in name:
        return None
    return None if name.startswith("）") else name


def codes_in_row(cells: Sequence[str]) -> list[tuple[str, str]]:
    """Codes of the lists with the name beside them, left to right.

    Read are ``2080101 | 行政运行``, ``2080101-行政运行`` and one column per level:
    ``208 | 01 | 01 | 行政运行``, ``301 | (empty) | 工资福利支出``. A code without a name right beside
    it (a project's or unit's row, a list of purchases) is passed over.
    """
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(cells):
        cell = "".join(cells[position].split())
        position += 1
        joined = _JOINED.fullmatch(cell)
        if joined:
            code, name = joined[1], tidy_name(joined[2])
        elif _DIGITS.fullmatch(cell):
            code = cell
            levels = 3 if code[0] == "2" else 2
            last = position + levels - 1 if len(code) == 3 else position
            while position < last and position < len(cells) and _LEVEL.fullmatch(cells[position].strip()):
                code += cells[position].strip()
                position += 1
            while position < last and position < len(cells) and not cells[position].strip():
                position += 1
            name = tidy_name(cells[position]) if position < len(cells) else None
        else:
            continue
        if name and classification_list(code) in LISTS:
            found.append((code, name))
    return found


def read_evidence(path: Path) -> str:
    """Sightings and pairs of one document as JSON; runs in a reading worker.

    Raises ``UnreadableDocument`` or ``RefusedDocument``.
    """
    from fiscalgraph.extract.readers import read
    from fiscalgraph.extract.recognise import recognise

    document = read(path)
    records = recognise(document)
    identity = records.identity
    publication = f"{identity.issuer} {identity.kind} {identity.fiscal_year}"
    seen: set[tuple[str, str]] = set()
    pairs: set[tuple[str, str]] = set()
    for line in records.spending:
        name = tidy_name(line.name or "")
        if line.code and name and classification_list(line.code) in LISTS:
            seen.add((line.code, name))
    for table in document.tables:
        rows = [codes_in_row(_row_texts(row)) for row in table.grid()]
        if len({code for row in rows for code, _ in row if len(code) > 3}) < CODES_OF_A_TABLE:
            continue  # numbers of other meaning
        for row in rows:
            seen.update(row)
            economic = [[code for code, _ in row if classification_list(code) == kind] for kind in LISTS[1:]]
            if all(len(codes) == 1 and len(codes[0]) == 5 for codes in economic):
                pairs.add((economic[0][0], economic[1][0]))
    return json.dumps([publication, identity.fiscal_year, sorted(seen), sorted(pairs)], ensure_ascii=False)


def _row_texts(row: Sequence[Cell | None]) -> list[str]:
    """The texts of a grid's row, a merged cell once."""
    cells = [cell for column, cell in enumerate(row) if column == 0 or cell is not row[column - 1]]
    return [cell.text if cell else "" for cell in cells]


def read_corpus(folder: Path, workers: int) -> tuple[list[Sighting], list[PairSighting]]:
    """What all documents below ``folder`` print; those that cannot be read are named on standard error."""
    from fiscalgraph.extract.errors import FiscalgraphError
    from fiscalgraph.extract.readers.worker import process_many

    sightings: set[Sighting] = set()
    pairs: set[PairSighting] = set()
    for path, outcome in process_many(_documents(folder), f"{__name__}:read_evidence", workers=workers):
        if isinstance(outcome, FiscalgraphError):
            print(f"left out: {outcome}", file=sys.stderr)
            continue
        publication, year, seen, together = json.loads(outcome)
        if not seen:
            print(f"no codes: {path.name}", file=sys.stderr)
        sightings |= {Sighting(code, name, year, publication) for code, name in seen}
        pairs |= {PairSighting(own, government, publication) for own, government in together}
    order = sorted(sightings, key=lambda seen: (seen.code, seen.name, seen.year, seen.publication))
    return order, sorted(pairs, key=lambda pair: (pair.department_code, pair.government_code))


def _documents(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())


def read_derived(folder: Path) -> Iterator[DerivedCode]:
    """The derived lists (``*.tsv`` with the columns code, name, documents, share_of_spellings, …)."""
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
                if classification_list(row["code"]) in LISTS:
                    yield DerivedCode(
                        code=row["code"],
                        name=row["name"],
                        documents=int(row["documents"]),
                        share=float(row["share_of_spellings"]),
                        years=tuple(int(year) for year in row["years"].split()),
                        other_spellings=tuple(_spellings(row["other_spellings"])),
                    )


def _spellings(text: str) -> Iterator[tuple[str, int]]:
    for name, count in re.findall(r"([^;]+)\((\d+)\)(?:;|$)", text):
        yield name.strip(), int(count)
