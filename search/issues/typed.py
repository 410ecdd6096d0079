"""The types of all causes of an index, kept from build to build: only new words are judged again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from fiscalgraph.search.issues.types import CauseType, cause_types, types_fingerprint

if TYPE_CHECKING:
    from fiscalgraph.search.encoder import Encoder

__all__ = ["CAUSE_TYPES", "Types", "typed_causes", "write_types"]

CAUSE_TYPES = "cause_types.json"
"""The file of a generation that keeps the types."""

Types = Mapping[str, tuple[CauseType, ...]]


def typed_causes(texts: Iterable[str], encoder: Encoder, kept: Path | None = None) -> Types:
    """The types of each text, the surest first, none for most.

    ``kept``: what :func:`write_types` wrote; used where model, weights and scheme are the same, and anything
    else there is judged anew. Raises what :func:`~fiscalgraph.search.issues.types.cause_types` raises.
    """
    wanted = list(dict.fromkeys(texts))
    known = _read(kept, types_fingerprint(encoder)) if kept is not None else {}
    fresh = [text for text in wanted if text not in known]
    judged = dict(zip(fresh, cause_types(fresh, encoder), strict=True))
    return {text: known[text] if text in known else judged[text] for text in wanted}


def write_types(file: Path, types: Types, encoder: Encoder) -> None:
    """Keep the types for the next build; equal types give equal bytes."""
    content = {
        "made_by": types_fingerprint(encoder),
        "types": {
            text: [[each.code, each.confidence] for each in found] for text, found in sorted(types.items())
        },
    }
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _read(file: Path, made_by: str) -> dict[str, tuple[CauseType, ...]]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["made_by"] != made_by:
            return {}
        return {
            text: tuple(CauseType(code, float(confidence)) for code, confidence in found)
            for text, found in content["types"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # there is none, or another version's: everything is judged anew
