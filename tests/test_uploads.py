"""Files uploaded over HTTP: read by a process of its own, published and served, or refused in words."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import SAMPLES, built, fiscalgraph, server
from served_samples import given, refusal

from fiscalgraph.api.settings import SETTINGS, ServerSettings
from fiscalgraph.api.upload_names import safe_name, suffix_of
from fiscalgraph.discovery import DOCUMENT_SUFFIXES
from fiscalgraph.graph.store import GenerationStore

FIRST = SAMPLES / "hydrology_2023_accounts.txt"
PDF, WORD = SAMPLES / "civil_2024_budget.pdf", SAMPLES / "water_2024_budget.docx"
SHEET = SAMPLES / "hydrology_2024_budget.xlsx"
TEXTS = (SAMPLES / "education_2023_accounts.txt", SAMPLES / "heritage_2024_accounts.txt")
TAKEN = {"FISCALGRAPH_SERVE_UPLOADS": "", "FISCALGRAPH_SERVE_LOG": "off"}
OCTETS = {"Content-Type": "application/octet-stream"}
KEY = "0123456789abcdef-upload"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of one document; copied for each test that changes it."""
    return built(tmp_path_factory.mktemp("uploads") / "home", [FIRST])


@pytest.fixture
def fresh(small: Path, tmp_path: Path) -> Path:
    """A workspace for a server of the test's own."""
    return Path(shutil.copytree(small, tmp_path / "home", symlinks=True))


@pytest.fixture(scope="module")
def home(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of :func:`client`: each test adds to it."""
    return Path(shutil.copytree(small, tmp_path_factory.mktemp("served") / "home", symlinks=True))


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with (
        server(home, TAKEN) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def send(client: httpx.Client, name: str, content: bytes, **headers: str) -> httpx.Response:
    return client.post("/uploads", params={"name": name}, content=content, headers={**OCTETS, **headers})


def ended(client: httpx.Client, url: str) -> dict[str, Any]:
    """The upload when it has ended; the states it went through are in their order."""
    states: list[str] = []
    order = ("waiting", "reading", "publishing", "done", "refused", "failed")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        upload: dict[str, Any] = given(client, url)
        if not states or states[-1] != upload["state"]:
            states.append(upload["state"])
        if upload["state"] in ("done", "refused", "failed"):
            assert [order.index(state) for state in states] == sorted(order.index(state) for state in states)
            return upload
        time.sleep(0.05)
    raise AssertionError(upload)


def total(client: httpx.Client) -> int:
    number: int = given(client, "/documents", limit=1)["total"]
    return number


def folders(home: Path) -> set[Path]:
    return set((home / "uploads").glob("*"))


# -- what is read ------------------------------------------------------------------------------------


def test_an_uploaded_file_is_read_published_and_served(client: httpx.Client, home: Path) -> None:
    name, content = PDF.name, PDF.read_bytes()
    before = total(client)
    answer = send(client, name, content)
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert (told["name"], told["bytes"]) == (name, len(content))
    assert answer.headers["location"] == told["url"]
    upload = ended(client, told["url"])
    assert upload["state"] == "done", upload
    document = upload["document"]
    assert (document["document"], document["status"]) == (Path(name).stem, "built")
    assert document["counts"]["spending"] > 0
    assert document["coverage"]["tables_read"] > 0
    # At once, without a restart.
    shown = given(client, document["url"])
    assert shown["document"]["issuer"] == document["issuer"]
    assert total(client) == before + 1
    assert given(client, "/overview")["documents"] == before + 1
    listed = given(client, "/uploads")
    assert listed["enabled"]
    assert listed["items"][0]["id"] == upload["id"]
    # The file is kept, and a file that is there already is told as such.
    (kept,) = (home / "uploads").rglob(name)
    assert kept.read_bytes() == content
    again = ended(client, send(client, "copy.pdf", content).json()["url"])
    assert (again["state"], again["document"]["status"]) == ("done", "duplicate")
    assert again["document"]["document"] == Path(name).stem
    assert total(client) == before + 1


def test_a_bad_file_is_refused_in_the_readers_words_and_harms_nothing(
    client: httpx.Client, home: Path
) -> None:
    served, before = GenerationStore(home).current, total(client)
    for content, why in (
        (b"", "empty"),
        (b"%PDF-1.7 and nothing more", ""),
        (os.urandom(2000), ""),
    ):
        upload = ended(client, send(client, "bad.pdf", content).json()["url"])
        assert upload["state"] == "refused", upload
        assert all(upload["error"][part] for part in ("what", "why", "cure"))
        assert why in upload["error"]["why"]
        assert upload["document"] is None
        assert not list((home / "uploads" / upload["id"]).glob("*.pdf"))
    chinese = client.get(f"/uploads/{upload['id']}", headers={"Accept-Language": "zh"}).json()
    assert not chinese["error"]["cure"].isascii()
    assert chinese["progress"]["zh"] == "无法使用"
    assert GenerationStore(home).current == served
    assert total(client) == before


def test_two_uploads_at_once_are_read_one_after_the_other(client: httpx.Client) -> None:
    paths, before = TEXTS, total(client)
    urls: dict[str, str] = {}

    def upload(path: Path) -> None:
        urls[path.name] = send(client, path.name, path.read_bytes()).json()["url"]

    threads = [threading.Thread(target=upload, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    listed = given(client, "/uploads")["items"]
    assert sum(each["state"] in ("reading", "publishing") for each in listed) <= 1
    for path in paths:
        assert ended(client, urls[path.name])["state"] == "done"
    assert total(client) == before + 2


def test_it_waits_for_a_build_by_the_command_line(client: httpx.Client, home: Path) -> None:
    with GenerationStore(home).begin():
        url = send(client, SHEET.name, SHEET.read_bytes()).json()["url"]
        time.sleep(3)
        assert given(client, url)["state"] in ("waiting", "reading")
    assert ended(client, url)["state"] == "done"


# -- what breaks off ---------------------------------------------------------------------------------


def children(of: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(of)], capture_output=True, text=True)
    return [int(each) for each in listed.stdout.split()]


def commands(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def building(server_pid: int) -> list[int]:
    return [pid for pid in children(server_pid) if " build " in commands(pid)]


def test_a_reader_that_is_killed_fails_its_upload_and_nothing_else(client: httpx.Client, home: Path) -> None:
    served = GenerationStore(home).current
    name, content = WORD.name, WORD.read_bytes()
    url = send(client, name, content).json()["url"]
    # A child that was forked and has not begun yet looks like its parent, and is younger.
    listening = min(int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if serves(stat, home))
    deadline = time.monotonic() + 30
    while not (found := building(listening)) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(found[0], signal.SIGKILL)
    upload = ended(client, url)
    assert upload["state"] == "failed"
    assert "broke off" in upload["error"]["why"]
    assert GenerationStore(home).current == served
    assert ended(client, send(client, name, content).json()["url"])["state"] == "done"


def serves(stat: Path, home: Path) -> bool:
    try:
        command = commands(int(stat.parent.name))
    except OSError:
        return False
    return " serve " in command and str(home) in command


def test_a_server_that_is_stopped_takes_up_what_it_had_not_finished(fresh: Path) -> None:
    home, (name, content) = fresh, (PDF.name, PDF.read_bytes())
    with server(home, TAKEN) as address:
        answer = httpx.post(
            f"{address}/uploads",
            params={"name": name},
            content=content,
            headers=OCTETS,
            timeout=60,
            trust_env=False,
        )
        url = answer.json()["url"]
    torn = home / "uploads" / "0123456789abcdef"
    torn.mkdir()
    (torn / "arriving").write_bytes(b"half of")
    with (
        server(home, TAKEN) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        assert ended(client, url)["state"] == "done"
        assert given(client, f"/documents/{Path(name).stem}")["document"]["document"] == Path(name).stem
        assert given(client, "/uploads")["total"] == 1
    assert not torn.exists()


def test_what_breaks_off_while_it_arrives_leaves_nothing(client: httpx.Client, home: Path) -> None:
    def half() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise RuntimeError("the sender is gone")

    headers = {**OCTETS, "Content-Length": "1000000"}
    known = folders(home)
    with pytest.raises(RuntimeError):
        client.post("/uploads", params={"name": "half.pdf"}, content=half(), headers=headers)
    # The next one is taken in behind it on the loop: what broke off is gone by then.
    assert ended(client, send(client, "whole.txt", b"whole").json()["url"])["state"] == "refused"
    assert not list((home / "uploads").rglob("arriving"))
    assert len(folders(home)) == len(known) + 1
    assert all(each["name"] != "half.pdf" for each in given(client, "/uploads")["items"])


# -- who may, and what ---------------------------------------------------------------------------------


def test_pages_of_other_origins_may_not_upload(client: httpx.Client, home: Path) -> None:
    host, before = client.base_url.netloc.decode(), folders(home)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://{host}.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        error = refusal(send(client, "a.pdf", b"x", **headers), 403)
        assert error["code"] == "cross_site"
    # What a foreign page may send without asking is not taken either.
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        refusal(send(client, "a.pdf", b"x", **{"Content-Type": kind}), 415)
    plain = client.build_request("POST", "/uploads", params={"name": "a.pdf"}, content=b"x")
    plain.headers.pop("content-type", None)
    refusal(client.send(plain), 415)
    assert folders(home) == before
    own = {"Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    assert send(client, "a.pdf", b"x", **own).status_code == 202


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("决算 2024.pdf", "决算 2024.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\x.pdf", "x.pdf"),
        ("/etc/x.pdf", "x.pdf"),
        (".hidden.pdf", "hidden.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("ﬁle\u202efdp.pdf", "ﬁlefdp.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("-rf.pdf", "-rf.pdf"),
        ("  .pdf", "pdf"),
        ("..", ""),
        ("", ""),
    ],
)
def test_names_are_made_plain(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


def test_long_names_keep_their_suffix() -> None:
    name = safe_name("决" * 300 + ".pdf")
    assert name.endswith("决.pdf")
    assert len(name.encode()) <= 180
    assert suffix_of("A.PDF") == "pdf"


def test_hostile_names_stay_in_their_folder(client: httpx.Client, home: Path) -> None:
    before = GenerationStore(home).current
    for name in (
        "../../../outside.pdf",
        "-rf.pdf",
        "--home=x.pdf",
        "$(touch x).pdf",
        "a;b.pdf",
        "\u202ea.pdf",
    ):
        upload = ended(client, send(client, name, b"not a document").json()["url"])
        assert upload["state"] == "refused"
    assert not [path for path in home.parent.rglob("outside*") if "uploads" not in path.parts]
    kept = {path.name for path in (home / "uploads").rglob("*") if path.is_file()}
    assert not any(name.startswith((".", "-", "$")) for name in kept)
    assert GenerationStore(home).current == before
    for name in ("program.exe", "noname", "..", "upload.json", "x.pdf/", "x.pdf.sh"):
        answer = client.post("/uploads", params={"name": name}, content=b"x", headers=OCTETS)
        refusal(answer, 415)
    refusal(client.post("/uploads", content=b"x", headers=OCTETS), 422)
    refusal(client.post("/uploads", params={"name": "a.pdf", "nmae": "b"}, content=b"x", headers=OCTETS), 422)


def test_limits_of_size_and_number(fresh: Path) -> None:
    home = fresh
    limits = {**TAKEN, "FISCALGRAPH_SERVE_UPLOAD_BYTES": "1000", "FISCALGRAPH_SERVE_UPLOADS_WAITING": "1"}
    with (
        server(home, limits) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        refusal(send(client, "a.pdf", b"x" * 1001), 413)
        listed = given(client, "/uploads")
        assert (listed["most_bytes"], listed["items"]) == (1000, [])
        with GenerationStore(home).begin():  # so that it waits
            first = send(client, "a.txt", b"x" * 1000).json()
            refusal(send(client, "b.txt", b"x"), 503)
        assert ended(client, first["url"])["state"] == "refused"
        assert send(client, "b.txt", b"x").status_code == 202
        # A query's body has its own limit.
        refusal(client.post("/sparql", content=b"x" * 300_000, headers=OCTETS), 413)


def test_where_uploads_are_off_it_is_said(fresh: Path) -> None:
    home = fresh
    with (
        server(home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        error = refusal(send(client, "a.pdf", b"x"), 403)
        assert error["code"] == "uploads_off"
        assert "fiscalgraph build" in error["cure"]
        assert given(client, "/uploads")["enabled"] is False
        refusal(client.get("/uploads/0123456789abcdef"), 404)
    assert not (home / "uploads").exists()


def test_with_keys_an_upload_needs_one_and_the_page_does_not(fresh: Path) -> None:
    home = fresh
    with (
        server(home, {**TAKEN, "FISCALGRAPH_SERVE_API_KEYS": KEY}) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        refusal(send(client, "a.txt", b"x"), 401)
        refusal(client.get("/uploads"), 401)
        assert send(client, "a.txt", b"x", **{"X-API-Key": KEY}).status_code == 202
        page = client.get("/")
        assert page.headers["content-type"].startswith("text/html")
        assert page.status_code == 200
        for path in (
            "/documents",
            "/overview",
            "/web",
            "/webx",
            "//web/x",
            "/sparql?query=ASK{}",
            "/openapi.json",
        ):
            error = refusal(client.get(path), 401)
            assert "X-API-Key" in error["cure"]
        # Below /web/ there is the page and nothing else.
        for path in ("/web/nosuch", "/web/../documents", "/web/%2e%2e/documents", "/web//documents"):
            assert status_of(address, path) == 404


def status_of(address: str, path: str) -> int:
    """The status of an address that is sent as it stands; clients would make it plain first."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("environment", "loopback", "taken"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"FISCALGRAPH_SERVE_PROXIES": "127.0.0.1"}, True, False),
        ({"FISCALGRAPH_SERVE_NAMES": "budget.example.org"}, True, False),
        ({"FISCALGRAPH_SERVE_CORS_ORIGINS": "*"}, True, False),
        ({"FISCALGRAPH_SERVE_UPLOADS": "1"}, False, True),
        ({"FISCALGRAPH_SERVE_UPLOADS": "0"}, True, False),
    ],
)
def test_others_may_upload_only_where_it_is_said(
    environment: dict[str, str], loopback: bool, taken: bool
) -> None:
    assert ServerSettings.from_environment(environment).takes_uploads(loopback=loopback) is taken


def test_what_is_taken_is_what_is_read() -> None:
    (types,) = [each.default for each in SETTINGS if each.name == "FISCALGRAPH_SERVE_UPLOAD_TYPES"]
    assert {f".{each}" for each in types.split(",")} == DOCUMENT_SUFFIXES


def test_the_build_tells_its_progress_beside_its_answer(tmp_path: Path) -> None:
    done = fiscalgraph("build", FIRST, "--json", "--home", tmp_path / "home")
    assert json.loads(done.out)["documents"] == 1
    assert done.err.startswith("[1/1]")
