"""One form for characters that are written in several ways, before words are compared or encoded."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

__all__ = ["folded", "simplified"]

_TABLE = Path(__file__).parent / "traditional.tsv"


@cache
def _traditional() -> dict[int, str]:
    """Traditional characters (繁体字) and the simplified ones they are folded to."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {ord(old): simplified for simplified, traditional in rows for old in traditional}


def simplified(text: str) -> str:
    """``text`` with traditional characters in their simplified form; nothing else changes.

    >>> simplified("資金下達較晚")
    '资金下达较晚'
    """
    return text.translate(_traditional())


def folded(text: str) -> str:
    """``text`` in simplified characters, half-width and lower case, on one line.

    >>> folded("資金下達較晚，ＧＤＰ\\n")
    '资金下达较晚,gdp'
    """
    return " ".join(simplified(unicodedata.normalize("NFKC", text).lower()).split())
