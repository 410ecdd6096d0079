"""Requests to all addresses that mean harm: each is answered in time and in the one shape, ``/health`` goes
on answering, and so do the requests of others. Those to ``/sparql`` are in ``test_sparql_hostile.py``.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from pulse import Pulse
from running import server

DEADLINE = 2.0
LIMITS = {
    "FISCALGRAPH_SERVE_LOG": "off",
    "FISCALGRAPH_SERVE_SECONDS": str(DEADLINE),
    "FISCALGRAPH_SERVE_ANSWER_BYTES": "5000000",
    "FISCALGRAPH_SERVE_MEMORY": "800000000",
    "FISCALGRAPH_SERVE_PER_CLIENT": "6",
    "FISCALGRAPH_SERVE_ARRIVAL_SECONDS": "2",
    "FISCALGRAPH_SPARQL_SECONDS": str(DEADLINE),
    "FISCALGRAPH_SPARQL_ROWS": "20000",
    "FISCALGRAPH_SPARQL_PER_CLIENT": "6",
}
LONG, DIGITS = "资" * 9_000, "9" * 5_000
# What bursts a number, a text, a path or a header that is taken as it comes.
NASTY = {
    "quotes": "' OR '1'='1' --",
    "a closed literal": '" } UNION { ?s ?p ?o } #',
    "an escape": "\\u0022 } SERVICE <http://127.0.0.1:9/> {",
    "a null byte": "a\0b",
    "line ends": "a\r\nSet-Cookie: x=1",
    "a lone surrogate": "%ED%A0%80",
    "bad UTF-8": "%FF%FE",
    "a path": "../../../../etc/passwd",
    "an encoded path": "..%2f..%2f..%2fetc%2fpasswd",
    "a template": "${jndi:ldap://127.0.0.1:9/a}{{7*7}}",
    "a formula": '=HYPERLINK("http://127.0.0.1:9")',
    "markup": "<script>alert(1)</script>",
    "a regex": "(((((a+)+)+)+)+)+$" + "a" * 200,
    "much text": LONG[:6_000],
    "right to left": "\u202e\u200f" * 500,
    "not a number": "NaN",
    "endless": "Infinity",
}


class Attack(NamedTuple):
    target: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


def asked(path: str, **parameters: str) -> Attack:
    return Attack(f"{path}?{urlencode(parameters)}")


def attacks() -> dict[str, Attack]:
    found = {
        # numbers without end
        "an exponent as a parameter": asked("/queries/projects-by-execution-rate", max_rate="1e999999999"),
        "a small exponent": asked("/queries/projects-by-execution-rate", max_rate="1e-999999999"),
        "many digits": asked("/queries/projects-by-execution-rate", max_rate=DIGITS),
        "many digits in a page": asked("/checks", offset=DIGITS),
        "a huge page": asked("/checks", offset="9" * 18, limit="1000"),
        "a huge k": asked("/passages/search", q="资金", k="999999999999"),
        "a huge offset": asked("/passages/search", q="资金", offset="999999999"),
        "a negative k": asked("/passages/search", q="资金", k="-1"),
        "an exponent as a filter": asked("/passages/search", q="资金", min_amount="1e999999999"),
        "a score without end": asked("/passages/search", q="资金", min_score_lost="Infinity"),
        "a year far off": asked("/passages/search", q="资金", year="99999999999999999999"),
        # much of everything
        "many parameters": Attack("/queries/findings?" + "&".join(f"p{i}=1" for i in range(5_000))),
        "many values": Attack("/queries/findings?" + "&".join(f"document=d{i}" for i in range(4_000))),
        "many kinds": Attack("/passages/search?q=x&" + "&".join("kind=problem_cause" for _ in range(3_000))),
        "many conditions": Attack("/sum?" + "&".join(f"where=year={i}" for i in range(4_000))),
        "many dimensions": Attack("/sum?" + "&".join(["by=class"] * 3_000)),
        "many checks": Attack("/checks?" + "&".join(["document=water_2024_accounts"] * 900) + "&limit=1000"),
        "a long question": asked("/passages/search", q=LONG[:5_000]),
        "a long question, all hits": asked("/passages/search", q="资金" * 2_000, k="200", offset="800"),
        "a long path": Attack("/documents/" + "x" * 60_000),
        "a deep path": Attack("/" + "a/" * 20_000),
        "a deep path of a passage": Attack("/passages/" + "a/" * 15_000 + "similar"),
        "everything as a sheet": asked("/queries/spending", format="xlsx"),
        "everything as CSV": asked("/queries/sources", format="csv"),
        "everything that points to a class": asked(
            "/source", iri="http://purl.org/linked-data/cube#Observation"
        ),
        "everything of a kind": asked("/source", iri="http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        # what is not asked so
        "a body with GET": Attack("/documents", body=b"x" * 150_000),
        "a body too large": Attack("/documents", "POST", body=b"x" * 300_000),
        "PUT": Attack("/documents/water_2024_accounts", "PUT", body=b"{}"),
        "DELETE": Attack("/documents", "DELETE"),
        "TRACE": Attack("/documents", "TRACE"),
        "a method of one's own": Attack("/documents", "BREW"),
        "another host": Attack("/documents", headers=(("Host", "evil.example"),)),
        "no host": Attack("/documents", headers=(("Host", ""),)),
        "a host with a path": Attack("/documents", headers=(("Host", "127.0.0.1/../evil"),)),
        "many headers": Attack("/documents", headers=tuple((f"X-{i}", "y" * 100) for i in range(300))),
        "a header too large": Attack("/documents", headers=(("X-Large", "y" * 100_000),)),
        "an id too long": Attack("/documents", headers=(("X-Request-Id", "x" * 5_000),)),
        "an id that is a line": Attack("/documents", headers=(("X-Request-Id", '"} {"level": "error'),)),
        "many languages": Attack("/nosuch", headers=(("Accept-Language", "zh;q=0.5," * 5_000),)),
        "many types": Attack("/queries/findings", headers=(("Accept", "a/b;q=0.1," * 5_000),)),
        "forged addresses": Attack("/documents", headers=(("X-Forwarded-For", "1.2.3.4, " * 500),)),
        "another length": Attack("/documents", headers=(("Content-Length", "-5"),)),
        "a path in front": Attack("/web/..%2f..%2fapp.py"),
        "a path upwards": Attack("/web/%2e%2e/%2e%2e/settings.py"),
        "a path with a null byte": Attack("/web/page.js%00.html"),
        "two slashes": Attack("//documents//nosuch"),
    }
    places = {
        "a document named": lambda text: Attack(f"/documents/{text}"),
        "a query named": lambda text: Attack(f"/queries/{text}"),
        "a parameter": lambda text: Attack(f"/queries/findings?document={text}"),
        "a search for": lambda text: Attack(f"/passages/search?q={text}"),
        "a department": lambda text: Attack(f"/passages/search?q=x&department={text}"),
        "a passage like": lambda text: Attack(f"/passages/similar?iri={text}"),
        "a source": lambda text: Attack(f"/source?iri={text}"),
        "a sum by": lambda text: Attack(f"/sum?by={text}"),
        "a sum where": lambda text: Attack(f"/sum?where=organization={text}"),
        "a check": lambda text: Attack(f"/checks?check={text}"),
    }
    for place, (where, attack) in enumerate(places.items()):
        for number, (name, text) in enumerate(NASTY.items()):
            if (place + number) % 3 == 0:  # every text at some places, every place with some texts
                raw = text if "%" in text else quote(text, safe="")
                found[f"{where} {name}"] = attack(raw)
    return found


@pytest.fixture(scope="module")
def address(sample_home: Path) -> Iterator[str]:
    with server(sample_home, LIMITS) as address:
        httpx.get(f"{address}/queries", timeout=60, trust_env=False)
        yield address


@pytest.fixture(scope="module")
def allowed(address: str) -> float:
    """The seconds ``/health`` may take: a tenth, or on a machine busy with other things as much more."""
    with Pulse(address) as pulse:
        time.sleep(2)
    assert not pulse.failures
    return max(0.1, 4 * max(pulse.seconds))


def send(address: str, attack: Attack) -> tuple[int, bytes, dict[str, str], float]:
    """Status, body, headers and seconds of an answer; the request goes out as it stands."""
    where = urlsplit(address)
    headers = {"Host": where.netloc, "Connection": "close"}
    if attack.body is not None:
        headers["Content-Length"] = str(len(attack.body))
    headers.update(attack.headers)
    lines = [
        f"{attack.method} {attack.target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    request = "\r\n".join([*lines, "", ""]).encode() + (attack.body or b"")
    started = time.monotonic()
    parts = []
    with socket.create_connection((str(where.hostname), int(where.port or 80)), timeout=30) as connection:
        try:
            connection.sendall(request)
            while part := connection.recv(65_536):
                parts.append(part)
        except ConnectionError:  # refused while it was being sent: the answer may be there all the same
            pass
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    status = int(first.split()[1]) if first else 0
    named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    return status, body, named, time.monotonic() - started


def test_no_request_does_harm(address: str, allowed: float) -> None:
    import json

    requests = attacks()
    assert len(requests) >= 60
    wrong: list[str] = []

    def attack(name: str) -> None:
        status, body, headers, took = send(address, requests[name])
        if status not in {200, 303, 304, 307, 400, 404, 405, 406, 409, 413, 421, 422, 431, 503, 504}:
            wrong.append(f"{name}: {status} {body[:300]!r}")
        elif status >= 400:
            error = json.loads(body)["error"]
            if not error.keys() >= {"code", "what", "why", "cure"}:
                wrong.append(f"{name}: {body[:300]!r}")
        if "set-cookie" in headers or b"root:" in body:
            wrong.append(f"{name}: {headers} {body[:300]!r}")
        if took > 3 + 3 * DEADLINE:  # starting the next worker, on a busy machine
            wrong.append(f"{name}: {took:.1f} s")

    with Pulse(address) as pulse, ThreadPoolExecutor(3) as attackers:
        list(attackers.map(attack, requests))
    assert not wrong, "\n".join(wrong)
    assert not pulse.failures
    print(
        f"{len(requests)} requests; /health took at most {max(pulse.seconds) * 1000:.0f} ms "
        f"of {allowed * 1000:.0f} allowed, {len(pulse.seconds)} times asked"
    )
    assert max(pulse.seconds) < allowed, sorted(pulse.seconds)[-20:]
    assert httpx.get(f"{address}/documents", timeout=60, trust_env=False).status_code == 200


def test_floods_of_one_client_leave_room_for_another(sample_home: Path) -> None:
    """The other one is told apart by its key; both come from this machine."""
    keys = {"FISCALGRAPH_SERVE_API_KEYS": "flood=flood-0123456789abcdef,calm=calm-0123456789abcdef0"}
    patient = {**LIMITS, **keys, "FISCALGRAPH_SERVE_SECONDS": "10"}  # for who waits
    with server(sample_home, patient) as address:
        httpx.get(f"{address}/health", timeout=60, trust_env=False)  # it is warm from here on

        def flood(number: int) -> int:
            path = ("/checks?limit=1000", "/queries/sources?format=csv", "/sparql?query=" + quote(SLOW))[
                number % 3
            ]
            headers = {"X-API-Key": "flood-0123456789abcdef"}
            return httpx.get(address + path, headers=headers, timeout=60, trust_env=False).status_code

        with ThreadPoolExecutor(24) as many:
            floods = [many.submit(flood, number) for number in range(48)]
            codes = []
            for _ in range(5):
                answer = httpx.get(
                    f"{address}/queries",
                    headers={"X-API-Key": "calm-0123456789abcdef0"},
                    timeout=60,
                    trust_env=False,
                )
                codes.append(answer.status_code)
            flooded = [each.result() for each in floods]
    assert flooded.count(429) >= 5
    assert set(flooded) <= {200, 413, 429, 503, 504}
    assert codes == [200] * 5, codes


SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"


def test_slow_clients_keep_nobody_waiting(address: str, allowed: float) -> None:
    """Some send a byte now and then, some never read their answers: others do not notice."""
    where = urlsplit(address)
    place = (str(where.hostname), int(where.port or 80))
    slow: list[socket.socket] = []
    try:
        with Pulse(address) as pulse:
            for number in range(40):
                connection = socket.create_connection(place, timeout=10)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                slow.append(connection)
                request = f"GET /queries/sources HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode()
                connection.sendall(request if number < 4 else request[: 20 + number % 20])
            for _ in range(10):
                for connection in slow[4:]:
                    try:
                        connection.send(b"x")
                    except ConnectionError:
                        continue  # given up already
                time.sleep(0.2)
            answer = httpx.get(f"{address}/queries", timeout=60, trust_env=False)
        assert answer.status_code == 200
        assert not pulse.failures
        assert max(pulse.seconds) < allowed
    finally:
        for connection in slow:
            connection.close()
