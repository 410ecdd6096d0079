"""Workers: limits hold, one bad document harms no other, results keep the order of the input."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.errors import RefusedDocument, UnreadableDocument
from fiscalgraph.extract.readers import Limits, process_many, read_in_worker, read_many

TASKS = """
import os, pathlib, subprocess, sys, time
from fiscalgraph.extract.errors import RefusedDocument
from fiscalgraph.extract.readers.limits import current_limits

def act(path):
    what = path.read_text()
    if what.startswith("sleep"):
        time.sleep(float(what.split()[1]))
    elif what == "hang with a child":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
        path.with_suffix(".pid").write_text(str(child.pid))
        time.sleep(120)
    elif what == "hoard":
        hoard = []
        while True:
            hoard.append(bytearray(8 << 20))
    elif what == "crash":
        os.abort()
    elif what == "fail":
        raise KeyError("no such\\nthing")
    elif what == "refuse":
        raise RefusedDocument("a", "b", "c")
    elif what == "print":
        print("noise " * 100_000, flush=True)
        os.write(1, b"more noise")
    elif what == "limits":
        return current_limits().pages
    elif what == "threads":
        return os.environ["OPENBLAS_NUM_THREADS"], "torch" in sys.modules
    elif what == "big":
        return "水" * 5_000_000
    return what, os.getpid()
"""


@pytest.fixture
def acts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the task above on files with these contents; the outcomes in order."""
    (tmp_path / "worker_tasks.py").write_text(TASKS)
    monkeypatch.syspath_prepend(str(tmp_path))

    def run(*contents: str, limits: Limits | None = None, workers: int = 1) -> list[Any]:
        paths = []
        for number, content in enumerate(contents):
            paths.append(tmp_path / f"文件 {number} 💧.txt")
            paths[-1].write_text(content)
        outcomes = list(process_many(paths, "worker_tasks:act", limits or Limits(seconds=30), workers))
        assert [path for path, _ in outcomes] == paths
        return [outcome for _, outcome in outcomes]

    return run


def test_results_come_in_the_order_of_the_input(acts: Any) -> None:
    outcomes = acts("sleep 0.4", "a", "b", "sleep 0.1", "c", workers=2)
    assert [outcome[0] for outcome in outcomes] == ["sleep 0.4", "a", "b", "sleep 0.1", "c"]


def test_a_worker_is_used_again(acts: Any) -> None:
    assert len({pid for _, pid in acts("a", "b", "c")}) == 1


def test_a_document_over_its_time_is_given_up_and_the_next_one_read(acts: Any) -> None:
    slow, after = acts("sleep 60", "a", limits=Limits(seconds=0.5))
    assert str(slow) == (
        "文件 0 💧.txt: reading it took longer than 0.5 s. "
        "Give the document alone with a higher limit, or split it."
    )
    assert after[0] == "a"


def test_what_a_document_started_ends_with_it(acts: Any, tmp_path: Path) -> None:
    acts("hang with a child", limits=Limits(seconds=1))
    child = int(next(tmp_path.glob("*.pid")).read_text())
    deadline = time.monotonic() + 5
    while _running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _running(child)


def _running(process: int) -> bool:
    try:
        os.kill(process, 0)
        with open(f"/proc/{process}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_document_over_its_memory_is_given_up_and_the_next_one_read(acts: Any) -> None:
    greedy, after = acts("hoard", "a", limits=Limits(memory_bytes=200 << 20, seconds=30))
    assert greedy.why == "reading it took more than 200 MiB of memory"
    assert after[0] == "a"


def test_a_crash_and_a_defect_are_reported_in_one_line(acts: Any) -> None:
    crash, failure, after = acts("crash", "fail", "a")
    assert crash.why == "the reading process broke down (signal 6)"
    assert isinstance(failure, UnreadableDocument)
    assert failure.why.startswith("the reader failed: KeyError: 'no such\\nthing' (worker_tasks.py:")
    assert "\n" not in str(failure)
    assert after[0] == "a"


def test_errors_of_ours_come_through_as_they_are(acts: Any) -> None:
    (refused,) = acts("refuse")
    assert isinstance(refused, RefusedDocument)
    assert (refused.what, refused.why, refused.cure) == ("a", "b", "c")


def test_what_libraries_print_does_not_disturb(acts: Any) -> None:
    assert [outcome[0] for outcome in acts("print", "a")] == ["print", "a"]


def test_large_results_come_through(acts: Any) -> None:
    assert len(acts("big")[0]) == 5_000_000


def test_the_limits_hold_inside_a_task_and_workers_stay_light(acts: Any) -> None:
    assert acts("limits", limits=Limits(pages=7)) == [7]
    assert acts("threads") == [("1", False)]


def test_closing_the_iterator_ends_the_workers(acts: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("sleep 60")
    outcomes = process_many([tmp_path / "a.txt", tmp_path / "b.txt"], "worker_tasks:act", Limits(), workers=2)
    # The first result only comes out when the second is asked for or the input ends.
    _, (_, pid) = next(outcomes)
    before = time.monotonic()
    outcomes.close()  # type: ignore[attr-defined]
    assert time.monotonic() - before < 5
    assert not _running(pid)


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_when_the_program_is_killed(tmp_path: Path, way: int) -> None:
    (tmp_path / "worker_tasks.py").write_text(TASKS)
    (tmp_path / "a.txt").write_text("hang with a child")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path;"
        "from fiscalgraph.extract.readers import process_many, Limits;"
        "list(process_many([Path(sys.argv[1]) / 'a.txt'], 'worker_tasks:act', Limits(), 1))"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)])
    deadline = time.monotonic() + 20
    while not (tmp_path / "a.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.1)
    process.send_signal(way)
    process.wait()
    child = int((tmp_path / "a.pid").read_text())
    while _running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _running(child)


def test_an_unguarded_script_may_read_in_workers(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("供水。\n")
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\nfrom fiscalgraph.extract.readers import read_many\n"
        "print([d.blocks[0].text for _, d in read_many([Path('a.txt')])])\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        encoding="utf-8",
    )
    assert done.stdout == "['供水。']\n", done.stderr


def test_a_file_in_the_current_folder_cannot_pose_as_a_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lxml.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "a.html").write_text("<html><body><p>供水。</p><p>排水。</p></body></html>")
    monkeypatch.chdir(tmp_path)
    assert len(read_in_worker(tmp_path / "a.html").paragraphs) == 2


def test_reading_in_a_worker_gives_the_same_document(tmp_path: Path) -> None:
    from fiscalgraph.extract.readers import read

    path = tmp_path / "a.txt"
    path.write_text("概况\n\n编码\t名称\t数\n201\t服务\t1.00\n")
    assert read_in_worker(path) == read(path)
    missing = tmp_path / "missing.txt"
    first, second = read_many([path, missing], workers=2)
    assert isinstance(first[1], Document)
    assert isinstance(second[1], UnreadableDocument)
    with pytest.raises(UnreadableDocument, match="no such file"):
        read_in_worker(missing)
