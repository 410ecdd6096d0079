"""The workspace and the questions of ``bench/api.py``: without them its figures mean nothing."""

from __future__ import annotations

import importlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fiscalgraph.graph.names import government_of, resolve_body
from fiscalgraph.graph.sparql import check_query


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports a module of the bench by name."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "bench"))
    return importlib.import_module


@pytest.fixture
def records(bench: Any) -> list[Any]:
    """The documents of the smallest workspace: one department, five years."""
    workspace = bench("api_workspace")
    return list(workspace.documents(workspace.Size.of(1)))


def test_equal_sizes_give_equal_records(bench: Any, records: list[Any]) -> None:
    workspace = bench("api_workspace")
    assert list(workspace.documents(workspace.Size.of(1))) == records


def test_a_workspace_is_as_large_as_asked(bench: Any, records: list[Any]) -> None:
    workspace = bench("api_workspace")
    size = workspace.Size.of(1_000_000)
    assert size.amounts >= 1_000_000
    assert size.passages >= 100_000
    smallest = workspace.Size.of(1)
    assert sum(len(each.spending) for each in records) == smallest.amounts
    said = [len(each.findings) + len(each.narrative) for each in records]
    assert sum(said) == smallest.passages


def test_its_tables_add_up(records: list[Any]) -> None:
    for document in records:
        amounts = {(line.code or "", line.column): line.amount for line in document.spending}
        columns = {column for _, column in amounts}
        for column in columns:
            for code in {code for code, _ in amounts if len(code) in (0, 3, 5)}:
                length = {0: 3, 3: 5, 5: 7}[len(code)]
                parts = [
                    amount
                    for (part, where), amount in amounts.items()
                    if where == column and len(part) == length and part.startswith(code)
                ]
                assert sum(parts) == amounts[code, column] != 0
        for line in document.spending:
            assert Decimal(line.printed) * 10_000 == line.amount


def test_its_departments_are_of_the_levels_that_are_asked_for(bench: Any) -> None:
    names = [bench("api_workspace").department_name(number) for number in range(400)]
    assert len(set(names)) == len({resolve_body(name).name for name in names}) == 400
    levels = [government_of(name)[0] for name in names]
    assert levels.count("provincial") == 80


def test_every_question_may_be_asked(bench: Any) -> None:
    questions, workspace = bench("api_questions"), bench("api_workspace")
    kinds = questions.kinds(workspace.Size.of(1))
    queries = [
        request.body.decode()
        for requests in kinds.values()
        for request in requests
        if request.body is not None
    ]
    assert len(kinds) == 10
    assert queries
    for query in queries:
        check_query(query, similar=True)
    conditions = {"RATE": 90, "LEVEL": "ProvincialLevel"}
    check_query(questions.filled(questions.CANDIDATES, **conditions))
    check_query(questions.filled(questions.AMONG, PASSAGES="<https://example.org/p>", **conditions))


def test_timings_are_told_by_percentiles(bench: Any) -> None:
    timing = bench("api_server").Timing(1, [float(each) for each in range(1, 101)], seconds=10.0, cpu=2.0)
    figures = timing.figures()
    assert (figures["p50"], figures["p95"], figures["p99"]) == (51.0, 96.0, 100.0)
    assert figures["per_second"] == 10.0
    assert figures["cpu"] == 20.0
