"""Serving in the open: settings, keys, origins, limits, one shape of errors, the log and the metrics."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from running import ROOT, fiscalgraph, plain_environment, server

from fiscalgraph.api.admission import Rate
from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.keys import ApiKeys
from fiscalgraph.api.request_context import context_of
from fiscalgraph.api.settings import SETTINGS, ServerSettings, UnusableSetting
from fiscalgraph.api.sparql_settings import SparqlSettings
from fiscalgraph.api.turns import Turns

KEY, OTHER_KEY = "k-0123456789abcdef0123", "other-0123456789abcdef"
ORIGIN = "https://page.example"
LOCKED = {
    "FISCALGRAPH_SERVE_API_KEYS": f"auditor={KEY},{OTHER_KEY}",
    "FISCALGRAPH_SERVE_CORS_ORIGINS": ORIGIN,
    "FISCALGRAPH_SERVE_PROXIES": "127.0.0.1",
    "FISCALGRAPH_SERVE_RATE": "5",
    "FISCALGRAPH_SERVE_ARRIVAL_SECONDS": "1",
    "FISCALGRAPH_SERVE_CONNECTIONS": "30",
}
TIGHT = {
    "FISCALGRAPH_SERVE_SECONDS": "3",
    "FISCALGRAPH_SERVE_PER_CLIENT": "2",
    "FISCALGRAPH_SERVE_ANSWER_BYTES": "3000",
    "FISCALGRAPH_SPARQL_SECONDS": "0.3",
    "FISCALGRAPH_SERVE_WORKERS": "1",
}
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "requests.jsonl"


@pytest.fixture(scope="module")
def address(sample_home: Path, log: Path) -> Iterator[str]:
    with server(sample_home, {"FISCALGRAPH_SERVE_LOG": str(log)}) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        client.get("/queries")  # the workers are warm from here on
        yield client


@pytest.fixture(scope="module")
def locked(sample_home: Path) -> Iterator[str]:
    with server(sample_home, {**LOCKED, "FISCALGRAPH_SERVE_LOG": "off"}) as address:
        yield address


@pytest.fixture(scope="module")
def tight(sample_home: Path) -> Iterator[str]:
    with server(sample_home, {**TIGHT, "FISCALGRAPH_SERVE_LOG": "off"}) as address:
        httpx.get(f"{address}/health", timeout=60, trust_env=False)
        yield address


def get(address: str, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
    return httpx.get(address + path, headers=headers, timeout=60, trust_env=False)


def refusal(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The error of an answer, which must have the one shape."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.json().keys() == {"error"}
    error: dict[str, Any] = answer.json()["error"]
    assert error.keys() >= {"code", "what", "why", "cure", "request_id"}
    assert all(error.values())
    assert code is None or error["code"] == code
    return error


# -- settings ---------------------------------------------------------------------------------


def test_every_setting_is_explained_with_its_default() -> None:
    pages = "".join(
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("serving.md", "sparql.md")
    )
    rows = dict(re.findall(r"^\| `(FISCALGRAPH_\w+)` \| ([^|]*) \|", pages, re.MULTILINE))
    assert rows.keys() == {setting.name for setting in SETTINGS}
    wrong = [entry.name for entry in SETTINGS if rows[entry.name].strip() != (entry.default or "–")]
    assert not wrong


def test_what_the_program_reads_from_the_environment_is_a_setting() -> None:
    read = {
        name
        for folder in ("api", "front", "graph", "search", "extract")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"\bFISCALGRAPH_[A-Z0-9_]*[A-Z0-9]\b", path.read_text(encoding="utf-8"))
    }
    known = {setting.name for setting in SETTINGS}
    beginnings = ("FISCALGRAPH_SERVE", "FISCALGRAPH_SPARQL")
    assert not read - known - set(beginnings) - {"FISCALGRAPH_SOFFICE", "FISCALGRAPH_TESSERACT"}


def test_defaults_stand_in_one_place() -> None:
    assert SparqlSettings.from_environment({}) == SparqlSettings()
    settings = ServerSettings.from_environment({"FISCALGRAPH_SERVE_PORT": ""})
    assert (settings.host, settings.port, settings.api_keys, settings.proxies) == ("127.0.0.1", 8765, (), ())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "-1"),
        ("SECONDS", "0"),
        ("SECONDS", "1e9"),
        ("WAITING", "0"),
        ("WAITING", "9" * 40),
        ("RATE", "2.5"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_settings_that_make_no_sense_are_refused(name: str, value: str) -> None:
    with pytest.raises(UnusableSetting, match=f"FISCALGRAPH_SERVE_{name}"):
        ServerSettings.from_environment({f"FISCALGRAPH_SERVE_{name}": value})


def test_a_server_with_unusable_settings_does_not_start(sample_home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "keys"
    empty.write_text("# none yet\n", encoding="utf-8")
    for wrong in (
        {"FISCALGRAPH_SERVE_API_KEYS": "short"},
        {"FISCALGRAPH_SERVE_LOG": str(tmp_path / "nosuch" / "log")},
    ):
        done = fiscalgraph("serve", "--port", "0", "--home", sample_home, environment=wrong)
        assert done.code == 1
        assert next(iter(wrong)) in done.err
        assert "short" not in done.err.replace("shorter", "")


# -- keys and origins -------------------------------------------------------------------------


def test_keys_of_a_file_and_of_the_environment_are_known(tmp_path: Path) -> None:
    from starlette.datastructures import Headers

    file = tmp_path / "keys"
    file.write_text(f"# keys\nauditor={KEY}\n\n", encoding="utf-8")
    settings = ServerSettings.from_environment(
        {"FISCALGRAPH_SERVE_API_KEYS": OTHER_KEY, "FISCALGRAPH_SERVE_API_KEYS_FILE": str(file)}
    )
    keys = ApiKeys.of(settings)
    assert keys.name_of(Headers({"Authorization": f"Bearer {KEY}"})) == "auditor"
    assert keys.name_of(Headers({"X-API-Key": OTHER_KEY})) == "key-1"
    for wrong in (KEY[:-1], KEY + "x", KEY.upper(), "", "钥"):
        assert keys.name_of(Headers(raw=[(b"x-api-key", wrong.encode())])) is None
    assert keys.name_of(Headers({})) is None
    assert not ApiKeys([])


def test_who_has_no_key_gets_the_page_and_health_and_nothing_else(locked: str) -> None:
    assert get(locked, "/").headers["content-type"].startswith("text/html")
    for path in ("/documents", "/sparql?query=ASK{}", "/metrics", "/nosuch"):
        answer = get(locked, path)
        refusal(answer, 401, "no_key")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert get(locked, "/health").status_code == 200
    assert get(locked, "/documents", {"X-API-Key": KEY}).status_code == 200
    assert get(locked, "/sparql?query=ASK{}", {"Authorization": f"Bearer {OTHER_KEY}"}).status_code == 200
    refusal(get(locked, "/documents", {"Authorization": f"Basic {KEY}"}), 401)


def test_pages_of_listed_origins_may_ask(locked: str, client: httpx.Client) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    asked["Access-Control-Request-Headers"] = "X-API-Key"
    allowed = httpx.options(f"{locked}/documents", headers=asked, trust_env=False)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    refused = httpx.options(
        f"{locked}/documents", headers={**asked, "Origin": "https://evil.example"}, trust_env=False
    )
    assert "access-control-allow-origin" not in refused.headers
    assert refusal(refused, 400)["code"] == "origin_refused"
    given = get(locked, "/health", {"Origin": ORIGIN})
    assert given.headers["access-control-allow-origin"] == ORIGIN
    assert given.headers["cross-origin-resource-policy"] == "cross-origin"
    plain = client.get("/health", headers={"Origin": ORIGIN})
    assert "access-control-allow-origin" not in plain.headers
    assert plain.headers["cross-origin-resource-policy"] == "same-origin"


def test_an_open_address_without_keys_is_warned_of(sample_home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fiscalgraph", "serve", "--host", "0.0.0.0", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=plain_environment({"FISCALGRAPH_HOME": str(sample_home)}),
    )
    assert process.stderr is not None
    try:
        assert process.stderr.readline().startswith("open http://0.0.0.0:")
        assert "no key" in process.stderr.readline()
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stderr.close()


# -- errors -----------------------------------------------------------------------------------


def test_every_refusal_has_the_one_shape(client: httpx.Client, address: str) -> None:
    query = {"Content-Type": "application/sparql-query"}
    spoilt = client.get("/sparql", params={"query": "SELECT * {\n ?s ?p }"})
    error = refusal(spoilt, 400, "cannot_parse")
    assert (error["line"], error["column"]) == (2, 8)
    refusal(client.get("/queries/findings?nosuch=1"), 422)
    refusal(client.get("/sparql", params={"query": "DROP ALL"}), 403)
    for path in ("/nosuch", "/documents/nosuch", "/queries/nosuch", "/source?iri=x:y", "/web/nosuch"):
        refusal(client.get(path), 404)
    for path in ("/documents", "/sparql", "/health", "/metrics", "/", "/queries/findings"):
        answer = client.delete(path)
        refusal(answer, 405)
        assert "GET" in answer.headers["allow"]
    refusal(client.get("/sparql?query=ASK{}", headers={"Accept": "image/png"}), 406)
    refusal(client.post("/sparql", content=b"x" * 300_000, headers=query), 413)
    refusal(client.get("/documents", headers={"Transfer-Encoding": "chunked"}), 413)
    refusal(client.post("/sparql", content="{}", headers={"Content-Type": "application/json"}), 415)
    refusal(client.get("/documents", headers={"Host": "evil.example"}), 421)
    refusal(client.get("/passages/search"), 422)
    refusal(client.get("/sparql", params={"query": "SELECT * " + "{" * 80 + "}" * 80}), 422)


def test_what_is_too_slow_too_large_or_too_much_has_the_one_shape(tight: str) -> None:
    refusal(get(tight, "/queries/spending"), 413, "result_too_large")
    refusal(httpx.get(f"{tight}/sparql", params={"query": SLOW}, timeout=60, trust_env=False), 504)

    def ask(_: int) -> httpx.Response:
        return get(tight, "/checks?limit=1000")

    with ThreadPoolExecutor(12) as many:
        answers = list(many.map(ask, range(12)))
    codes = [answer.status_code for answer in answers]
    assert codes.count(429) >= 3
    for answer in answers:
        error = refusal(answer, answer.status_code)
        assert (answer.status_code, error["code"]) in {
            (429, "too_many_queries"),
            (413, "result_too_large"),
            (503, "busy"),
            (504, "deadline_passed"),
        }
        assert ("retry-after" in answer.headers) == (answer.status_code in (429, 503))


def test_errors_are_told_in_chinese_to_who_wants_it(client: httpx.Client) -> None:
    english = refusal(client.get("/queries/nosuch"), 404)
    chinese = client.get("/queries/nosuch", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    error = refusal(chinese, 404)
    assert english["why"] == "there is no named query of that name"
    assert error["why"] == "没有这个名称的查询"
    assert chinese.headers["content-language"] == "zh"
    assert refusal(client.get("/nosuch", headers={"Accept-Language": "zh"}), 404)["why"] == "这个地址没有内容"
    sparql = client.get("/sparql", params={"query": "DROP ALL"}, headers={"Accept-Language": "zh"})
    assert refusal(sparql, 403)["why"] == "它会改动图谱"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr, zh;q=0.2", "zh"),
        ("", "en"),
        ("*", "en"),
        ("zh;q=..", "en"),
        ("zh" * 1000, "en"),
    ],
)
def test_the_language_that_is_liked_better(accepted: str, language: str) -> None:
    assert context_of(None, accepted).language == language


# -- ids, log, metrics ------------------------------------------------------------------------


def test_every_answer_has_an_id_and_a_generation(client: httpx.Client) -> None:
    for path in ("/documents", "/health", "/", "/metrics", "/sparql?query=ASK{}"):
        assert client.head(path).status_code == 200
    for path in ("/documents", "/sparql?query=ASK{}", "/health", "/nosuch", "/", "/metrics"):
        answer = client.get(path, headers={"X-Request-Id": "mine-1"})
        assert answer.headers["x-request-id"] == "mine-1"
        assert answer.headers["fiscalgraph-generation"].isdigit()
    assert refusal(client.get("/nosuch", headers={"X-Request-Id": "mine-2"}), 404)["request_id"] == "mine-2"
    made = {
        client.get("/health", headers={"X-Request-Id": bad}).headers["x-request-id"]
        for bad in ("", "a b", "x" * 99)
    }
    assert len(made) == 3
    assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in made)


def test_the_log_has_a_line_for_each_request_and_no_question(client: httpx.Client, log: Path) -> None:
    secret = "SELECT ('人手不够' AS ?x) {}"
    client.get("/sparql", params={"query": secret}, headers={"X-Request-Id": "logged-1"})
    client.get("/documents/nosuch", headers={"X-Request-Id": "logged-2"})
    for _ in range(100):
        lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        by_id = {line.get("id"): line for line in lines}
        if {"logged-1", "logged-2"} <= by_id.keys():
            break
        time.sleep(0.05)
    line = by_id["logged-1"]
    assert {
        "time",
        "level",
        "client",
        "method",
        "path",
        "query",
        "status",
        "ms",
        "bytes",
        "generation",
    } <= line.keys()
    assert (line["method"], line["path"], line["status"], line["client"]) == (
        "GET",
        "/sparql",
        200,
        "127.0.0.1",
    )
    assert by_id["logged-2"]["status"] == 404
    text = log.read_text(encoding="utf-8")
    assert "SELECT" not in text
    assert "人手" not in text


def metrics(client: httpx.Client) -> dict[tuple[str, tuple[str, ...]], float]:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_metrics_count_requests_by_address_and_status(client: httpx.Client) -> None:
    before = metrics(client)
    for name in ("one", "two", "three"):
        client.get(f"/documents/{name}")
    client.get("/sparql?query=ASK{}")
    client.get("/no/such/place")
    after = metrics(client)

    def grown(name: str, *labels: str) -> float:
        return after.get((name, labels), 0) - before.get((name, labels), 0)

    assert grown("fiscalgraph_requests_total", "GET", "/documents/{name}", "404") == 3
    assert grown("fiscalgraph_requests_total", "GET", "/sparql", "200") == 1
    assert grown("fiscalgraph_requests_total", "GET", "other", "404") == 1
    assert grown("fiscalgraph_request_seconds_count", "/documents/{name}") == 3
    assert after["fiscalgraph_workers", ("resources",)] == 3
    assert after["fiscalgraph_workers", ("sparql",)] == 2
    assert after["fiscalgraph_processes", ()] == 6
    assert after["fiscalgraph_memory_bytes", ()] > 50_000_000
    assert after["fiscalgraph_generation", ()] >= 1
    assert after["fiscalgraph_generation_problem", ()] == 0


def test_an_answer_is_sent_at_once(client: httpx.Client) -> None:
    """Headers and body are two packets: with Nagle's algorithm the second waits 40 ms for the first."""
    took = sorted(client.get("/health").elapsed.total_seconds() for _ in range(20))
    assert took[5] < 0.03


# -- limits -----------------------------------------------------------------------------------


def test_a_client_sends_so_many_requests_a_second() -> None:
    rate = Rate(2)
    for _ in range(20):
        rate.take("a", "/")
    with pytest.raises(RequestRefused) as refused:
        rate.take("a", "/")
    assert (refused.value.status, refused.value.code) == (429, "too_many_requests")
    rate.take("b", "/")
    for _ in range(1000):
        Rate(0).take("a", "/")


def test_clients_take_turns() -> None:
    """Who waits with many requests does not keep another waiting for all of them."""
    order: list[str] = []

    async def run() -> None:
        turns = Turns(1)
        await turns.take("first")

        async def ask(client: str) -> None:
            await turns.take(client)
            order.append(client)
            turns.leave(client)

        async with anyio.create_task_group() as group:
            for client in ("many", "many", "many", "few"):
                group.start_soon(ask, client)
            await anyio.wait_all_tasks_blocked()
            with anyio.move_on_after(0.01):  # one that gives up leaves nothing behind
                await turns.take("gone")
            assert turns.waiting == 4
            turns.leave("first")
        assert turns.waiting == 0
        with anyio.fail_after(1):
            await turns.take("next")

    anyio.run(run)
    assert order == ["many", "few", "many", "many"]


def test_the_last_turn_is_kept_for_others() -> None:
    async def run() -> None:
        turns = Turns(3, 2)
        await turns.take("many")
        await turns.take("many")
        with anyio.move_on_after(0.01) as waited:
            await turns.take("many")
        assert waited.cancelled_caught
        with anyio.fail_after(1):
            await turns.take("few")
        async with anyio.create_task_group() as group:
            group.start_soon(turns.take, "many")
            await anyio.wait_all_tasks_blocked()
            turns.leave("few")
            await anyio.wait_all_tasks_blocked()
            assert turns.waiting == 1  # a turn is free, but not for this client
            turns.leave("many")
        assert turns.waiting == 0

    anyio.run(run)


@pytest.mark.parametrize("value", ["1e999999999", "-1e-999999999", "9" * 5_000])
def test_a_number_that_would_fill_the_memory_is_refused(client: httpx.Client, value: str) -> None:
    refusal(client.get("/queries/projects-by-execution-rate", params={"max_rate": value}), 422)


def test_clients_behind_a_proxy_and_keys_have_rates_of_their_own(locked: str) -> None:
    def codes(headers: Mapping[str, str], path: str = "/queries/nosuch") -> list[int]:
        with httpx.Client(base_url=locked, timeout=60, trust_env=False, headers=headers) as client:
            return [client.get(path).status_code for _ in range(60)]

    assert codes({"X-API-Key": OTHER_KEY}).count(429) > 3
    assert get(locked, "/queries", {"X-API-Key": KEY}).status_code == 200
    assert set(codes({"X-API-Key": OTHER_KEY}, "/health")) == {200}


def test_an_address_in_a_header_counts_only_from_a_proxy(
    address: str, client: httpx.Client, log: Path
) -> None:
    client.get("/health", headers={"X-Forwarded-For": "203.0.113.9", "X-Request-Id": "forged"})
    for _ in range(100):
        found = [line for line in log.read_text(encoding="utf-8").splitlines() if '"forged"' in line]
        if found:
            break
        time.sleep(0.05)
    assert json.loads(found[0])["client"] == "127.0.0.1"


def connect(address: str) -> socket.socket:
    where = urlsplit(address)
    connection = socket.create_connection((str(where.hostname), int(where.port or 80)), timeout=10)
    connection.settimeout(15)
    return connection


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: "
        + KEY.encode()
        + b"\r\nContent-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\nSELECT",
    ],
    ids=["nothing", "half a header", "half a body"],
)
def test_what_does_not_arrive_in_time_is_given_up(locked: str, beginning: bytes) -> None:
    started = time.monotonic()
    with connect(locked) as connection:
        connection.sendall(beginning)
        answer = read_all(connection)
    assert 0.5 < time.monotonic() - started < 10
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408")
    assert json.loads(body)["error"]["code"] == "too_slow"


def test_idle_connections_do_not_keep_others_out(locked: str) -> None:
    idle = [connect(locked) for _ in range(40)]
    try:
        last = read_all(idle[-1])
        assert last.startswith(b"HTTP/1.1 503")
        assert json.loads(last.partition(b"\r\n\r\n")[2])["error"]["code"] == "too_many_connections"
        time.sleep(1.5)  # those that sent nothing are closed by now
        assert get(locked, "/health").status_code == 200
    finally:
        for connection in idle:
            connection.close()


def test_what_is_not_http_is_refused_in_the_one_shape(address: str) -> None:
    for rubbish in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS?\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000,
    ):
        with connect(address) as connection:
            connection.sendall(rubbish)
            answer = read_all(connection)
        assert answer.startswith(b"HTTP/1.1 400")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "bad_request"
