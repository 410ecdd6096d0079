"""Generations published in a moment: copies of a built one, switched to as a build does."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path


def served_number(home: Path) -> int:
    """The number of the generation that ``current`` points to."""
    return int(Path(os.readlink(home / "current")).name)


def publish_copy(home: Path, source: Path) -> str:
    """Publish what ``source`` (a generation) holds as the next generation of ``home``; its name."""
    before = served_number(home)
    name = f"{before + 1:06d}"
    shutil.rmtree(home / "generations" / name, ignore_errors=True)
    shutil.copytree(source, home / "generations" / name, copy_function=os.link)
    # Readers lock the file "in-use" of their own generation.
    (home / "generations" / name / "in-use").unlink()
    (home / "generations" / name / "in-use").touch()
    fresh = home / "current.new"
    fresh.symlink_to(Path("generations") / name, target_is_directory=True)
    fresh.replace(home / "current")
    for old in (home / "generations").iterdir():
        if old.name.isdigit() and int(old.name) < before:
            _remove_unless_in_use(old)
    return name


def _remove_unless_in_use(directory: Path) -> None:
    claim = os.open(directory / "in-use", os.O_RDONLY)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(directory)
    except BlockingIOError:
        return
    finally:
        os.close(claim)
