"""A short soak: ``make soak`` runs the same for ten minutes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from running import ROOT, plain_environment


def test_twenty_seconds_at_saturation_leave_the_server_as_it_was(sample_home: Path) -> None:
    command = [sys.executable, str(ROOT / "bench" / "soak.py"), "--seconds", "20", "--publish-every", "3"]
    # So short a run is mostly warming up: what grows without end shows in the long one.
    command += ["--tolerance", "0.3", "--home", str(sample_home)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=150, env=plain_environment({}), cwd=ROOT
    )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert found["answers"]["200"] > 10
    assert found["answers"]["504"] >= 1
    assert found["generations"] >= 2
