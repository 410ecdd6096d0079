"""The true records of a composed document, as JSON Lines files in the hand-checked records' format."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from fiscalgraph.samples.catalogue_parts import LAWS
from fiscalgraph.samples.model import Disclosure
from fiscalgraph.samples.printed import Block, Fact, Positions, PrintedParagraph

__all__ = ["Truth", "truth_of", "write_truth"]

Truth = dict[str, list[dict[str, object]]]
"""Records by file stem: document, units, lines, totals, narrative, projects, funds, indicators,
findings, laws, contradictions; issues (which theme a finding belongs to); and what is neither
right nor wrong to find: optional_findings, optional_narrative, optional_contradictions; questions
that an auditor would ask, where they are planted; outcomes of missed indicators in the next year,
where its document is in the corpus."""

_FILES = (
    "document",
    "units",
    "lines",
    "totals",
    "narrative",
    "projects",
    "funds",
    "indicators",
    "findings",
    "laws",
    "contradictions",
    "issues",
    "optional_findings",
    "optional_narrative",
    "optional_contradictions",
    "questions",
)
_WHERE_THERE_ARE_ANY = ("optional_", "questions")


def _kind_of_law(title: str) -> str:
    if title.endswith("通知"):
        return "notice"
    if title.endswith("法"):
        return "law"
    if title.endswith(("条例", "办法")):
        return "regulation"
    return "other"


def _texts(block: Block) -> list[tuple[int, str]]:
    """Everything a block prints, with the row it stands in."""
    if isinstance(block, PrintedParagraph):
        return [(0, block.text)]
    cells = [(index, cell.text) for index, row in enumerate(block.rows) for cell in row.cells]
    return cells + [(len(block.rows) - 1, note) for note in block.notes]


def _laws(disclosure: Disclosure, blocks: Sequence[Block], positions: Positions) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for title, number in (*LAWS, *disclosure.department.laws):
        places = [
            (block_index, row)
            for block_index, block in enumerate(blocks)
            for row, text in _texts(block)
            for _ in range(text.count(f"《{title}》"))
        ]
        if not places:
            continue
        cited = number is not None and any(
            number in text for block in blocks for _, text in _texts(block) if title in text
        )
        found.append(
            {
                positions.unit: positions.at.get(places[0]),
                "title": title,
                "kind": _kind_of_law(title),
                "count": len(places),
                "document_number": number if cited else None,
            }
        )
    return found


def truth_of(disclosure: Disclosure, blocks: Sequence[Block], positions: Positions) -> Truth:
    """What a perfect reader finds in the document, with the page or line where it stands."""
    truth: Truth = {name: [] for name in _FILES}
    truth["document"] = [
        {
            positions.unit: 1,
            "issuer": disclosure.department.name,
            "kind": disclosure.kind,
            "fiscal_year": disclosure.year,
            "amount_unit": disclosure.department.unit,
            "pages": positions.pages,
        }
    ]

    def add(fact: Fact, place: int | None) -> None:
        truth[fact.kind].append({positions.unit: place} | fact.fields)

    for index, block in enumerate(blocks):
        if isinstance(block, PrintedParagraph):
            for fact in block.facts:
                add(fact, positions.at.get((index, 0)))
            continue
        for row_index, row in enumerate(block.rows):
            for fact in row.facts:
                add(fact, positions.at.get((index, row_index)))
    truth["laws"] = _laws(disclosure, blocks, positions)
    return truth


def write_truth(truth: Truth, folder: Path) -> None:
    """Write one JSON Lines file per record type into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, records in truth.items():
        if records or not name.startswith(_WHERE_THERE_ARE_ANY):
            lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
            (folder / f"{name}.jsonl").write_text(lines, "utf-8")
