"""Issues across departments (跨部门共性问题): what several state in whatever words, and what came of it."""

from __future__ import annotations

from collections import Counter
from typing import Final

from pydantic import Field

from fiscalgraph.api.issue_book import Answer, IssueBook, IssueView, KnownMember
from fiscalgraph.api.library import Library, UnknownThing
from fiscalgraph.api.resources.addresses import resource_url
from fiscalgraph.api.resources.models import Choice, DocumentRef, Page, Place, Ref, Resource, Words, Yuan
from fiscalgraph.api.resources.paging import page_of
from fiscalgraph.api.resources.reading import Graph
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.graph.issue_stakes import ITEM_MARK, explained_once
from fiscalgraph.ontology.causes import CAUSE_NAMESPACE, cause_groups, causes
from fiscalgraph.ontology.codes import CODES
from fiscalgraph.ontology.terms import DCTERMS, FG, OBEU, PROV, SKOS

__all__ = [
    "Issue",
    "IssuePage",
    "IssueSummary",
    "issue",
    "issue_page",
    "issue_summary",
    "types_named",
]

_KIND: Final = {node.value: word for word, node in CODES["passage kind"].items()}
_MOST_MEMBERS: Final = 200
_MOST_TYPES_OFFERED: Final = 5


class TypeOfCause(Resource):
    """The type of causes (原因类型) an issue is matched with: ``closeMatch``, or ``broadMatch`` where only a
    group of types fits, and of a type itself ``broader``: its group; ``share`` of the members are of it."""

    iri: str
    code: str
    name: Words
    relation: str
    share: float


class Outcomes(Resource):
    """What became in the next year of the indicators that members explain and that missed their targets:
    ``repeated`` missed again, ``dropped`` are not set any more, ``unknown`` cannot be told."""

    met: int
    repeated: int
    dropped: int
    unknown: int


class StatedBy(Resource):
    """A department that states an issue, itself or by a unit, in so many passages."""

    department: Ref
    passages: int


class IssueSummary(Resource):
    """An issue in a list. ``departments`` state it, themselves or by a unit, ``stated_by`` says how often;
    ``specificity`` (0 to 1) tells how much it says that not every department prints; of types of causes it
    is not told. ``names`` are those of a type in both languages.

    ``projects`` counts those concerned, each once in each fiscal year; ``budget`` and ``unspent`` are of
    ``projects_with_budget`` and ``projects_with_unspent`` of them: of those of which they can be told.
    """

    iri: str
    id: str
    url: str
    label: str
    names: Words | None
    definition: str
    side: str
    type: TypeOfCause | None
    specificity: float | None
    departments: tuple[Ref, ...]
    stated_by: tuple[StatedBy, ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]
    passages: int
    projects: int
    budget: Yuan | None
    projects_with_budget: int
    unspent: Yuan | None
    projects_with_unspent: int
    points_lost: str | None
    measures: int
    outcomes: Outcomes


class IssueFacets(Resource):
    """By what a list of issues could be narrowed, as the filters take it; counted over the whole list.
    ``types`` are those of issues, and of types of causes their groups."""

    departments: tuple[Choice, ...]
    years: tuple[Choice, ...]
    types: tuple[Choice, ...]
    sides: tuple[Choice, ...]


class IssuePage(Page[IssueSummary]):
    """A page of issues; ``facets`` are of all that the filters admit."""

    facets: IssueFacets


class Member(Resource):
    """A passage that states the issue: its words, how well it fits (0 to 1; for a type of causes, how sure it
    is of that type), who states it, and where.
    ``organization`` publishes it, ``department`` is the one that this belongs to (itself if it is one).
    ``indicators`` are the IRIs of those that it explains; ``project_url`` is the address of its project."""

    iri: str
    text: str
    kind: str
    score: float
    specificity: float | None
    department: Ref | None
    organization: Ref | None
    document: DocumentRef
    project: str | None
    project_url: str | None
    budget: Yuan | None
    unspent: Yuan | None
    indicators: tuple[str, ...]
    source: Place | None


class Measure(Resource):
    """A measure that its document pairs with a cause of the issue. ``ground`` says what in the document pairs
    them and ``score`` (0 to 1) how sure that is; one statement may give both."""

    iri: str
    cause: str
    text: str
    score: float
    ground: Words
    organization: Ref | None
    document: DocumentRef
    source: Place | None


class Missed(Resource):
    """An indicator (绩效指标) that a member explains, with what became of it in the next year."""

    iri: str
    name: str
    project: str | None
    document: DocumentRef
    target: str | None
    actual: str | None
    points_lost: str | None
    outcome: str | None
    source: Place | None


class Issue(IssueSummary):
    """One issue: its members, the measures paired with them, and the indicators they explain. The counts are
    of all; the lists hold the first two hundred. ``replaces``: issues of earlier builds that it took over;
    ``split_from``: the one that it was a part of."""

    members: tuple[Member, ...]
    answers: tuple[Measure, ...]
    indicators: tuple[Missed, ...]
    indicators_total: int
    replaces: tuple[str, ...]
    split_from: str | None
    model: str | None = Field(description="Fingerprint of the sentence encoder that it was found with")
    parameters: str | None


def types_named(name: str) -> frozenset[str]:
    """The code of a type of causes, or of a group of them, by its code or its name.

    Raises :class:`~fiscalgraph.api.library.UnknownThing`, which offers names that are alike.
    """
    known = [*cause_groups(), *causes()]
    found = {each.code for each in known if name in (each.code, each.label_zh, each.label_en)}
    if found:
        return frozenset(found)
    alike = [each.label_zh for each in known if name in each.label_zh or name in each.labels]
    raise UnknownThing(
        f"type {name}",
        "the scheme of causes has none of that name",
        f"Did you mean {'、'.join(alike[:_MOST_TYPES_OFFERED])}?"
        if alike
        else "See `fiscalgraph query cause-types` for the names",
    )


def issue_page(library: Library, views: list[IssueView], *, offset: int, limit: int) -> IssuePage:
    """A page of issues, which the book of issues has found."""
    graph = Graph(library.store)
    cut = page_of(views, offset=offset, limit=limit)
    return IssuePage(
        items=tuple(issue_summary(graph, view) for view in cut.items),
        total=cut.total,
        offset=offset,
        limit=limit,
        facets=_facets(graph, views),
    )


def _facets(graph: Graph, views: list[IssueView]) -> IssueFacets:
    departments = Counter(iri for view in views for iri in view.stake.departments)
    years = Counter(year for view in views for year in view.stake.years)
    types = Counter(view.issue.type for view in views if view.issue.type is not None)
    named: dict[str, tuple[Words, int]] = {}
    for kind, count in types.items():
        _, counted = named.get(kind.code, (None, 0))
        named[kind.code] = (_words(graph, CAUSE_NAMESPACE + kind.code, kind.name), counted + count)
    sides = Counter(view.issue.side for view in views)
    return IssueFacets(
        departments=tuple(
            Choice(value=name, name=name, count=count)
            for count, name in sorted(
                ((count, graph.name(iri)) for iri, count in departments.items()),
                key=lambda each: (-each[0], each[1]),
            )
        ),
        years=tuple(
            Choice(value=str(year), name=str(year), count=count)
            for year, count in sorted(years.items(), reverse=True)
        ),
        types=tuple(
            Choice(value=code, name=names.zh, count=count, names=names)
            for code, (names, count) in sorted(named.items(), key=lambda each: (-each[1][1], each[0]))
        ),
        sides=tuple(
            Choice(value=side, name=names.zh, count=count, names=names)
            for side, count in sorted(sides.items())
            for names in (_words(graph, CODES["issue side"][side].value),)
        ),
    )


def issue(library: Library, view: IssueView) -> Issue:
    """All that is known of an issue, as the filters of ``view`` show it."""
    graph = Graph(library.store)
    facts = graph.facts(view.issue.iri)
    generated = facts.text(PROV.wasGeneratedBy)
    run = None if generated is None else graph.facts(generated)
    explained = _explained(view)
    return Issue(
        **dict(issue_summary(graph, view)),
        members=tuple(_member(graph, each) for each in view.members[:_MOST_MEMBERS]),
        answers=tuple(_measure(graph, each) for each in view.answers[:_MOST_MEMBERS]),
        indicators=tuple(
            _missed(graph, library.issues, iri, lost) for iri, lost in explained[:_MOST_MEMBERS]
        ),
        indicators_total=len(explained),
        replaces=tuple(iri.removeprefix(f"{BASE}issue/") for iri in facts.texts(DCTERMS.replaces)),
        split_from=_short(view.issue.split_from),
        model=None if run is None else _model(graph, run.texts(PROV.used)),
        parameters=None if run is None else run.text(FG.parameters),
    )


def issue_summary(graph: Graph, view: IssueView) -> IssueSummary:
    """An issue as it stands in lists."""
    known, stake = view.issue, view.stake
    ref = graph.ref(known.iri)
    passages = Counter(member.concern.department for member in view.members)
    departments = sorted((graph.ref(iri) for iri in stake.departments), key=lambda found: found.name)
    return IssueSummary(
        iri=known.iri,
        id=known.id,
        url=ref.url or f"/issues/{known.id}",
        label=known.label,
        names=None if known.label_en is None else Words(zh=known.label, en=known.label_en),
        definition=known.definition,
        side=known.side,
        type=_type(graph, view),
        specificity=known.specificity,
        departments=tuple(departments),
        stated_by=tuple(StatedBy(department=each, passages=passages[each.iri]) for each in departments),
        regions=tuple(graph.name(iri) for iri in stake.regions),
        years=stake.years,
        passages=len(view.members),
        projects=stake.projects,
        budget=_yuan(stake.budget),
        projects_with_budget=stake.with_budget,
        unspent=_yuan(stake.unspent),
        projects_with_unspent=stake.with_unspent,
        points_lost=_yuan(stake.points_lost),
        measures=len(view.answers),
        outcomes=Outcomes(**view.outcomes),
    )


def _type(graph: Graph, view: IssueView) -> TypeOfCause | None:
    kind = view.issue.type
    if kind is None:
        return None
    iri = CAUSE_NAMESPACE + kind.code
    name = _words(graph, iri, kind.name)
    return TypeOfCause(iri=iri, code=kind.code, name=name, relation=kind.relation, share=kind.share)


def _words(graph: Graph, iri: str, chinese: str | None = None) -> Words:
    """What a concept is called in both languages; ``chinese``, where it is known."""
    return Words(zh=chinese or graph.name(iri), en=graph.name(iri, "en"))


def _member(graph: Graph, member: KnownMember) -> Member:
    passage = member.passage.partition(ITEM_MARK)[0]
    facts = graph.facts(passage)
    concern = member.concern
    return Member(
        iri=member.passage,
        text=member.text,
        kind=_KIND.get(facts.text(FG.passageKind) or "", ""),
        score=member.score,
        specificity=member.specificity,
        department=None if concern.department is None else graph.ref(concern.department),
        organization=None if concern.organization is None else graph.ref(concern.organization),
        document=graph.document(concern.document),
        project=facts.text(FG.projectName),
        project_url=None if concern.project is None else resource_url(concern.project),
        budget=_yuan(concern.budget),
        unspent=_yuan(concern.unspent),
        indicators=tuple(each.iri for each in concern.indicators),
        source=graph.source(passage),
    )


def _measure(graph: Graph, answer: Answer) -> Measure:
    facts = graph.facts(answer.measure)
    organization = facts.text(OBEU.organization)
    ground = graph.facts(CODES["pairing ground"][answer.ground].value)
    return Measure(
        iri=answer.measure,
        cause=answer.cause,
        text=answer.text,
        score=answer.score,
        ground=Words(zh=ground.text(SKOS.prefLabel, "zh") or "", en=ground.text(SKOS.prefLabel, "en") or ""),
        organization=None if organization is None else graph.ref(organization),
        document=graph.document(facts.text(DCTERMS.isPartOf) or ""),
        source=graph.source(answer.measure),
    )


def _explained(view: IssueView) -> list[tuple[str, str | None]]:
    found = explained_once(member.concern for member in view.members)
    return [(iri, _yuan(lost)) for iri, lost in found.items()]


def _missed(graph: Graph, book: IssueBook, iri: str, lost: str | None) -> Missed:
    facts = graph.facts(iri)
    return Missed(
        iri=iri,
        name=facts.text(FG.level3) or facts.text(FG.level2) or "",
        project=facts.text(FG.projectName),
        document=graph.document(facts.text(DCTERMS.isPartOf) or ""),
        target=facts.text(FG.target),
        actual=facts.text(FG.actual),
        points_lost=lost,
        outcome=book.outcome_of(iri),
        source=graph.source(iri),
    )


def _model(graph: Graph, used: list[str]) -> str | None:
    encoders = [iri for iri in used if iri.startswith(f"{BASE}model/encoder/")]
    return graph.facts(encoders[0]).text(DCTERMS.identifier) if encoders else None


def _short(iri: str | None) -> str | None:
    return None if iri is None else iri.removeprefix(f"{BASE}issue/")


def _yuan(amount: object) -> str | None:
    return None if amount is None else format(amount, "f")
