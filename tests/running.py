"""The command line in a process of its own, as a user runs it."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples" / "documents"


@dataclass(frozen=True)
class Finished:
    """A command that has ended; ``cpu`` is what it and its children used, in seconds."""

    code: int
    out: str
    err: str
    cpu: float


def fiscalgraph(
    *arguments: str | Path,
    environment: Mapping[str, str] | None = None,
    standard_input: str | None = None,
    folder: Path | None = None,
) -> Finished:
    """Run ``fiscalgraph`` in English, whatever the locale of this machine."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "fiscalgraph", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        input=standard_input,
        cwd=folder,
        timeout=300,
        env=plain_environment(environment or {}),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Finished(done.returncode, done.stdout, done.stderr, cpu)


# Servers of the shared workspace must not change it.
_NO_UPLOADS = {"FISCALGRAPH_SERVE_UPLOADS": "0"}


def plain_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """The environment without this machine's own settings of fiscalgraph."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FISCALGRAPH_")}
    own = {"FISCALGRAPH_LANG": "en", "FISCALGRAPH_WORKERS": "2", **_NO_UPLOADS}
    return {**kept, **own, **changes}


def built(home: Path, paths: Sequence[Path]) -> Path:
    """Build ``paths`` into ``home``; nothing may be refused."""
    done = fiscalgraph("build", *paths, "--home", home)
    assert done.code == 0, done.err + done.out
    return home


@contextlib.contextmanager
def server(home: Path, environment: Mapping[str, str] | None = None, *, port: int = 0) -> Iterator[str]:
    """``fiscalgraph serve`` on this machine, by default on a free port; its address without a last ``/``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fiscalgraph", "serve", "--port", str(port), "--home", str(home)],
        stderr=subprocess.PIPE,
        text=True,
        env=plain_environment(environment or {}),
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert line.startswith("open http://127.0.0.1:"), line
        yield line.split()[1].rstrip("/")
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stderr.close()
