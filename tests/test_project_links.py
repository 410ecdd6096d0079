"""What the parts of a project lead to, against what issues and the named query of outcomes tell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import server
from served_samples import given


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def entries(client: httpx.Client) -> list[dict[str, Any]]:
    """Every entry of every project."""
    projects = given(client, "/projects", limit=500)
    assert projects["next"] is None
    return [entry for each in projects["items"] for entry in given(client, each["url"])["entries"]]


def test_outcomes_are_those_of_the_named_query(client: httpx.Client, entries: list[dict[str, Any]]) -> None:
    answer = given(client, "/queries/outcomes")
    asked = set()
    for row in answer["rows"]:
        told = dict(zip(answer["columns"], row, strict=True))
        later = (told["later_document"], told["later_target"], told["later_actual"])
        asked.add(
            (told["document"], told["project"], told["indicator"], told["outcome"], told["why"], *later)
        )
    found = set()
    for entry in entries:
        for indicator in entry["indicators"]:
            outcome = indicator["outcome"]
            if outcome is None:
                continue
            later = outcome["later"] or {"document": {"document": None}, "target": None, "actual": None}
            if outcome["later"] is not None:
                assert later["source"]["document"] == later["document"]["document"]
                assert later["document"]["fiscal_year"] == entry["document"]["fiscal_year"] + 1
            found.add(
                (
                    entry["document"]["document"],
                    entry["printed_name"],
                    indicator["name"],
                    outcome["outcome"],
                    outcome["why"],
                    later["document"]["document"],
                    later["target"],
                    later["actual"],
                )
            )
    assert found == asked
    assert {each[3] for each in found} >= {"met", "repeated"}


def test_an_indicator_that_reached_its_target_with_all_points_has_no_outcome(
    entries: list[dict[str, Any]],
) -> None:
    reached = [
        indicator
        for entry in entries
        for indicator in entry["indicators"]
        if indicator["achieved"] and indicator["score"] == indicator["weight"]
    ]
    assert len(reached) > 50
    assert all(indicator["outcome"] is None for indicator in reached)


def test_a_reason_explains_the_indicators_beside_which_it_is_printed(entries: list[dict[str, Any]]) -> None:
    explained = 0
    for entry in entries:
        beside = {each["iri"]: each["reason"] for each in entry["indicators"] if each["reason"]}
        for reason in entry["reasons"]:
            assert set(reason["explains"]) <= set(beside)
            assert all(beside[iri] == reason["text"] for iri in reason["explains"])
            explained += len(reason["explains"])
    assert explained > 20


def test_issues_of_a_passage_are_those_that_count_it(
    client: httpx.Client, entries: list[dict[str, Any]]
) -> None:
    told = {
        (issue["id"], passage["iri"])
        for entry in entries
        for part in ("reasons", "causes", "measures")
        for passage in entry[part]
        for issue in passage["issues"]
    }
    listed = given(client, "/issues", limit=500)
    assert listed["next"] is None
    assert {issue for issue, _ in told} <= {each["id"] for each in listed["items"]}
    passages = {
        each["iri"] for entry in entries for part in ("reasons", "causes", "measures") for each in entry[part]
    }
    for each in listed["items"][:10]:
        issue = given(client, each["url"])
        for member in issue["members"]:
            # A member is a passage, or one of several statements in it.
            if member["iri"] in passages:
                assert (issue["id"], member["iri"]) in told
    assert len(told) > 20
