"""The commands ``search`` and ``similar``, and the same over HTTP: filters, pages, groups, formats."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from running import SAMPLES, fiscalgraph, server

from fiscalgraph.finding import HIT_COLUMNS


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[httpx.Client]:
    with (
        server(sample_home) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as opened,
    ):
        yield opened


def hits(home: Path, *options: str | Path, command: str = "search") -> list[dict[str, Any]]:
    done = fiscalgraph(command, *options, "--json", "--home", home)
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = json.loads(done.out)["hits"]
    return found


def test_filters_of_the_command_line(sample_home: Path) -> None:
    everything = hits(sample_home, "人员变动", "-k", "500")
    passages = [hit["passage"] for hit in everything]
    code = next(passage["code"] for passage in passages if passage["code"])
    whole = next(passage["whole"] for passage in passages if passage["whole"] != passage["department"])

    def lost(passage: dict[str, Any]) -> bool:
        return Decimal(passage["score_lost"] or 0) >= Decimal("0.5")

    def large(passage: dict[str, Any]) -> bool:
        return abs(Decimal(passage["amount"] or 0)) >= 1_000_000

    for option, value, admits in (
        ("--code", code[:3], lambda each: (each["code"] or "").startswith(code[:3])),
        ("--whole", whole, lambda each: each["whole"] == whole),
        ("--year-from", "2024", lambda each: each["fiscal_year"] >= 2024),
        ("--min-score-lost", "0.5", lost),
        ("--min-amount", "1,000,000", large),
    ):
        found = {hit["passage"]["id"] for hit in hits(sample_home, "人员变动", "-k", "500", option, value)}
        assert found >= {each["id"] for each in passages if admits(each)} > set()
        assert len(found) < len(passages)


def test_pages_go_on_where_the_last_ended(sample_home: Path) -> None:
    first = hits(sample_home, "资金下达较晚", "-k", "6")
    second = hits(sample_home, "资金下达较晚", "-k", "3", "--offset", "3")
    assert second == first[3:]


def test_one_line_for_each_department(sample_home: Path) -> None:
    done = fiscalgraph("search", "资金下达较晚", "--group", "department", "--json", "--home", sample_home)
    groups = json.loads(done.out)["departments"]
    names = [group["department"] for group in groups]
    assert len(names) == len(set(names)) > 1
    assert all(group["hit"]["passage"]["department"] == group["department"] for group in groups)
    shown = fiscalgraph("search", "资金下达较晚", "--group", "department", "--home", sample_home)
    assert names[0] in shown.out


def test_csv_and_excel_hold_the_same_hits(sample_home: Path, tmp_path: Path) -> None:
    done = fiscalgraph("search", "资金下达较晚", "-k", "4", "-f", "csv", "--home", sample_home)
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert tuple(rows[0]) == HIT_COLUMNS
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["passage"] for row in rows] == [
        hit["passage"]["id"] for hit in hits(sample_home, "资金下达较晚", "-k", "4")
    ]
    file = tmp_path / "hits.xlsx"
    assert (
        fiscalgraph("search", "资金下达较晚", "-k", "4", "-f", "xlsx", "-o", file, "--home", sample_home).code
        == 0
    )
    sheet = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    assert sheet[0] == HIT_COLUMNS
    assert [row[HIT_COLUMNS.index("text")] for row in sheet[1:]] == [row["text"] for row in rows]
    assert {type(row[HIT_COLUMNS.index("score")]) for row in sheet[1:]} == {float}
    assert fiscalgraph("search", "资金", "-f", "xlsx", "--home", sample_home).code == 1


def test_a_hit_below_the_threshold_says_so(sample_home: Path) -> None:
    found = hits(sample_home, "海洋渔船捕捞", "-k", "3")
    assert found[-1]["similar"] is False
    printed = fiscalgraph("search", "海洋渔船捕捞", "-k", "3", "--home", sample_home).out
    below = sum(hit["similar"] is False for hit in found)
    assert printed.count("below the threshold of similarity") == below


def test_hits_are_explained_in_both_languages(sample_home: Path) -> None:
    english = fiscalgraph("search", "资金下达较晚", "-k", "1", "--home", sample_home).out
    chinese = fiscalgraph("--lang", "zh", "search", "资金下达较晚", "-k", "1", "--home", sample_home).out
    assert "same issue:" in english
    assert "说同一问题的可能性" in chinese


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["，。！"], 1),
        (["资金", "--kind", "cause"], 1),
        (["资金", "--code", "2x"], 1),
        (["资金", "--year-from", "2025", "--year-to", "2023"], 1),
        (["资金", "--whole", "月球办公室"], 1),
        (["资金", "--document", "月球"], 1),
        (["资金", "--min-amount", "much"], 1),
        (["资金", "--offset", "999", "-k", "10"], 1),
    ],
)
def test_what_cannot_be_searched_for_is_refused(sample_home: Path, arguments: list[str], code: int) -> None:
    done = fiscalgraph("search", *arguments, "--home", sample_home)
    assert done.code == code
    assert "Traceback" not in done.err


@pytest.mark.parametrize("text", ["雨", "rain delayed the works", "資金下達較晚", "2050803"])
def test_odd_texts_are_answered(sample_home: Path, text: str) -> None:
    assert fiscalgraph("search", text, "--home", sample_home).code == 0


def test_a_missing_model_folder_is_told(sample_home: Path, tmp_path: Path) -> None:
    done = fiscalgraph(
        "search", "资金", "--home", sample_home, environment={"FISCALGRAPH_ENCODER": str(tmp_path / "none")}
    )
    assert done.code == 1
    assert "there is no such folder" in done.err


def test_a_changed_model_makes_the_vectors_anew(tmp_path: Path) -> None:
    from fiscalgraph.search.encoder import DEFAULT_MODEL

    home, model = tmp_path / "home", tmp_path / "model"
    document = min(SAMPLES.glob("*.txt"))
    assert fiscalgraph("build", document, "--home", home).code == 0
    shutil.copytree(DEFAULT_MODEL, model)
    weights = model / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + bytes([weights.read_bytes()[-1] ^ 1]))
    other = {"FISCALGRAPH_ENCODER": str(model)}
    refused = fiscalgraph("search", "资金", "--home", home, environment=other)
    assert refused.code == 1
    assert "made by model built-in" in refused.err
    assert fiscalgraph("build", document, "--home", home, environment=other).code == 0
    assert fiscalgraph("search", "资金", "--home", home, environment=other).code == 0
    assert fiscalgraph("search", "资金", "--home", home, environment={"FISCALGRAPH_ENCODER": ""}).code == 0


def test_http_answers_like_the_command_line(client: httpx.Client, sample_home: Path) -> None:
    answer = client.get("/passages/search", params={"q": "资金下达较晚", "k": 4, "offset": 2}).json()
    for hit in answer["items"]:
        for name in ("department_url", "project_url"):  # addresses are only over HTTP
            hit["passage"].pop(name)
    assert answer["items"] == hits(sample_home, "资金下达较晚", "-k", "4", "--offset", "2")
    assert answer["recall"] == 1.0
    assert answer["total"] > 4
    assert isinstance(answer["threshold"], float)


def test_http_filters_and_groups(client: httpx.Client) -> None:
    known = client.get("/passages/filters").json()
    whole = known["wholes"][0]
    found = client.get("/passages/search", params={"q": "人员变动", "whole": whole, "k": 100}).json()["items"]
    assert {hit["passage"]["whole"] for hit in found} == {whole}
    groups = client.get("/passages/search", params={"q": "资金", "group": "department"}).json()["items"]
    assert len({group["department"] for group in groups}) == len(groups)
    whole_paragraph = "资金下达较晚，项目进度滞后。" * 200
    assert client.get("/passages/search", params={"q": whole_paragraph, "k": 1}).json()["items"]
    for wrong in ({"code": "2x"}, {"group": "region"}, {"min_amount": "much"}, {"offset": -1}):
        assert client.get("/passages/search", params={"q": "资金", **wrong}).status_code == 422
    refused = client.get("/passages/search", params={"q": "资金", "year_from": 2025, "year_to": 2020})
    assert refused.status_code == 422


def test_http_similar_by_the_passages_own_address(client: httpx.Client) -> None:
    passage = client.get("/passages/search", params={"q": "人手不够", "k": 1}).json()["items"][0]["passage"]
    by_parameter = client.get("/passages/similar", params={"iri": passage["id"]}).json()
    short = passage["iri"].partition("/id/")[2]
    assert client.get(f"/passages/{short}/similar").json()["items"] == by_parameter["items"]
    assert client.get("/passages/none/similar").status_code == 404
    groups = client.get("/passages/similar", params={"iri": passage["id"], "group": "department"}).json()
    assert passage["department"] not in {group["department"] for group in groups["items"]}
