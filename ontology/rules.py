"""What a graph must keep to: SHACL shapes for single things, SPARQL constraints for the graph as a whole.

Shapes are Turtle in the folder ``shapes`` beside this module; constraints are ``.rq`` files in the folder
``constraints``, each a query for what breaks it, with a comment header: where it comes from, what it
says, and what to do about a violation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["SHAPES", "Constraint", "constraints", "shape_count", "shape_files"]

SHAPES = "https://w3id.org/fiscalgraph/shapes#"
"""The namespace of the shapes."""

_HEADER = re.compile(r"^# @(?P<key>[a-z.]+) +(?P<value>.+)$", re.MULTILINE)
_SHAPE = re.compile(r"^fgsh:\w+ a sh:(?:Node|Property)Shape", re.MULTILINE)
_SELECT = "SELECT ?focus ?value WHERE {"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A rule over the whole graph. ``select`` finds each ``?focus`` that breaks it, and a ``?value``
    that shows how; ``ask`` is true when there is one, as the constraints of Data Cube are."""

    name: str
    origin: str
    title_en: str
    title_zh: str
    cure_en: str
    cure_zh: str
    select: str

    @property
    def ask(self) -> str:
        return self.select.replace(_SELECT, "ASK {")


@cache
def shape_files() -> Mapping[str, str]:
    """The shapes' Turtle texts by file name, in alphabetical order."""
    return _texts("shapes", ".ttl")


@cache
def shape_count() -> int:
    """How many shapes there are, of things and of their properties."""
    return sum(len(_SHAPE.findall(text)) for text in shape_files().values())


@cache
def constraints() -> tuple[Constraint, ...]:
    """All constraints, by name. Raises ``ValueError`` for a file that is not of the form."""
    return tuple(
        _constraint(name.removesuffix(".rq"), text) for name, text in _texts("constraints", ".rq").items()
    )


def _texts(folder: str, ending: str) -> Mapping[str, str]:
    entries = [
        entry for entry in (files("fiscalgraph.ontology") / folder).iterdir() if entry.name.endswith(ending)
    ]
    entries.sort(key=lambda entry: entry.name)
    return MappingProxyType({entry.name: entry.read_text(encoding="utf-8") for entry in entries})


def _constraint(name: str, text: str) -> Constraint:
    if text.count(_SELECT) != 1:
        raise ValueError(f"{name}: a constraint selects ?focus and ?value")
    header = {found["key"]: found["value"].strip() for found in _HEADER.finditer(text)}
    return Constraint(
        name=name,
        origin=header["origin"],
        title_en=header["title.en"],
        title_zh=header["title.zh"],
        cure_en=header["cure.en"],
        cure_zh=header["cure.zh"],
        select=text,
    )
