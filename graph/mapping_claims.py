"""What a document says in words about its own figures and results → quads.

Left out are claims about the document's make-up (the contents list, names in quotation marks, words that
not all projects are shown): only the checks need them.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from fiscalgraph.extract.normalise import amount_in_yuan
from fiscalgraph.extract.records import Statement
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.graph.statements import code_concept
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, PROV, RDF, year_iri

__all__ = ["map_claim"]

_OF_THE_MAKE_UP: Final = frozenset({"caption", "quoted_name", "selection"})


def map_claim(document: MappedDocument, order: int, claim: Statement, entry: NamedNode | None) -> None:
    """State ``claim``; ``entry`` is the project entry whose table it stands in, if one."""
    if claim.kind in _OF_THE_MAKE_UP:
        return
    node = document.mint("claim", claim.kind)
    document.remember(claim, node)
    document.state(
        node,
        [
            (RDF.type, FG.Claim),
            (DCTERMS.isPartOf, document.iri),
            (OBEU.organization, document.organization),
            (OBEU.fiscalYear, year_iri(document.year)),
            (FG.claimKind, code_concept("claim kind", claim.kind)),
            (FG.subject, claim.subject),
            (FG.printed, claim.printed),
            (FG.unit, claim.unit),
            (FG.statedAmount, amount_in_yuan(claim.printed, claim.unit)),
            (FG.operands, "; ".join(claim.operands) or None),
            (FG.entry, entry),
            (FG.position, order),
            (PROV.wasDerivedFrom, document.source(claim.source)),
        ],
    )
