"""The house rules: who may import whom, what is packaged, what is pinned, what must not be loaded."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("ontology", "extract", "graph", "search", "api", "front")
MAY_IMPORT = {
    "ontology": set(),
    "extract": {"ontology"},
    "queries": {"extract"},
    "graph": {"ontology", "extract", "queries"},
    "search": {"ontology", "extract", "graph"},
    "api": {"ontology", "extract", "graph", "queries", "search"},
    "front": {"ontology", "extract", "graph", "queries", "search", "api"},
}
# Of extract, the floors above know the contract and these plain helpers, not how documents are read.
EXTRACT_CONTRACT = {"enumerations", "errors", "normalise", "proportions", "records"}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The dotted names a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(name: str) -> str | None:
    """Which folder a ``fiscalgraph…`` import leads to."""
    parts = name.split(".")
    if parts[0] != "fiscalgraph":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in {*MAY_IMPORT, "samples"} else "front"


@pytest.mark.parametrize("folder", sorted(MAY_IMPORT))
def test_imports_run_downwards_only(folder: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(folder)
        for name in imports(path)
        if (room := room_of(name)) is not None and room != folder and room not in MAY_IMPORT[folder]
    ]
    assert not wrong


@pytest.mark.parametrize("folder", ["graph", "search", "queries"])
def test_only_the_contract_of_extract_is_used_above_it(folder: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(folder)
        for name in imports(path)
        if room_of(name) == "extract" and name.split(".")[2] not in EXTRACT_CONTRACT
    ]
    assert not wrong


@pytest.mark.parametrize("folder", [*sorted(MAY_IMPORT), "samples", "tests", "bench"])
def test_folders_are_never_imported_bare(folder: str) -> None:
    """``import extract`` from the repository's root would make a second copy of each module."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(folder)
        for name in imports(path)
        if name.split(".")[0] in {*MAY_IMPORT, "samples"}
    ]
    assert not wrong


def test_type_checkers_see_every_module_of_the_package() -> None:
    links = ROOT / ".typing" / "fiscalgraph"
    expected = {path.name for path in (ROOT / "front").iterdir() if path.suffix in (".py", ".typed")}
    expected |= {*MAY_IMPORT, "samples"} - {"front"}
    assert {path.name for path in links.iterdir() if path.name != "__pycache__"} == expected
    assert [path.name for path in links.iterdir() if not path.exists()] == []


def test_every_folder_with_modules_is_packaged() -> None:
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = {
        "fiscalgraph" if folder == "front" else f"fiscalgraph.{'.'.join(path.relative_to(ROOT).parts)}"
        for folder in [*MAY_IMPORT, "samples"]
        for path in {module.parent for module in modules(folder)}
    }
    assert folders == set(setuptools["packages"])


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonical(name): version for name, version in pairs}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(name: str) -> str | None:
    """The version in this environment, less its local label."""
    try:
        return importlib.metadata.version(name).split("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return None


def add_required(requirement: Requirement, seen: set[tuple[str, frozenset[str]]]) -> None:
    """Add what ``requirement`` brings, as installed here, with everything below it."""
    key = (canonical(requirement.name), frozenset(requirement.extras))
    if key in seen:
        return
    seen.add(key)
    if installed(requirement.name) is None:
        return  # of an extra that is not installed here: pinned all the same
    for line in importlib.metadata.requires(requirement.name) or ():
        further = Requirement(line)
        extras = requirement.extras | {""}
        wanted = further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras)
        if wanted and installed(further.name) is not None:  # the CPU build of torch lacks CUDA parts
            add_required(further, seen)


def test_every_direct_and_indirect_version_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = project["dependencies"] + [
        line for extra in project["optional-dependencies"].values() for line in extra
    ]
    seen: set[tuple[str, frozenset[str]]] = set()
    for line in direct:
        add_required(Requirement(line), seen)
    names = {name for name, _ in seen}
    assert names - set(pinned()) == set()
    here = {name: installed(name) for name in names}
    assert {name: version for name, version in here.items() if version not in (None, pinned()[name])} == {}


def test_torch_is_pinned_without_a_local_label() -> None:
    assert pinned()["torch"] == "2.13.0"


def test_importing_the_package_brings_no_heavy_library() -> None:
    code = "import sys, fiscalgraph, fiscalgraph.cli, fiscalgraph.commands; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    heavy = {"torch", "sentence_transformers", "transformers", "faiss", "numpy", "rdflib", "pdfplumber"}
    heavy |= {"fastapi", "uvicorn", "openpyxl", "docx", "pyoxigraph", "pypdfium2"}
    assert loaded & heavy == set()


def test_no_file_is_longer_than_it_can_be_understood() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in [*MAY_IMPORT, "samples", "bench"]
        for path in modules(folder)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 520
    }
    assert long == {}
