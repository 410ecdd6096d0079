"""What an assistant is answered: what the HTTP interface answers, short enough to be read, with its sources.

The application of :mod:`fiscalgraph.api.app` is asked within this process, without a socket. So the same
guard, the same deadlines and the same killable workers stand behind every answer.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from fiscalgraph.api.exchange import exchange
from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.identifiers import BASE

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["Assistant", "Reply", "Sourced", "started"]

_LONGEST: Final = 24_000  # characters of an answer
_MOST_SOURCES: Final = 20
_MOST_ROWS: Final = 1000  # of a SPARQL query
_LENGTHS: Final = (200, 100, 50, 20, 10, 5, 3, 1)  # of lists, until the answer is short enough
_LEFT_OUT: Final = frozenset({"url", "box", "next", "image", "page_image", "file", "id"})
_ADDRESS: Final = "127.0.0.1"
_SPARQL_JSON: Final = "application/sparql-results+json"


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """What the HTTP interface replies; header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Sourced = dict[str, Any]
"""``answer``; ``sources``: where what is in it was read (iri, document, page, line, quote); and ``cut``:
sentences about what was left out, if anything was."""


@asynccontextmanager
async def started(home: Path, *, encoder: str | None, language: str) -> AsyncIterator[Assistant]:
    """An assistant that answers from the workspace in ``home`` in ``language`` (zh or en)."""
    from fiscalgraph.api.app import create_app
    from fiscalgraph.api.settings import ServerSettings
    from fiscalgraph.api.sparql_settings import SparqlSettings

    sparql = SparqlSettings.from_environment()
    limits = dataclasses.replace(sparql.limits, rows=min(sparql.limits.rows, _MOST_ROWS))
    # There is one client, who asks one thing after another, and is this process itself.
    settings = dataclasses.replace(
        ServerSettings.from_environment(), api_keys=(), api_keys_file="", cors_origins=(), rate=0, workers=1
    )
    app = create_app(
        home,
        encoder=encoder,
        sparql_settings=dataclasses.replace(sparql, limits=limits, workers=1),
        settings=settings,
    )
    async with app.router.lifespan_context(app):
        yield Assistant(app, language)


class Assistant:
    """Asks the application ``app`` and makes its answers fit for reading."""

    def __init__(self, app: FastAPI, language: str) -> None:
        self._app = app
        self._language = language

    # -- asking -----------------------------------------------------------------------------------

    async def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The JSON at an address; what is ``None`` is not asked for.

        Raises :class:`FiscalgraphError` with what, why and cure when it is refused.
        """
        given = {name: value for name, value in (parameters or {}).items() if value not in (None, "", [])}
        plain = {
            name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()
        }
        return _json(await self._request("GET", path, urlencode(plain, doseq=True)))

    async def picture(self, path: str) -> bytes:
        """The PNG at an address. Raises :class:`FiscalgraphError`."""
        address, _, query = path.partition("?")
        reply = await self._request("GET", address, query)
        if reply.status != 200:
            raise _refusal(reply)
        return reply.body

    async def query(self, text: str) -> Sourced:
        """The answer of a SPARQL query. Raises :class:`FiscalgraphError`."""
        reply = await self._request(
            "POST",
            "/sparql",
            body=text.encode(),
            headers={
                "content-type": "application/sparql-query",
                "accept": f"{_SPARQL_JSON}, text/turtle;q=0.9",
            },
        )
        if reply.status != 200:
            raise _refusal(reply)
        cut = []
        if "fiscalgraph-truncated" in reply.headers:
            cut.append(self._say(f"only the first {_MOST_ROWS} rows were taken", f"只取了前 {_MOST_ROWS} 行"))
        if not reply.headers["content-type"].startswith(_SPARQL_JSON):
            return await self.sourced({"turtle": reply.body.decode()}, cut)
        found = json.loads(reply.body)
        if "boolean" in found:
            return {"answer": {"boolean": found["boolean"]}, "sources": []}
        columns = found["head"]["vars"]
        rows = [
            [row[name]["value"] if name in row else None for name in columns]
            for row in found["results"]["bindings"]
        ]
        return await self.sourced({"columns": columns, "rows": rows}, cut, keep_nulls=True)

    async def _request(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        raw = quote(path, safe="/%:~")
        given = {
            "host": _ADDRESS,
            "accept": "application/json, image/png;q=0.9",
            "accept-language": self._language,
            "content-length": str(len(body)),
            **(headers or {}),
        }
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": raw.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "server": (_ADDRESS, 80),
            "client": (_ADDRESS, 0),
            "state": {},
        }
        status, answered, answer = await exchange(self._app, scope, body)
        named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answered}
        return Reply(status, named, answer)

    # -- answering --------------------------------------------------------------------------------

    async def sourced(self, value: Any, cut: list[str] | None = None, *, keep_nulls: bool = False) -> Sourced:
        """``value`` as an answer: lists cut to a length that can be read, and where it was read."""
        notes = [*(cut or ()), *(self._cut_list(*each) for each in _pages(value))]
        bare = value if keep_nulls else _bare(value)
        answer, shortened = _fitted(bare)
        notes += [self._cut_list(*each) for each in shortened]
        sources, total = await self._sources(answer)
        if total > len(sources):
            notes.append(self._cut_list("sources", len(sources), total))
        return {"answer": answer, "sources": sources, **({"cut": notes} if notes else {})}

    async def source(self, found: Mapping[str, Any]) -> Sourced:
        """What ``/source`` tells of a fact: its places are the sources."""
        places = found["places"]
        answer, shortened = _fitted(
            _bare({name: found[name] for name in ("iri", "label", "kind", "says", "facts", "mentions")})
        )
        notes = [self._cut_list(*each) for each in shortened]
        sources = [
            {
                "iri": place["fact"],
                "role": place["role"],
                **_place(place),
                **{
                    name: place["document"][name]
                    for name in ("issuer", "kind", "fiscal_year", "file_name", "sha256")
                },
                **({"no_image": place["no_image"]} if place["no_image"] else {}),
            }
            for place in places[:_MOST_SOURCES]
        ]
        if found["places_total"] > len(sources):
            notes.append(self._cut_list("sources", len(sources), found["places_total"]))
        return {"answer": answer, "sources": sources, **({"cut": notes} if notes else {})}

    def _cut_list(self, path: str, kept: int, total: int) -> str:
        return self._say(f"{path}: {kept} of {total} shown", f"{path}：{total} 项中列出 {kept} 项")

    async def _sources(self, answer: Any) -> tuple[list[dict[str, Any]], int]:
        """The places named in an answer and those of the facts it names; how many there are in all."""
        named: dict[str, dict[str, Any]] = {}
        facts: dict[str, None] = {}
        for iri, place in _places(answer):
            if place is None:
                facts.setdefault(iri)
            else:
                named.setdefault(json.dumps(place, sort_keys=True), {"iri": iri, **place})
        known = {place["iri"] for place in named.values()}
        wanted = [iri for iri in facts if iri not in known]
        found = list(named.values())[:_MOST_SOURCES]
        for iri in wanted[: max(0, _MOST_SOURCES - len(found))]:
            try:
                places = (await self.get("/source", {"iri": iri}))["places"]
            except FiscalgraphError:  # an IRI of an answer that is no fact: a table, a code list
                continue
            if places and places[0]["role"] != "stated":
                found.append({"iri": iri, **_place(places[0])})
        return found, max(len(found), len(named) + max(0, len(wanted) - _MOST_SOURCES))

    def _say(self, english: str, chinese: str) -> str:
        return chinese if self._language == "zh" else english


def _json(reply: Reply) -> Any:
    if reply.status != 200:
        raise _refusal(reply)
    return json.loads(reply.body)


def _refusal(reply: Reply) -> FiscalgraphError:
    """The error that a reply is; what else it offers (another sum to ask for) goes with the cure."""
    error = json.loads(reply.body)["error"]
    cure = error["cure"]
    if "alternative" in error:
        cure += " " + json.dumps(error["alternative"], ensure_ascii=False)
    return FiscalgraphError(error["what"], error["why"], cure)


def _bare(value: Any) -> Any:
    """``value`` without what nobody reads: addresses, boxes, and members that are not there."""
    if isinstance(value, dict):
        return {
            name: _bare(member)
            for name, member in value.items()
            if member is not None and member != [] and name not in _LEFT_OUT
        }
    if isinstance(value, list):
        return [_bare(member) for member in value]
    return value


def _fitted(value: Any) -> tuple[Any, list[tuple[str, int, int]]]:
    """``value`` with lists cut until it is short enough, and which lists: their path, kept, and all."""
    if len(json.dumps(value, ensure_ascii=False)) <= _LONGEST:
        return value, []
    shorter, cuts = value, list[tuple[str, int, int]]()
    for most in _LENGTHS:
        cuts = []
        shorter = _shortened(value, most, "", cuts)
        if len(json.dumps(shorter, ensure_ascii=False)) <= _LONGEST:
            break
    return shorter, cuts


def _pages(value: Any, path: str = "") -> Iterator[tuple[str, int, int]]:
    """The lists of which ``value`` holds a page only: path, how many are there, and how many in all."""
    if not isinstance(value, dict):
        return
    items, total = value.get("items"), value.get("total")
    if isinstance(items, list) and isinstance(total, int) and len(items) < total:
        yield f"{path}.items".lstrip("."), len(items), total
    for name, member in value.items():
        yield from _pages(member, f"{path}.{name}".lstrip("."))


def _shortened(value: Any, most: int, path: str, cuts: list[tuple[str, int, int]]) -> Any:
    if isinstance(value, dict):
        return {
            name: _shortened(member, most, f"{path}.{name}".lstrip("."), cuts)
            for name, member in value.items()
        }
    if isinstance(value, list):
        if len(value) > most:
            cuts.append((path, most, len(value)))
        return [
            _shortened(member, most, f"{path}[{number}]", cuts) for number, member in enumerate(value[:most])
        ]
    if isinstance(value, str) and len(value) > _LONGEST // 2:
        cuts.append((path, _LONGEST // 2, len(value)))
        return value[: _LONGEST // 2]
    return value


def _places(value: Any, of: str = "") -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The places in an answer with the fact they are of, and the facts that are named without a place."""
    if isinstance(value, dict):
        own = value.get("iri", of)
        if "quote" in value and isinstance(value.get("document"), str):
            is_fact = (
                "text" in value
            )  # a passage is given with its place; other places have IRIs of their own
            yield (own if is_fact else of or own), _place(value)
        of = own
        for member in value.values():
            yield from _places(member, of)
    elif isinstance(value, list):
        for member in value:
            yield from _places(member, of)
    elif isinstance(value, str) and value.startswith(BASE + "document/") and "/" in value[len(BASE) + 9 :]:
        yield value, None


def _place(value: Mapping[str, Any]) -> dict[str, Any]:
    """A place as a source: the document's name, page or line, and its words."""
    document = value["document"]
    name = document["name"] if isinstance(document, dict) else document
    place = {member: value[member] for member in ("page", "line", "quote", "recognised") if value.get(member)}
    return {"document": name, **place}
