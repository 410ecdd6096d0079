"""Who may be answered now: so many requests at a time in all and of one client, and so many a second."""

from __future__ import annotations

import time
from collections import Counter
from typing import Final

from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.graph.sparql import QueryBusy

__all__ = ["Admission", "Place", "Rate"]

_MOST_CLIENTS: Final = 10_000  # whose requests are counted at a time


class Admission:
    """Counts the requests in progress. Used on the event loop only, so it needs no lock.

    A request is in progress until its answer is given out. Nobody waits here: what cannot be taken on is
    refused at once, and costs the server nothing.
    """

    def __init__(self, *, total: int, per_client: int) -> None:
        self._total = total
        self._per_client = per_client
        self._of_client: Counter[str] = Counter()
        self.in_progress = 0

    def admit(self, client: str, path: str) -> Place:
        """Count a request of ``client`` until its place is left.

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
        if self.in_progress >= self._total:
            raise QueryBusy(
                "too many queries",
                f"{self._total} are in progress, and no more are taken on",
                "Try again in a moment.",
            )
        self._of_client[client] += 1
        self.in_progress += 1
        return Place(self, client)

    def leave(self, client: str) -> None:
        """Count one request of ``client`` less."""
        self.in_progress -= 1
        self._of_client[client] -= 1
        if not self._of_client[client]:
            del self._of_client[client]


class Place:
    """One request in progress."""

    def __init__(self, admission: Admission, client: str) -> None:
        self._admission = admission
        self._client = client

    def leave(self) -> None:
        """Let the next request in. To be called once."""
        self._admission.leave(self._client)


class Rate:
    """How many requests a client sends: ``per_second`` over some time, ten seconds' worth at once.

    0 admits any number. Used on the event loop only.
    """

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._clients: dict[str, tuple[float, float]] = {}  # what a client has left, and since when

    def take(self, client: str, path: str) -> None:
        """Count a request. Raises :class:`~fiscalgraph.api.errors.RequestRefused` (429)."""
        if not self._per_second:
            return
        now, most = time.monotonic(), 10.0 * self._per_second
        left, since = self._clients.pop(client, (most, now))
        left = min(most, left + (now - since) * self._per_second)
        self._clients[client] = (left - 1 if left >= 1 else left, now)  # now the last in the table
        if len(self._clients) > _MOST_CLIENTS:  # who has not asked for longest has all of it again
            del self._clients[next(iter(self._clients))]
        if left < 1:
            raise RequestRefused(
                path,
                f"one client may send {self._per_second} requests a second",
                "Send fewer.",
                status=429,
                code="too_many_requests",
            )
