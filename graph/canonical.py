"""Statements as bytes that depend on nothing but the statements.

The form is that of RDF Dataset Canonicalization (RDFC-1.0): N-Quads lines in canonical spelling, sorted by
code point, each once. The graph has no blank nodes, so that there is nothing to relabel.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from typing import IO, Final

from pyoxigraph import BlankNode, Quad, RdfFormat, serialize

__all__ = ["write_canonical"]

_SORTED_AT_ONCE: Final = 400_000  # lines in memory, of about 300 bytes each


def write_canonical(quads: Iterable[Quad], output: IO[bytes]) -> int:
    """Write ``quads`` to ``output``, whatever order they come in; how many lines were written.

    Raises ``ValueError`` for a blank node.
    """
    remaining = iter(quads)
    with ExitStack() as stack:
        runs: list[Iterable[bytes]] = []
        while lines := _lines(islice(remaining, _SORTED_AT_ONCE)):
            run = stack.enter_context(tempfile.TemporaryFile())
            run.writelines(sorted(lines))
            run.seek(0)
            runs.append(run)
        count = 0
        for line, _ in groupby(heapq.merge(*runs)):
            output.write(line)
            count += 1
        return count


def _lines(quads: Iterable[Quad]) -> list[bytes]:
    text = serialize(_named(quads), format=RdfFormat.N_QUADS)
    return text.splitlines(keepends=True) if text else []


def _named(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        if any(isinstance(term, BlankNode) for term in (quad.subject, quad.object, quad.graph_name)):
            raise ValueError(f"a blank node has no name to sort by: {quad}")
        yield quad
