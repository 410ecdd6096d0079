"""The audit sheet (核对底稿): what the checks of a workspace found, line by line and in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Store

from fiscalgraph.api.audit_copies import Copies
from fiscalgraph.api.audit_lines import (
    DIFFERING,
    VERDICTS,
    AuditLine,
    AuditSheet,
    AuditSide,
    AuditSummary,
    Operand,
    Place,
)
from fiscalgraph.api.audit_units import side_unit
from fiscalgraph.graph.identifiers import COMPARISONS_GRAPH, document_iri
from fiscalgraph.ontology.checks import check_rules
from fiscalgraph.ontology.terms import CODES, DCTERMS, DQV, FG, OA, PROV, QB, RDF

__all__ = ["Auditor", "audit_sheet", "audit_summaries"]

_CONFIRMING = ("agrees", "rounding")
_NODES = CODES["verdict"]
_KINDS: Final = {node.value: word for word, node in CODES["contradiction kind"].items()}
_CHECKS = {rule.iri.value: rule for rule in check_rules().values()}
_PRINTED = (FG.printed, FG.unitName, DCTERMS.title, FG.text)
# What performance tables print of a project, a fund or an indicator, in the order of their columns.
# Statements that count the tables of a kind name the kind by its key.
_SUBJECTS = {
    "target": "绩效目标",
    "self_evaluation": "绩效自评",
    "reflected_self_evaluation": "绩效自评（公开）",
}
_FIELDS = (
    (FG.budgetInitial, "年初预算数"),
    (FG.budgetFull, "全年预算数"),
    (FG.executed, "全年执行数"),
    (FG.executionRate, "执行率"),
    (FG.target, "指标值"),
    (FG.actual, "实际完成值"),
    (FG.weight, "分值"),
    (FG.score, "得分"),
)
_NAMES = (FG.itemName, FG.item, FG.level3, FG.printedFundSource, FG.subject, FG.projectName)


def audit_sheet(
    store: Store,
    documents: Sequence[str] | None = None,
    *,
    checks: Collection[str] = (),
    verdicts: Collection[str] = DIFFERING,
    once: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> AuditSheet:
    """The sheet of a graph that is asked for one only; see :meth:`Auditor.sheet`."""
    return Auditor(store).sheet(
        documents, checks=checks, verdicts=verdicts, once=once, offset=offset, limit=limit
    )


def audit_summaries(store: Store) -> tuple[AuditSummary, ...]:
    """All documents in counts, by name. Takes some 20 ms for each."""
    return Auditor(store).sheet(verdicts=(), limit=0).documents


class Auditor:
    """Makes sheets of one graph, which must not change: what it has counted it remembers.

    ``summaries`` are those of documents that were counted before.
    """

    def __init__(self, store: Store, summaries: Iterable[AuditSummary] = ()) -> None:
        self._store = store
        self._summaries = {document_iri(each.document).value: each for each in summaries}
        self._repeats: dict[tuple[str, ...], Counter[tuple[str, str]]] = {}

    @cached_property
    def copies(self) -> Copies:
        """What documents of one disclosure have in common."""
        return Copies(self._store)

    def repeated(self) -> Counter[tuple[str, str]]:
        """How much of what was found in documents an earlier one of the same disclosure has already, by check
        and verdict."""
        documents = self.copies.documents
        return sum((self._repeated(iri, documents) for iri in documents), Counter())

    def _repeated(self, iri: str, chosen: Collection[str]) -> Counter[tuple[str, str]]:
        """How much of what was found in a document an earlier one of ``chosen`` has already."""
        earlier = tuple(other for other in self.copies.others(iri) if other < iri and other in chosen)
        if not earlier:
            return Counter()
        if (iri, *earlier) not in self._repeats:
            found = _Graph(self._store).results(NamedNode(iri))
            self._repeats[iri, *earlier] = Counter(
                (each.check, each.verdict) for each in found if self._is_repeated(each, chosen)
            )
        return self._repeats[iri, *earlier]

    def _is_repeated(self, result: _Result, chosen: Collection[str]) -> bool:
        again = self.copies.repeated_in(result.iri, result.documents, result.verdict)
        return any(other < result.documents[0] and other in chosen for other in again)

    @cached_property
    def _names(self) -> dict[str, str]:
        return _Graph(self._store).document_names()

    @cached_property
    def _between(self) -> list[_Result]:
        """All comparisons between documents."""
        return list(_Graph(self._store).results(COMPARISONS_GRAPH))

    @cached_property
    def _confirmed_between(self) -> set[str]:
        graph = _Graph(self._store)
        return {
            figure
            for result in self._between
            if _confirms(result)
            for figure in graph.values(result.iri, DQV.computedOn)
        }

    def _summary(self, iri: str) -> AuditSummary:
        if iri not in self._summaries:
            graph = _Graph(self._store)
            found = list(graph.results(NamedNode(iri)))
            self._summaries[iri] = graph.summary(iri, self._names[iri], found, self._confirmed_between)
        return self._summaries[iri]

    def sheet(
        self,
        documents: Sequence[str] | None = None,
        *,
        checks: Collection[str] = (),
        verdicts: Collection[str] = DIFFERING,
        once: bool = False,
        offset: int = 0,
        limit: int | None = None,
    ) -> AuditSheet:
        """The sheet of ``documents`` (their names; default: all), whose lines are those of ``checks``
        (default: all) with one of ``verdicts``, in the order of :data:`VERDICTS`, document and place; with
        ``once`` without those that an earlier document of the same disclosure has already.

        Checks between two documents are there when one of them is asked for.
        """
        names = self._names
        iris = {document_iri(name).value for name in documents} if documents is not None else set(names)
        chosen = sorted(iris & names.keys(), key=lambda each: names[each])
        between = [result for result in self._between if iris.intersection(result.documents)]
        end = None if limit is None else offset + limit
        repeated = {iri: again for iri in chosen if (again := self._repeated(iri, iris))}
        shown: list[_Result] = []
        total = 0
        for group in self._groups(chosen, between, verdicts, checks, repeated if once else {}):
            if offset < total + group.size and (end is None or total < end):
                found = self._in_order(group)
                if once:
                    found = [result for result in found if not self._is_repeated(result, iris)]
                shown += found[max(0, offset - total) : None if end is None else end - total]
            total += group.size
        graph = _Graph(self._store)
        return AuditSheet(
            lines=tuple(graph.line(result, self.copies) for result in shown),
            total=total,
            documents=tuple(self._summary(iri) for iri in chosen),
            between=Counter((result.check, result.verdict) for result in between),
            repeated=sum(repeated.values(), Counter()),
        )

    def _groups(
        self,
        chosen: Sequence[str],
        between: Sequence[_Result],
        verdicts: Collection[str],
        checks: Collection[str],
        left_out: Mapping[str, Mapping[tuple[str, str], int]],
    ) -> Iterator[_Group]:
        """The lines in their order, by verdict and document, without looking each of them up: a page needs
        few, and the others are counted already."""
        others: dict[tuple[str, str], list[_Result]] = {}
        for result in between:
            if not checks or result.check in checks:
                others.setdefault((result.verdict, result.documents[0]), []).append(result)
        firsts = {*chosen, *(document for _, document in others)}
        ordered = sorted(firsts, key=lambda each: self._names.get(each, ""))
        for verdict in VERDICTS:
            if verdict not in verdicts:
                continue
            for iri in ordered:
                counts = Counter(self._summary(iri).comparisons if iri in chosen else {})
                counts.subtract(left_out.get(iri, {}))
                own = sum(
                    number
                    for (check, found), number in counts.items()
                    if found == verdict and (not checks or check in checks)
                )
                beside = others.get((verdict, iri), [])
                if own or beside:
                    yield _Group(iri, verdict, frozenset(checks), own, tuple(beside))

    def _in_order(self, group: _Group) -> list[_Result]:
        """The lines of a group: those of the document before those between it and another, by place."""
        graph = _Graph(self._store)
        found = list(graph.results(NamedNode(group.document), [group.verdict])) if group.own else []
        wanted = [result for result in found if not group.checks or result.check in group.checks]
        wanted += group.between
        return sorted(wanted, key=lambda each: (len(each.documents), graph.position(each)))


@dataclass(frozen=True, slots=True)
class _Group:
    """The lines of one document with one verdict: ``own`` of them within it, others ``between`` it and
    another."""

    document: str
    verdict: str
    checks: frozenset[str]
    own: int
    between: tuple[_Result, ...]

    @property
    def size(self) -> int:
        return self.own + len(self.between)


@dataclass(frozen=True, slots=True)
class _Result:
    """A result before its sides are looked up; ``documents`` are IRIs."""

    iri: str
    documents: tuple[str, ...]
    check: str
    verdict: str


class _Graph:
    """Reads results and what they point to."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._places: dict[str, Place | None] = {}
        self._names: dict[str, str] = {}

    def document_names(self) -> dict[str, str]:
        """The names of all documents by IRI."""
        if not self._names:
            for quad in self._store.quads_for_pattern(None, RDF.type, FG.Disclosure):
                iri = _text(quad.subject)
                self._names[iri] = self.first(iri, DCTERMS.identifier) or iri
        return self._names

    def values(self, iri: str, predicate: NamedNode) -> list[str]:
        found = self._store.quads_for_pattern(NamedNode(iri), predicate, None)
        return [_text(quad.object) for quad in found]

    def first(self, iri: str, *predicates: NamedNode) -> str | None:
        for predicate in predicates:
            for value in self.values(iri, predicate):
                return value
        return None

    def results(self, graph: NamedNode, verdicts: Collection[str] = VERDICTS) -> Iterator[_Result]:
        """The results that stand in one graph and have one of ``verdicts``."""
        compared: dict[str, list[str]] = {}
        if graph == COMPARISONS_GRAPH:
            for quad in self._store.quads_for_pattern(None, FG.comparesDocument, None, graph):
                compared.setdefault(_text(quad.subject), []).append(_text(quad.object))
        for verdict in VERDICTS:
            if verdict not in verdicts:
                continue
            for quad in self._store.quads_for_pattern(None, FG.verdict, _NODES[verdict], graph):
                iri = _text(quad.subject)
                documents = compared.get(iri, [graph.value])
                # The left side's first: the result stands below the IRI of its document.
                left = [each for each in documents if iri.startswith(each + "/")]
                right = sorted(each for each in documents if each not in left)
                check = _CHECKS[self.first(iri, DQV.isMeasurementOf) or ""]
                yield _Result(iri, (*left, *right), check.name, verdict)

    def position(self, result: _Result) -> int:
        return int(self.first(result.iri, FG.position) or 0)

    def summary(
        self, iri: str, name: str, results: Sequence[_Result], confirmed_between: Collection[str]
    ) -> AuditSummary:
        graph = NamedNode(iri)
        figures = {
            _text(quad.subject)
            for kind in (QB.Observation, FG.PrintedFigure)
            for quad in self._store.quads_for_pattern(None, RDF.type, kind, graph)
        }
        contested = {figure for figure in self._subjects(FG.contestedBy, iri) if figure in figures}
        confirming = {result.iri for result in results if _confirms(result)}
        confirmed = {
            _text(quad.object)
            for quad in self._store.quads_for_pattern(None, DQV.computedOn, None, graph)
            if _text(quad.subject) in confirming
        }
        year = self.first(iri, FG.year)
        return AuditSummary(
            document=name,
            issuer=self.first(iri, FG.issuerName) or "",
            kind=next(
                (
                    word
                    for word, node in CODES["disclosure kind"].items()
                    if node.value == self.first(iri, FG.disclosureKind)
                ),
                "",
            ),
            fiscal_year=int(year) if year else 0,
            comparisons=Counter((result.check, result.verdict) for result in results),
            figures=len(figures),
            confirmed=len((figures & (confirmed | set(confirmed_between))) - contested),
            contested=len(contested),
        )

    def _subjects(self, predicate: NamedNode, document: str) -> set[str]:
        """What stands below a document and has a property, in its own graph or that of comparisons."""
        return {
            iri
            for graph in (NamedNode(document), COMPARISONS_GRAPH)
            for quad in self._store.quads_for_pattern(None, predicate, None, graph)
            if (iri := _text(quad.subject)).startswith(document + "/")
        }

    def line(self, result: _Result, copies: Copies) -> AuditLine:
        about: dict[str, list[str]] = {}
        for quad in self._store.quads_for_pattern(NamedNode(result.iri), None, None):
            about.setdefault(quad.predicate.value, []).append(_text(quad.object))

        def one(predicate: NamedNode) -> str | None:
            return next(iter(about.get(predicate.value, ())), None)

        left = set(about.get(FG.leftOperand.value, ()))
        operands = [self._operand(iri) for iri in about.get(DQV.computedOn.value, ())]
        operands.sort(key=lambda operand: (_order(operand.place), operand.iri))
        difference = None if (exact := one(DQV.value)) is None else Decimal(exact)
        on_left = tuple(operand for operand in operands if operand.iri in left)
        on_right = tuple(operand for operand in operands if operand.iri not in left)
        printed, against, unit = one(FG.left) or "", one(FG.right) or "", one(FG.unit)
        return AuditLine(
            iri=result.iri,
            documents=tuple(self.document_names().get(iri, iri) for iri in result.documents),
            verdict=result.verdict,
            check=check_rules()[result.check],
            kind=_KINDS.get(one(FG.contradictionKind) or ""),
            detail=one(FG.detail) or "",
            left=AuditSide(
                printed,
                False,
                self._place(one(PROV.wasDerivedFrom)),
                on_left,
                side_unit(printed, on_left, against, difference, unit),
            ),
            right=AuditSide(
                against,
                one(FG.computed) == "true",
                self._place(one(FG.counterpartSource)),
                on_right,
                side_unit(against, on_right, printed, difference, unit),
            ),
            difference=difference,
            unit=unit,
            repeated_in=tuple(
                self.document_names().get(other, other)
                for other in copies.repeated_in(result.iri, result.documents, result.verdict)
            ),
        )

    def _operand(self, iri: str) -> Operand:
        about: dict[NamedNode, str] = {}
        for quad in self._store.quads_for_pattern(NamedNode(iri), None, None):
            about.setdefault(quad.predicate, _text(quad.object))
        steps = (
            about.get(FG.printedCode),
            *(_SUBJECTS.get(step, step) for name in _NAMES if (step := about.get(name))),
            about.get(FG.column),
        )
        return Operand(
            printed=next(
                (about[name] for name in _PRINTED if name in about),
                "，".join(f"{label}{about[field]}" for field, label in _FIELDS if field in about),
            ),
            unit=about.get(FG.unit) if FG.printed in about else None,
            name=" ".join(dict.fromkeys(step for step in steps if step)),
            iri=iri,
            place=self._place(about.get(PROV.wasDerivedFrom)),
        )

    def _place(self, source: str | None) -> Place | None:
        if source is None:
            return None
        if source not in self._places:
            about = {
                quad.predicate: _text(quad.object)
                for quad in self._store.quads_for_pattern(NamedNode(source), None, None)
            }
            page, line = about.get(FG.page), about.get(FG.line)
            self._places[source] = Place(
                document=self.document_names().get(about.get(OA.hasSource, ""), ""),
                page=int(page) if page else None,
                line=int(line) if line else None,
                quote=about.get(FG.quote, ""),
                recognised=about.get(FG.recognised) == "true",
                iri=source,
            )
        return self._places[source]


def _confirms(result: _Result) -> bool:
    """Whether figures are right if the result is: a bound that is kept, say, does not confirm them."""
    return result.verdict in _CONFIRMING and check_rules()[result.check].dimension == FG.Consistency


def _order(place: Place | None) -> tuple[str, int, int]:
    return ("", 0, 0) if place is None else (place.document, place.page or 0, place.line or 0)


def _text(term: object) -> str:
    if isinstance(term, (NamedNode, Literal)):
        return term.value
    raise TypeError(f"{term!r} is a blank node, which the graph has none of")
