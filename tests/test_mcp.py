"""The MCP server as an assistant's client sees it: tools, answers with sources, limits, errors."""

from __future__ import annotations

import base64
import io
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from PIL import Image
from running import fiscalgraph, plain_environment

from fiscalgraph.graph.identifiers import BASE

TOOLS = {"search", "similar", "sparql", "sum", "department", "project", "checks", "source"}
FG = "PREFIX fg: <https://w3id.org/fiscalgraph/ontology#> "


@asynccontextmanager
async def client(home: Path, language: str = "en", **environment: str) -> AsyncIterator[Client]:
    """A client of ``fiscalgraph mcp`` in a process of its own."""
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "fiscalgraph", "--lang", language, "mcp", "--home", str(home)],
        env=plain_environment(environment),
    )
    async with Client(stdio_client(server)) as connected:
        yield connected


def with_client(home: Path, work: Callable[[Client], Awaitable[None]], **how: str) -> None:
    async def run() -> None:
        with anyio.fail_after(120):
            async with client(home, **how) as connected:
                await work(connected)

    anyio.run(run)


async def answer(connected: Client, tool: str, **given: Any) -> dict[str, Any]:
    """What a tool answers, which must name its sources properly."""
    result = await connected.call_tool(tool, given)
    assert not result.is_error, result.content
    found = result.structured_content
    assert isinstance(found, dict)
    assert found.keys() <= {"answer", "sources", "cut"}
    text = result.content[0]
    assert text.type == "text"
    assert json.loads(text.text) == found
    for source in found["sources"]:
        assert source["document"]
        assert source["quote"]
        assert source["iri"].startswith(BASE)
        assert source.get("page") or source.get("line") or source.get("no_image")
    return found


async def refusal(connected: Client, tool: str, **given: Any) -> str:
    result = await connected.call_tool(tool, given)
    assert result.is_error
    text = result.content[0]
    assert text.type == "text"
    return text.text


def test_the_tools_answer_with_sources(sample_home: Path) -> None:
    async def work(connected: Client) -> None:
        listed = (await connected.list_tools()).tools
        assert {tool.name for tool in listed} == TOOLS
        assert all(
            tool.description and tool.annotations and tool.annotations.read_only_hint for tool in listed
        )

        found = await answer(connected, "search", text="资金下达较晚", k=3)
        assert len(found["answer"]["items"]) == 3
        passage = found["answer"]["items"][0]["passage"]
        assert passage["iri"] in {source["iri"] for source in found["sources"]}
        near = await answer(connected, "similar", passage=passage["iri"], k=2)
        assert passage["department"] not in {hit["passage"]["department"] for hit in near["answer"]["items"]}

        found = await answer(
            connected, "sum", by=["class"], where=["year=2024", "phase=决算", "scope=财政拨款"]
        )
        assert found["answer"]["total"]["amount"]
        assert found["sources"]

        bodies = (await answer(connected, "department"))["answer"]["items"]
        body = await answer(connected, "department", name=bodies[0]["name"])
        assert body["answer"]["iri"] == bodies[0]["iri"]
        assert body["sources"]
        by_iri = await answer(connected, "department", name=bodies[0]["iri"])
        assert by_iri["answer"] == body["answer"]

        projects = (await answer(connected, "project", limit=3))["answer"]["items"]
        project = await answer(connected, "project", name=projects[0]["iri"])
        assert project["answer"]["name"] == projects[0]["name"]
        assert project["sources"]

        contradictions = await answer(connected, "checks", limit=5)
        assert {item["verdict"] for item in contradictions["answer"]["items"]} == {"contradicts"}
        assert contradictions["sources"]

    with_client(sample_home, work)


def test_sparql_is_guarded_bounded_and_sourced(sample_home: Path) -> None:
    async def work(connected: Client) -> None:
        found = await answer(
            connected,
            "sparql",
            query=FG + "SELECT ?x ?name { ?x a fg:ProjectEntry ; fg:projectName ?name } LIMIT 3",
        )
        assert found["answer"]["columns"] == ["x", "name"]
        rows = found["answer"]["rows"]
        assert {source["iri"] for source in found["sources"]} == {row[0] for row in rows}
        assert (await answer(connected, "sparql", query="ASK {}"))["answer"] == {"boolean": True}
        drawn = await answer(connected, "sparql", query="CONSTRUCT WHERE { ?a ?b ?c } LIMIT 2")
        assert "turtle" in drawn["answer"]

        large = await answer(connected, "sparql", query="SELECT * { ?a ?b ?c }")
        assert any("1000 rows" in note for note in large["cut"])
        assert any(note.startswith("rows: ") for note in large["cut"])
        assert len(json.dumps(large, ensure_ascii=False)) < 60_000
        count = await answer(connected, "sparql", query="SELECT (COUNT(*) AS ?n) { ?a ?b ?c }")
        assert int(count["answer"]["rows"][0][0]) > 1000
        assert "cut" not in count

        assert "line 1, column" in await refusal(connected, "sparql", query="SELECT ?x {")
        assert "change the graph" in await refusal(connected, "sparql", query="INSERT DATA {<a:a> <a:b> 1}")
        assert "refused" in await refusal(
            connected, "sparql", query="SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }"
        )
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"
        assert "longer than 1 seconds" in await refusal(connected, "sparql", query=slow)
        assert (await answer(connected, "sparql", query="ASK {}"))["answer"] == {"boolean": True}

    with_client(sample_home, work, FISCALGRAPH_SPARQL_SECONDS="1")


def test_a_source_with_its_picture(sample_home: Path) -> None:
    async def work(connected: Client) -> None:
        query = (
            FG + "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX qb: <http://purl.org/linked-data/cube#> "
            "SELECT ?x { ?x a qb:Observation ; prov:wasDerivedFrom/fg:box ?box } LIMIT 1"
        )
        fact = (await answer(connected, "sparql", query=query))["answer"]["rows"][0][0]
        result = await connected.call_tool("source", {"fact": fact, "picture": True})
        assert result.structured_content is not None
        (source,) = result.structured_content["sources"]
        assert source["sha256"]
        assert result.structured_content["answer"]["says"]
        text, image = result.content
        assert text.type == "text"
        assert image.type == "image"
        assert Image.open(io.BytesIO(base64.b64decode(image.data))).width > 100

        words = (
            FG
            + "SELECT ?x { ?x a fg:Passage ; <http://www.w3.org/ns/prov#wasDerivedFrom>/fg:line ?l } LIMIT 1"
        )
        fact = (await answer(connected, "sparql", query=words))["answer"]["rows"][0][0]
        result = await connected.call_tool("source", {"fact": fact, "picture": True})
        assert not result.is_error
        assert [part.type for part in result.content] == ["text", "text"]

    with_client(sample_home, work)


def test_errors_tell_cause_and_cure_in_the_language_of_the_server(sample_home: Path) -> None:
    async def work(connected: Client) -> None:
        assert "政府部门" in (connected.instructions or "")
        titles = {tool.title for tool in (await connected.list_tools()).tools}
        assert "按意思检索" in titles
        mixed = await refusal(connected, "sum")
        assert "不同年度不得相加" in mixed
        assert '"by"' in mixed  # a request that is answered
        missing = await refusal(connected, "department", name="没有这个部门")
        assert "没有这个部门" in missing
        found = await answer(connected, "checks", limit=1)
        assert any("列出 1 项" in note for note in found["cut"])
        assert "Traceback" not in await refusal(connected, "source", fact="no fact")

    with_client(sample_home, work, language="zh")


def test_nothing_to_answer_from_is_said_at_once(tmp_path: Path) -> None:
    done = fiscalgraph("mcp", "--home", tmp_path / "none")
    assert done.code == 3
    assert "nothing has been built" in done.err


def test_without_the_extra_the_command_says_how_to_install_it(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fiscalgraph.assisting import McpNotInstalled, serve_tools
    from fiscalgraph.workspace import open as open_workspace

    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(McpNotInstalled, match=r"pip install 'fiscalgraph\[mcp\]'"):
        serve_tools(open_workspace(sample_home))
