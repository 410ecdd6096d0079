"""The limits of ``/sparql``, each one of the settings; ``docs/sparql.md`` explains them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fiscalgraph.api.settings import Values
from fiscalgraph.graph.sparql import Limits

__all__ = ["SparqlSettings"]

_NAME: Final = "FISCALGRAPH_SPARQL_"
_LIMITS: Final = Limits(seconds=20.0, rows=200_000, result_bytes=50_000_000, query_characters=150_000)


@dataclass(frozen=True, slots=True)
class SparqlSettings:
    """What the server lets a query, and a client, use; the defaults are those of the settings."""

    limits: Limits = _LIMITS
    workers: int = 2
    waiting: int = 16
    per_client: int = 8

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> SparqlSettings:
        """Read the environment. Raises :class:`~fiscalgraph.api.settings.UnusableSetting`."""
        values = Values(environment)

        def count(name: str) -> int:
            return values.whole(_NAME + name)

        return cls(
            limits=Limits(
                seconds=values.number(_NAME + "SECONDS"),
                rows=count("ROWS"),
                result_bytes=count("BYTES"),
                memory_bytes=count("MEMORY"),
                query_characters=count("CHARACTERS"),
                nesting=count("NESTING"),
                path_repetitions=count("PATHS"),
            ),
            workers=count("WORKERS"),
            waiting=count("WAITING"),
            per_client=count("PER_CLIENT"),
        )
