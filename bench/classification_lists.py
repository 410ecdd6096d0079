"""Make the classification code lists (``ontology/classification/*.ttl``) from what documents print.

    python bench/classification_lists.py --derived DIR --corpus DIR [--out DIR] [--workers N]

``--derived`` holds lists already derived from published documents (``*.tsv``: code, name, documents,
share_of_spellings, years, other_spellings), ``--corpus`` documents to check and complete them with.
The same input gives the same bytes.

Rules: a code's name is what most documents print. Another name counts as an earlier or later one
only when its years are none of the first one's, otherwise as another spelling when at least a fifth
of the documents print it, else as a misreading. Documents of both sources may be the same ones, so
that counts are not added: the larger one is a lower bound. What no document prints is not filled in.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from classification_evidence import (
    DerivedCode,
    PairSighting,
    Sighting,
    read_corpus,
    read_derived,
    tidy_name,
)

from fiscalgraph.ontology.classification import (
    CORRESPONDENCE_FILE,
    LISTS,
    ClassificationCode,
    Correspondence,
    DatedName,
    classification_list,
    parent_code,
)
from fiscalgraph.ontology.classification_turtle import write_correspondences, write_list

TARGET = Path(__file__).resolve().parents[1] / "ontology" / "classification"
SPELLING_SHARE = 0.2  # of the documents: below it, another spelling is taken for a misreading
HIGH, MEDIUM = 3, 2  # documents
COMMON_ITEM = 3  # a name that so many 款 give to the same 项 number is that number's own
_SUFFIX = re.compile(r"(.+)（([^（）]+)）")


class NameEvidence:
    """What both sources know of one name of a code."""

    def __init__(self) -> None:
        self.publications: set[str] = set()
        self.derived = 0
        self.share = 1.0  # of all spellings that the derived list met
        self.years: set[int] = set()

    @property
    def documents(self) -> int:
        return max(self.derived, len(self.publications))


def merge(derived: Iterable[DerivedCode], sightings: Iterable[Sighting]) -> list[ClassificationCode]:
    """All codes that are attested, and those above them that are only implied."""
    evidence: dict[str, dict[str, NameEvidence]] = defaultdict(lambda: defaultdict(NameEvidence))
    spellings: dict[str, dict[str, int]] = defaultdict(dict)
    for line in derived:
        name = tidy_name(line.name)
        if name is None:
            continue
        known = evidence[line.code][name]
        known.derived, known.share, known.years = line.documents, line.share, set(line.years)
        spellings[line.code] = {
            other: count for spelled, count in line.other_spellings if (other := tidy_name(spelled))
        }
    for seen in sightings:
        known = evidence[seen.code][seen.name]
        known.publications.add(seen.publication)
        known.years.add(seen.year)
    common = _common_items(evidence)
    for code, names in evidence.items():
        _drop_parents_name(code, names, common)
    codes = {code: _settle(code, names, spellings[code]) for code, names in evidence.items()}
    for code in list(codes):
        parent = parent_code(code)
        while parent is not None and parent not in codes:
            codes[parent] = ClassificationCode(parent, None)
            parent = parent_code(parent)
    return [codes[code] for code in sorted(codes)]


def _common_items(evidence: Mapping[str, Mapping[str, NameEvidence]]) -> set[tuple[str, str]]:
    """(last two digits, name) of 项 that several 款 share: 01 行政运行, 02 一般行政管理事务 …"""
    parents: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code, names in evidence.items():
        if len(code) == 7:
            for name in names:
                parents[code[-2:], name].add(code[:-2])
    return {item for item, above in parents.items() if len(above) >= COMMON_ITEM}


def _drop_parents_name(code: str, names: dict[str, NameEvidence], common: set[tuple[str, str]]) -> None:
    """一般行政管理事务（…事务): what an issuer adds to tell the 项 of its 款 apart is not its name."""
    for name in list(names):
        bare = _SUFFIX.fullmatch(name)
        if bare and (code[-2:], bare[1]) in common:
            longer = names.pop(name)
            known = names.setdefault(bare[1], NameEvidence())
            known.publications |= longer.publications
            if longer.derived > known.derived:
                known.derived, known.share = longer.derived, longer.share
            known.years |= longer.years


def _settle(code: str, names: Mapping[str, NameEvidence], spelled: Mapping[str, int]) -> ClassificationCode:
    """The name, earlier and later names and further spellings of one code."""
    ordered = sorted(names, key=lambda name: (-names[name].documents, -names[name].derived, name))
    main = names[ordered[0]]
    dated = [ordered[0]]
    others: set[str] = set()
    taken = set(main.years)
    for name in ordered[1:]:
        about = names[name]
        apart = about.years and taken and not about.years & taken and not _between(about.years, main.years)
        if apart and name.replace("的", "") not in {known.replace("的", "") for known in dated}:
            dated.append(name)
            taken |= about.years
        elif about.documents >= MEDIUM and _is_spelling(about.documents, main.documents):
            others.add(name)
    others |= {
        name for name, count in spelled.items() if name not in dated and _is_spelling(count, main.documents)
    }
    history = tuple(
        sorted(
            (DatedName(name, tuple(sorted(names[name].years)), names[name].documents) for name in dated),
            key=lambda entry: entry.years,
        )
    )
    documents = max(
        max((names[name].derived for name in dated), default=0),
        len(set().union(*(names[name].publications for name in dated))),
    )
    read = sum(about.documents for about in names.values()) + sum(spelled.values())
    share = main.share if main.derived >= len(main.publications) else documents / read
    return ClassificationCode(
        code=code,
        name=history[-1].name,
        names=history if len(history) > 1 else (),
        other_names=tuple(sorted(others)),
        years=tuple(sorted(taken)),
        documents=documents,
        confidence=_confidence(documents, share),
    )


def _is_spelling(documents: int, main: int) -> bool:
    return documents >= SPELLING_SHARE * (main + documents)


def _between(years: set[int], main: set[int]) -> bool:
    """Whether a name falls among the other's years: names change once, misreadings occur any time."""
    return any(min(main) < year < max(main) for year in years)


def _confidence(documents: int, share: float = 1.0) -> str:
    if documents >= HIGH and share >= 0.5:
        return "high"
    return "medium" if documents >= MEDIUM else "low"


def link(pairs: Iterable[PairSighting], codes: Iterable[ClassificationCode]) -> list[Correspondence]:
    """The pairs of economic codes, both of them in the lists, with the publications that print them."""
    known = {code.code for code in codes}
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for pair in pairs:
        if pair.department_code in known and pair.government_code in known:
            seen[pair.department_code, pair.government_code].add(pair.publication)
    return [
        Correspondence(own, government, len(publications), _confidence(len(publications)))
        for (own, government), publications in sorted(seen.items())
    ]


def turtle_files(codes: Iterable[ClassificationCode], links: Iterable[Correspondence]) -> dict[str, str]:
    """The Turtle texts by file name."""
    members: dict[str, list[ClassificationCode]] = {name: [] for name in LISTS}
    for code in codes:
        members[classification_list(code.code)].append(code)
    texts = {f"{name}.ttl": write_list(name, members[name]) for name in LISTS}
    return {**texts, CORRESPONDENCE_FILE: write_correspondences(links)}


def main() -> int:
    """Read both sources, write the files, say what is in them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--derived", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    sightings, pairs = read_corpus(arguments.corpus, arguments.workers)
    derived = list(read_derived(arguments.derived))
    codes = merge(derived, sightings)
    links = link(pairs, codes)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, text in turtle_files(codes, links).items():
        (arguments.out / name).write_text(text, encoding="utf-8")
    listed = {line.code for line in derived}
    seen = {sighting.code for sighting in sightings}
    attested = {code.code for code in codes if not code.implied_only}
    print(f"{len(codes)} codes, {len(links)} links between economic codes")
    print(f"derived: {len(listed)}; of these met in the corpus: {len(listed & seen)}")
    print(f"added from the corpus: {' '.join(sorted(attested - listed))}")
    print(f"only implied by codes below: {' '.join(code.code for code in codes if code.implied_only)}")
    for code in codes:
        if code.names:
            print(f"renamed: {code.code} {' → '.join(f'{n.name} {n.years}' for n in code.names)}")
        if code.other_names:
            print(f"also spelled: {code.code} {code.name}: {', '.join(code.other_names)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
