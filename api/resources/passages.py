"""The shapes of what search finds; :mod:`fiscalgraph.search.hits` fills them in."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from fiscalgraph.api.resources.models import Resource, Yuan

__all__ = ["DepartmentHits", "DepartmentPage", "Hit", "HitPage", "PassageFilters"]


class Described(BaseModel):
    """What other folders fill in, and may add to."""

    model_config = ConfigDict(frozen=True, extra="allow")


class ExplainedIndicator(Described):
    """An indicator (绩效指标) that a passage explains, as printed."""

    name: str
    target: str | None
    actual: str | None
    weight: str | None
    score: str | None


class Passage(Described):
    """A stated cause, measure or reason in one place of a document: who states it, of what, and where."""

    id: str
    iri: str
    kind: str
    text: str
    document: str
    department: str | None
    project: str | None
    fiscal_year: int | None
    page: int | None
    line: int | None
    quote: str
    amount: Yuan | None
    score_lost: str | None
    indicators: tuple[ExplainedIndicator, ...]


class Why(Described):
    """Which side found a hit: words (字面), vectors (语义) or both, and the words shared with the query."""

    found_by: str
    words_rank: int | None
    vectors_rank: int | None
    shared: tuple[str, ...]


class FoundPassage(Passage):
    """A passage with the addresses of its department and of its project, where they have any."""

    department_url: str | None
    project_url: str | None


class Hit(Described):
    """A passage that says nearly what was asked. ``score`` orders the hits, ``similarity`` is the cosine of
    the two sentences, ``similar`` and ``probability`` say how likely it states the same issue; ``places`` are
    all passages of the same words."""

    passage: FoundPassage
    score: float
    similarity: float
    similar: bool | None
    probability: float | None
    used_by_departments: int
    used_in_years: int
    places: tuple[Passage, ...]
    why: Why


class YearCount(Resource):
    """How many hits are of a fiscal year."""

    value: int
    count: int


class NameCount(Resource):
    """How many hits have a value, as the filter of that name takes it."""

    value: str
    count: int


class SearchFacets(Resource):
    """By what a search could be narrowed: how many of the first ``hits`` hits have each value, the commonest
    first. A hit counts for every value that one of its places has."""

    hits: int
    years: tuple[YearCount, ...]
    regions: tuple[NameCount, ...]
    departments: tuple[NameCount, ...]
    kinds: tuple[NameCount, ...]


class HitPage(Described):
    """Hits, best first. ``total`` counts the statements that the filters admit: all are ranked, ``recall`` is
    the share of the nearest that the index finds (1: all). A score of ``threshold`` is called similar.
    ``facets`` are there for searches, not for passages like one."""

    items: tuple[Hit, ...]
    total: int = Field(ge=0)
    offset: int = Field(ge=0)
    limit: int = Field(ge=0)
    next: str | None
    recall: float
    threshold: float | None
    facets: SearchFacets | None = None


class DepartmentHits(Described):
    """The best hit of a department, and how many of its statements are similar."""

    department: str | None
    count: int
    hit: Hit


class DepartmentPage(Resource):
    """Departments by their best hits; how many have any is not counted."""

    items: tuple[DepartmentHits, ...]
    offset: int = Field(ge=0)
    limit: int = Field(ge=0)
    next: str | None


class PassageFilters(Resource):
    """What the filters of a search can be set to."""

    kinds: tuple[str, ...]
    departments: tuple[str, ...]
    wholes: tuple[str, ...]
    regions: tuple[str, ...]
    documents: tuple[str, ...]
    years: tuple[int, ...]
