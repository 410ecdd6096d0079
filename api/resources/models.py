"""The shapes of answers that several resources share. Amounts are exact texts in 元, never floats.

``iri`` names the thing in the graph; ``url`` is its address below this server, ``None`` where it has none.
"""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Amount",
    "Choice",
    "Dated",
    "DocumentRef",
    "Page",
    "Place",
    "Ref",
    "Resource",
    "Words",
    "Yuan",
]

Item = TypeVar("Item")

Yuan = Annotated[
    str, Field(pattern=r"^-?\d+(\.\d+)?$", description="Exact amount in 元, as a text", examples=["22284900"])
]


class Resource(BaseModel):
    """What all answers are: immutable, with no members but those described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Resource):
    """A name in both languages."""

    zh: str
    en: str


class Place(Resource):
    """Where something is printed (来源). Page and line count from 1; ``box`` is in points from the page's
    top left; ``recognised`` marks what optical recognition read (识别所得)."""

    iri: str
    document: str | None
    page: int | None
    line: int | None
    box: str | None
    quote: str
    recognised: bool


class Ref(Resource):
    """Another thing, by name."""

    iri: str
    name: str
    url: str | None


class DocumentRef(Resource):
    """A document (公开文件): who published what for which year. ``document`` is its name."""

    iri: str
    document: str
    url: str
    issuer: str
    kind: str
    fiscal_year: int


class Amount(Resource):
    """Money: exact in 元, and as printed with its unit; ``amount`` is ``None`` where the unit is unknown."""

    amount: Yuan | None
    printed: str
    unit: str | None


class Dated(Resource):
    """A name and the fiscal years whose documents print it; no years: at no time in particular."""

    name: str
    years: tuple[int, ...]


class Choice(Resource):
    """A value that a filter of a list can be set to: ``name`` is for people (``names``, where it has one in
    both languages), ``count`` items have it."""

    value: str
    name: str
    count: int
    names: Words | None = None


class Page(Resource, Generic[Item]):
    """A part of a list: ``total`` items in all, these from ``offset`` on; ``next`` is the address of those
    that follow, ``None`` at the end."""

    items: tuple[Item, ...]
    total: int = Field(ge=0)
    offset: int = Field(ge=0)
    limit: int = Field(ge=0)
    next: str | None = None
