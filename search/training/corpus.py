"""The official register as words: sources, sentences, segmentation.

Read from the archives of a data folder: budget disclosures, notices, statutes and
government work reports. News and the labelled pair sets are left alone: their
licences do not allow a model made from them to be shipped.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import sys
import tarfile
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from fiscalgraph.search.encoder import fold

__all__ = ["SOURCES", "segment", "sentences"]

SOURCES = (
    "budget_text.tar.xz",
    "other_gov_text.tar.xz",
    "laws_text.jsonl.xz",
    "provincial_work_reports_2026.jsonl.xz",
    "gov_work_report_zh_en.tsv.xz",
)

_WRAP = re.compile(
    r"(?<=[一-鿿，、])[ \t]*\n[ \t]*(?=[一-鿿])"
)  # a line broken by the page, not by the author
_END = re.compile(r"[。；！？\n]+")


def _texts(data: Path) -> Iterator[str]:
    """The documents of ``data`` in a fixed order; raises ``FileNotFoundError`` when an archive is missing."""
    for name in SOURCES:
        path = data / name
        if name.endswith(".tar.xz"):
            with tarfile.open(path) as archive:
                for member in sorted(archive.getmembers(), key=lambda entry: entry.name):
                    content = archive.extractfile(member)
                    if content is not None:
                        yield content.read().decode("utf-8", "replace")
            continue
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            if name.endswith(".tsv.xz"):
                yield "\n".join(line.split("\t")[1] for line in lines if line.count("\t") >= 2)
            elif name.startswith("provincial"):
                csv.field_size_limit(sys.maxsize)
                for line in lines:
                    table = io.StringIO(json.loads(line)["csv"].lstrip("\ufeff"))
                    yield "\n".join(row["full_text"] for row in csv.DictReader(table))
            else:
                for line in lines:
                    yield json.loads(line)["text"]


def sentences(data: Path) -> Iterator[str]:
    """Each distinct sentence once: disclosures and revised statutes repeat most of their words."""
    seen: set[bytes] = set()
    for text in _texts(data):
        for sentence in _END.split(_WRAP.sub("", text)):
            folded = fold(sentence)
            if 6 <= len(folded) <= 400:
                key = blake2b(folded.encode(), digest_size=8).digest()
                if key not in seen:
                    seen.add(key)
                    yield folded


def segment(sentence: str) -> list[str]:
    """Words of a folded sentence by the most probable path through jieba's dictionary."""
    import jieba

    return [word for run in sentence.split(" ") for word in jieba.cut(run, HMM=False)]
