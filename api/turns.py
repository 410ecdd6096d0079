"""Whose request is answered next: clients take turns, so that who sends many does not hold up the others."""

from __future__ import annotations

from collections import deque

import anyio

__all__ = ["Turns"]


class Turns:
    """``number`` requests are answered at a time; those that wait are taken client by client.

    Used on the event loop only.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._queues: dict[str, deque[anyio.Event]] = {}  # of each client that waits; the next one first

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return sum(map(len, self._queues.values()))

    async def take(self, client: str) -> None:
        """Wait for a turn. It ends with :meth:`leave`."""
        if self._free:
            self._free -= 1
            return
        turn = anyio.Event()
        self._queues.setdefault(client, deque()).append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():  # it came at the same moment
                self.leave()
            else:
                self._queues[client].remove(turn)
                if not self._queues[client]:
                    del self._queues[client]
            raise

    def leave(self) -> None:
        """End a turn: the first request of the next client has it."""
        if not self._queues:
            self._free += 1
            return
        client = next(iter(self._queues))
        queue = self._queues.pop(client)
        turn = queue.popleft()
        if queue:
            self._queues[client] = queue  # behind all others
        turn.set()
