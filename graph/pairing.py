"""Which measure (改进措施) answers which cause (存在问题及原因) of one document.

Only what the document says counts: one statement that gives both, the only cause and the only measure of a
project, enumerations that run in parallel (问题一, 措施一), an indicator that both name, things that both
speak of. Where nothing says so, nothing is paired.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.identifiers import BASE, LINKS_GRAPH, digest
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.ontology.terms import CODES, DCTERMS, FG, RDF, XSD

__all__ = ["Pairing", "Stated", "pair", "pairing_quads", "pairings", "promise_of"]

_MEASURE: Final = "improvement_measure"
_KINDS: Final = ("problem_cause", "underperformance_reason", _MEASURE)

# Estimates of how often a pairing of this ground is right, measured by reading (docs/cause_types.md).
_SAME_STATEMENT, _ONLY_PAIR, _ONLY_CAUSE, _SAME_ORDINAL, _NAMED, _SAME_ORDER = 0.95, 0.9, 0.75, 0.9, 0.95, 0.8

_ALIKE: Final = 0.16
"""The least share of the rarer words that a cause and a measure must have in common to be paired by words."""
_CLEARLY: Final = 1.5
"""How many times more that must be than with any other cause of the section."""

_HEADINGS: Final = 0.6
"""What words of the headings alone are worth beside those of the whole texts."""

_END_OF_HEADING = re.compile(r"[\s，,。；;：:]|建议")
_QUOTED = re.compile(r"[“\"‘']([^”\"’'“‘]{2,40})[”\"’']")
_HAN = re.compile(r"[一-鿿]+")
_STOCK = re.compile(
    "进一步|加强|加大|力度|完善|提高|提升|强化|优化|健全|建立|工作|项目|资金|问题|原因|主要|存在|不够|不足|有待|情况|相关|管理|"
    "指标|未完成|改进|措施|针对|偏差|绩效|及时|合理|科学|确保|做好|推进|开展|按照|根据|实际|单位|部分|需要|导致|年度"
)
_PROMISE = re.compile(
    r"(?:[；;。，,]|^)\s*(?P<promise>(?:后续|下一步|今后|以后|之后将|下年度?|次年|将(?=加强|进一步|继续|采取|持续|积极)|拟(?!合))"
    r"(?P<what>[^。；;]{6,}[^。]*))"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A cause or measure of a document, as it stands there. ``project`` is the name as printed, if any."""

    iri: str
    kind: str
    text: str
    project: str | None = None
    ordinal: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Pairing:
    """That ``measure`` answers ``cause`` (IRIs of passages; one and the same where a statement gives both).

    ``ground``: a word of the code list “pairing ground”; ``score``: 0 to 1, how sure that is.
    """

    cause: str
    measure: str
    score: float
    ground: str


@dataclass(slots=True)
class _Item:
    """One item of an enumeration with those below it (概述, then 1. 2.)."""

    head: Stated
    below: list[Stated] = field(default_factory=list)

    @property
    def all(self) -> list[Stated]:
        return [self.head, *self.below]

    @property
    def text(self) -> str:
        return "，".join(each.text for each in self.all)


def promise_of(text: str) -> str | None:
    """What a statement promises behind the cause it gives (“…；后续拟加强…”), or ``None``.

    >>> promise_of("系统故障频发；后续拟持续优化升级关键部件")
    '后续拟持续优化升级关键部件'
    """
    found = _PROMISE.search(text)
    return found["promise"].strip(" 。") if found and found.start() > 0 else None


def pair(stated: Sequence[Stated]) -> list[Pairing]:
    """The pairings of one document, whose causes and measures are given in reading order. Deterministic."""
    found = [
        Pairing(each.iri, each.iri, _SAME_STATEMENT, "same-statement")
        for each in stated
        if each.kind != _MEASURE and promise_of(each.text)
    ]
    for causes, measures in _sections(stated):
        found.extend(_pair_section(_outline(causes), _outline(measures)))
    return sorted(found)


def _sections(stated: Sequence[Stated]) -> Iterator[tuple[list[Stated], list[Stated]]]:
    """Causes of one project with the measures of the same project that follow them at once."""
    runs: list[list[Stated]] = []
    for each in stated:
        last = runs[-1][-1] if runs else None
        if last is not None and (last.project, last.kind) == (each.project, each.kind):
            runs[-1].append(each)
        else:
            runs.append([each])
    for run, following in pairwise(runs):
        if (
            run[0].kind != _MEASURE
            and following[0].kind == _MEASURE
            and run[0].project == following[0].project
        ):
            yield run, following


def _outline(run: Sequence[Stated]) -> list[_Item]:
    """The outermost items of an enumeration: one without a number begins a new one, and a list that starts
    again at 1 right behind it is below it."""
    items: list[_Item] = []
    below = False
    for each in run:
        if each.ordinal is None:
            below = True
            items.append(_Item(each))
        elif below and items and (each.ordinal == len(items[-1].below) + 1):
            items[-1].below.append(each)
        else:
            below = False
            items.append(_Item(each))
    return items


def _pair_section(causes: Sequence[_Item], measures: Sequence[_Item]) -> Iterator[Pairing]:
    if len(causes) == 1:
        only = len(measures) == 1
        score, ground = (_ONLY_PAIR, "only-pair") if only else (_ONLY_CAUSE, "only-cause")
        for measure in measures:
            yield from _joined(causes[0], measure, score, ground)
        return
    words = _Words([item.text for item in (*causes, *measures)])
    parallel = len(causes) == len(measures)
    for place, measure in enumerate(measures):
        named = [cause for cause in causes if _names_the_same(cause.text, measure.text)]
        if len(named) == 1:
            yield from _joined(named[0], measure, _NAMED, "named-indicator")
        elif parallel:
            numbered = measure.head.ordinal is not None and causes[place].head.ordinal is not None
            score = _SAME_ORDINAL if numbered else _SAME_ORDER
            yield from _joined(causes[place], measure, score, "same-ordinal")
        else:
            alike = sorted(((words.shared(cause.text, measure.text), -n) for n, cause in enumerate(causes)))
            (second, _), (best, number) = alike[-2:]
            if best >= _ALIKE and best >= _CLEARLY * second:
                yield from _joined(causes[-number], measure, round(min(0.9, 0.5 + best), 4), "shared-words")


def _joined(cause: _Item, measure: _Item, score: float, ground: str) -> Iterator[Pairing]:
    for one in cause.all:
        for other in measure.all:
            yield Pairing(one.iri, other.iri, score, ground)


def _names_the_same(cause: str, measure: str) -> bool:
    """Whether a name in quotation marks of the one is one of the other."""
    return not set(_QUOTED.findall(cause)).isdisjoint(_QUOTED.findall(measure))


class _Words:
    """How much two texts of a section share of what not all of them say."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._held = {text: _pieces(text) for text in texts}
        held_by = Counter(piece for pieces in self._held.values() for piece in pieces)
        self._weight = {
            piece: math.log((1 + len(self._held)) / count) for piece, count in sorted(held_by.items())
        }

    def shared(self, cause: str, measure: str) -> float:
        """The weight of what both say as a share of what the one that says less says: of the whole texts, or,
        where that is more, a part of that of their headings."""
        whole = self._share(self._held[cause], self._held[measure])
        return max(whole, _HEADINGS * self._share(_pieces(_heading(cause)), _pieces(_heading(measure))))

    def _share(self, one: set[str], other: set[str]) -> float:
        least = min(self._sum(one), self._sum(other))
        return self._sum(one & other) / least if least else 0.0

    def _sum(self, pieces: set[str]) -> float:
        return math.fsum(self._weight[piece] for piece in sorted(pieces))


def _heading(text: str) -> str:
    """The first clause: where items are long, it says what they are about."""
    return _END_OF_HEADING.split(text.strip(), maxsplit=1)[0]


def _pieces(text: str) -> set[str]:
    """Each two Chinese characters in a row, without the stock words of causes and measures."""
    runs = _HAN.findall(_STOCK.sub(" ", text))
    return {run[place : place + 2] for run in runs for place in range(len(run) - 1)}


def pairings(store: Store) -> list[Pairing]:
    """The pairings of all documents of a graph; equal graphs give equal lists."""
    documents: dict[str, list[tuple[int, Stated]]] = defaultdict(list)
    for kind in _KINDS:
        for node, _, graph in statements(store, FG.passageKind, value=CODES["passage kind"][kind]):
            text = first_value(store, node, FG.text, graph)
            document = first_value(store, node, DCTERMS.isPartOf, graph)
            position = first_value(store, node, FG.position, graph)
            if text is not None and document is not None and position is not None:
                ordinal = first_value(store, node, FG.ordinal, graph)
                project = first_value(store, node, FG.projectName, graph)
                each = Stated(node, kind, text, project, None if ordinal is None else int(ordinal))
                documents[document].append((int(position), each))
    return [
        found
        for document in sorted(documents)
        for found in pair([each for _, each in sorted(documents[document], key=lambda item: item[0])])
    ]


def pairing_quads(found: Iterable[Pairing]) -> Iterator[Quad]:
    """Quads for the graph of links: a node for each pairing, and ``fg:answeredBy`` from cause to measure."""
    for each in found:
        cause, measure = NamedNode(each.cause), NamedNode(each.measure)
        node = NamedNode(f"{BASE}pairing/{digest(each.cause, each.measure, length=16)}")
        yield Quad(node, RDF.type, FG.MeasurePairing, LINKS_GRAPH)
        yield Quad(node, FG.pairedCause, cause, LINKS_GRAPH)
        yield Quad(node, FG.pairedMeasure, measure, LINKS_GRAPH)
        yield Quad(node, FG.pairingGround, code_concept("pairing ground", each.ground), LINKS_GRAPH)
        score = Literal(f"{each.score:.4f}", datatype=XSD.decimal)
        yield Quad(node, FG.pairingScore, score, LINKS_GRAPH)
        yield Quad(cause, FG.answeredBy, measure, LINKS_GRAPH)
