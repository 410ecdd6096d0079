"""Names of codes that no published list holds: as documents print them (科目名称，据文件所印).

Documents may print several names for one code. The one that most documents print stands for it, of those
the one that most figures bear, then the first by characters: equal graphs give equal names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.identifiers import LINKS_GRAPH
from fiscalgraph.graph.statement_lookup import first_value, statements
from fiscalgraph.ontology.terms import FG, SKOS

__all__ = ["printed_name_quads"]

_DIMENSIONS = (
    FG.functionalClassification,
    FG.departmentEconomicClassification,
    FG.governmentEconomicClassification,
    FG.otherClassification,
)


def printed_name_quads(store: Store) -> Iterator[Quad]:
    """``fg:printedName`` of every code that is only observed, for the graph of links."""
    for concept in sorted({found.subject for found in statements(store, FG.observedOnly)}):
        code = NamedNode(concept)
        uses = _uses(store, code, first_value(store, concept, SKOS.notation))
        if uses:
            name = min(uses, key=lambda each: (-len(set(uses[each])), -len(uses[each]), each))
            yield Quad(code, FG.printedName, Literal(name, language="zh"), LINKS_GRAPH)


def _uses(store: Store, concept: NamedNode, code: str | None) -> dict[str, list[str]]:
    """The names that figures of the code bear, each with the document of every such figure. A row may
    print a second code, which its name does not mean."""
    found: dict[str, list[str]] = defaultdict(list)
    for dimension in _DIMENSIONS:
        for figure, _, document in statements(store, dimension, value=concept):
            name = first_value(store, figure, FG.itemName, document)
            if name is not None and first_value(store, figure, FG.printedCode, document) == code:
                found[name].append(document)
    return found
