"""Checks between documents: figures of one against those of another (文件之间的勾稽核对).

Which figures are compared with which is data: :mod:`fiscalgraph.ontology.document_identities`. Here one
evaluator runs them all over a finished graph. A figure that its own document prints in different amounts
is left out: which of them is meant cannot be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from pyoxigraph import Literal, NamedNode, Store

from fiscalgraph.extract.normalise import UNIT_FACTORS
from fiscalgraph.graph.checks.document_performance import performance_results
from fiscalgraph.graph.checks.document_results import (
    DocumentResult,
    DocumentSide,
    rounding_play,
    verdict_on,
)
from fiscalgraph.graph.checks.results import Verdict
from fiscalgraph.graph.document_figures import (
    Cell,
    DisclosedDocument,
    Figure,
    disclosed_documents,
    head_office,
)
from fiscalgraph.graph.identity_organizations import organization_parents
from fiscalgraph.graph.linking import PART_OF, IdentityLink
from fiscalgraph.ontology.document_identities import DocumentFigures, DocumentIdentity, document_identities
from fiscalgraph.ontology.terms import FG, SKOS

__all__ = ["check_documents"]

_FISCAL = "财政拨款"
_NAMED_BELOW = 3


def check_documents(store: Store, links: Iterable[IdentityLink] = ()) -> list[DocumentResult]:
    """All comparisons between the documents of a graph; equal graphs give equal lists.

    ``links`` are the links between things of the graph, for what only they tell to be one.
    """
    known = list(links)
    parents = organization_parents(store)
    parents.update((link.left, link.right) for link in known if link.accepted and link.rule in PART_OF)
    documents = disclosed_documents(store)
    for document in documents:
        if document.speaker != document.publisher:
            parents.setdefault(document.speaker, document.publisher)
    evaluator = _Evaluator(store, documents, parents)
    found = chain.from_iterable(evaluator.results(identity) for identity in document_identities())
    return [*found, *performance_results(store, known)]


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose figure it is, of which year, what it is about."""

    body: str
    year: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class _Found:
    """A figure (or, of several units, figures) in a document."""

    document: DisclosedDocument
    figures: tuple[Figure, ...]

    @property
    def amount(self) -> Decimal:
        return sum((figure.amount for figure in self.figures), Decimal(0))


class _Evaluator:
    def __init__(
        self, store: Store, documents: Sequence[DisclosedDocument], parents: Mapping[str, str]
    ) -> None:
        self._store = store
        self._parents = parents
        self._documents = _related(documents, parents)
        self._labels: dict[str, str] = {}
        self._sides: dict[DocumentFigures, dict[str, dict[_Place, _Found]]] = {}

    def results(self, identity: DocumentIdentity) -> Iterator[DocumentResult]:
        """The comparisons of one identity; of differences in one pair of documents only the widest cells."""
        pairs = (
            self._units_and_whole(identity) if identity.bodies == "units" else self._single_pairs(identity)
        )
        compared: dict[tuple[str, str], list[tuple[_Place, DocumentResult]]] = defaultdict(list)
        for place, left, right in pairs:
            if identity.scopes and place.cell.scope not in identity.scopes:
                continue
            result = self._compared(identity, place, left, right)
            compared[left.document.iri, right.document.iri].append((place, result))
        for results in compared.values():
            yield from _widest(results)

    # -- who is compared with whom -------------------------------------------------------------

    def _single_pairs(self, identity: DocumentIdentity) -> Iterator[tuple[_Place, _Found, _Found]]:
        index: dict[_Place, list[_Found]] = defaultdict(list)
        for places in self._side(identity.right).values():
            for place, found in places.items():
                index[place].append(found)
        for places in self._side(identity.left).values():
            for place, left in places.items():
                body = place.body if identity.bodies == "same" else self._parents.get(place.body)
                if body is None:
                    continue
                there = _Place(body, place.year - identity.year_shift, place.cell)
                for right in index.get(there, ()):
                    if _may_meet(identity, left.document, right.document):
                        yield place, left, right

    def _units_and_whole(self, identity: DocumentIdentity) -> Iterator[tuple[_Place, _Found, _Found]]:
        left, right = self._side(identity.left), self._side(identity.right)
        own: dict[tuple[str, str, int], list[DisclosedDocument]] = defaultdict(list)
        for document in self._documents:
            own[document.speaker, document.kind[-2:], document.year].append(document)
        for whole in self._documents:
            if not whole.listed_units or whole.speaker != whole.publisher:
                continue
            bodies = sorted({*whole.listed_units, head_office(whole.publisher)})
            units = [own.get((body, whole.kind[-2:], whole.year), []) for body in bodies]
            if any(len(documents) != 1 for documents in units):
                continue
            parts = [left.get(documents[0].iri, {}) for documents in units]
            for place, total in right.get(whole.iri, {}).items():
                sum_place = place.cell._replace(codes=(), kind=None, funding=None, three_publics=None)
                figures: list[Figure] = []
                for body, places in zip(bodies, parts, strict=True):
                    if _Place(body, place.year, sum_place) not in places:
                        break  # a unit that prints no total of this kind: nothing says that it has none
                    addend = places.get(_Place(body, place.year, place.cell))
                    figures += [] if addend is None else addend.figures
                else:
                    if len(figures) > 1:
                        yield place, total, _Found(units[0][0], tuple(figures))

    def _side(self, side: DocumentFigures) -> dict[str, dict[_Place, _Found]]:
        """The figures of one side by document, those that a document prints in one amount only."""
        if side not in self._sides:
            self._sides[side] = {
                document.iri: _unequivocal(side, document)
                for document in self._documents
                if side.disclosure is None or side.disclosure.search(document.kind)
            }
        return self._sides[side]

    # -- how they compare ----------------------------------------------------------------------

    def _compared(
        self, identity: DocumentIdentity, place: _Place, left: _Found, right: _Found
    ) -> DocumentResult:
        figures = (*left.figures, *right.figures)
        units = {figure.unit for figure in figures}
        unit = units.pop() if len(units) == 1 else "元"
        difference = (left.amount - right.amount) / UNIT_FACTORS[unit]
        finest = min(UNIT_FACTORS[figure.unit].scaleb(_exponent(figure.printed)) for figure in figures)
        coarsest = max(UNIT_FACTORS[figure.unit].scaleb(_exponent(figure.printed)) for figure in figures)
        play = rounding_play((figure.printed, figure.unit) for figure in figures)
        verdict = verdict_on(
            abs(left.amount - right.amount) if not identity.at_most else left.amount - right.amount,
            play,
            same_precision=finest == coarsest,
            otherwise=self._verdict(identity, left, right),
        )
        return DocumentResult(
            check=identity.name,
            verdict=verdict,
            left=_as_side(left, unit),
            right=_as_side(right, unit),
            detail=self._detail(place, left, right),
            difference=None if identity.at_most and difference <= 0 else difference,
            unit=unit,
        )

    @staticmethod
    def _verdict(identity: DocumentIdentity, left: _Found, right: _Found) -> Verdict:
        """The verdict on a difference. A department's document that does not list the unit may be of the
        head office alone: its scope differs."""
        unit, whole = left.document, right.document
        listed = unit.publisher == whole.publisher or unit.speaker in whole.listed_units
        if identity.bodies == "unit" and not listed:
            return Verdict.SCOPE_DIFFERS
        return Verdict(identity.on_difference)

    def _detail(self, place: _Place, left: _Found, right: _Found) -> str:
        cell, figure = place.cell, left.figures[0]
        about = [f"{place.year}年"]
        terms = (cell.phase, cell.scope, cell.character, cell.kind, cell.funding, cell.three_publics)
        about += [self._label(term) for term in terms if term is not None]
        about += [f"{code.rsplit('/', 1)[-1]}{figure.row}" for code in cell.codes[:1]]
        if not cell.codes:
            about.append(figure.row or "合计")
        bodies = {self._label(place.body): None, self._label(right.figures[0].body): None}
        where = f"{_named(left)}与{_named(right)}"
        return f"{'、'.join(bodies)}{' '.join(about)}：{where}"

    def _label(self, iri: str) -> str:
        if iri not in self._labels:
            quads = self._store.quads_for_pattern(NamedNode(iri), SKOS.prefLabel, None)
            names = {
                quad.object.language or "": quad.object.value
                for quad in quads
                if isinstance(quad.object, Literal)
            }
            self._labels[iri] = names.get("zh") or names.get("") or iri.rsplit("/", 1)[-1]
        return self._labels[iri]


def _named(found: _Found) -> str:
    figure = found.figures[0]
    where = f"《{found.document.name}》{figure.table}"
    return f"{where}等{len(found.figures)}份文件" if len(found.figures) > 1 else where


def _related(documents: Sequence[DisclosedDocument], parents: Mapping[str, str]) -> list[DisclosedDocument]:
    """The documents of bodies of which there is more than one: only these can be compared."""

    def family(body: str) -> str:
        seen = {body}
        while (parent := parents.get(body)) is not None and parent not in seen:
            seen.add(parent)
            body = parent
        return body

    families: dict[str, list[DisclosedDocument]] = defaultdict(list)
    for document in documents:
        families[family(document.publisher)].append(document)
    return sorted(
        chain.from_iterable(group for group in families.values() if len(group) > 1),
        key=lambda document: document.iri,
    )


def _may_meet(identity: DocumentIdentity, left: DisclosedDocument, right: DisclosedDocument) -> bool:
    if left.iri == right.iri:
        return False
    same = (left.speaker, left.kind, left.year) == (right.speaker, right.kind, right.year)
    if identity.same_disclosure:
        return same and left.iri < right.iri
    if same:
        return False
    kinds_stated = identity.left.disclosure is not None and identity.right.disclosure is not None
    return kinds_stated or (left.kind[-2:], left.year) == (right.kind[-2:], right.year)


def _unequivocal(side: DocumentFigures, document: DisclosedDocument) -> dict[_Place, _Found]:
    printed: dict[_Place, list[Figure]] = defaultdict(list)
    for figure in document.figures:
        own = figure.body == document.speaker
        if own != (side.disclosed_by == "own") or figure.unit not in UNIT_FACTORS:
            continue
        if figure.year != document.year - side.years_back:
            continue
        if side.phase is not None and figure.cell.phase != side.phase:
            continue
        cell = _row_cell(side, figure) if side.row is not None else _cell(side, figure)
        if cell is not None:
            printed[_Place(figure.body, figure.year, cell)].append(figure)
    return {
        place: _Found(document, (figures[0],)) for place, figures in printed.items() if _one_amount(figures)
    }


def _cell(side: DocumentFigures, figure: Figure) -> Cell | None:
    cell = figure.cell
    if cell.scope is None or cell.character is None or (cell.phase is None and side.phase is None):
        return None
    if not (cell.codes or figure.grand_total or cell.three_publics):
        return None
    return cell if side.phase is None else cell._replace(phase=None)


def _row_cell(side: DocumentFigures, figure: Figure) -> Cell | None:
    """A balance (结转结余), which is a row of a table of totals: all that counts is the scope of funds."""
    cell = figure.cell
    if cell.codes or side.row is None or not side.row.search(figure.row):
        return None
    scope = cell.scope
    if scope is None or scope == FG.AllFunds.value:
        scope = (FG.FiscalAppropriation if _FISCAL in figure.table else FG.AllFunds).value
    return Cell(None, scope, None, None, None, None, ())


def _one_amount(figures: Sequence[Figure]) -> bool:
    first = figures[0]
    return all(
        abs(first.amount - other.amount)
        <= rounding_play(((first.printed, first.unit), (other.printed, other.unit)))
        for other in figures[1:]
    )


def _exponent(printed: str) -> int:
    exponent = Decimal(printed.replace(",", "")).as_tuple().exponent
    return min(0, exponent) if isinstance(exponent, int) else 0


def _as_side(found: _Found, unit: str) -> DocumentSide:
    figures = found.figures
    if len(figures) == 1:
        (figure,) = figures
        printed = figure.printed if figure.unit == unit else f"{figure.printed}{figure.unit}"
        return DocumentSide(printed, figure.source, found.document.iri, (figure.iri,))
    total = format((found.amount / UNIT_FACTORS[unit]).normalize(), "f")
    return DocumentSide(
        total, figures[0].source, found.document.iri, tuple(figure.iri for figure in figures), computed=True
    )


def _widest(results: Sequence[tuple[_Place, DocumentResult]]) -> Iterator[DocumentResult]:
    """All that agrees; of what differs the widest cells, which name how many below them differ too."""
    differing = {
        (place.body, place.year, place.cell): result
        for place, result in results
        if result.verdict not in (Verdict.AGREES, Verdict.ROUNDING)
    }
    below: dict[tuple[str, int, Cell], list[str]] = defaultdict(list)
    parts = set()
    for body, year, cell in differing:
        wider = [(body, year, other) for other in cell.wider() if (body, year, other) in differing]
        if wider:
            parts.add((body, year, cell))
            for key in wider:
                below[key].append(cell.codes[0].rsplit("/", 1)[-1] if cell.codes else "")
    for place, result in results:
        key = (place.body, place.year, place.cell)
        if key in parts:
            continue
        codes = sorted({code for code in below.get(key, ()) if code})
        if codes:
            named = "、".join(codes[:_NAMED_BELOW]) + ("等" if len(codes) > _NAMED_BELOW else "")
            yield result.with_detail(f"{result.detail}；其下 {len(codes)} 个科目也不同：{named}")
        else:
            yield result
