"""Never stale, never down: generations change under a running server, are damaged, vanish, come back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from running import ROOT, SAMPLES, built, plain_environment, server

from fiscalgraph.api.settings import ServerSettings
from fiscalgraph.api.shelf import Shelf
from fiscalgraph.api.sparql_settings import SparqlSettings
from fiscalgraph.graph.sparql import Question

sys.path.append(str(ROOT / "bench"))

from publishing import publish_copy, served_number

COUNT = "SELECT (COUNT(?d) AS ?n) { ?d a <https://w3id.org/fiscalgraph/ontology#Disclosure> }"
QUIET = {"FISCALGRAPH_SERVE_LOG": "off", "FISCALGRAPH_SERVE_WORKERS": "1", "FISCALGRAPH_SPARQL_WORKERS": "1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two generations, of one document and of two."""
    home = tmp_path_factory.mktemp("made") / "home"
    first, second = sorted(SAMPLES.glob("*.txt"))[:2]
    built(home, [first])
    kept = shutil.copytree((home / "current").resolve(), home.parent / "one")
    built(home, [second])
    return [kept, (home / "current").resolve()]


@pytest.fixture
def home(made: list[Path], tmp_path: Path) -> Path:
    """A workspace that serves the generation of one document as number 1."""
    home = tmp_path / "home"
    shutil.copytree(made[0], home / "generations" / "000001")
    (home / "current").symlink_to(Path("generations") / "000001")
    return home


@pytest.fixture
def client(home: Path) -> Iterator[httpx.Client]:
    with (
        server(home, QUIET) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        assert client.get("/documents").status_code == 200
        yield client


def eventually(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def documents_by_sparql(client: httpx.Client) -> tuple[int, int]:
    """The number of the generation that answers, and of the documents in it."""
    answer = client.get("/sparql", params={"query": COUNT})
    assert answer.status_code == 200, answer.text
    count = int(answer.json()["results"]["bindings"][0]["n"]["value"])
    return int(answer.headers["fiscalgraph-generation"]), count


def documents_by_csv(client: httpx.Client) -> tuple[int, int]:
    answer = client.get("/queries/documents", params={"format": "csv"})
    assert answer.status_code == 200, answer.text
    return int(answer.headers["fiscalgraph-generation"]), len(answer.text.splitlines()) - 1


def test_generations_change_under_load_without_a_failed_request(
    home: Path, made: list[Path], client: httpx.Client
) -> None:
    """Odd generations hold one document, even ones two: each answer must fit the generation it names."""
    over = threading.Event()
    seen: dict[int, int] = {}
    took: list[float] = []

    def ask(count: Callable[[httpx.Client], tuple[int, int]]) -> None:
        with httpx.Client(base_url=client.base_url, timeout=60, trust_env=False) as own:
            while not over.is_set():
                started = time.monotonic()
                number, documents = count(own)
                took.append(time.monotonic() - started)
                assert documents == (2 if number % 2 == 0 else 1)
                seen[number] = documents

    with ThreadPoolExecutor(4) as clients:
        asking = [clients.submit(ask, each) for each in (documents_by_sparql, documents_by_csv) * 2]
        try:
            for switch in range(1, 7):
                name = publish_copy(home, made[switch % 2])
                eventually(lambda name=name: int(name) in seen)  # type: ignore[misc]
        finally:
            over.set()
        for each in asking:
            each.result()
    assert set(range(1, 8)) <= seen.keys()
    assert max(took) < 3, sorted(took)[-10:]  # nobody waits for a generation to be opened


def test_a_build_is_served_when_it_is_finished(home: Path, client: httpx.Client, tmp_path: Path) -> None:
    assert documents_by_sparql(client) == (1, 1)
    second = Path(shutil.copy(sorted(SAMPLES.glob("*.txt"))[1], tmp_path))
    built(home, [second])
    eventually(lambda: documents_by_sparql(client) == (2, 2))
    assert documents_by_csv(client) == (2, 2)


def test_a_build_that_is_killed_changes_nothing(home: Path, client: httpx.Client) -> None:
    build = subprocess.Popen(
        [sys.executable, "-m", "fiscalgraph", "build", str(SAMPLES), "--home", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=plain_environment({}),
        cwd=ROOT,
        start_new_session=True,
    )
    eventually(lambda: (home / "generations" / "building").exists() or build.poll() is not None, 60)
    os.killpg(build.pid, signal.SIGKILL)
    build.wait(timeout=30)
    assert documents_by_sparql(client) == (1, 1)
    assert client.get("/health").json().keys() == {"status", "generation", "base"}


def test_a_damaged_generation_is_not_served(home: Path, made: list[Path], client: httpx.Client) -> None:
    broken = shutil.copytree(made[1], home.parent / "broken")
    for file in (broken / "graph").iterdir():
        if file.name.startswith(("CURRENT", "MANIFEST")):
            file.write_bytes(b"\0" * 10)
    publish_copy(home, broken)
    eventually(lambda: "problem" in client.get("/health").json())
    health = client.get("/health").json()
    assert (health["status"], health["generation"]) == ("ok", "000001")
    assert "000002" in health["problem"]
    assert documents_by_sparql(client) == (1, 1)
    assert documents_by_csv(client) == (1, 1)
    publish_copy(home, made[0])
    eventually(lambda: documents_by_sparql(client) == (3, 1))
    assert "problem" not in client.get("/health").json()


def test_a_workspace_that_vanishes_is_missed_and_taken_up_again(home: Path, client: httpx.Client) -> None:
    away = home.rename(home.with_name("away"))
    eventually(lambda: client.get("/health").status_code == 503)
    for path in ("/health", "/documents", "/sparql?query=ASK{}"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "empty_workspace"
        assert answer.headers["retry-after"]
    away.rename(home)
    eventually(lambda: client.get("/health").status_code == 200)
    assert documents_by_sparql(client) == (1, 1)
    assert documents_by_csv(client) == (1, 1)


def test_another_workspace_in_the_same_place_is_noticed(
    home: Path, made: list[Path], client: httpx.Client
) -> None:
    """Its generation has the same number as the one before: the number alone tells nothing."""
    other = home.with_name("other")
    shutil.copytree(made[1], other / "generations" / "000001")
    (other / "current").symlink_to(Path("generations") / "000001")
    home.rename(home.with_name("away"))
    other.rename(home)
    eventually(lambda: documents_by_sparql(client) == (1, 2))
    eventually(lambda: documents_by_csv(client) == (1, 2))


def test_fifty_generations_leave_nothing_behind(home: Path, made: list[Path]) -> None:
    """Neither open files nor processes nor old generations grow; each goes when the next is served."""
    shelf = Shelf(
        home,
        encoder=None,
        sparql=SparqlSettings(workers=1),
        settings=ServerSettings.from_environment({"FISCALGRAPH_SERVE_WORKERS": "1"}),
    )
    try:
        shelf.open()
        sizes = []
        for switch in range(1, 51):
            name = publish_copy(home, made[switch % 2])
            eventually(lambda name=name: shelf.generation().name == name)  # type: ignore[misc]
            if switch in (5, 50):
                assert shelf.workers.answer(Question("ASK {}")).generation == name
                sizes.append((len(os.listdir("/proc/self/fd")), len(shelf.resources.processes())))
        (files_then, processes_then), (files_now, processes_now) = sizes
        # A worker that is just starting or ending holds a few; a leak would be one for each of 45 switches.
        assert abs(files_now - files_then) <= 10
        assert processes_now == processes_then
        assert served_number(home) == 51
        assert len(list((home / "generations").iterdir())) <= 3
        assert shelf.resources.counts.started == 51
    finally:
        shelf.close()
    assert shelf.resources.processes() == []
