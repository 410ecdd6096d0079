"""Whose figures they are: the row's unit, the unit that the table names above it, else the issuer.

A table that names a head office above it (单位：X（本级）) is the head office's, though the document's
issuer is the department; one that names a unit of the issuer's is that unit's. Where the title says
X（本级）, or most tables name the head office and none another body, the whole document is the head
office's (编报单位).

In a table by units (分单位的表) a row that bears the issuer's own name beside rows of its units is either
the whole or its head office. It is the whole where the table names the head office too, where it equals
the printed 合计, or where it is the sum of all other units' rows; else it is the head office. Rows with
codes go with the row of the unit above them. One other name that no list of units has, whose rows come
first in their tables and equal the 合计, alone or above equal rows of the issuer, is a heading (the
department the issuer stands under): its rows are the issuer's and count no money of their own, those of
codes below it count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from pyoxigraph import NamedNode

from fiscalgraph.extract.records import DisclosureRecords, Source, SpendingLine, TotalLine
from fiscalgraph.graph.identifiers import department_iri
from fiscalgraph.graph.mapping_document import MappedDocument
from fiscalgraph.graph.names import BodyName

__all__ = ["TableOwners"]

_Line = SpendingLine | TotalLine


@dataclass
class _Block:
    """The rows of one unit that follow each other: its own row, and those of its codes."""

    owner: str
    source: Source
    orders: list[int] = field(default_factory=list)
    amounts: dict[str, Decimal] = field(default_factory=dict)  # of the unit's own row, by column


class TableOwners:
    """The organisation of each row of one document's tables."""

    def __init__(self, document: MappedDocument, records: DisclosureRecords) -> None:
        self._document = document
        self._whole = department_iri(document.issuer.body)
        self._listed = {
            document.resolved_unit(each.unit).name
            for each in records.units
            if each.relation == "subordinate_unit"
        }
        self._reporting = _reporting_units(records)
        self._all_of_head_office = self._is_of_head_office()
        self._heading = self._heading_of_rows(records)
        self._head_office: set[tuple[type[_Line], int]] = set()
        for lines in (records.spending, records.totals):
            self._tell_apart(lines)

    @cached_property
    def reporting_unit(self) -> NamedNode | None:
        """The head office (本级), where the document says that it covers no more; the issuer is the whole."""
        return self._head_office_at(self._document.identity.source) if self._all_of_head_office else None

    def owner(self, line: _Line, order: int) -> NamedNode:
        """Whose figure ``line``, the ``order``-th of its type, is."""
        if line.owner is None or line.owner == self._heading:
            return self._owner_of_table(line)
        if (type(line), order) in self._head_office:
            return self._head_office_at(line.source)
        return self._document.unit(line.owner, line.source)[0]

    def repeats_the_total(self, line: _Line) -> bool:
        """Whether the row prints the table's 合计 once more, under the name of a body above the issuer."""
        return line.owner is not None and line.owner == self._heading and _of_unit(line)

    def _head_office_at(self, source: Source) -> NamedNode:
        return self._document.department(f"{self._document.issuer.body}本级", source)

    def _owner_of_table(self, line: _Line) -> NamedNode:
        named = self._named_above(line.reporting_unit)
        if named is not None and named.name in self._listed:
            return self._document.unit(line.reporting_unit, line.source)[0]
        if self._of_head_office(line):
            return self._head_office_at(line.source)
        return self._document.organization

    def _named_above(self, printed: str) -> BodyName | None:
        return self._document.resolved_unit(printed) if printed else None

    def _names_head_office(self, printed: str) -> bool:
        named = self._named_above(printed)
        return named is not None and named.whole == self._document.issuer.body

    def _of_head_office(self, line: _Line) -> bool:
        return self._all_of_head_office or self._names_head_office(line.reporting_unit)

    def _is_of_head_office(self) -> bool:
        """Whether the title says so (X（本级）部门预算), or the tables do."""
        issuer = self._document.identity.issuer
        quote = "".join(self._document.identity.source.quote.split()).replace("(", "（").replace(")", "）")
        if f"{issuer}（本级）" in quote or f"{issuer}本级" in quote:
            return True
        told = [printed for printed in self._reporting if printed]
        of_it = [printed for printed in told if self._names_head_office(printed)]
        return len(of_it) == len(told) and 2 * len(of_it) > len(self._reporting)

    def _heading_of_rows(self, records: DisclosureRecords) -> str | None:
        """The one name before the rows by units that is neither the issuer's nor a unit's, if its rows
        repeat the 合计 or, where other names follow, the issuer's."""
        lines: tuple[_Line, ...] = (*records.spending, *records.totals)
        owned = [line for line in lines if line.owner is not None]
        foreign = {line.owner for line in owned if self._is_foreign(line.owner)}
        if len(foreign) != 1:
            return None
        (heading,) = foreign
        first: dict[tuple[type[_Line], int], str | None] = {}
        for line in owned:
            first.setdefault((type(line), line.table_index), line.owner)
        rows = [line for line in owned if line.owner == heading and _of_unit(line)]
        if all(line.owner == heading for line in owned):
            repeated = _amounts(line for line in lines if line.owner is None and _of_unit(line))
        else:
            repeated = _amounts(line for line in owned if self._is_issuers(line))
        stated = [
            first[type(line), line.table_index] == heading and repeated.get(_cell(line)) == line.amount
            for line in rows
        ]
        return heading if stated and all(stated) else None

    def _is_foreign(self, owner: str | None) -> bool:
        """Whether a name is neither the issuer's, nor of a part of it, nor of a listed unit."""
        if owner is None:
            return False
        body, found = self._document.issuer.body, self._document.resolved_unit(owner)
        return not (found.body.startswith(body) or body.startswith(found.body) or found.name in self._listed)

    def _is_issuers(self, line: _Line) -> bool:
        """Whether the row is the issuer's as a whole."""
        if line.owner is None or not _of_unit(line):
            return False
        return self._document.resolved_unit(line.owner).name == self._document.issuer.body

    def _tell_apart(self, lines: Sequence[_Line]) -> None:
        tables: dict[int, list[tuple[int, _Line]]] = defaultdict(list)
        for order, line in enumerate(lines):
            tables[line.table_index].append((order, line))
        for rows in tables.values():
            if any(line.owner not in (None, self._heading) for _, line in rows):
                for order in self._rows_of_head_office(rows):
                    self._head_office.add((type(lines[0]), order))

    def _rows_of_head_office(self, rows: Sequence[tuple[int, _Line]]) -> Iterator[int]:
        blocks = [block for block in _blocks(rows) if block.owner != self._heading]
        if self._of_head_office(rows[0][1]):
            for block in blocks:
                if self._document.unit(block.owner, block.source)[0] == self._whole:
                    yield from block.orders
            return
        places = _first_places(blocks)
        resolved = {owner: self._document.unit(owner, source) for owner, source in places.items()}
        if any(found.whole is not None for _, found in resolved.values()):
            return
        named_so = [block for block in blocks if resolved[block.owner][0] == self._whole]
        others = [block for block in blocks if resolved[block.owner][0] != self._whole]
        if not others:
            return
        total = {line.column: line.amount for _, line in rows if line.owner is None and _of_unit(line)}
        printed = {column: amount for column, amount in total.items() if amount is not None}
        parts: dict[str, Decimal] = defaultdict(Decimal)
        for block in others:
            for column, amount in block.amounts.items():
                parts[column] += amount
        for block in named_so:
            if not (_equal(block.amounts, printed) or _equal(block.amounts, parts)):
                yield from block.orders


def _reporting_units(records: DisclosureRecords) -> list[str]:
    """The unit that each table of the document names above it, "" where it names none."""
    found: dict[tuple[str, int], str] = {}
    lines: tuple[_Line, ...] = (*records.spending, *records.totals)
    for line in lines:
        key = (type(line).__name__, line.table_index)
        found[key] = found.get(key) or line.reporting_unit
    return list(found.values())


def _cell(line: _Line) -> tuple[type[_Line], int, str]:
    return type(line), line.table_index, line.column


def _amounts(lines: Iterable[_Line]) -> dict[tuple[type[_Line], int, str], Decimal | None]:
    """What each column of each table prints in ``lines``."""
    return {_cell(line): line.amount for line in lines}


def _of_unit(line: _Line) -> bool:
    """Whether the row is a unit's as a whole, or the table's 合计."""
    if isinstance(line, SpendingLine):
        return line.code is None
    return line.item in (None, line.owner, "合计", "总计")


def _first_places(blocks: Sequence[_Block]) -> dict[str, Source]:
    """Where each unit's name stands first in the table."""
    return {block.owner: block.source for block in reversed(blocks)}


def _blocks(rows: Sequence[tuple[int, _Line]]) -> list[_Block]:
    blocks: list[_Block] = []
    row: tuple[str, int | None, int | None, str | None] | None = None
    for order, line in rows:
        if line.owner is None:
            continue
        printed = (line.source.quote, line.source.page, line.source.line, line.source.part)  # no cell's box
        again = bool(blocks) and line.column in blocks[-1].amounts
        begins = _of_unit(line) and (printed != row or again)
        if not blocks or blocks[-1].owner != line.owner or begins:
            blocks.append(_Block(line.owner, line.source))
        row = printed
        blocks[-1].orders.append(order)
        if _of_unit(line) and line.amount is not None:
            blocks[-1].amounts[line.column] = line.amount
    return blocks


def _equal(own: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> bool:
    """Equal in every column that both print, and in one at least that is not nothing."""
    shared = [column for column in own if column in other]
    return any(own[column] for column in shared) and all(own[column] == other[column] for column in shared)
