"""Reference data: regions, organisations, laws; sound in itself and against another source."""

from __future__ import annotations

import re

import pytest

from fiscalgraph.graph.identifiers import department_iri, law_iri
from fiscalgraph.ontology.laws import known_laws
from fiscalgraph.ontology.organizations import (
    central_bodies,
    central_changes,
    fields_of_work,
    rename_patterns,
)
from fiscalgraph.ontology.reference import reference_facts, reference_files
from fiscalgraph.ontology.regions import SCHEME, find_region, regions, regions_before


def test_there_are_all_provinces_and_prefectures() -> None:
    levels = [region.level for region in regions().values()]
    assert levels.count("provincial") == 34
    assert levels.count("prefecture") == 333
    assert levels.count("county") > 2800


def test_every_region_belongs_to_one_of_its_own_code() -> None:
    for region in regions().values():
        assert re.fullmatch(r"\d{6}", region.code)
        assert region.iri.value == f"{SCHEME.value}/{region.code}"
        assert (region.parent is None) == region.code.endswith("0000")
        if region.parent is not None:
            assert region.parent[:2] == region.code[:2]
            assert find_region(region.parent) is not None
        if region.level != "county":
            assert region.short_name is None or region.name.startswith(region.short_name)


def test_provinces_have_one_abbreviation_each() -> None:
    short = [region.abbreviation for region in regions().values() if region.level == "provincial"]
    assert len(set(short)) == 34
    assert None not in short


def test_regions_agree_with_an_independent_list() -> None:
    """GB/T 2260 of 2014: what has the same code there has the same name but for later renames."""
    theirs = pytest.importorskip("gb2260.data", reason="the package gb2260 is not installed").data[None]
    for level, least in (("provincial", 1.0), ("prefecture", 0.97), ("county", 0.9)):
        ours = {int(region.code): region.name for region in regions().values() if region.level == level}
        same = sum(theirs.get(code) == name for code, name in ours.items())
        assert same / len(ours) >= least


@pytest.mark.parametrize(
    ("name", "codes", "length"),
    [
        ("上海市普陀区财政局", ["310000", "310107"], 6),
        ("普陀区财政局", [], 0),
        ("黔南州财政局", ["522700"], 3),
        ("海南省海口市教育局", ["460000", "460100"], 6),
        ("内蒙古自治区财政厅", ["150000"], 6),
        ("云泽省财政厅", [], 0),
        ("", [], 0),
    ],
)
def test_a_name_tells_its_regions(name: str, codes: list[str], length: int) -> None:
    chain, found = regions_before(name)
    assert ([region.code for region in chain], found) == (codes, length)


def test_reference_files_name_everything_and_parse() -> None:
    assert set(reference_files()) == {"regions.ttl", "organizations.ttl", "laws.ttl"}
    for name in reference_files():
        assert reference_facts(name)


def test_no_short_form_means_two_fields_of_work() -> None:
    forms = [form for field in fields_of_work() for form in (*field.spellings, *field.abbreviations)]
    assert len(forms) == len(set(forms))
    assert not set(forms) & {field.name for field in fields_of_work()}


def test_changes_of_central_bodies_join_listed_ones() -> None:
    for change in central_changes():
        assert {*change.originals, change.result} <= set(central_bodies())
        assert all(central_bodies()[name].abolished for name in change.originals)
    years = [change.year for change in central_changes()]
    assert years == sorted(years)
    for name in central_bodies():
        assert department_iri(name).value.endswith(name)


def test_rename_patterns_change_the_name() -> None:
    assert rename_patterns()
    for pattern in rename_patterns():
        assert pattern.former != pattern.later
        assert 0 < float(pattern.confidence) < 1


def test_laws_are_named_by_their_titles() -> None:
    assert len(known_laws()) > 900
    for title, law in known_laws().items():
        assert law.iri == law_iri(title)
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for date in law.dates)
    assert "财预〔2020〕10号" in known_laws()["项目支出绩效评价管理办法"].numbers
