"""What one query may use. Each limit is a setting of the server: see ``docs/sparql.md``."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use; the defaults are those of the command line.

    ``rows`` and ``result_bytes`` count the result as it is given, ``memory_bytes`` is the address
    space of a worker beyond what it starts with.
    """

    seconds: float = 30.0
    rows: int = 1_000_000
    result_bytes: int = 500_000_000
    memory_bytes: int = 4 * 1024**3
    query_characters: int = 200_000
    nesting: int = 64
    """Brackets of any kind inside one another: the engine's parser uses the stack for each."""
    path_repetitions: int = 20
    """Property paths with ``*``, ``+`` or ``?``: each may visit the whole graph."""
