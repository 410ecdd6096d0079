"""Whether a workspace's graph keeps its rules: the constraints, and the shapes of its documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fiscalgraph.graph.validation import Violation
    from fiscalgraph.workspace import Workspace

__all__ = ["CheckReport", "check"]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """How much was checked, and what breaks a rule.

    ``documents`` is how many documents' shapes were checked, of ``shapes`` shapes; with both 0 only the
    ``constraints`` over the whole graph were.
    """

    constraints: int
    shapes: int
    documents: int
    violations: tuple[Violation, ...]


def check(workspace: Workspace, *, shapes: bool = False, documents: Sequence[str] = ()) -> CheckReport:
    """Check the served graph: the constraints, and with ``shapes`` all documents' or those of ``documents``.

    Raises ``UnknownThing`` for a document that is not there, ``ShapesUnavailable`` without pyshacl.
    """
    from fiscalgraph.graph.identifiers import document_iri
    from fiscalgraph.graph.validation import check_constraints, check_shapes
    from fiscalgraph.ontology.rules import constraints, shape_count

    store = workspace.library().store
    names = workspace.document_names(documents) if documents else []
    violations = check_constraints(store)
    if shapes:
        graphs = [document_iri(name).value for name in names] if documents else None
        violations += check_shapes(store, graphs)
        names = names or sorted(workspace.ledger().documents)
    return CheckReport(
        constraints=len(constraints()),
        shapes=shape_count() if shapes else 0,
        documents=len(names) if shapes else 0,
        violations=tuple(violations),
    )
