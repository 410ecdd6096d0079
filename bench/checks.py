"""Do the checks find what is wrong, and only that?

    python bench/checks.py [--random N] [--corpus DIR | --records DIR] [--draw N] [--work DIR] [--out FILE]

Three questions, each answered with a table:

1. Of the contradictions planted in documents drawn at random (and in the samples), how many are found?
2. What do the checks say of the same documents with nothing planted? A contradiction there is false.
3. Over a corpus of real documents (``--corpus``, or ``--records`` for records that a build kept): how many
   results are there by check and verdict? ``--draw N`` writes N of the lines that an auditor would get,
   drawn with a fixed seed from as many documents as possible, as a table for judging by hand.

Each document's outcome is kept in ``--work``, so that a run that was broken off goes on where it stopped.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from fiscalgraph.extract.readers import read
from fiscalgraph.extract.recognise import recognise
from fiscalgraph.extract.records import DisclosureRecords, records_from_json
from fiscalgraph.graph.checks import CheckResult, Verdict, check_records

ROOT = Path(__file__).parent.parent
_FINDINGS = (Verdict.CONTRADICTS, Verdict.ROUNDING)
_AUDITED = (Verdict.CONTRADICTS,)
_CORPUS_KINDS = {".pdf", ".txt", ".docx", ".html", ".htm", ".xlsx", ".ofd", ".md"}
_HEAD = ("document", "check", "verdict", "left", "right", "difference", "detail", "page", "left quote",
         "other page", "right quote")  # fmt: skip

Outcome = dict[str, list[list[str]]]
"""Of one document: ``format`` (one word), ``planted`` and ``optional`` (kind, left, right), ``found``
(check, kind, verdict, left, right, detail) of every result that names a difference."""


def _plain(value: str) -> str:
    return value.replace(",", "").rstrip("%分")


def _outcome(path: Path, truth: Mapping[str, Sequence[Mapping[str, object]]]) -> Outcome:
    def stated(name: str) -> list[list[str]]:
        return [[str(each[key]) for key in ("kind", "left", "right")] for each in truth.get(name, ())]

    found = [
        [r.check, r.kind, str(r.verdict), r.left.printed, r.right.printed, r.detail]
        for r in check_records(recognise(read(path)))
        if r.verdict in _FINDINGS or r.verdict is Verdict.QUESTIONABLE
    ]
    return {
        "format": [[path.suffix[1:]]],
        "planted": stated("contradictions"),
        "optional": stated("optional_contradictions"),
        "found": found,
    }


def _random_outcome(seed: int, planted: bool, work: Path) -> Outcome:
    """The outcome of one document drawn at random, from ``work`` if it was computed before."""
    from fiscalgraph.samples import random_disclosure, render, suffix

    kept = work / f"{'planted' if planted else 'consistent'}-{seed:04d}.json"
    if kept.exists():
        known: Outcome = json.loads(kept.read_text("utf-8"))
        return known
    disclosure, variant = random_disclosure(seed, planted=planted)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"random-{seed:03d}{suffix(variant)}"
        truth = render(disclosure, variant, path)
        outcome = _outcome(path, truth)
    kept.write_text(json.dumps(outcome, ensure_ascii=False), "utf-8")
    return outcome


def _sample_outcomes() -> Iterator[Outcome]:
    for path in sorted((ROOT / "samples/documents").iterdir()):
        truth: dict[str, list[dict[str, object]]] = {}
        for name in ("contradictions", "optional_contradictions"):
            file = ROOT / "samples/truth" / path.stem / f"{name}.jsonl"
            lines = file.read_text("utf-8").splitlines() if file.exists() else []
            truth[name] = [json.loads(line) for line in lines]
        yield _outcome(path, truth)


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return one[0] == other[0] and {_plain(one[1]), _plain(one[2])} == {_plain(other[1]), _plain(other[2])}


def _recall(outcomes: Iterable[Outcome]) -> list[tuple[str, ...]]:
    """By kind, by format and in all: how many were planted, how many of these found, what else was."""
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    strays: Counter[str] = Counter()
    for outcome in outcomes:
        form = f"({outcome['format'][0][0]})"
        named = [(row[1], row[3], row[4]) for row in outcome["found"] if row[2] == Verdict.CONTRADICTS]
        for wanted in outcome["planted"]:
            hit = any(_same(wanted, each) for each in named)
            for group in (wanted[0], form, "all"):
                planted[group] += 1
                found[group] += hit
        known = [*outcome["planted"], *outcome["optional"]]
        figures = {_plain(value) for each in known for value in each[1:]}
        for kind, left, right in named:
            if not {_plain(left), _plain(right)} & figures:
                strays.update((kind, form, "all"))
    groups = sorted(planted | strays, key=lambda group: (group == "all", group.startswith("("), group))
    return [
        (group, *map(str, (planted[group], found[group])), _share(found[group], planted[group]),
         str(strays[group]))
        for group in groups
    ]  # fmt: skip


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _false_alarms(outcomes: Iterable[tuple[int, Outcome]]) -> tuple[list[tuple[str, ...]], list[str]]:
    """By check: results that name a difference where nothing was planted, and each contradiction."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    shown = []
    for seed, outcome in outcomes:
        for check, _, verdict, left, right, detail in outcome["found"]:
            counts[check][verdict] += 1
            if verdict == Verdict.CONTRADICTS:
                shown.append(f"seed {seed}: {check}: {left} | {right} | {detail}")
    verdicts = (Verdict.CONTRADICTS, Verdict.ROUNDING, Verdict.QUESTIONABLE)
    rows = [(check, *(str(counts[check][verdict]) for verdict in verdicts)) for check in sorted(counts)]
    return rows, shown


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows), ""])


def _random_documents(count: int, work: Path) -> str:
    with_plants, without = [], []
    for seed in range(count):
        with_plants.append(_random_outcome(seed, True, work))
        without.append((seed, _random_outcome(seed, False, work)))
        if sys.stderr.isatty():
            print(f"\r{seed + 1}/{count}", end="", file=sys.stderr)
    rows, shown = _false_alarms(without)
    head = ("kind or (format)", "planted", "found", "recall", "found beside")
    return "\n".join(
        [
            f"## Planted contradictions, samples\n\n{_table(head, _recall(_sample_outcomes()))}",
            f"## Planted contradictions, {count} documents drawn at random\n",
            _table(head, _recall(with_plants)),
            f"## The same {count} documents with nothing planted\n",
            _table(("check", "contradicts", "rounding", "questionable"), rows),
            *shown,
            "",
        ]
    )


def _records(corpus: Path | None, kept: Path | None) -> Iterator[DisclosureRecords]:
    if kept is not None:
        for path in sorted(kept.glob("*.json")):
            yield records_from_json(path.read_text("utf-8"))
    elif corpus is not None:
        for path in sorted(p for p in corpus.rglob("*") if p.suffix.lower() in _CORPUS_KINDS):
            yield recognise(read(path))


def _drawn(lines: Mapping[str, list[CheckResult]], count: int) -> list[tuple[str, CheckResult]]:
    """``count`` lines at random, one document after the other so that many take part."""
    random = Random("checks")
    stacks = [(name, random.sample(found, len(found))) for name, found in sorted(lines.items())]
    random.shuffle(stacks)
    drawn: list[tuple[str, CheckResult]] = []
    while len(drawn) < count and any(stack for _, stack in stacks):
        drawn += [(name, stack.pop()) for name, stack in stacks if stack][: count - len(drawn)]
    return drawn


def _row(document: str, result: CheckResult) -> tuple[object, ...]:
    left, right = (next(iter(side.sources), None) for side in (result.left, result.right))
    return (
        document, result.check, result.verdict, result.left.printed, result.right.printed,
        result.difference, result.detail,
        left and (left.page or left.line), left and left.quote,
        right and (right.page or right.line), right and right.quote,
    )  # fmt: skip


def _corpus(records: Iterable[DisclosureRecords], draw: int, work: Path) -> str:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    lines: dict[str, list[CheckResult]] = {}
    documents = 0
    for each in records:
        documents += 1
        results = check_records(each)
        for result in results:
            counts[result.check][result.verdict] += 1
        lines[each.identity.document] = [r for r in results if r.verdict in _AUDITED]
    rows = [(check, *(str(counts[check][verdict]) for verdict in Verdict)) for check in sorted(counts)]
    total = [str(sum(found[verdict] for found in counts.values())) for verdict in Verdict]
    if draw:
        with (work / "drawn.tsv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, delimiter="\t")
            writer.writerow(_HEAD)
            writer.writerows(_row(name, result) for name, result in _drawn(lines, draw))
    with_some = sum(bool(found) for found in lines.values())
    return "\n".join(
        [
            f"## Real documents: {documents}, {with_some} of them with a contradiction\n",
            _table(("check", *Verdict), [*rows, ("all", *total)]),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--random", type=int, default=200, help="how many random documents (0: none)")
    parser.add_argument("--corpus", type=Path, help="a folder of real documents")
    parser.add_argument("--records", type=Path, help="a folder of records of real documents (*.json)")
    parser.add_argument("--draw", type=int, default=0, help="how many lines to draw for judging by hand")
    parser.add_argument("--work", type=Path, help="where outcomes are kept (default: a temporary folder)")
    parser.add_argument("--out", type=Path, help="where the report goes (default: standard output)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        parts = [_random_documents(options.random, work)] if options.random else []
        if options.corpus or options.records:
            parts.append(_corpus(_records(options.corpus, options.records), options.draw, work))
    report = "\n".join(parts)
    if options.out:
        options.out.write_text(report, "utf-8")
    else:
        print(report)


if __name__ == "__main__":
    main()
