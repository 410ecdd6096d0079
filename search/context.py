"""Passages as the graph has them: who states them, about what, and how much money is at stake."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fiscalgraph.ontology.terms import CODES, PREFIXES
from fiscalgraph.search.passages import ExplainedIndicator, Passage

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["passages_in_context"]

_BLANK = re.compile(r"\s+")

# fg:text leads: only passages have it. What a passage may lack is optional, so none is dropped.
_PASSAGES = """
SELECT ?passage ?kind ?text ?document ?disclosure ?disclosure_kind ?department ?project ?entry ?year
  ?page ?line ?quote
WHERE {
  ?passage fg:text ?text ; fg:passageKind ?kind ; dcterms:isPartOf ?disclosure .
  ?disclosure dcterms:identifier ?document .
  OPTIONAL { ?disclosure fg:year ?year }
  OPTIONAL { ?disclosure fg:disclosureKind ?disclosure_kind }
  OPTIONAL { ?passage obeu-dimension:organization ?department }
  OPTIONAL { ?passage fg:projectName ?project }
  OPTIONAL { ?passage fg:entry ?entry }
  OPTIONAL {
    ?passage prov:wasDerivedFrom ?source .
    OPTIONAL { ?source fg:page ?page }
    OPTIONAL { ?source fg:line ?line }
    OPTIONAL { ?source fg:quote ?quote }
  }
}
"""
_ORGANIZATIONS = """
SELECT ?organization ?name ?level ?region ?region_name ?whole WHERE {
  { ?organization a org:FormalOrganization } UNION { ?organization a fg:HeadOffice }
  ?organization skos:prefLabel ?name .
  OPTIONAL { ?organization fg:governmentLevel ?level }
  OPTIONAL { ?organization fg:region ?place . ?place skos:notation ?region ; skos:prefLabel ?region_name }
  OPTIONAL { ?organization org:unitOf|org:subOrganizationOf ?whole }
}
"""
_ENTRIES = """
SELECT ?entry ?disclosure ?project ?unit ?initial ?full ?executed WHERE {
  ?entry a fg:ProjectEntry ; dcterms:isPartOf ?disclosure ; fg:projectName ?project .
  OPTIONAL { ?entry fg:implementingUnitName ?unit }
  OPTIONAL { ?entry fg:budgetInitialAmount ?initial }
  OPTIONAL { ?entry fg:budgetFullAmount ?full }
  OPTIONAL { ?entry fg:executedAmount ?executed }
}
"""
_INDICATORS = """
SELECT ?indicator ?entry ?reason ?name ?target ?actual ?weight ?score WHERE {
  ?indicator fg:reason ?reason ; fg:entry ?entry ; fg:position ?position .
  OPTIONAL { ?indicator fg:level3 ?level3 }
  OPTIONAL { ?indicator fg:level2 ?level2 }
  BIND(COALESCE(?level3, ?level2, "") AS ?name)
  OPTIONAL { ?indicator fg:target ?target }
  OPTIONAL { ?indicator fg:actual ?actual }
  OPTIONAL { ?indicator fg:weightNumber ?weight }
  OPTIONAL { ?indicator fg:scoreNumber ?score }
}
ORDER BY ?entry ?position ?indicator
"""
_ITEMS = """
SELECT ?passage ?statement ?class ?subclass ?item ?amount WHERE {
  ?statement fg:reasonPassage ?passage .
  OPTIONAL { ?statement fg:itemClass ?class }
  OPTIONAL { ?statement fg:itemSubclass ?subclass }
  OPTIONAL { ?statement fg:itemName ?item }
  OPTIONAL { ?statement fg:statedAmount ?amount }
}
ORDER BY ?passage ?statement
"""
# The codes that the tables of the same document print beside the names in the sentence.
_CODES = """
SELECT DISTINCT ?statement ?name ?code WHERE {
  ?statement fg:reasonPassage ?passage ; fg:itemClass|fg:itemSubclass|fg:itemName ?name ;
    dcterms:isPartOf ?disclosure .
  GRAPH ?disclosure { ?figure fg:itemName ?name ; fg:printedCode ?code }
}
"""


@dataclass(frozen=True, slots=True)
class _Body:
    """An organisation as its node describes it."""

    name: str
    level: str | None
    region: str | None
    region_code: str | None
    whole: str | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is at stake in a project's entry, in 元."""

    unit: str | None
    at_stake: Decimal | None


@dataclass(frozen=True, slots=True)
class _Item:
    """The classification item that a sentence explains."""

    name: str | None
    code: str | None
    amount: Decimal | None


class _Context:
    """Everything that passages may be about, read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._levels = {node.value: word for word, node in CODES["government level"].items()}
        self.bodies = self._bodies()
        self.entries, self.entries_of = self._entries()
        self.indicators: dict[str, list[tuple[str, ExplainedIndicator]]] = defaultdict(list)
        for row in self.rows(_INDICATORS):
            indicator = ExplainedIndicator(
                row["name"], row["target"], row["actual"], _number(row["weight"]), _number(row["score"])
            )
            self.indicators[row["entry"]].append((_close(row["reason"]), indicator))
        self.items = self._items()

    def rows(self, query: str) -> Iterator[dict[str, Any]]:
        """The rows of a query: values as text, ``None`` where unbound."""
        solutions: Any = self._store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
        names = [variable.value for variable in solutions.variables]
        for row in solutions:
            yield {name: None if row[name] is None else str(row[name].value) for name in names}

    def _bodies(self) -> dict[str, _Body]:
        found: dict[str, _Body] = {}
        whole: dict[str, str] = {}
        for row in sorted(self.rows(_ORGANIZATIONS), key=lambda row: [value or "" for value in row.values()]):
            if row["whole"] is not None:
                whole.setdefault(row["organization"], row["whole"])
            found.setdefault(
                row["organization"],
                _Body(row["name"], self._levels.get(row["level"]), row["region_name"], row["region"], None),
            )
        return {
            iri: _Body(body.name, body.level, body.region, body.region_code, self._top(iri, whole, found))
            for iri, body in found.items()
        }

    @staticmethod
    def _top(iri: str, whole: dict[str, str], bodies: dict[str, _Body]) -> str:
        """The name of the body that ``iri`` belongs to in the end."""
        seen = {iri}
        while (above := whole.get(iri)) is not None and above in bodies and above not in seen:
            seen.add(above)
            iri = above
        return bodies[iri].name

    def _entries(self) -> tuple[dict[str, _Entry], dict[tuple[str, str], set[str]]]:
        found: dict[str, _Entry] = {}
        named: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self.rows(_ENTRIES):
            budget = _number(row["full"] or row["initial"])
            executed = _number(row["executed"])
            at_stake = None if budget is None or executed is None else budget - executed
            found[row["entry"]] = _Entry(row["unit"], at_stake)
            named[row["disclosure"], _close(row["project"])].add(row["entry"])
        return found, named

    def _items(self) -> dict[str, _Item]:
        codes: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self.rows(_CODES):
            codes[row["statement"], row["name"]].add(row["code"])
        found: dict[str, list[_Item]] = defaultdict(list)
        for row in self.rows(_ITEMS):
            names = [row[level] for level in ("class", "subclass", "item")]
            depth, name = max(
                ((3 + 2 * at, name) for at, name in enumerate(names) if name), default=(0, None)
            )
            outer = codes.get((row["statement"], names[0] or ""), set())
            fitting = {
                code
                for code in codes.get((row["statement"], name or ""), ())
                if len(code) == depth and (not outer or code[:3] in outer)
            }
            code = fitting.pop() if len(fitting) == 1 else None
            found[row["passage"]].append(_Item(name, code, _number(row["amount"])))
        # One sentence that explains several items is about none of them in particular.
        return {passage: items[0] for passage, items in found.items() if len(items) == 1}

    def entry_of(self, entry: str | None, disclosure: str, project: str | None) -> str | None:
        """The project's entry: the one that is stated, or the only one of that name in the document."""
        if entry is not None or project is None:
            return entry
        named = self.entries_of.get((disclosure, _close(project)), set())
        return next(iter(named)) if len(named) == 1 else None

    def explained(self, entry: str | None, text: str) -> tuple[ExplainedIndicator, ...]:
        """The indicators of an entry whose explanation holds ``text``."""
        wanted = _close(text)
        stated = self.indicators.get(entry or "", ())
        return tuple(indicator for reason, indicator in stated if wanted in reason)


def passages_in_context(store: Store) -> Iterator[Passage]:
    """All passages of the graph, each once, in no particular order."""
    context = _Context(store)
    kinds = {node.value: word for word, node in CODES["passage kind"].items()}
    disclosures = {node.value: word for word, node in CODES["disclosure kind"].items()}
    unknown = _Body("", None, None, None, None)
    found: dict[str, Passage] = {}
    for row in context.rows(_PASSAGES):
        body = context.bodies.get(row["department"], unknown)
        kind = kinds[row["kind"]]
        entry = context.entry_of(row["entry"], row["disclosure"], row["project"])
        stake = context.entries.get(entry or "", _Entry(None, None))
        item = context.items.get(row["passage"], _Item(None, None, None))
        passage = Passage(
            iri=row["passage"],
            kind=kind,
            text=row["text"],
            document=row["document"],
            department=body.name or None,
            project=row["project"],
            fiscal_year=None if row["year"] is None else int(row["year"]),
            page=None if row["page"] is None else int(row["page"]),
            line=None if row["line"] is None else int(row["line"]),
            quote=row["quote"] or "",
            disclosure=disclosures.get(row["disclosure_kind"]),
            whole=body.whole,
            unit=stake.unit,
            region=body.region,
            region_code=body.region_code,
            level=body.level,
            code=item.code,
            item=item.name,
            amount=stake.at_stake if entry is not None else item.amount,
            indicators=context.explained(entry, row["text"]) if kind == "underperformance_reason" else (),
        )
        known = found.get(passage.iri)
        if known is None or _place(passage) < _place(known):
            found[passage.iri] = passage
    yield from found.values()


def _place(passage: Passage) -> tuple[int, int, str]:
    return (passage.page or 0, passage.line or 0, passage.quote)


def _close(text: str) -> str:
    return _BLANK.sub("", text)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
