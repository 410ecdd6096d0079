"""Whose request is answered next: clients take turns, so that who sends many does not hold up the others."""

from __future__ import annotations

from collections import Counter, deque

import anyio

__all__ = ["Turns"]


class Turns:
    """``number`` requests are answered at a time, ``of_one`` of them of one client; those that wait are
    taken client by client.

    Used on the event loop only.
    """

    def __init__(self, number: int, of_one: int | None = None) -> None:
        self._free = number
        self._of_one = number if of_one is None else of_one
        self._held: Counter[str] = Counter()
        self._queues: dict[str, deque[anyio.Event]] = {}  # of each client that waits; the next one first

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return sum(map(len, self._queues.values()))

    async def take(self, client: str) -> None:
        """Wait for a turn. It ends with :meth:`leave`."""
        if self._free and self._held[client] < self._of_one:
            self._give(client)
            return
        turn = anyio.Event()
        self._queues.setdefault(client, deque()).append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():  # it came at the same moment
                self.leave(client)
            else:
                self._queues[client].remove(turn)
                if not self._queues[client]:
                    del self._queues[client]
            raise

    def leave(self, client: str) -> None:
        """End a turn of a client: the first request of the next client that may have one has it."""
        self._free += 1
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        following = next((each for each in self._queues if self._held[each] < self._of_one), None)
        if following is None:
            return
        queue = self._queues.pop(following)
        turn = queue.popleft()
        if queue:
            self._queues[following] = queue  # behind all others
        self._give(following)
        turn.set()

    def _give(self, client: str) -> None:
        self._free -= 1
        self._held[client] += 1
