"""Who may have a query evaluated now: so many at a time in all, and of one client."""

from __future__ import annotations

from collections import Counter

from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.graph.sparql import QueryBusy

__all__ = ["Admission", "Place"]


class Admission:
    """Counts the queries in progress. Used on the event loop only, so it needs no lock.

    A query is in progress until its answer is given out. Nobody waits here: what cannot be taken on is
    refused at once, and costs the server nothing.
    """

    def __init__(self, *, total: int, per_client: int) -> None:
        self._total = total
        self._per_client = per_client
        self._of_client: Counter[str] = Counter()

    def admit(self, client: str, path: str) -> Place:
        """Count a query of ``client`` until its place is left.

        Raises :class:`~fiscalgraph.api.errors.RequestRefused` (429) when the client has as many in
        progress as it may, and :class:`~fiscalgraph.graph.sparql.QueryBusy` when all together have.
        """
        if self._of_client.get(client, 0) >= self._per_client:
            raise RequestRefused(
                path,
                f"{self._per_client} queries of yours are in progress, and that is all one client may have",
                "Wait for one of them to end.",
                status=429,
                code="too_many_queries",
            )
        if self._of_client.total() >= self._total:
            raise QueryBusy(
                "too many queries",
                f"{self._total} are in progress, and no more are taken on",
                "Try again in a moment.",
            )
        self._of_client[client] += 1
        return Place(self._of_client, client)


class Place:
    """One query in progress."""

    def __init__(self, of_client: Counter[str], client: str) -> None:
        self._of_client = of_client
        self._client = client

    def leave(self) -> None:
        """Let the next query in. To be called once."""
        self._of_client[self._client] -= 1
        if not self._of_client[self._client]:
            del self._of_client[self._client]
