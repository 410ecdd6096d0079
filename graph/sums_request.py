"""What is asked of a sum and what it answers: a request, an answer, a refusal; all frozen and typed."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from fiscalgraph.graph.sums_dimensions import (
    DIMENSIONS,
    Dimension,
    WrongSum,
    codes_named,
    concept_key,
    find_dimension,
    find_measure,
)
from fiscalgraph.ontology.regions import regions

__all__ = [
    "Addend",
    "KeyPart",
    "Missing",
    "Note",
    "SumAnswer",
    "SumRefused",
    "SumRequest",
    "SumRow",
    "conditions",
    "sum_as_json",
    "sum_request",
    "sum_table",
]


@dataclass(frozen=True, slots=True)
class SumRequest:
    """A sum of one measure, grouped ``by`` dimensions, over the figures that ``where`` admits.

    Values are in their one form; make requests with :func:`sum_request`. ``addends`` asks for the figures
    that were added, with their tables.
    """

    measure: str = "expenditure"
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    addends: bool = False

    def values(self, name: str) -> tuple[str, ...]:
        """What a dimension is restricted to; nothing where it is not."""
        return dict(self.where).get(name, ())

    def asks(self, name: str) -> bool:
        """Whether the request groups by a dimension or restricts it."""
        return name in self.by or bool(self.values(name))

    def dimensions(self) -> tuple[Dimension, ...]:
        """All dimensions it groups by or restricts."""
        return tuple(each for each in DIMENSIONS.values() if self.asks(each.name))

    def grouped(self, *names: str) -> SumRequest:
        """The same, by these dimensions too."""
        by = tuple(each for each in DIMENSIONS if each in (*self.by, *names))
        return SumRequest(self.measure, by, self.where, self.addends)

    def without(self, *names: str) -> SumRequest:
        """The same, without these dimensions."""
        where = tuple((name, values) for name, values in self.where if name not in names)
        return SumRequest(
            self.measure, tuple(name for name in self.by if name not in names), where, self.addends
        )

    def restricted(self, name: str, *values: str) -> SumRequest:
        """The same, a dimension restricted to these values in place of what it was."""
        where = {**dict(self.where), name: values}
        ordered = tuple((each, where[each]) for each in DIMENSIONS if each in where)
        return SumRequest(self.measure, self.by, ordered, self.addends)

    def as_json(self) -> dict[str, Any]:
        """The request as plain values: ``measure``, ``by``, ``where``."""
        return {
            "measure": self.measure,
            "by": list(self.by),
            "where": {name: list(values) for name, values in self.where},
        }

    def command(self) -> str:
        """The command that asks for it."""
        words = ["fiscalgraph", "sum"]
        if self.measure != "expenditure":
            words += ["--measure", self.measure]
        for name in self.by:
            words += ["--by", name]
        for name, values in self.where:
            words += [word for value in values for word in ("--where", f"{name}={value}")]
        return " ".join(word if word.isalnum() else shlex.quote(word) for word in words)


def sum_request(
    measure: str = "expenditure",
    by: Iterable[str] = (),
    where: Mapping[str, str | int | Sequence[str | int]] | None = None,
    *,
    addends: bool = False,
) -> SumRequest:
    """A request from names and values as people write them (label in Chinese or English, code or IRI).

    Organisations and documents are looked up when the sum is made. Raises
    :class:`~fiscalgraph.graph.sums_dimensions.WrongSum`.
    """
    wanted = [find_dimension(name) for name in by]
    for each in wanted:
        if not each.groups:
            raise WrongSum(f"by {each.name}", "it can only be restricted", f"Use where {each.name}=…")
    admitted: dict[str, tuple[str, ...]] = {}
    for name, given in (where or {}).items():
        dimension = find_dimension(name)
        several = [given] if isinstance(given, (str, int)) else list(given)
        found = [value for each in several for value in _values(dimension, str(each))]
        admitted[dimension.name] = tuple(dict.fromkeys((*admitted.get(dimension.name, ()), *found)))
    names = {each.name for each in wanted}
    return SumRequest(
        find_measure(measure),
        tuple(name for name in DIMENSIONS if name in names),
        tuple((name, admitted[name]) for name in DIMENSIONS if admitted.get(name)),
        addends,
    )


def conditions(texts: Iterable[str]) -> dict[str, list[str]]:
    """Conditions written ``name=value``; a name that is repeated admits any of its values.

    Raises :class:`~fiscalgraph.graph.sums_dimensions.WrongSum`.
    """
    found: dict[str, list[str]] = {}
    for each in texts:
        name, separator, value = each.partition("=")
        if not separator or not name.strip() or not value.strip():
            raise WrongSum(f"where {each}", "it is not of the form name=value", "Write year=2024")
        found.setdefault(name.strip(), []).append(value.strip())
    return found


def _values(dimension: Dimension, word: str) -> tuple[str, ...]:
    if dimension.concepts is not None:
        return (concept_key(dimension.concepts, word, dimension.name),)
    if dimension.axis:
        return codes_named(dimension, word)
    if dimension.name == "year":
        year = word.strip().rsplit("/", 1)[-1].removesuffix("年")
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise WrongSum(f"year {word}", "a year has four digits", "Write 2024")
        return (year,)
    if dimension.name == "region":
        return (_region(word),)
    return (word.strip(),)


def _region(word: str) -> str:
    wanted = word.strip().rsplit("/", 1)[-1]
    found = [each for each in regions().values() if wanted in (each.code, each.name, each.short_name)]
    if len(found) == 1:
        return found[0].code
    why = "several regions are called so" if found else "there is no such region"
    raise WrongSum(f"region {word}", why, "Give the six digits of GB/T 2260")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about an answer, or why it was refused: a ``code`` for programs, words for people."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class KeyPart:
    """The value of one dimension of a row, in its one form, with its labels."""

    dimension: str
    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SumRow:
    """One sum: ``amount`` in 元, of how many figures (``addends``) of how many organisations, how many of
    the figures contradict another one (``contested``), how many were put in their column by arithmetic
    (``inferred``)."""

    key: tuple[KeyPart, ...]
    amount: Decimal
    addends: int
    contested: int
    inferred: int
    organizations: int


@dataclass(frozen=True, slots=True)
class Missing:
    """An organisation that gave no figure for a year though the filters admit it, and why."""

    organization: str
    label: str
    year: int
    reason: Note


@dataclass(frozen=True, slots=True)
class Addend:
    """A figure that was added: its IRI in the graph, and where it stands."""

    key: tuple[str, ...]
    observation: str
    document: str
    table: str
    organization: str
    code: str
    amount: Decimal
    contested: bool
    inferred: bool


@dataclass(frozen=True, slots=True)
class SumAnswer:
    """Sums that count every 元 once. ``total`` adds the rows, where they may be added."""

    request: SumRequest
    rows: tuple[SumRow, ...]
    total: SumRow | None
    notes: tuple[Note, ...] = ()
    missing: tuple[Missing, ...] = ()
    addends: tuple[Addend, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SumRefused:
    """A sum that would count money twice or mix what must not be added: ``reasons`` say why, and
    ``alternative`` is a request near to it that is answered (``None`` where there is none)."""

    request: SumRequest
    reasons: tuple[Note, ...]
    alternative: SumRequest | None


def sum_as_json(result: SumAnswer | SumRefused) -> dict[str, Any]:
    """An answer or a refusal as plain values; amounts are texts, so that no digit is lost."""
    if isinstance(result, SumRefused):
        return {
            "request": result.request.as_json(),
            "refused": [asdict(reason) for reason in result.reasons],
            "alternative": None if result.alternative is None else result.alternative.as_json(),
        }
    content = {
        "request": result.request.as_json(),
        "rows": [asdict(row) for row in result.rows],
        "total": None if result.total is None else asdict(result.total),
        "notes": [asdict(each) for each in result.notes],
        "missing": [asdict(each) for each in result.missing],
    }
    if result.request.addends:
        content["addends"] = [asdict(each) for each in result.addends]
    plain: dict[str, Any] = _plain(content)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return format(value, "f") if isinstance(value, Decimal) else value


def sum_table(answer: SumAnswer, language: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The rows of an answer as a table: each dimension's value and, where it differs, its label in
    ``language`` (zh or en); amount in 元, addends, contested, inferred, organizations. Without the total,
    so that adding up the table does not count it again."""
    columns: list[str] = []
    for place, name in enumerate(answer.request.by):
        labelled = any(row.key[place].value != getattr(row.key[place], language) for row in answer.rows)
        columns += [name, f"{name}_label"] if labelled else [name]
    rows = []
    for row in answer.rows:
        cells: list[Any] = []
        for part in row.key:
            cells.append(part.value)
            if f"{part.dimension}_label" in columns:
                cells.append(getattr(part, language))
        rows.append((*cells, row.amount, row.addends, row.contested, row.inferred, row.organizations))
    return (*columns, "amount", "addends", "contested", "inferred", "organizations"), rows
