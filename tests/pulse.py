"""Asks ``/health`` all the time, from a process of its own: what others do to this one is not measured."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from types import TracebackType
from urllib.parse import urlsplit


class Pulse:
    """A context manager; afterwards ``seconds`` are what each answer took, ``failures`` what went wrong."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.seconds: list[float] = []
        self.failures: list[str] = []

    def __enter__(self) -> Pulse:
        self._process = subprocess.Popen(
            [sys.executable, __file__, self._address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        out, _ = self._process.communicate(timeout=60)  # closes its standard input: that ends it
        found = json.loads(out)
        self.seconds, self.failures = found["seconds"], found["failures"]


def _ask(address: str) -> None:
    import select

    where = urlsplit(address)
    seconds, failures = [], []
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=30)
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        started = time.perf_counter()
        try:
            connection.request("GET", "/health")
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                failures.append(f"{answer.status} {body!r}")
        except (OSError, http.client.HTTPException) as error:
            failures.append(repr(error))
            connection.close()
        seconds.append(time.perf_counter() - started)
    print(json.dumps({"seconds": seconds, "failures": failures}))


if __name__ == "__main__":
    _ask(sys.argv[1])
