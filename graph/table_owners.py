"""Whose row it is, in tables by units (分单位的表).

A row that bears the issuer's own name beside rows of its units is either the whole or its head office
(本级). It is the whole where the table names the head office too, where it equals the printed 合计, or
where it is the sum of all other units' rows; else it is the head office. Rows with codes go with the
row of the unit above them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pyoxigraph import NamedNode

from fiscalgraph.extract.records import DisclosureRecords, Source, SpendingLine, TotalLine
from fiscalgraph.graph.identifiers import department_iri
from fiscalgraph.graph.mapping_document import MappedDocument

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
        self._head_office: set[tuple[type[_Line], int]] = set()
        for lines in (records.spending, records.totals):
            self._tell_apart(lines)

    def owner(self, line: _Line, order: int) -> NamedNode:
        """Whose figure ``line``, the ``order``-th of its type, is: its unit's, else the issuer's."""
        if line.owner is None:
            return self._document.organization
        if (type(line), order) in self._head_office:
            return self._document.department(f"{self._document.issuer.body}本级", line.source)
        return self._document.unit(line.owner, line.source)[0]

    def _tell_apart(self, lines: Sequence[_Line]) -> None:
        tables: dict[int, list[tuple[int, _Line]]] = defaultdict(list)
        for order, line in enumerate(lines):
            tables[line.table_index].append((order, line))
        for rows in tables.values():
            if any(line.owner for _, line in rows):
                for order in self._rows_of_head_office(rows):
                    self._head_office.add((type(lines[0]), order))

    def _rows_of_head_office(self, rows: Sequence[tuple[int, _Line]]) -> Iterator[int]:
        blocks = _blocks(rows)
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
    row = None
    for order, line in rows:
        if line.owner is None:
            continue
        begins = _of_unit(line) and line.source != row
        if not blocks or blocks[-1].owner != line.owner or begins:
            blocks.append(_Block(line.owner, line.source))
        row = line.source
        blocks[-1].orders.append(order)
        if _of_unit(line) and line.amount is not None:
            blocks[-1].amounts[line.column] = line.amount
    return blocks


def _equal(own: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> bool:
    """Equal in every column that both print, and in one at least that is not nothing."""
    shared = [column for column in own if column in other]
    return any(own[column] for column in shared) and all(own[column] == other[column] for column in shared)
