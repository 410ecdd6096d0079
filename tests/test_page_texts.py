"""The page's words: every one that is used is there in both languages, every one that is there is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from running import ROOT

from fiscalgraph.queries import list_queries

SOURCES = ROOT / "api" / "web" / "src"
WORDS = r'"((?:[^"\\\n]|\\.)*)"'
ENTRY = re.compile(rf'^ +"([^"]+)":\s*\[\s*{WORDS},\s*{WORDS},?\s*\],$', re.MULTILINE)
LITERAL_KEY = re.compile(r'"([a-z_]+(?:\.[^"\s]+)+)"')
MADE_KEY = re.compile(r"`([a-z_]+\.[^`]*?)\$\{")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Scales are named as the documents print them; questions to start from are asked of Chinese texts.
SCALES = re.compile(r'"(?:元|万元|亿元)"')
HOLD_CHINESE = {"money.ts", "components/Money.tsx", "views/queries/examples.ts", "views/search/highlight.tsx"}


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCES.rglob("*.ts*")):
        name = path.relative_to(SOURCES).as_posix()
        if not name.startswith("texts/"):
            yield name, path.read_text("utf-8")


def words_by_key() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in sorted((SOURCES / "texts").glob("*.ts")):
        if path.name == "index.ts":
            continue
        text = path.read_text("utf-8")
        entries = ENTRY.findall(text)
        assert len(entries) == len(re.findall(r'^ +"[^"]+":', text, re.MULTILINE)), path.name
        for key, chinese, english in entries:
            assert key not in found, f"{key} stands twice"
            found[key] = (chinese, english)
    return found


def uses() -> tuple[set[str], set[str]]:
    """Keys that the sources name, and the beginnings of those that they make."""
    whole: set[str] = set()
    beginnings: set[str] = set()
    for _, text in sources():
        whole.update(LITERAL_KEY.findall(text))
        beginnings.update(MADE_KEY.findall(text))
    return whole, beginnings


def test_every_key_that_is_used_has_words() -> None:
    known = words_by_key()
    missing = []
    for name, text in sources():
        for key in re.findall(r'\bt\(\s*"([^"]+)"', text):
            if key not in known:
                missing.append((name, key))
    assert missing == []


def test_every_key_is_used() -> None:
    whole, beginnings = uses()
    unused = [
        key
        for key in words_by_key()
        if key not in whole and not any(key.startswith(beginning) for beginning in beginnings)
    ]
    assert unused == []


def test_both_languages_say_the_same() -> None:
    for key, (chinese, english) in words_by_key().items():
        assert chinese.strip(), key
        assert english.strip(), key
        assert set(re.findall(r"\{\w+\}", chinese)) == set(re.findall(r"\{\w+\}", english)), key


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", text, flags=re.DOTALL)


def test_no_words_stand_outside_the_texts() -> None:
    found = [
        (name, line.strip())
        for name, text in sources()
        if name not in HOLD_CHINESE
        for line in without_comments(text).splitlines()
        if CHINESE.search(SCALES.sub("", line)) and not line.startswith("const EXAMPLES")
    ]
    assert found == []


def test_every_named_query_has_its_group() -> None:
    model = (SOURCES / "views" / "queries" / "model.ts").read_text("utf-8")
    groups = model[model.index("const GROUPS") : model.index("};", model.index("const GROUPS"))]
    named = set(re.findall(r'"([a-z_-]+)"', groups))
    assert named == set(list_queries())


def test_the_sources_write_no_markup_from_texts() -> None:
    for name, text in sources():
        for way in ("dangerouslySetInnerHTML", ".innerHTML", ".outerHTML", "insertAdjacentHTML", "eval("):
            assert way not in text, f"{name}: {way}"


def test_no_source_names_a_path_of_this_machine() -> None:
    for path in [*SOURCES.rglob("*"), ROOT / "api" / "web" / "vite.config.ts"]:
        if path.is_file():
            assert str(ROOT) not in path.read_text("utf-8"), path


def test_texts_are_found_in_the_files(tmp_path: Path) -> None:
    known = words_by_key()
    assert len(known) > 300
    assert known["nav.search"] == ("搜索", "Search")
