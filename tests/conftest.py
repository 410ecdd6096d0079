"""What several tests share: a workspace of the samples, and the page in a browser (workbench.py)."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from running import SAMPLES, built

pytest_plugins = ("workbench",)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A workspace of all samples, built once for all test processes. Do not change it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    home = shared / "sample-home"
    with (shared / "sample-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "current").exists():
            built(home, [SAMPLES])
    return home
