"""Classification codes (政府收支分类科目): names over the years, hierarchy, and who spends on them."""

from __future__ import annotations

from typing import Final

from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.resources.models import Dated, Page, Resource
from fiscalgraph.api.resources.money import FigureTable, PhasedFigures, Remark, phased_figures, phased_page
from fiscalgraph.api.resources.paging import paged
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.ontology.classification import LISTS, classification_codes, classification_list
from fiscalgraph.ontology.terms import DCTERMS, FG, RDFS, SKOS

__all__ = ["Code", "CodeRef", "classification_code", "find_list", "list_codes"]

# The dimension of sums that a code of a list and a length is a value of.
_DIMENSIONS: Final = {
    ("functional", 3): "class",
    ("functional", 5): "subclass",
    ("functional", 7): "item",
    ("department-economic", 3): "department_economic_class",
    ("department-economic", 5): "department_economic_item",
    ("government-economic", 3): "government_economic_class",
    ("government-economic", 5): "government_economic_item",
}


class CodeRef(Resource):
    """A code of a list. ``years`` are those whose documents are known to print it."""

    iri: str
    list: str
    code: str
    name: str | None
    url: str
    years: tuple[int, ...]


class Code(Resource):
    """A code: its names, what it is part of and what are its parts, and who spends on it. ``attested_by``
    counts the published documents known to print it.

    All are safe sums by year and scope: ``spending`` by organisation, ``totals`` of the departments whose
    documents are here, ``parts`` of them by the codes below. From year to year these are other departments:
    ``organizations`` counts them, and no change is told.
    """

    iri: str
    list: str
    code: str
    name: str | None
    names: tuple[Dated, ...]
    other_names: tuple[str, ...]
    years: tuple[int, ...]
    attested_by: int | None
    confidence: str | None
    broader: CodeRef | None
    narrower: tuple[CodeRef, ...]
    spending: Page[PhasedFigures]
    remarks: tuple[Remark, ...]
    totals: FigureTable
    parts: FigureTable


def find_list(code: str, code_list: str | None = None) -> str:
    """The list of a code, which must be ``code_list`` if given. Raises :class:`UnknownThing`."""
    found = classification_list(code)
    if found not in LISTS or code_list not in (None, found):
        raise UnknownThing(
            f"code {code}" if code_list is None else f"{code_list}/{code}",
            "there is no such classification code",
            "Give a code of 3, 5 or 7 digits (2…, 3… or 5…); GET /classification lists them",
        )
    return found


def list_codes(
    library: Library,
    *,
    code_list: str | None = None,
    q: str | None = None,
    digits: int | None = None,
    offset: int = 0,
    limit: int = 100,
) -> Page[CodeRef]:
    """The codes of the published lists, by code; ``q`` is a part of a name or the beginning of a code."""
    graph = Graph(library.store)
    found = []
    for code, about in sorted(classification_codes().items()):
        if code_list not in (None, classification_list(code)) or digits not in (None, len(code)):
            continue
        names = (about.name or "", *about.other_names, *(dated.name for dated in about.names))
        if q is None or code.startswith(q) or any(q in each for each in names):
            found.append(about.iri.value)
    shown = [_code_ref(graph, iri) for iri in found[offset : offset + limit]]
    return paged(shown, total=len(found), offset=offset, limit=limit)


def classification_code(
    library: Library,
    code_list: str,
    code: str,
    *,
    year: int | None = None,
    scope: str | None = None,
    expenditure_type: str | None = None,
    spending: bool = True,
    offset: int = 0,
    limit: int = 100,
) -> Code:
    """A code with a page of who spends on it, in ``year``, ``scope`` and ``expenditure_type`` if given.
    Without ``spending`` there are no sums.

    Raises :class:`UnknownThing`.
    """
    graph = Graph(library.store)
    iri = f"{BASE}classification/{code_list}/{code}"
    facts = graph.facts(iri)
    if not facts:
        raise UnknownThing(
            f"code {code}", "no published list and no document has it", "GET /classification lists the codes"
        )
    where = {_DIMENSIONS[code_list, len(code)]: [code]}
    for name, value in (("year", year), ("scope", scope), ("expenditure_type", expenditure_type)):
        if value is not None:
            where[name] = [str(value)]
    below = _DIMENSIONS.get((code_list, len(code) + 2))
    nothing = FigureTable(items=(), remarks=())
    listed, total = nothing, 0
    if spending:
        page = slice(offset, offset + limit)
        listed, total = phased_page(library, graph, "expenditure", where, "organization", page=page)
    broader = facts.text(SKOS.broader)
    return Code(
        iri=iri,
        list=code_list,
        code=code,
        name=facts.text(SKOS.prefLabel, "zh"),
        names=tuple(_dated(graph, each) for each in facts.texts(FG.datedName)),
        other_names=tuple(facts.texts(SKOS.altLabel)),
        years=_years(facts.texts(SKOS.inScheme)),
        attested_by=facts.number(FG.attestedBy),
        confidence=facts.text(FG.confidence),
        broader=None if broader is None else _code_ref(graph, broader),
        narrower=tuple(_code_ref(graph, each) for each in graph.subjects(SKOS.broader, iri)),
        spending=paged(listed.items, total=total, offset=offset, limit=limit),
        remarks=listed.remarks,
        totals=phased_figures(library, graph, "expenditure", where) if spending else nothing,
        parts=(
            phased_figures(library, graph, "expenditure", where, below)
            if spending and below is not None
            else nothing
        ),
    )


def _code_ref(graph: Graph, iri: str) -> CodeRef:
    facts = graph.facts(iri)
    code_list, code = iri.removeprefix(f"{BASE}classification/").split("/", 1)
    return CodeRef(
        iri=iri,
        list=code_list,
        code=code,
        name=facts.text(SKOS.prefLabel, "zh"),
        url=f"/classification/{code_list}/{code}",
        years=_years(facts.texts(SKOS.inScheme)),
    )


def _years(schemes: list[str]) -> tuple[int, ...]:
    """The years among the schemes that a code is in."""
    steps = (scheme.rsplit("/", 1)[-1] for scheme in schemes)
    return tuple(sorted(int(step) for step in steps if step.isdigit()))


def _dated(graph: Graph, iri: str) -> Dated:
    facts = graph.facts(iri)
    years = (year.rsplit("/", 1)[-1] for year in facts.texts(DCTERMS.temporal))
    return Dated(name=facts.text(RDFS.label) or "", years=tuple(sorted(map(int, years))))
