"""The limits of ``/sparql``, each an environment variable; ``docs/sparql.md`` explains them.

===================================  =============================================  ===========
variable                             meaning                                        default
===================================  =============================================  ===========
FISCALGRAPH_SPARQL_SECONDS           time for one query, waiting included           20
FISCALGRAPH_SPARQL_ROWS              rows, or triples, of one answer                200000
FISCALGRAPH_SPARQL_BYTES             bytes of one answer                            50000000
FISCALGRAPH_SPARQL_MEMORY            bytes a query may take while it is evaluated   4294967296
FISCALGRAPH_SPARQL_CHARACTERS        characters of one query                        150000
FISCALGRAPH_SPARQL_NESTING           brackets inside one another                    64
FISCALGRAPH_SPARQL_PATHS             property paths with ``*``, ``+`` or ``?``      20
FISCALGRAPH_SPARQL_WORKERS           queries evaluated at the same time             2
FISCALGRAPH_SPARQL_WAITING           queries that may wait for a worker             16
FISCALGRAPH_SPARQL_PER_CLIENT        queries of one client in progress              8
===================================  =============================================  ===========
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.sparql import Limits

__all__ = ["SparqlSettings", "UnusableLimit"]

_NAME: Final = "FISCALGRAPH_SPARQL_"
_LIMITS: Final = Limits(seconds=20.0, rows=200_000, result_bytes=50_000_000, query_characters=150_000)


class UnusableLimit(FiscalgraphError):
    """An environment variable holds a limit that makes no sense."""


@dataclass(frozen=True, slots=True)
class SparqlSettings:
    """What the server lets a query, and a client, use; see the module's table."""

    limits: Limits = _LIMITS
    workers: int = 2
    waiting: int = 16
    per_client: int = 8

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> SparqlSettings:
        """Read the environment. Raises :class:`UnusableLimit` for a value that is no number above 0."""
        plain = cls()
        given = plain.limits

        def count(name: str, default: int) -> int:
            return int(_number(environment, name, default, whole=True))

        return cls(
            limits=Limits(
                seconds=_number(environment, "SECONDS", given.seconds),
                rows=count("ROWS", given.rows),
                result_bytes=count("BYTES", given.result_bytes),
                memory_bytes=count("MEMORY", given.memory_bytes),
                query_characters=count("CHARACTERS", given.query_characters),
                nesting=count("NESTING", given.nesting),
                path_repetitions=count("PATHS", given.path_repetitions),
            ),
            workers=count("WORKERS", plain.workers),
            waiting=count("WAITING", plain.waiting),
            per_client=count("PER_CLIENT", plain.per_client),
        )


def _number(environment: Mapping[str, str], name: str, default: float, *, whole: bool = False) -> float:
    printed = environment.get(_NAME + name, "")
    if not printed:
        return default
    digits, point, decimals = printed.partition(".")
    plain = printed.isascii() and digits.isdigit() and (decimals.isdigit() if point else True)
    if not plain or (whole and point) or float(printed) <= 0:
        raise UnusableLimit(
            f"{_NAME}{name}={printed}",
            f"it is not a {'whole ' if whole else ''}number above 0",
            "Set it to a number or unset it",
        )
    return float(printed)
