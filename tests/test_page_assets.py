"""The built page: it is that of the sources, small, and complete in itself."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from running import ROOT

WEB = ROOT / "api" / "web"
BUILT = WEB / "built"
BUDGET = 1_500_000  # bytes, compressed, of all files together
FIRST_VIEW_BUDGET = 120_000  # of what is loaded before the search can be used
SOURCE_FOLDERS = ("src", "public")
SOURCE_FILES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), mtime=0))


def built_files() -> list[Path]:
    return [path for path in sorted(BUILT.rglob("*")) if path.is_file()]


def test_the_built_page_is_that_of_the_sources() -> None:
    sources = {name: WEB / name for name in SOURCE_FILES}
    for folder in SOURCE_FOLDERS:
        for path in sorted((WEB / folder).rglob("*")):
            if path.is_file():
                sources[path.relative_to(WEB).as_posix()] = path
    now = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sources.items()}
    lines = (BUILT / "SOURCES.sha256").read_text("utf-8").splitlines()
    then = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    assert now == then, "the page was changed: npm run build in api/web"


def test_the_page_is_small() -> None:
    assert sum(map(compressed, built_files())) < BUDGET
    index = (BUILT / "index.html").read_text("utf-8")
    first = {BUILT / name for name in re.findall(r'(?:src|href)="/web/([^"]+)"', index)}
    first |= set(BUILT.glob("**/search-*"))
    assert sum(map(compressed, first)) < FIRST_VIEW_BUDGET


def test_the_page_names_only_files_that_are_there_and_holds_no_script() -> None:
    index = (BUILT / "index.html").read_text("utf-8")
    named = re.findall(r'(?:src|href)="([^"]+)"', index)
    assert named
    for address in named:
        assert (BUILT / address.removeprefix("/web/")).is_file(), address
    assert not re.search(r"<style|style=|<script(?![^>]*\ssrc=)|\son\w+=", index)


def test_what_others_wrote_comes_with_their_licences() -> None:
    licences = (BUILT / "LICENCES.txt").read_text("utf-8")
    for package in ("preact", "echarts", "zrender", "@zazuko/yasqe", "codemirror"):
        assert re.search(rf"^{re.escape(package)} \d", licences, re.MULTILINE), package


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    vite = WEB / "node_modules" / ".bin" / "vite"
    if shutil.which("node") is None:
        pytest.skip("Node is not installed")
    if not vite.exists():
        pytest.skip("the packages of the page are not installed: npm ci in api/web")
    again = tmp_path / "built"
    done = subprocess.run(
        [str(vite), "build", "--outDir", str(again), "--logLevel", "warn"],
        cwd=WEB,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    made = {
        path.relative_to(again).as_posix(): path.read_bytes() for path in again.rglob("*") if path.is_file()
    }
    kept = {path.relative_to(BUILT).as_posix(): path.read_bytes() for path in built_files()}
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def test_views_do_not_style_each_other() -> None:
    """All styles of views that were visited are in force together: a bare class belongs to one of them."""
    shared = {"base", "parts", "print", "sum"}
    owners: dict[str, set[str]] = {}
    for path in (WEB / "src" / "styles").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        for selectors in re.findall(r"([^{}]+)\{", text):
            for selector in selectors.split(","):
                if bare := re.fullmatch(r"\s*\.([\w-]+)\s*", selector):
                    owners.setdefault(bare[1], set()).add(path.stem)
    assert len(owners) > 50
    assert {name: found for name, found in owners.items() if len(found - shared) > 1} == {}
