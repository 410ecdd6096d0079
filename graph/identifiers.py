"""Deterministic IRIs: the same meaning gets the same IRI in every build and every document.

Scheme, below ``https://w3id.org/fiscalgraph/id/``:

====================================  =====================================================
``document/{name}``                   a disclosure; also the named graph of all it states
``publication/{name}/{kind}/{year}``  all that an issuer published of a kind for a fiscal year
``department/{name}``                 an organisation that has a budget of its own
``department/{name}本级``             its head office, where documents tell it from the whole
``department/{name}/division/{name}`` an internal division (内设机构) of one
``project/{department}/{name}``       a project (项目), the same over documents and years
``project/{department}/{unit}/{name}`` one that a unit of the department carries out
``law/{title}``                       a law, regulation, notice … by its title
``law/{issuer}/{title}``              one of a title that says nothing by itself (《实施细则》)
``region/{code}``                     an administrative division (GB/T 2260)
``classification/{list}/{code}``      a classification code, the same over the years
``classification/{list}/{year}``      a year's code list
``graph/shared``                      the named graph of statements that documents share
``graph/links``                       that of links derived from all documents
``graph/comparisons``                 that of checks between documents
``issue/{id}``                        a cause or measure that several passages share
``graph/issues``                      the named graph of these
====================================  =====================================================

What one document alone states (tables, figures, indicators, passages, sources …) hangs below
the document's IRI, so that replacing a document replaces exactly its graph.

Names are written as they are (IRIs carry Chinese characters); only what IRIs forbid or what
would add levels is percent-encoded. A long name is cut and told apart by a digest.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from pyoxigraph import NamedNode

from fiscalgraph.graph.names import normalised_name, resolve_body
from fiscalgraph.ontology.classification import classification_list, concept_iri, year_list_iri

__all__ = [
    "BASE",
    "COMPARISONS_GRAPH",
    "ISSUES_GRAPH",
    "LINKS_GRAPH",
    "SHARED_GRAPH",
    "IriMinter",
    "code_iri",
    "department_iri",
    "digest",
    "division_iri",
    "document_iri",
    "escaped",
    "issue_iri",
    "law_iri",
    "normalised_title",
    "project_iri",
    "project_name",
    "publication_iri",
    "scheme_iri",
    "segment",
]

BASE: Final = "https://w3id.org/fiscalgraph/id/"

SHARED_GRAPH: Final = NamedNode(BASE + "graph/shared")
LINKS_GRAPH: Final = NamedNode(BASE + "graph/links")
COMPARISONS_GRAPH: Final = NamedNode(BASE + "graph/comparisons")
ISSUES_GRAPH: Final = NamedNode(BASE + "graph/issues")
"""Statements about things that several documents mention. A triple stands in one graph only:
a union over graphs would otherwise count it once per graph, and sums would be wrong."""

_LONGEST = 48
_SHORTEST_PROJECT = 3
_UNSAFE = re.compile(r"[^0-9A-Za-z._~\-\u00B7\u2010-\u2027\u2423\u2E80-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF]")
_SPACE = re.compile(r"\s+")
_BRACKETS = str.maketrans({"(": "（", ")": "）", "〔": "（", "〕": "）", "[": "【", "]": "】"})


def digest(*parts: str, length: int = 12) -> str:
    """The first ``length`` hexadecimal digits of a SHA-256 over ``parts`` (order matters)."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


def segment(text: str) -> str:
    """``text`` as one step of an IRI path: readable, never empty, at most about 60 characters."""
    tight = _SPACE.sub("", text)
    if not tight:
        return "-"
    if len(tight) > _LONGEST:
        tight = f"{tight[:_LONGEST]}~{digest(tight)}"
    return escaped(tight)


def escaped(text: str) -> str:
    """``text`` with what an IRI's step cannot hold percent-encoded, and nothing else."""
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)


def normalised_title(title: str) -> str:
    """A project's or law's name less blanks and with one form of brackets."""
    return _SPACE.sub("", title).translate(_BRACKETS)


def document_iri(name: str) -> NamedNode:
    """The disclosure whose file stem is ``name``; blanks count, since file names differ by them."""
    visible = name.replace(" ", "␣") if " " in name else name
    return NamedNode(f"{BASE}document/{segment(visible)}")


def publication_iri(issuer: str, kind: str, year: int) -> NamedNode:
    """The disclosure as a whole that ``issuer`` made for a fiscal year, in however many documents."""
    return NamedNode(f"{BASE}publication/{segment(resolve_body(issuer).name)}/{segment(kind)}/{year}")


def department_iri(name: str) -> NamedNode:
    """The organisation of that name, printed in whatever form; see :mod:`fiscalgraph.graph.names`."""
    return NamedNode(f"{BASE}department/{segment(resolve_body(name).name)}")


def division_iri(department: str, name: str) -> NamedNode:
    """The internal division ``name`` (办公室, 财务处 …) of a department: unique only within it."""
    return NamedNode(f"{department_iri(department).value}/division/{segment(normalised_name(name))}")


def project_iri(department: str, name: str, unit: str | None = None) -> NamedNode:
    """The project ``name`` under a responsible department (主管部门), of one of its units if given."""
    steps = [resolve_body(department).body, *([unit] if unit else []), project_name(name)]
    return NamedNode(f"{BASE}project/{'/'.join(segment(step) for step in steps)}")


def project_name(name: str) -> str:
    """A project's name less the word 项目 behind it, which documents print or leave out."""
    title = normalised_title(name)
    shorter = title.removesuffix("项目")
    return shorter if len(shorter) >= _SHORTEST_PROJECT else title


def law_iri(title: str, issuer: str | None = None) -> NamedNode:
    """The law, regulation, notice … of that title (without 《》), of an issuer if given."""
    steps = [*([issuer] if issuer else []), normalised_title(title)]
    return NamedNode(f"{BASE}law/{'/'.join(segment(step) for step in steps)}")


def issue_iri(name: str) -> NamedNode:
    """The issue (共性问题) of that id."""
    return NamedNode(f"{BASE}issue/{segment(name)}")


def scheme_iri(code_list: str, year: int) -> NamedNode:
    """The concept scheme of a code list in a year."""
    return year_list_iri(code_list, year)


def code_iri(code: str, year: int) -> NamedNode:
    """The concept of a printed classification code: one over the years.

    A code of no known list is one within its year only: nothing says what it means elsewhere.
    """
    if classification_list(code) == "other":
        return NamedNode(f"{scheme_iri('other', year).value}/{segment(code)}")
    return concept_iri(code)


class IriMinter:
    """Makes the IRIs below one document; a second thing of the same description gets ``-2``, …"""

    def __init__(self, document: NamedNode) -> None:
        self._base = document.value
        self._taken: set[str] = set()

    def mint(self, *steps: str) -> NamedNode:
        """A fresh IRI ``document/step/step…``; steps must have passed :func:`segment` if free text."""
        path = wanted = "/".join((self._base, *steps))
        count = 1
        while path in self._taken:  # a name may itself end in -2
            count += 1
            path = f"{wanted}-{count}"
        self._taken.add(path)
        return NamedNode(path)
