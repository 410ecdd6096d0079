"""One document while it is mapped: what its records have in common.

The parts of the mapping (:mod:`.mapping_amounts`, :mod:`.mapping_performance`,
:mod:`.mapping_certificate`) state their facts through one :class:`MappedDocument`.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from fiscalgraph.extract.records import DocumentIdentity, Source
from fiscalgraph.graph import identifiers as ids
from fiscalgraph.graph.statements import DocumentStatements, code_concept
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, PROV, RDF, year_iri

__all__ = ["MappedDocument"]


class MappedDocument(DocumentStatements):
    """The statements of one document, with its issuer's node and its fiscal year."""

    def __init__(self, identity: DocumentIdentity) -> None:
        super().__init__(ids.document_iri(identity.document))
        self.identity = identity
        self.organization = ids.department_iri(identity.issuer)
        self.year = identity.fiscal_year

    def passage(
        self,
        kind: str,
        text: str,
        order: int,
        *,
        source: Source,
        project: str | None,
        ordinal: int | None,
        entry: NamedNode | None = None,
    ) -> NamedNode:
        """A stretch of reasoning that can be searched: a cause, a measure, a reason (``kind``)."""
        owner = ids.segment(project) if project else "document"
        node = self.mint("passage", owner, f"{kind}-{ids.digest(''.join(text.split()))}")
        self.state(
            node,
            [
                (RDF.type, FG.Passage),
                (DCTERMS.isPartOf, self.iri),
                (OBEU.organization, self.organization),
                (OBEU.fiscalYear, year_iri(self.year)),
                (FG.passageKind, code_concept("passage kind", kind)),
                (FG.text, text),
                (FG.projectName, project),
                (FG.entry, entry),
                (FG.ordinal, ordinal),
                (FG.position, order),
                (PROV.wasDerivedFrom, self.source(source)),
            ],
        )
        return node
