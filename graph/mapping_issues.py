"""Issues across departments as statements of the graph: SKOS concepts with members, stakes and provenance.

All of it is derived from the finished graph and stands in the graph of issues. What an issue is about (money,
departments, years) is computed from what the documents state of its members; see :mod:`.issue_stakes`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.dataset import BUILD
from fiscalgraph.graph.identifiers import BASE, ISSUES_GRAPH, digest, issue_iri
from fiscalgraph.graph.issue_stakes import ITEM_MARK, Concern, Concerns, Stake, stake_of
from fiscalgraph.graph.statements import as_term, code_concept
from fiscalgraph.ontology.causes import CAUSE_NAMESPACE
from fiscalgraph.ontology.terms import DCTERMS, FG, PROV, RDF, RDFS, SKOS, XSD

__all__ = ["IssueRun", "IssueType", "StatedIssue", "StatedMember", "TypedPassage", "issue_quads"]

_RUN: Final = NamedNode(BASE + "issues/run")
_SCHEME_LABEL: Final = (("Issues across departments", "en"), ("跨部门共性问题", "zh"))
_MATCHES: Final = {"closeMatch": SKOS.closeMatch, "broadMatch": SKOS.broadMatch}

Facts = Iterable[tuple[NamedNode, NamedNode | Literal | str | int | Decimal | None]]


@dataclass(frozen=True, slots=True)
class StatedMember:
    """A passage, or an item of one, that states an issue. ``passage`` is its id and ``text`` its words;
    ``score`` tells how well it fits and ``specificity`` how specific it is, both 0 to 1."""

    passage: str
    text: str
    score: float
    specificity: float


@dataclass(frozen=True, slots=True)
class IssueType:
    """The type of causes that an issue is matched with: its code, ``closeMatch`` or ``broadMatch``, and the
    share of the members that are of it."""

    code: str
    relation: str
    share: float


@dataclass(frozen=True, slots=True)
class StatedIssue:
    """An issue as the graph is to state it; ``former`` and ``split_from`` are ids of issues."""

    id: str
    side: str
    label: str
    definition: str
    specificity: float
    members: tuple[StatedMember, ...]
    former: tuple[str, ...] = ()
    split_from: str | None = None
    type: IssueType | None = None


@dataclass(frozen=True, slots=True)
class TypedPassage:
    """That the passage of this id gives a cause of the type ``code``, and how sure that is (0 to 1)."""

    passage: str
    text: str
    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class IssueRun:
    """What made the issues: fingerprints of the model and of the weights, and the parameters.

    ``retired``: ids that no issue bears any more, with the id of the one that took over, if any did.
    """

    model: str
    pair_score: str
    parameters: Mapping[str, float | int | str]
    retired: Mapping[str, str | None] = field(default_factory=dict)


def issue_quads(
    store: Store,
    issues: Iterable[StatedIssue],
    run: IssueRun,
    types: Iterable[TypedPassage] = (),
    mentioned: Iterable[tuple[str, str]] = (),
) -> Iterator[Quad]:
    """Quads for the graph of issues over the finished graph ``store``; no statement twice.

    ``mentioned``: ids and words of passages that other graphs point to: items among them are described here.
    Members that the graph does not know are left out. Equal input gives equal quads in equal order.
    Raises ``ValueError`` for a side or relation that is not one.
    """
    concerns = Concerns(store)
    scheme = NamedNode(f"{BASE}issues/{digest(run.model, run.pair_score, _json(run.parameters))}")
    stated = _Statements()
    _state_run(stated, run, scheme)
    for issue in issues:
        _state_issue(stated, concerns, issue, scheme)
    for each in types:
        node = NamedNode(f"{BASE}assignment/{digest(each.passage, each.code, length=16)}")
        stated.add(
            node,
            [
                (RDF.type, FG.CauseAssignment),
                (FG.passage, stated.member(each.passage, each.text)),
                (FG.causeType, NamedNode(CAUSE_NAMESPACE + each.code)),
                (FG.assignmentConfidence, _share(each.confidence)),
            ],
        )
    for passage, text in mentioned:
        stated.member(passage, text)
    return iter(stated.quads)


class _Statements:
    """Quads of the graph of issues in the order they were stated, none twice."""

    def __init__(self) -> None:
        self.quads: dict[Quad, None] = {}

    def add(self, subject: NamedNode, facts: Facts) -> None:
        for predicate, value in facts:
            if value is not None:
                self.quads[Quad(subject, predicate, as_term(value), ISSUES_GRAPH)] = None

    def member(self, passage: str, text: str) -> NamedNode:
        """The node of a passage; an item of one is described here, since its document does not name it."""
        node = NamedNode(passage)
        whole, mark, _ = passage.partition(ITEM_MARK)
        if mark:
            self.add(node, [(RDF.type, FG.PassageItem), (FG.itemOf, NamedNode(whole)), (FG.text, text)])
        return node


def _state_run(stated: _Statements, run: IssueRun, scheme: NamedNode) -> None:
    stated.add(
        scheme,
        [
            (RDF.type, SKOS.ConceptScheme),
            *((RDFS.label, Literal(label, language=language)) for label, language in _SCHEME_LABEL),
            (PROV.wasGeneratedBy, _RUN),
        ],
    )
    stated.add(
        _RUN,
        [(RDF.type, PROV.Activity), (DCTERMS.isPartOf, BUILD), (FG.parameters, _json(run.parameters))],
    )
    for kind, english, fingerprint in (
        ("encoder", "sentence encoder", run.model),
        ("pair-score", "pair score, with the types of cause it looks at", run.pair_score),
    ):
        node = NamedNode(f"{BASE}model/{kind}/{digest(fingerprint, length=16)}")
        stated.add(_RUN, [(PROV.used, node)])
        stated.add(
            node,
            [
                (RDF.type, PROV.Entity),
                (RDFS.label, Literal(english, language="en")),
                (DCTERMS.identifier, fingerprint),
            ],
        )
    for name, heir in sorted(run.retired.items()):
        gone, taken = issue_iri(name), None if heir is None else issue_iri(heir)
        stated.add(
            gone, [(RDF.type, FG.RetiredIssue), (DCTERMS.identifier, name), (DCTERMS.isReplacedBy, taken)]
        )


def _state_issue(stated: _Statements, concerns: Concerns, issue: StatedIssue, scheme: NamedNode) -> None:
    node = issue_iri(issue.id)
    known: list[Concern] = []
    for member in issue.members:
        concern = concerns.of(member.passage)
        if concern is None:
            continue
        known.append(concern)
        membership = NamedNode(f"{node.value}/member/{digest(member.passage, length=16)}")
        stated.add(node, [(FG.hasMembership, membership)])
        stated.add(
            membership,
            [
                (RDF.type, FG.IssueMembership),
                (FG.passage, stated.member(member.passage, member.text)),
                (FG.membershipScore, _share(member.score)),
                (FG.specificity, _share(member.specificity)),
            ],
        )
    stated.add(
        node,
        [
            (RDF.type, FG.Issue),
            (RDF.type, SKOS.Concept),
            (DCTERMS.identifier, issue.id),
            (SKOS.inScheme, scheme),
            (SKOS.prefLabel, Literal(issue.label, language="zh")),
            (SKOS.definition, Literal(issue.definition, language="zh")),
            (FG.issueSide, code_concept("issue side", issue.side)),
            (FG.specificity, _share(issue.specificity)),
            (PROV.wasGeneratedBy, _RUN),
            *((DCTERMS.replaces, issue_iri(name)) for name in sorted(issue.former)),
            (FG.splitFrom, None if issue.split_from is None else issue_iri(issue.split_from)),
            *_type_facts(issue.type),
            *_stake_facts(stake_of(known)),
        ],
    )


def _type_facts(kind: IssueType | None) -> Facts:
    if kind is None:
        return []
    if kind.relation not in _MATCHES:
        raise ValueError(f"{kind.relation!r} is not one of {', '.join(_MATCHES)}")
    concept = NamedNode(CAUSE_NAMESPACE + kind.code)
    return [(_MATCHES[kind.relation], concept), (FG.alignmentShare, _share(kind.share))]


def _stake_facts(stake: Stake) -> Facts:
    return [
        *((FG.concernedDepartment, NamedNode(iri)) for iri in stake.departments),
        *((FG.concernedRegion, NamedNode(iri)) for iri in stake.regions),
        *((FG.concernedYear, Literal(f"{year:04d}", datatype=XSD.gYear)) for year in stake.years),
        (FG.projectsConcerned, stake.projects),
        (FG.budgetAtStake, stake.budget),
        (FG.projectsWithBudget, stake.with_budget),
        (FG.unspentAtStake, stake.unspent),
        (FG.projectsWithUnspent, stake.with_unspent),
        (FG.pointsLost, stake.points_lost),
    ]


def _share(value: float) -> Literal:
    return Literal(f"{value:.4f}", datatype=XSD.decimal)


def _json(values: Mapping[str, float | int | str]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True)
