"""The MCP server: what an assistant may ask of a workspace, as tools of the Model Context Protocol.

Each tool is one question to the HTTP interface (:mod:`fiscalgraph.api.assistant`). Tools are described in the
language of the server: annotations hold texts chosen while it is made, so that their evaluation must not be
put off here as it is elsewhere.
"""

import base64
import functools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, ParamSpec, TypeVar
from urllib.parse import quote

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, ImageContent, TextContent, ToolAnnotations
from pydantic import Field

from fiscalgraph.api.assistant import Assistant, Sourced, started
from fiscalgraph.api.mcp_texts import TEXTS
from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.graph.identifiers import BASE
from fiscalgraph.ontology.prefixes import PREFIXES

__all__ = ["mcp_server"]

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Kinds = Literal["problem_cause", "improvement_measure", "underperformance_reason", "narrative_reason"]
Verdicts = Literal["contradicts", "questionable", "rounding", "scope_differs", "cannot_tell", "agrees"]
Measures = Literal["expenditure", "revenue", "three_publics"]

_READS_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


class _Desk:
    """Holds the assistant while the server runs."""

    assistant: Assistant


def _refusing(tool: Callable[Given, Awaitable[Answer]], language: str) -> Callable[Given, Awaitable[Answer]]:
    """``tool``, with errors of ours as tool errors: what is wrong, why, and what to do about it."""

    @functools.wraps(tool)
    async def answered(*given: Given.args, **named: Given.kwargs) -> Answer:
        try:
            return await tool(*given, **named)
        except FiscalgraphError as error:
            raise ToolError(_told(error, language)) from error

    return answered


def mcp_server(home: Path, *, language: str, version: str, encoder: str | None = None) -> MCPServer[None]:
    """The server over the workspace in ``home``, speaking ``language`` (zh or en); ``version`` is ours."""

    def say(key: str) -> str:
        english, chinese = TEXTS[key]
        return chinese if language == "zh" else english

    desk = _Desk()

    @asynccontextmanager
    async def lifespan(server: MCPServer[None]) -> AsyncIterator[None]:
        async with started(home, encoder=encoder, language=language) as assistant:
            desk.assistant = assistant
            yield

    server: MCPServer[None] = MCPServer(
        "fiscalgraph",
        version=version,
        log_level="WARNING",
        lifespan=lifespan,
        instructions=say("instructions"),
    )

    def tool(name: str, more: str = "") -> Callable[[Callable[Given, Awaitable[Answer]]], None]:
        def register(function: Callable[Given, Awaitable[Answer]]) -> None:
            about = say(f"{name}.about") + more
            server.tool(name, title=say(name), description=about, annotations=_READS_ONLY)(
                _refusing(function, language)
            )

        return register

    Name = Annotated[str | None, Field(description=say("name"))]
    Contains = Annotated[str | None, Field(description=say("contains"))]
    Department = Annotated[str | None, Field(description=say("of_department"))]
    Document = Annotated[str | None, Field(description=say("of_document"))]
    Year = Annotated[int | None, Field(description=say("of_year"))]
    Kind = Annotated[Kinds | None, Field(description=say("of_kind"))]
    Count = Annotated[int, Field(ge=1, le=50, description=say("count"))]
    Words = Annotated[list[str], Field(default_factory=list, description=say("sum.by"))]
    Conditions = Annotated[list[str], Field(default_factory=list, description=say("sum.where"))]

    @tool("search")
    async def search(
        text: Annotated[str, Field(min_length=1, max_length=500, description=say("search.text"))],
        k: Count = 10,
        kind: Kind = None,
        department: Department = None,
        year: Year = None,
        document: Document = None,
    ) -> Sourced:
        asked = {"q": text, "k": k, "kind": kind, "department": department, "year": year}
        found = await desk.assistant.get("/passages/search", {**asked, "document": document})
        return await desk.assistant.sourced(found)

    @tool("similar")
    async def similar(
        passage: Annotated[str, Field(min_length=1, description=say("similar.passage"))],
        k: Count = 10,
        same_department: Annotated[bool, Field(description=say("similar.same"))] = False,
        kind: Kind = None,
        year: Year = None,
    ) -> Sourced:
        asked = {"iri": passage, "k": k, "same_department": same_department, "kind": kind, "year": year}
        return await desk.assistant.sourced(await desk.assistant.get("/passages/similar", asked))

    @tool("sparql", " ".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in PREFIXES.items()))
    async def sparql(query: Annotated[str, Field(min_length=1, description="SPARQL 1.1")]) -> Sourced:
        return await desk.assistant.query(query)

    @tool("sum")
    async def add_up(by: Words, where: Conditions, measure: Measures = "expenditure") -> Sourced:
        asked = {"measure": measure, "by": by, "where": where, "addends": True, "language": language}
        return await desk.assistant.sourced(await desk.assistant.get("/sum", asked))

    @tool("department")
    async def department(name: Name = None, contains: Contains = None) -> Sourced:
        found = await _one_or_list(desk.assistant, "department", name, {"q": contains, "limit": 100})
        return await desk.assistant.sourced(found)

    @tool("project")
    async def project(
        name: Name = None,
        department: Department = None,
        year: Year = None,
        contains: Contains = None,
        limit: Count = 20,
    ) -> Sourced:
        asked = {"department": department, "year": year, "q": contains, "limit": limit}
        return await desk.assistant.sourced(await _one_or_list(desk.assistant, "project", name, asked))

    @tool("checks")
    async def checks(
        document: Document = None,
        verdict: Annotated[Verdicts, Field(description=say("checks.verdict"))] = "contradicts",
        check: Annotated[str | None, Field(description=say("checks.check"))] = None,
        limit: Count = 20,
        offset: Annotated[int, Field(ge=0, description=say("offset"))] = 0,
    ) -> Sourced:
        asked = {"document": document, "verdict": verdict, "check": check, "limit": limit, "offset": offset}
        found = await desk.assistant.get("/checks", asked)
        return await desk.assistant.sourced({name: found[name] for name in ("items", "total", "documents")})

    @tool("source")
    async def source(
        fact: Annotated[str, Field(min_length=1, max_length=2000, description=say("source.fact"))],
        picture: Annotated[bool, Field(description=say("source.picture"))] = False,
        place: Annotated[int, Field(ge=1, le=50, description=say("source.place"))] = 1,
    ) -> CallToolResult:
        found = await desk.assistant.get("/source", {"iri": fact, "language": language})
        answer = await desk.assistant.source(found)
        content: list[Any] = [TextContent(type="text", text=json.dumps(answer, ensure_ascii=False, indent=1))]
        if picture:
            content.append(await _picture(desk.assistant, f"{found['url']}/image?place={place}", language))
        return CallToolResult(content=content, structured_content=answer)

    return server


def _told(error: FiscalgraphError, language: str) -> str:
    """An error in a sentence; its parts are in the language of the server already."""
    if language == "zh":
        return f"{error.what}：{error.why}。{error.cure}"
    return str(error)


async def _picture(assistant: Assistant, address: str, language: str) -> ImageContent | TextContent:
    """The picture, or why there is none: what else is known of the place is worth the answer."""
    try:
        png = await assistant.picture(address)
    except FiscalgraphError as error:
        return TextContent(type="text", text=_told(error, language))
    return ImageContent(type="image", data=base64.b64encode(png).decode(), mime_type="image/png")


async def _one_or_list(assistant: Assistant, kind: str, name: str | None, asked: dict[str, Any]) -> Any:
    """The thing of that name (or IRI), or without a name the list."""
    if name is None:
        return await assistant.get(f"/{kind}s", asked)
    below = name.strip().removeprefix(f"{BASE}{kind}/")
    return await assistant.get(f"/{kind}s/{quote(below, safe='/%')}")
