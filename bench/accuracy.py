"""How accurate is what fiscalgraph reads? Builds documents, asks the named queries, scores the answers.

    python bench/accuracy.py [--corpus DIR] [--gold DIR] [--random N] [--out docs/accuracy.md]

Scored are the samples (every format), ``--random`` documents in layouts drawn at random, and, when
``--corpus`` and ``--gold`` are given, real documents with hand-checked records. Over all documents of
the corpus it reports refusals, identity against an index file (``INDEX.tsv``: file, kind, issuer,
year), coverage, and the share of accounting identities that hold. The scorer is ``bench/score.py``.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import fiscalgraph
from fiscalgraph.extract.records import DisclosureRecords, SpendingLine

ROOT = Path(__file__).parent.parent
NOTES = ROOT / "bench/accuracy_notes.md"  # written by hand: what the figures of some documents do not explain
TYPES = (
    "documents", "units", "spending", "totals", "narrative", "projects", "funds", "indicators",
    "findings", "laws", "contradictions",
)  # fmt: skip


@dataclass
class Tally:
    """Sums over documents of one record type, as the scorer counts them."""

    gold: int = 0
    found: int = 0
    matched: int = 0
    strict: float = 0.0
    filled: int = 0
    right: float = 0.0
    blank: int = 0
    wrong: int = 0
    invented: int = 0

    def add(self, row: dict[str, object]) -> None:
        def count(name: str) -> float:
            value = row[name]
            assert isinstance(value, int | float)
            return value

        self.gold += int(count("gold"))
        self.found += int(count("found"))
        self.matched += int(count("matched"))
        self.strict += count("strict") * (count("gold") + count("found")) / 2
        self.filled += int(count("filled"))
        self.right += count("fields") * count("filled")
        self.blank += int(count("blank"))
        self.wrong += int(count("wrong_values"))
        self.invented += int(count("invented"))

    def cells(self) -> list[str]:
        both = self.gold + self.found
        return [
            str(self.gold),
            str(self.found),
            _share(self.matched, self.gold),
            _share(self.matched, self.found),
            _share(self.right, self.filled),
            f"**{_share(2 * self.strict, both)}**",
            _share(self.blank, self.filled),
            _share(self.wrong + self.invented, self.filled),
        ]


HEAD = ("gold", "found", "recall", "precision", "fields", "strict F1", "blank", "wrong or invented")


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.4f}" if whole else "–"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def _build(paths: Sequence[Path], home: Path) -> tuple[object, list[tuple[Path, str]]]:
    def show(done: int, of: int, _: object) -> None:
        if sys.stderr.isatty():
            print(f"\r{done}/{of}", end="", file=sys.stderr)

    report = fiscalgraph.open(home).build(list(paths), progress=show)
    refused = [(o.path, o.refusal.why if o.refusal else "") for o in report.outcomes if o.status == "refused"]
    return fiscalgraph.open(home), refused


def _write_answers(workspace: object, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in TYPES:
        (folder / f"{name}.csv").write_text(workspace.query(name).to_csv(), "utf-8")  # type: ignore[attr-defined]


def _score(gold: Path, answers: Path, work: Path) -> list[dict[str, object]]:
    out = work / "score.json"
    subprocess.run(
        [sys.executable, str(ROOT / "bench/score.py"), str(gold), str(answers), "--json", str(out)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    rows: list[dict[str, object]] = json.loads(out.read_text("utf-8"))
    return rows


def _by_type(rows: Iterable[dict[str, object]]) -> list[list[str]]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for row in rows:
        tallies[str(row["type"])].add(row)
    return [[name, *tallies[name].cells()] for name in TYPES if name in tallies]


def _samples(work: Path) -> str:
    workspace, refused = _build(sorted((ROOT / "samples/documents").iterdir()), work / "home")
    _write_answers(workspace, work / "answers")
    rows = _score(ROOT / "samples/truth", work / "answers", work)
    suffix = {path.stem: path.suffix[1:] for path in (ROOT / "samples/documents").iterdir()}
    parts = ["## Samples\n", f"{len(suffix)} documents, {len(refused)} refused.\n"]
    for form in sorted(set(suffix.values())):
        chosen = [row for row in rows if suffix.get(str(row["document"])) == form]
        parts += [f"### {form}\n", _table(("record type", *HEAD), _by_type(chosen)), ""]
    return "\n".join(parts)


def _random_layouts(count: int, work: Path) -> str:
    from fiscalgraph.samples import random_disclosure, render, suffix, write_truth

    documents, gold = work / "documents", work / "gold"
    documents.mkdir(parents=True)
    formats: dict[str, str] = {}
    for seed in range(count):
        disclosure, variant = random_disclosure(seed)
        name = f"random-{seed:03d}"
        truth = render(disclosure, variant, documents / f"{name}{suffix(variant)}")
        write_truth(truth, gold / name)
        formats[name] = suffix(variant)[1:]
    workspace, refused = _build(sorted(documents.iterdir()), work / "home")
    _write_answers(workspace, work / "answers")
    rows = _score(gold, work / "answers", work)
    parts = [
        "## Layouts drawn at random\n",
        f"{count} documents made by the samples generator (seeds 0 to {count - 1}), {len(refused)} refused.",
        "They show how far the rules reach, not how well real documents are read.\n",
        _table(("record type", *HEAD), _by_type(rows)),
        "",
        "Strict F1 by format:\n",
    ]
    head = ["record type", *sorted(set(formats.values()))]
    lines = []
    for name in TYPES:
        line = [name]
        for form in head[1:]:
            tally = Tally()
            for row in rows:
                if row["type"] == name and formats.get(str(row["document"])) == form:
                    tally.add(row)
            line.append(_share(2 * tally.strict, tally.gold + tally.found))
        lines.append(line)
    return "\n".join([*parts, _table(head, lines), ""])


def _documents_in(corpus: Path) -> list[Path]:
    kinds = {".pdf", ".txt", ".docx", ".html", ".htm", ".xlsx", ".ofd", ".md"}
    return sorted(path for path in corpus.rglob("*") if path.suffix.lower() in kinds)


def _gold_documents(corpus: Path, gold: Path, work: Path) -> str:
    names = {folder.name for folder in gold.iterdir() if folder.is_dir()}
    parts = ["## Real documents with hand-checked records\n"]
    for path in _documents_in(corpus):
        if path.stem not in names:
            continue
        here = work / f"{path.stem}{path.suffix}"
        workspace, _ = _build([path], here / "home")
        _write_answers(workspace, here / "answers")
        rows = [row for row in _score(gold, here / "answers", here) if row["document"] == path.stem]
        parts += [f"### {path.name}\n", _table(("record type", *HEAD), _by_type(rows)), ""]
    notes = NOTES.read_text("utf-8")
    if any(name in notes for name in names):
        parts.append(notes)
    return "\n".join(parts)


def _index(corpus: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in corpus.rglob("INDEX.tsv"):
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter="\t"):
                if row.get("issuer") and row.get("year"):
                    found[Path(row["file"]).stem] = row
    return found


def _agrees(records: DisclosureRecords, row: dict[str, str]) -> dict[str, bool]:
    """Issuer, kind and year against the index, whose kinds are descriptive."""
    issuer = row["issuer"].replace("(本级)", "")
    asked = issuer.split("(")[0]
    given = records.identity.issuer
    return {
        "issuer": given == asked or given.endswith(asked) or asked.endswith(given) or given in issuer,
        "kind": _kind_fits(records.identity.kind, row["kind"]),
        "year": str(records.identity.fiscal_year) == row["year"],
    }


def identities_held(records: DisclosureRecords) -> tuple[int, int]:
    """How many sums along the code hierarchy hold within rounding, and how many do not.

    Left out are columns in which a code occurs twice (lists by unit): they are not one tree.
    """
    columns: dict[tuple[int, str], list[SpendingLine]] = defaultdict(list)
    for line in records.spending:
        if line.unit != "%":
            columns[(line.table_index, line.column)].append(line)
    held = broken = 0
    for lines in columns.values():
        codes = [line.code for line in lines if line.code]
        if len(codes) != len(set(codes)):
            continue
        amounts = {line.code: Decimal(line.printed) for line in lines}
        for code, amount in amounts.items():
            length = len(code or "") + 2 if code else 3
            parts = [v for c, v in amounts.items() if c and len(c) == length and c.startswith(code or "")]
            if parts:
                close = abs(amount - sum(parts)) <= Decimal("0.005") * (len(parts) + 1)
                held, broken = held + close, broken + (not close)
    return held, broken


def _kind_fits(kind: str, described: str) -> bool:
    words = {"预算": "预算", "决算": "决算", "目标表": "目标", "自评": "自评", "评价报告": "评价"}
    return any(word in described for end, word in words.items() if kind.endswith(end))


def _corpus(corpus: Path, work: Path) -> str:
    paths = _documents_in(corpus)
    workspace, refused = _build(paths, work / "home")
    index = _index(corpus)
    rows = []
    wrong: list[str] = []
    held = broken = cells = cells_read = outside = 0
    compared = {"issuer": [0, 0], "kind": [0, 0], "year": [0, 0]}
    names = [line["document"] for line in workspace.query("documents").dicts()]  # type: ignore[attr-defined]
    for name in names:
        records: DisclosureRecords = workspace.records(name)  # type: ignore[attr-defined]
        coverage = records.coverage
        good, bad = identities_held(records)
        held, broken = held + good, broken + bad
        cells, cells_read = cells + coverage.cells, cells_read + coverage.cells_read
        outside += coverage.cells_outside
        if name in index:
            for what, agrees in _agrees(records, index[name]).items():
                compared[what][0] += agrees
                compared[what][1] += 1
                if not agrees:
                    identity = records.identity
                    wrong.append(
                        f"{name}: {what}: read {identity.issuer}, {identity.kind}, {identity.fiscal_year}; "
                        f"index {index[name]['issuer']}, {index[name]['kind']}, {index[name]['year']}"
                    )
        identity = records.identity
        rows.append(
            [
                name, identity.issuer, identity.kind, str(identity.fiscal_year),
                str(len(records.spending) + len(records.totals)), str(len(records.indicators)),
                str(len(records.findings)), str(coverage.cells_outside),
                _share(coverage.cells_read, coverage.cells - coverage.cells_outside),
                _share(coverage.paragraphs_read, coverage.paragraphs), _share(good, good + bad),
            ]
        )  # fmt: skip
    head = (
        "document", "issuer", "kind", "year", "figures", "indicators", "findings", "figures outside",
        "figures read", "paragraphs read", "identities that hold",
    )  # fmt: skip
    summary = [
        f"- {len(paths)} files: {len(names)} read, {len(refused)} refused.",
        f"- Figures in tables: {cells}; outside all record types (purchases, meetings, funds by project "
        f"without codes): {outside}; of the others in a record: {_share(cells_read, cells - outside)}.",
        f"- Accounting identities (code hierarchies, columns beside their total): {held + broken}; "
        f"hold within rounding: {_share(held, held + broken)}.",
    ]
    for what, (right, of) in compared.items():
        summary.append(f"- {what} as in the index: {right} of {of}.")
    summary += [f"- Differs: {line}" for line in wrong]
    summary += [f"- Refused: {path.name}: {why}" for path, why in refused]
    return "\n".join(["## All documents of the corpus\n", *summary, "", _table(head, rows), ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--random", type=int, default=200)
    parser.add_argument("--out", type=Path, default=ROOT / "docs/accuracy.md")
    args = parser.parse_args()
    sections = [
        "# Accuracy\n",
        "Made by `make accuracy` (with `CORPUS=` and `GOLD=` for real documents and their hand-checked",
        "records; without them only documents of our own making are scored). A found record matches a true",
        "one when its key fields agree; *strict F1* counts a match only when every field agrees and none is",
        "invented; *blank* is the share of fields left empty, *wrong or invented* that of false ones.\n",
    ]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if args.corpus and args.gold:
            sections.append(_gold_documents(args.corpus, args.gold, work / "gold"))
        sections.append(_samples(work / "samples"))
        if args.random:
            sections.append(_random_layouts(args.random, work / "random"))
        if args.corpus:
            sections.append(_corpus(args.corpus, work / "corpus"))
    args.out.write_text("\n".join(sections).rstrip() + "\n", "utf-8")
    print(args.out.read_text("utf-8").split("\n## All")[0])
    print(f"written to {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
