"""How well statements are assigned to the scheme of causes; fits the weights of ``search/issues/types.py``.

    python bench/cause_types.py [--home HOME] [--each]      # precision and recall on the labelled halves
    python bench/cause_types.py --home HOME --fit           # fit on the "build" halves, write the weights
    python bench/cause_types.py --home HOME --write         # write the made part of docs/cause_types.md

``bench/cause_types/`` holds hand-made labels: of the passages of bench/retrieval by id, of statements of real
disclosures by a digest of their words (HOME is a workspace that holds them), and which issues of
search/training/paraphrases serve to measure, each with one type (coarse: a statement of it may have others).
The other issues, with the types named there, serve to fit. Types called acceptable are neither asked for nor
wrong. What was learnt of the written issues is asked only about files that it was not learnt from, but the
encoder knows them: figures for them flatter.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from fiscalgraph.graph.sparql import evaluate_trusted
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.ontology.causes import cause_groups, causes
from fiscalgraph.queries import load
from fiscalgraph.search.encoder import DEFAULT_MODEL, Encoder, load_encoder
from fiscalgraph.search.issues.types import FEATURES, WEIGHTS_FILE, CauseWeights, features, weights_of
from fiscalgraph.search.training.causes import learn_causes
from fiscalgraph.search.training.written import NO_CAUSE, issue_name, issues

ROOT = Path(__file__).parent
LABELS = ROOT / "cause_types"
GUIDE = ROOT.parent / "docs" / "cause_types.md"
MARKER = "<!-- What follows is made by bench/cause_types.py --write. -->"
PARAPHRASES = ROOT.parent / "search" / "training" / "paraphrases"
CONFIDENCE, SOLE = 0.6, 0.3
FOLDS = 5
EVERY = 3  # of the paraphrases, every third line is used
PARAPHRASE_WEIGHT, DISCLOSURE_WEIGHT = 0.05, 1.5

Array = np.ndarray


@dataclass(frozen=True)
class Labelled:
    """A statement with the types it must have, and those it may have."""

    text: str
    half: str
    types: frozenset[str]
    acceptable: frozenset[str]
    source: str = ""


def table(name: str) -> Iterator[dict[str, str]]:
    with (LABELS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def labelled(row: dict[str, str], text: str) -> Labelled:
    acceptable = row.get("acceptable") or ""
    return Labelled(text, row["half"], frozenset(row["types"].split()), frozenset(acceptable.split()))


def retrieval() -> list[Labelled]:
    passages = (ROOT / "retrieval" / "passages.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {each["id"]: each["text"] for each in map(json.loads, passages)}
    return [labelled(row, texts[row["passage"]]) for row in table("retrieval.tsv")]


def paraphrases() -> list[Labelled]:
    """Of the written issues, with the file of each."""
    measured = {row["issue"]: row["types"] for row in table("paraphrases.tsv")}
    sources = {issue.name: issue.source for issue in issues()}
    found = []
    for file in sorted(PARAPHRASES.glob("*.txt")):
        for block in f"\n{file.read_text(encoding='utf-8')}".split("\n# ")[1:]:
            name, *lines = block.splitlines()
            told = next(line.split()[1:] for line in lines if line.startswith("~ "))
            codes = [measured[name]] if name in measured else [code for code in told if code != NO_CAUSE]
            half = "measure" if name in measured else "build"
            source = sources[issue_name(name)]
            found += [
                Labelled(line[2:], half, frozenset(codes[:1]), frozenset(codes[1:]), source)
                for line in lines
                if line.startswith("- ")
            ]
    measure = [each for each in found if each.half == "measure"]
    return [each for each in found if each.half == "build"][::EVERY] + measure[::EVERY]


def unseen(statements: Sequence[Labelled], encoder: Encoder) -> Array:
    """The features of written statements, by what was learnt without the file of their issue."""
    found = np.zeros((len(statements), len(causes()), len(FEATURES)))
    sizes = Counter(issue.source for issue in issues())
    for fold in range(FOLDS):
        files = {
            source for source, _ in sorted(sizes.items(), key=lambda each: (-each[1], each[0]))[fold::FOLDS]
        }
        rows = [row for row, each in enumerate(statements) if each.source in files]
        learnt = learn_causes([issue for issue in issues() if issue.source not in files], encoder)
        found[rows] = features([statements[row].text for row in rows], encoder, learnt)
    return found


def disclosures(home: Path) -> list[Labelled]:
    """The labelled statements of real disclosures that the workspace holds."""
    store = GenerationStore(home).open_reader().store
    answer = evaluate_trusted(store, load("findings").fill({}))
    column = answer.variables.index("text")
    texts = {row[column].text for row in answer.rows if row[column] is not None}  # type: ignore[union-attr]
    by_digest = {hashlib.sha256(text.encode()).hexdigest()[:16]: text for text in texts}
    rows = list(table("disclosures.tsv"))
    found = [labelled(row, by_digest[row["statement"]]) for row in rows if row["statement"] in by_digest]
    print(f"{len(found)} of {len(rows)} labelled statements of disclosures are in the workspace")
    return found


def examples(sets: Sequence[tuple[list[Labelled], Array, float]]) -> tuple[Array, Array, Array]:
    """Rows for the fit: one for each statement and type whose label is sure."""
    codes = [each.code for each in causes()]
    rows, right, weights = [], [], []
    for statements, values, weight in sets:
        for statement, row in zip(statements, values, strict=True):
            for code, value in zip(codes, row, strict=True):
                if code not in statement.acceptable:
                    rows.append(value)
                    right.append(code in statement.types)
                    weights.append(weight)
    return np.array(rows), np.array(right), np.array(weights)


def fit(sets: Sequence[tuple[list[Labelled], Array, float]]) -> tuple[float, tuple[float, ...], list[float]]:
    from sklearn.linear_model import LogisticRegression

    rows, right, weights = examples(sets)
    model = LogisticRegression(C=10, max_iter=500).fit(rows, right, weights)
    fine = weights != PARAPHRASE_WEIGHT  # of most paraphrases no pattern knows a word
    worded = LogisticRegression(C=10, max_iter=500).fit(rows[fine, 3:5], right[fine], weights[fine])
    parts = (*worded.intercept_, *worded.coef_[0])
    return (
        round(float(model.intercept_[0]), 4),
        tuple(round(float(each), 4) for each in model.coef_[0]),
        [round(float(each), 4) for each in parts],
    )


@dataclass
class Outcome:
    right: int = 0
    acceptable: int = 0
    wrong: int = 0
    missed: int = 0
    none: int = 0
    none_right: int = 0

    @property
    def precision(self) -> float:
        stated = self.right + self.acceptable + self.wrong
        return (self.right + self.acceptable) / stated if stated else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.3f}  recall {self.recall:.3f}  right {self.right}  acceptable "
            f"{self.acceptable}  wrong {self.wrong}  missed {self.missed}  "
            f"none fits: {self.none_right}/{self.none}"
        )


def compare(
    statements: Sequence[Labelled], told: Array, each: dict[str, Counter[str]] | None = None
) -> Outcome:
    codes = [cause.code for cause in causes()]
    found = Outcome()
    for statement, row in zip(statements, told, strict=True):
        stated = {code for code, value in zip(codes, row, strict=True) if value}
        wrong = stated - statement.types - statement.acceptable
        found.right += len(stated & statement.types)
        found.acceptable += len(stated & statement.acceptable)
        found.wrong += len(wrong)
        found.missed += len(statement.types - stated)
        found.none += not statement.types
        found.none_right += not statement.types and not wrong
        if each is not None:
            for name, members in (
                ("right", stated & statement.types),
                ("wrong", wrong),
                ("missed", statement.types - stated),
            ):
                for code in members:
                    each.setdefault(code, Counter())[name] += 1
    return found


def shared(statements: Sequence[Labelled], told: Array) -> str:
    """How well pairs of statements are told that share a type, as ``shared_causes`` and
    ``/issues?level=type`` link them.

    Precision: of the pairs with an assigned type in common, those whose labels admit it in both; recall: of
    those with a label in common, those that have an assigned one in common, whichever.
    """
    codes = np.array([cause.code for cause in causes()])
    found = [frozenset(codes[row].tolist()) for row in told]
    linked, right, wanted, met = 0, 0, 0, 0
    for (one, here), (other, there) in combinations(zip(statements, found, strict=True), 2):
        common = here & there
        linked += bool(common)
        right += bool(common & (one.types | one.acceptable) & (other.types | other.acceptable))
        wanted += bool(one.types & other.types)
        met += bool(common and one.types & other.types)
    precision, recall = right / max(linked, 1), met / max(wanted, 1)
    return f"{linked} pairs: precision {precision:.3f}  recall {recall:.3f} of {wanted}"


def scheme_table(each: dict[str, Counter[str]]) -> Iterator[str]:
    """The concepts with their definitions, and how many assignments were right, wrong and missed."""
    for group in cause_groups():
        yield f"\n### {group.label_zh} · {group.label_en} (`{group.code}`)\n\n{group.definition}\n"
        yield "| code | 类型 | 定义 | 范围 | right | wrong | missed |\n|---|---|---|---|--:|--:|--:|"
        for cause in causes():
            if cause.group == group.code:
                counts = each.get(cause.code, Counter())
                figures = " | ".join(str(counts[name]) for name in ("right", "wrong", "missed"))
                words = " | ".join((cause.label_zh, cause.definition, cause.scope))
                yield f"| `{cause.code}` | {words} | {figures} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, help="a workspace with the labelled disclosures")
    parser.add_argument("--fit", action="store_true", help="fit the weights and write them")
    parser.add_argument("--each", action="store_true", help="print the counts of each type")
    parser.add_argument("--write", action="store_true", help="write the table of docs/cause_types.md")
    arguments = parser.parse_args()
    if (arguments.fit or arguments.write) and arguments.home is None:
        parser.error("--fit and --write need --home: a workspace with the labelled disclosures")
    encoder = load_encoder()
    sources = {"retrieval": (retrieval(), 1.0), "paraphrases": (paraphrases(), PARAPHRASE_WEIGHT)}
    if arguments.home is not None:
        sources["disclosures"] = (disclosures(arguments.home), DISCLOSURE_WEIGHT)
    halves = {
        (name, half): ([each for each in statements if each.half == half], weight)
        for name, (statements, weight) in sources.items()
        for half in ("build", "measure")
    }
    values = {
        key: unseen(part, encoder)
        if key[0] == "paraphrases"
        else features([each.text for each in part], encoder)
        for key, (part, _) in halves.items()
    }
    if arguments.fit:
        built = [(part, values[key], weight) for key, (part, weight) in halves.items() if key[1] == "build"]
        intercept, weights, worded = fit(built)
        made = CauseWeights(
            encoder.fingerprint,
            intercept,
            weights,
            (worded[0], worded[1], worded[2]),
            CONFIDENCE,
            SOLE,
            0,
            0,
            "",
        )
        total = Outcome()
        for name in ("retrieval", "disclosures"):
            part, _ = halves[name, "measure"]
            sure = made.confidences(values[name, "measure"], encoder.fingerprint)
            one = compare(part, made.stated(sure))
            total = Outcome(*(a + b for a, b in zip(vars(total).values(), vars(one).values(), strict=True)))
        statements = len(halves["retrieval", "measure"][0]) + len(halves["disclosures", "measure"][0])
        made = CauseWeights(
            **{
                **{name: getattr(made, name) for name in CauseWeights.__slots__},
                "precision": round(total.precision, 3),
                "recall": round(total.recall, 3),
                "measured_on": f'{statements} labelled statements of bench/cause_types, half "measure"',
            }
        )
        made.save(DEFAULT_MODEL / WEIGHTS_FILE)
        weights_of.cache_clear()
    used = weights_of()
    print("weights", dict(zip(FEATURES, used.weights, strict=True)), "intercept", used.intercept)
    each: dict[str, Counter[str]] = {}
    for (name, half), (part, _) in halves.items():
        for fingerprint, way in ((encoder.fingerprint, "all"), ("", "patterns alone")):
            sure = used.confidences(values[name, half], fingerprint)
            counts = each if half == "measure" and way == "all" and name != "paraphrases" else None
            print(f"{name} {half} ({len(part)}), {way}: {compare(part, used.stated(sure), counts)}")
            if half == "measure" and way == "all" and name != "paraphrases":
                print(f"{name} {half} ({len(part)}), linked by types: {shared(part, used.stated(sure))}")
    if arguments.write:
        above, marker, _ = GUIDE.read_text(encoding="utf-8").partition(MARKER)
        GUIDE.write_text(above + marker + "\n" + "\n".join(scheme_table(each)) + "\n", encoding="utf-8")
    if arguments.each:
        for cause in causes():
            counts_of = each.get(cause.code, Counter())
            print(f"{cause.code}\t{counts_of['right']}\t{counts_of['wrong']}\t{counts_of['missed']}")


if __name__ == "__main__":
    main()
