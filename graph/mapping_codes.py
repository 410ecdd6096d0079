"""Printed classification codes → concepts: those of the published lists, and those only met here.

What the lists (:mod:`fiscalgraph.ontology.classification`) state of a code is not stated again. A
document adds to the shared graph that it prints a code in a year the lists do not know it for, and
describes a code they lack: marked ``fg:observedOnly``, its name as printed, where it was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from fiscalgraph.extract.records import Source
from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.ontology.classification import (
    classification_list,
    find_code,
    list_iri,
    parent_code,
    years_of_list,
)
from fiscalgraph.ontology.terms import DCTERMS, FG, PROV, RDF, SKOS, XSD, year_iri

__all__ = ["CodeMapping"]

_DIMENSION_OF_LIST: Mapping[str, NamedNode] = {
    "functional": FG.functionalClassification,
    "department-economic": FG.departmentEconomicClassification,
    "government-economic": FG.governmentEconomicClassification,
}
_TRUE: Final = Literal("true", datatype=XSD.boolean)


class CodeMapping:
    """The codes of one document; the first place where it prints a code is where it was seen."""

    def __init__(self, document: MappedDocument) -> None:
        self._document = document
        self._seen: set[tuple[str, str | None]] = set()
        self._sourced: set[str] = set()

    def concept(self, code: str, name: str | None, source: Source) -> tuple[NamedNode, NamedNode]:
        """The dimension and the concept of a code printed with ``name`` at ``source``."""
        code_list = classification_list(code)
        concept = ids.code_iri(code, self._document.year)
        if (code, name) not in self._seen:
            self._seen.add((code, name))
            known = find_code(code)
            if known is None:
                self._structure(code, code_list)
            if known is None or known.implied_only:
                self._observe(code, concept, name, source)
            if code_list != "other" and (known is None or self._document.year not in known.years):
                self._place_in_year(concept, code_list)
        return _DIMENSION_OF_LIST.get(code_list, FG.otherClassification), concept

    def _structure(self, code: str, code_list: str) -> None:
        """An unlisted code in its list, with the unlisted codes above it up to a listed one."""
        year = self._document.year
        scheme = ids.scheme_iri(code_list, year) if code_list == "other" else list_iri(code_list)
        if not years_of_list(code_list):
            self._document.share(scheme, [(RDF.type, SKOS.ConceptScheme)])
        step: str | None = code
        while step is not None and find_code(step) is None:
            node = ids.code_iri(step, year)
            self._document.share(
                node, [(RDF.type, SKOS.Concept), (SKOS.notation, step), (SKOS.inScheme, scheme)]
            )
            step = parent_code(step)
            if step is not None:
                self._document.share(node, [(SKOS.broader, ids.code_iri(step, year))])

    def _observe(self, code: str, concept: NamedNode, name: str | None, source: Source) -> None:
        self._document.share(concept, [(FG.observedOnly, _TRUE)])
        if name:
            self._document.share(concept, [(SKOS.altLabel, Literal(name, language="zh"))])
        if code not in self._sourced:
            self._sourced.add(code)
            self._document.share(concept, [(PROV.wasDerivedFrom, self._document.source(source))])

    def _place_in_year(self, concept: NamedNode, code_list: str) -> None:
        year = self._document.year
        scheme = ids.scheme_iri(code_list, year)
        self._document.share(concept, [(SKOS.inScheme, scheme)])
        if year not in years_of_list(code_list):
            self._document.share(
                scheme,
                [
                    (RDF.type, SKOS.ConceptScheme),
                    (DCTERMS.isVersionOf, list_iri(code_list)),
                    (DCTERMS.temporal, year_iri(year)),
                ],
            )
