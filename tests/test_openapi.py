"""The OpenAPI description: complete, true in its examples, and kept by every answer (schemathesis)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from running import ROOT, server
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from fiscalgraph.api.description import describe_api

DOCS = ROOT / "docs" / "api.md"
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
STATUSES = {"400", "403", "404", "413", "422", "429", "503", "504"}


@pytest.fixture(scope="module")
def address(sample_home: Path) -> Iterator[str]:
    with server(sample_home) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def api(address: str) -> Any:
    """The description as schemathesis reads it; few and repeatable requests for each address."""
    generation = GenerationConfig(deterministic=True, max_examples=6, allow_x00=True)
    project = ProjectConfig(base_url=address, request_timeout=30, generation=generation)
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_dict(describe_api(), config=config)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in describe_api()["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_it_is_served(client: httpx.Client) -> None:
    assert client.get("/openapi.json").json() == describe_api()


def test_every_address_is_told_of_in_words_with_its_answers() -> None:
    described = describe_api()
    assert described["openapi"].startswith("3.")
    addresses = set(described["paths"])
    for resource in ("departments", "projects", "laws"):
        assert any(path.startswith(f"/{resource}/") for path in addresses)
    assert {"/indicators", "/documents", "/classification/{code}", "/sum", "/sparql", "/health"} <= addresses
    for method, path, operation in operations():
        assert operation["description"], path
        assert operation["responses"].keys() >= STATUSES, path
        for status in STATUSES:
            content = operation["responses"][status]["content"]["application/json"]
            assert content["schema"]["$ref"].endswith("/ErrorAnswer"), (method, path, status)
    identifiers = [operation["operationId"] for *_, operation in operations()]
    assert len(identifiers) == len(set(identifiers))


def test_answers_are_described_by_their_members() -> None:
    schemas = describe_api()["components"]["schemas"]
    for _, path, operation in operations():
        answer = operation["responses"].get("200", {}).get("content", {}).get("application/json")
        if answer is None or path in ("/openapi.json", "/health", "/sparql"):
            continue
        schema = answer["schema"]
        options = schema.get("anyOf", [schema])
        for option in options:
            assert schemas[option["$ref"].rsplit("/", 1)[-1]]["properties"], path


def examples(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the examples of an operation ask for: what is required, and each other parameter with it."""
    stated = {
        parameter["name"]: (parameter["in"], parameter["schema"]["examples"][0])
        for parameter in operation.get("parameters", ())
        if parameter["schema"].get("examples")
    }
    required = {
        parameter["name"] for parameter in operation.get("parameters", ()) if parameter.get("required")
    }
    if required <= stated.keys():
        yield stated
        yield {name: stated[name] for name in required}
        for name in stated.keys() - required:
            yield {each: stated[each] for each in (*required, name)}


RESOURCES = [
    pytest.param(path, operation, id=path)
    for method, path, operation in operations()
    if method == "get" and any(examples(operation)) and path != "/sparql"
]


@pytest.mark.parametrize(("path", "operation"), RESOURCES)
def test_the_examples_are_true_on_the_samples(
    client: httpx.Client, path: str, operation: dict[str, Any]
) -> None:
    for example in examples(operation):
        address, query = path, {}
        for name, (where, value) in example.items():
            if where == "path":
                address = address.replace(f"{{{name}}}", value)
            else:
                query[name] = value
        answer = client.get(address, params=query)
        refused = path == "/sum" and answer.status_code == 409 and len(example) < 3  # years are not added up
        assert answer.status_code == 200 or refused, (example, answer.text)
        if not refused and answer.headers["content-type"] == "application/json":
            body = answer.json()
            assert "items" not in body or body["items"], example


def documented() -> list[tuple[list[str], str]]:
    """The table of addresses in the documentation: the addresses of a row, and its example."""
    rows = re.findall(r"^\| (`/.*?`) \| .* \|(.*) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    return [(re.findall(r"`(/.*?)`", addresses), example.strip(" `")) for addresses, example in rows]


def test_the_documentation_names_every_resource(client: httpx.Client) -> None:
    def first_steps(path: str) -> str:
        return re.sub(r"\{.*", "{", path)

    told = {first_steps(address) for addresses, _ in documented() for address in addresses}
    described = {first_steps(path) for _, path, _ in operations()}
    # These ask in the query of the address what their neighbours in the table ask in its path.
    assert described - told <= {"/source", "/passages/similar"}


@pytest.mark.parametrize("example", [example for _, example in documented() if example])
def test_the_examples_of_the_documentation_are_answered(client: httpx.Client, example: str) -> None:
    answer = client.get(example)
    assert answer.status_code == 200, answer.text
    if answer.headers["content-type"] == "application/json":
        body = answer.json()
        assert "items" not in body or body["items"]


def test_the_examples_cover_the_resources() -> None:
    assert {parameters.values[0] for parameters in RESOURCES} >= {
        "/departments/{name}",
        "/projects/{name}",
        "/laws/{title}",
        "/classification/{list}/{code}",
        "/documents/{name}",
        "/id/{path}",
        "/passages/search",
        "/queries/{name}",
        "/sum",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [pytest.param(method, path, id=f"{method} {path}") for method, path, _ in operations()],
)
def test_every_answer_is_as_described(api: Any, method: str, path: str) -> None:
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in CHECKED]

    @settings(
        max_examples=5,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=api[path][method].as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(checks=checks)

    ask()
