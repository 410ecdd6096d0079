"""docs/graph.md says what the ontology and the samples say, and nothing else."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from fiscalgraph.ontology import ontology_quads
from fiscalgraph.ontology.terms import PREFIXES
from fiscalgraph.queries import load

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "graph.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("graph_guide", ROOT / "bench" / "graph_guide.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["graph_guide"] = module
    spec.loader.exec_module(module)
    return module


def test_the_data_dictionary_is_that_of_the_ontology(maker: ModuleType) -> None:
    assert GUIDE.endswith("\n".join(maker.dictionary()).rstrip() + "\n"), "run: make docs"


def test_the_worked_queries_and_their_answers_are_those_of_the_samples(
    maker: ModuleType, sample_home: Path
) -> None:
    assert len(maker.WORKED) == 10
    assert maker.guide(sample_home) == GUIDE, "run: make docs"


def test_every_own_term_the_guide_names_is_declared() -> None:
    declared = {quad.subject.value for quad in ontology_quads() if hasattr(quad.subject, "value")}
    named = set(re.findall(r"\bfg:(\w+)", GUIDE))
    assert len(named) > 100
    assert not sorted(term for term in named if PREFIXES["fg"] + term not in declared)


def test_every_query_the_guide_names_is_there() -> None:
    named = set(re.findall(r"fiscalgraph query ([a-z-]+)", GUIDE))
    assert named
    for name in named:
        assert load(name).columns
