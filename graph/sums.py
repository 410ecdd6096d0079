"""Safe sums: additions over the projection that count every 元 once, or are refused with the reason.

One money is printed many times: in the 合计 row and its parts, in the table of all funds and in that of the
fiscal appropriation, in the department's document and in its units'. :func:`sum_amounts` takes one table for
each organisation, year, phase, scope and type, one level of codes in it, and departments without their
units; it does not add years, phases or scopes. See ``docs/sums.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.names import resolve_body
from fiscalgraph.graph.projection import CELLS, DISCLOSURES, OBSERVATIONS
from fiscalgraph.graph.projection_cells import CELL_COLUMNS
from fiscalgraph.graph.sums_dimensions import DIMENSIONS, Dimension, WrongSum, code_name
from fiscalgraph.graph.sums_missing import missing_organizations
from fiscalgraph.graph.sums_notes import answer_notes
from fiscalgraph.graph.sums_reasons import note
from fiscalgraph.graph.sums_refusals import Facts, data_reasons, mended, request_reasons
from fiscalgraph.graph.sums_request import Addend, KeyPart, SumAnswer, SumRefused, SumRequest, SumRow
from fiscalgraph.graph.sums_selection import Selection
from fiscalgraph.ontology.regions import find_region

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["NoProjection", "Projection", "sum_amounts"]

_MOST_STEPS = 6  # of mending a refused request
_ALIKE = 0.7  # how like a misspelt name a known one must be to be offered


class NoProjection(FiscalgraphError):
    """The generation has no projection, or one of another version."""


class Projection:
    """The projection in the folder of a generation. Raises :class:`NoProjection`."""

    def __init__(self, folder: Path) -> None:
        import duckdb

        self._connection = duckdb.connect(":memory:")
        for name in (OBSERVATIONS, CELLS, DISCLOSURES):
            path = folder / name
            if not path.exists():
                raise NoProjection(str(path), "the workspace holds no projection for sums", "Build it again")
            quoted = str(path).replace("'", "''")
            self._connection.execute(f"CREATE VIEW {path.stem} AS FROM read_parquet('{quoted}')")
        if tuple(row[0] for row in self.rows("DESCRIBE cells")) != CELL_COLUMNS:
            raise NoProjection(str(folder), "its projection is of another version", "Build it again")

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query over ``observations``, ``cells`` and ``disclosures``; safe in threads."""
        cursor: DuckDBPyConnection = self._connection.cursor()
        try:
            return cursor.execute(query, list(values)).fetchall()
        finally:
            cursor.close()

    @cached_property
    def organizations(self) -> Mapping[str, str]:
        """The labels of the organisations that have figures or documents, by IRI."""
        found = self.rows(
            "SELECT organization, organization_label FROM observations WHERE organization IS NOT NULL "
            "UNION SELECT organization, organization_label FROM cells "
            "UNION SELECT organization, organization_label FROM disclosures WHERE organization IS NOT NULL"
        )
        return {iri: label or iri for iri, label in sorted(found, key=lambda row: (row[0], row[1] or ""))}

    @cached_property
    def _known_organizations(self) -> Mapping[str, str]:
        """All that can be asked for by name: also departments of which only the head office has figures."""
        wholes = {
            whole: resolve_body(self.organizations[office]).body
            for whole, office in self.head_offices.items()
        }
        return {**wholes, **self.organizations}

    @cached_property
    def documents(self) -> Mapping[str, str]:
        """The names of the documents, by IRI and by name."""
        found = self.rows("SELECT document, document_iri FROM disclosures")
        return {key: name for name, iri in found for key in (name, iri)}

    @cached_property
    def printed_names(self) -> Mapping[str, str]:
        """The names of codes as most documents print them, as :mod:`.printed_names` decides."""
        found = self.rows(
            "SELECT printed_code, item_name FROM observations "
            "WHERE printed_code IS NOT NULL AND item_name IS NOT NULL GROUP BY printed_code, item_name "
            "QUALIFY row_number() OVER (PARTITION BY printed_code "
            "ORDER BY count(DISTINCT document) DESC, count(*) DESC, item_name) = 1"
        )
        return dict(found)

    @cached_property
    def head_offices(self) -> Mapping[str, str]:
        """Departments of which only the head office (本级) has figures: their IRI, and the head office's."""
        found = self.rows("SELECT DISTINCT organization, parent, head_office FROM observations")
        stated = {organization for organization, _, _ in found}
        offices = sorted((whole, each) for each, whole, is_office in found if is_office and whole is not None)
        return {whole: office for whole, office in reversed(offices) if whole not in stated}

    def resolved(self, request: SumRequest) -> SumRequest:
        """The request with organisations as IRIs and documents as names. Raises ``WrongSum``."""
        for name in ("organization", "document"):
            given = request.values(name)
            if given:
                request = request.restricted(name, *(self._found(name, value) for value in given))
        return request

    def with_head_offices(self, request: SumRequest) -> SumRequest:
        """The (resolved) request with head offices for departments that have no other figures."""
        given = request.values("organization")
        if not any(each in self.head_offices for each in given):
            return request
        meant = dict.fromkeys(self.head_offices.get(each, each) for each in given)
        return request.restricted("organization", *meant)

    def _found(self, name: str, word: str) -> str:
        known = self.documents if name == "document" else self._known_organizations
        if word in known:
            return self.documents[word] if name == "document" else word
        if name == "organization":
            exact = [iri for iri, label in known.items() if label == word]
            if len(exact) == 1:
                return exact[0]
        labels = sorted(set(known.values()))
        alike = [label for label in labels if word in label or label in word]
        alike = alike or get_close_matches(word, labels, cutoff=_ALIKE)
        raise WrongSum(
            f"{name} {word}",
            "the projection knows none of that name",
            f"Did you mean {'、'.join(alike[:5])}?" if alike else "See `fiscalgraph status` for the names",
        )


def sum_amounts(projection: Projection, request: SumRequest) -> SumAnswer | SumRefused:
    """Add up what ``request`` asks for, or say why it must not be added and what could be asked instead.

    Raises :class:`~fiscalgraph.graph.sums_dimensions.WrongSum` for an organisation or document that is not
    there.
    """
    asked = projection.resolved(request)
    request = projection.with_head_offices(asked)
    selection = Selection(request)
    reasons = request_reasons(request)
    if not reasons:
        facts = Facts.of(projection.rows, selection)
        reasons = data_reasons(projection.rows, selection, facts)
    if reasons:
        return SumRefused(request, tuple(reasons), _alternative(projection, request))
    rows = tuple(_rows(projection, selection))
    notes, withheld = answer_notes(projection.rows, selection, facts)
    if request != asked and rows:
        offices = set(request.values("organization")) - set(asked.values("organization"))
        notes.append(
            note("head_office_only", values=sorted(projection.organizations[each] for each in offices))
        )
    return SumAnswer(
        request,
        rows,
        None if withheld or not rows else _total(projection, selection, facts),
        tuple(notes),
        tuple(missing_organizations(projection.rows, selection)),
        tuple(_addends(projection, selection)) if request.addends else (),
    )


def _alternative(projection: Projection, request: SumRequest) -> SumRequest | None:
    """The nearest request that is answered: mended until nothing stands against it."""
    for _ in range(_MOST_STEPS):
        selection = Selection(request)
        reasons = request_reasons(request)
        if not reasons:
            facts = Facts.of(projection.rows, selection)
            reasons = data_reasons(projection.rows, selection, facts)
        if not reasons:
            return request
        for reason in reasons:
            request = mended(projection.rows, request, reason)
    return None


_SUMS = (
    "sum(amount), count(*), count(*) FILTER (contested), count(*) FILTER (inferred), "
    "count(DISTINCT organization_number)"
)


def _rows(projection: Projection, selection: Selection) -> Iterator[SumRow]:
    conditions, values = selection.all()
    grouped = [DIMENSIONS[name] for name in selection.request.by]
    keys = [selection.key(dimension) for dimension in grouped]
    select = ", ".join((*keys, _SUMS))
    order = f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else ""
    for row in projection.rows(f"SELECT {select} FROM cells WHERE {conditions}{order}", values):
        if row[len(keys) + 1]:  # a sum without groups has a row even of nothing
            key = tuple(
                _part(projection, dimension, value) for dimension, value in zip(grouped, row, strict=False)
            )
            yield SumRow(key, *row[len(keys) :])


def _total(projection: Projection, selection: Selection, facts: Facts) -> SumRow:
    if facts.added is not None:
        return SumRow((), *facts.added)
    conditions, values = selection.all()
    (row,) = projection.rows(f"SELECT {_SUMS} FROM cells WHERE {conditions}", values)
    return SumRow((), *row)


def _part(projection: Projection, dimension: Dimension, value: Any) -> KeyPart:
    """A value with its labels; a code that is shorter than its level is money not broken down further."""
    text = "" if value is None else str(value)
    if dimension.concepts is not None:
        known = dimension.concepts.values()
        concept = next((each for each in known if text == (each.code or each.key)), None)
        if concept is not None:
            return KeyPart(dimension.name, concept.key, concept.zh, concept.en)
    if dimension.axis:
        zh, en = _code_names(projection, text)
        if len(text) < dimension.digits:
            return KeyPart(dimension.name, text, f"{zh}（未细分）", f"{en} (not broken down)".strip())
        return KeyPart(dimension.name, text, zh, en)
    if dimension.name == "organization":
        label = projection.organizations.get(text, text)
    elif dimension.name == "region":
        region = find_region(text)
        label = region.name if region is not None else text
    else:
        label = text
    return KeyPart(dimension.name, text, label, label)


def _code_names(projection: Projection, code: str) -> tuple[str, str]:
    """The name of a code in the lists, else as documents print it, said to be so; else the code."""
    listed = code_name(code)
    if listed is not None or not code:
        return listed or code, listed or code
    printed = projection.printed_names.get(code)
    return (code, code) if printed is None else (f"{printed}（据文件所印）", f"{printed} (as printed)")


def _addends(projection: Projection, selection: Selection) -> Iterator[Addend]:
    conditions, values = selection.all()
    keys = [selection.key(DIMENSIONS[name]) for name in selection.request.by]
    columns = "observation, document, table_title, organization, code, amount, contested, inferred"
    query = (
        f"SELECT {', '.join((*keys, columns))} FROM cells WHERE {conditions} "
        f"ORDER BY {', '.join((*keys, 'document', 'observation'))}"
    )
    for row in projection.rows(query, values):
        key = tuple("" if value is None else str(value) for value in row[: len(keys)])
        observation, document, table, organization, code, amount, contested, inferred = row[len(keys) :]
        yield Addend(
            key, observation, document, table, organization, code, Decimal(amount), contested, inferred
        )
