"""What tests of the resources share: the samples' truth, and answers over HTTP."""

from __future__ import annotations

import json
from typing import Any

import httpx
from running import ROOT

TRUTH = ROOT / "samples" / "truth"
WATER = "云泽省水务厅"


def truth(document: str, kind: str) -> list[dict[str, Any]]:
    lines = (TRUTH / document / f"{kind}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def documents_of(*kinds: str) -> dict[str, dict[str, Any]]:
    found = {folder.name: truth(folder.name, "document")[0] for folder in sorted(TRUTH.iterdir())}
    return {name: about for name, about in found.items() if not kinds or about["kind"] in kinds}


def given(client: httpx.Client, path: str, **parameters: Any) -> Any:
    answer = client.get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refusal(answer: httpx.Response, status: int) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    error: dict[str, str] = answer.json()["error"]
    assert all(error[part] for part in ("code", "what", "why", "cure"))
    return error
