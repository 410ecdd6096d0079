"""Things that are one over several documents: organisations, projects, indicators, laws."""

from __future__ import annotations

import dataclasses
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from graph_records import identity, line, place
from pyoxigraph import NamedNode, Quad, Store

from fiscalgraph.extract.readers import read
from fiscalgraph.extract.recognise import recognise
from fiscalgraph.extract.records import (
    DisclosureRecords,
    Indicator,
    Law,
    OrganizationUnit,
    Project,
    SpendingLine,
)
from fiscalgraph.graph.identifiers import LINKS_GRAPH, department_iri, law_iri, project_iri
from fiscalgraph.graph.identity import identity_links, identity_quads
from fiscalgraph.graph.likeness import one_character_apart
from fiscalgraph.graph.linking import IdentityLink
from fiscalgraph.graph.mapping import document_quads
from fiscalgraph.ontology import ontology_quads
from fiscalgraph.ontology.terms import CODES, DCTERMS, FG, OA, OBEU, ORG, PROV, RDF, SKOS

CORPUS = Path(os.environ.get("FISCALGRAPH_CORPUS", Path(__file__).parent.parent.parent / "shared/corpus"))
DEPARTMENT = "云泽省水务厅"
CENTRE = "云泽省水文中心"
RULE, STATUS = CODES["identity rule"], CODES["link status"]


def project(
    name: str, unit: str | None = None, department: str | None = DEPARTMENT, occurrence: int = 0
) -> Project:
    empty = (None,) * 10
    return Project(occurrence, name, "project", department, unit, *empty, ("target_table",), place(name))


def indicator(level3: str, level2: str = "数量指标", occurrence: int = 0) -> Indicator:
    empty = (None,) * 5
    return Indicator(occurrence, "x", None, "产出指标", level2, level3, *empty, place(level3))


def document(
    year: int, issuer: str = DEPARTMENT, *, name: str = "", kind: str = "部门决算", **records: object
) -> DisclosureRecords:
    about = identity(f"{issuer} {year} {name}", issuer, fiscal_year=year, kind=kind)
    return dataclasses.replace(DisclosureRecords(about), **records)  # type: ignore[arg-type]


def store_of(*documents: DisclosureRecords) -> Store:
    store = Store()
    for records in documents:
        store.extend(document_quads(records))
    return store


def links(*documents: DisclosureRecords) -> list[IdentityLink]:
    return identity_links(store_of(*documents))


def rules(found: Iterable[IdentityLink]) -> list[tuple[str, bool]]:
    return [(link.rule, link.accepted) for link in found]


def objects(store: Store, subject: NamedNode, predicate: NamedNode) -> set[str]:
    return {quad.object.value for quad in store.quads_for_pattern(subject, predicate, None)}


def projects_of(store: Store) -> set[str]:
    return {quad.object.value for quad in store.quads_for_pattern(None, OBEU.project, None)}


# -- organisations ----------------------------------------------------------------------------


def test_the_whole_its_head_office_and_its_centre_are_three_organisations() -> None:
    store = store_of(
        document(
            2023,
            "人力资源社会保障部",
            units=(
                OrganizationUnit("部本级", "subordinate_unit", place("部本级")),
                OrganizationUnit("人力资源社会保障部社会保险事业管理中心", "subordinate_unit", place("中心")),
                OrganizationUnit("办公厅", "internal_division", place("办公厅")),
            ),
        ),
        document(
            2024,
            "人力资源社会保障部本级",
            units=(OrganizationUnit("办公厅", "internal_division", place("办公厅")),),
        ),
        document(2023, "人力资源和社会保障部社会保险事业管理中心"),
    )
    whole, office, centre = (
        department_iri(f"人力资源和社会保障部{part}") for part in ("", "本级", "社会保险事业管理中心")
    )
    publishers = {quad.object for quad in store.quads_for_pattern(None, DCTERMS.publisher, None)}
    assert publishers == {whole, office, centre}
    assert objects(store, office, ORG.unitOf) == {whole.value}
    assert FG.HeadOffice.value in objects(store, office, RDF.type)
    assert objects(store, office, ORG.subOrganizationOf) == set()
    assert objects(store, centre, ORG.subOrganizationOf) == {whole.value}
    assert "人力资源社会保障部" in objects(store, whole, SKOS.altLabel)
    assert objects(store, whole, FG.governmentLevel) == {CODES["government level"]["central"].value}
    division = NamedNode(f"{whole.value}/division/办公厅")
    assert objects(store, division, ORG.unitOf) == {whole.value}  # once for both documents


def test_a_name_printed_otherwise_leaves_its_reason() -> None:
    store = store_of(document(2024, "[114]武汉市人社局"))
    (variant,) = [quad.subject for quad in store.quads_for_pattern(None, FG.variantName, None)]
    assert objects(store, variant, FG.variantOf) == {department_iri("武汉市人力资源和社会保障局").value}
    assert objects(store, variant, FG.linkRule) == {RULE["abbreviation"].value}
    assert objects(store, variant, FG.linkConfidence) == {"0.95"}
    (source,) = objects(store, variant, PROV.wasDerivedFrom)
    assert objects(store, NamedNode(source), OA.hasSource) == objects(store, variant, DCTERMS.isPartOf)
    assert objects(store, department_iri("武汉市人社局"), FG.region) == {
        "https://w3id.org/fiscalgraph/id/region/420100"
    }


def test_a_department_printed_otherwise_in_a_form_leaves_its_place() -> None:
    printed = project("水资源监测", department="武汉市人社局")
    store = store_of(document(2024, "武汉市人力资源和社会保障局", projects=(printed,)))
    ((variant, entry),) = (
        (name.subject, form.subject)
        for name in store.quads_for_pattern(None, FG.variantName, None)
        for form in store.quads_for_pattern(None, RDF.type, FG.ProjectEntry)
    )
    assert objects(store, variant, PROV.wasDerivedFrom) == objects(store, entry, PROV.wasDerivedFrom)
    assert objects(store, variant, FG.variantOf) == objects(store, entry, FG.responsibleDepartment)


def test_a_head_offices_own_budget_is_told_from_the_departments() -> None:
    quote = place(f"2024年{DEPARTMENT}（本级）部门预算")
    alone = DisclosureRecords(identity("one", source=quote))
    store = store_of(alone, document(2024))
    reporting = [quad.object.value for quad in store.quads_for_pattern(None, FG.reportingUnit, None)]
    assert reporting == [department_iri(f"{DEPARTMENT}本级").value]


def test_a_unit_whose_name_begins_with_its_parents_belongs_to_it() -> None:
    made = store_of(document(2024, "芜湖市公安局"), document(2024, "芜湖市公安局交通警察支队"))
    (link,) = identity_links(made)
    assert (link.rule, link.accepted) == ("parent-name", True)
    made.extend(identity_quads(made))
    unit = department_iri("芜湖市公安局交通警察支队")
    assert objects(made, unit, ORG.subOrganizationOf) == {department_iri("芜湖市公安局").value}


def test_a_parent_that_a_document_states_is_not_stated_twice() -> None:
    stated = OrganizationUnit("芜湖市公安局交通警察支队", "subordinate_unit", place("支队"))
    found = links(document(2024, "芜湖市公安局", units=(stated,)), document(2024, "芜湖市公安局交通警察支队"))
    assert found == []


def test_a_body_that_only_a_departments_tables_list_is_its_unit() -> None:
    def row(owner: str) -> SpendingLine:
        return dataclasses.replace(line(None, "合计", "5", unit="元", amount="5"), owner=owner)

    bureau, school, office = "芜湖市教育局", "江城第一中学", "芜湖市财政局"
    printed = (row(school), row("江城第二中学"), row(office))
    made = store_of(
        document(2024, bureau, name="预算", kind="部门预算", spending=printed), document(2024, office)
    )
    found = {(link.left, link.right) for link in identity_links(made) if link.rule == "table-of-units"}
    whole = department_iri(bureau).value
    assert found == {(department_iri(name).value, whole) for name in (school, "江城第二中学")}
    made.extend(identity_quads(made))
    assert objects(made, department_iri(school), ORG.subOrganizationOf) == {whole}
    unit = document(2024, bureau, name="单位预算", kind="单位预算", spending=printed)
    assert not [link for link in links(unit) if link.rule == "table-of-units"]


def test_another_spelling_of_the_publisher_is_no_unit_of_it() -> None:
    row = dataclasses.replace(line(None, "合计", "5", unit="元", amount="5"), owner="江城县河渠水库管理局")
    other = dataclasses.replace(row, owner="江城第一中学")
    made = store_of(document(2024, "江城县河渠和水库管理局", spending=(row, other)))
    found = {link.left for link in identity_links(made) if link.rule == "table-of-units"}
    assert found == {department_iri("江城第一中学").value}


def test_names_that_differ_in_small_words_are_linked() -> None:
    (link,) = links(document(2023, "芜湖市重点工程建设管理局"), document(2024, "芜湖市重点工程和建设管理局"))
    assert (link.rule, link.accepted) == ("small-words", True)


def test_one_list_of_units_is_not_taken_for_misspellings() -> None:
    names = ("北京市儿科医学研究所", "北京市眼科医学研究所", "北京市江岸管理处", "北京市江汉管理处")
    units = tuple(OrganizationUnit(name, "subordinate_unit", place(name)) for name in names)
    assert links(document(2024, "北京市卫生健康委员会", units=units)) == []


def test_a_local_rename_is_a_candidate_event() -> None:
    store = store_of(document(2017, "芜湖市环境保护局"), document(2024, "芜湖市生态环境局"))
    quads = set(identity_quads(store))
    (event,) = {quad.subject for quad in quads if quad.object == ORG.ChangeEvent}
    facts = {quad.predicate: quad.object.value for quad in quads if quad.subject == event}
    assert facts[ORG.originalOrganization] == department_iri("芜湖市环境保护局").value
    assert facts[ORG.resultingOrganization] == department_iri("芜湖市生态环境局").value
    assert facts[FG.linkStatus] == STATUS["candidate"].value
    assert float(facts[FG.linkConfidence]) < 1
    assert not [quad for quad in quads if quad.predicate == FG.identicalTo]


def test_bodies_of_two_places_are_no_rename() -> None:
    store = store_of(document(2017, "芜湖市环境保护局"), document(2024, "武汉市生态环境局"))
    assert list(identity_quads(store)) == []


def test_a_central_reform_is_stated_with_its_source() -> None:
    store = store_of(document(2016, "国土资源部"))
    store.extend(identity_quads(store))
    (event,) = [quad.subject for quad in store.quads_for_pattern(None, RDF.type, ORG.ChangeEvent)]
    assert objects(store, event, ORG.originalOrganization) == {department_iri("国土资源部").value}
    assert objects(store, event, FG.linkStatus) == {STATUS["accepted"].value}
    assert objects(store, event, DCTERMS.source) == {"国务院机构改革方案（2018年）"}
    assert objects(store, department_iri("自然资源部"), SKOS.prefLabel) == {"自然资源部"}


# -- projects ---------------------------------------------------------------------------------


def test_a_project_of_accounts_and_of_a_head_offices_budget_is_one() -> None:
    store = store_of(
        document(
            2023,
            "人力资源社会保障部",
            projects=(project("会费", "人力资源和社会保障部本级", "人力资源和社会保障部"),),
        ),
        document(
            2024,
            "人力资源社会保障部本级",
            projects=(project("会费", "人力资源社会保障部本级", "[117]人力资源社会保障部"),),
        ),
    )
    assert projects_of(store) == {project_iri("人力资源和社会保障部", "会费").value}


def test_the_word_project_behind_a_name_is_no_part_of_it() -> None:
    store = store_of(
        document(2023, projects=(project("水资源监测项目"),)),
        document(2024, projects=(project("水资源监测"),)),
    )
    (iri,) = projects_of(store)
    assert objects(store, NamedNode(iri), SKOS.prefLabel) == {"水资源监测"}
    assert objects(store, NamedNode(iri), SKOS.altLabel) == {"水资源监测项目"}


def test_projects_of_one_name_and_two_units_are_two() -> None:
    made = (project("物业管理", CENTRE), project("物业管理", "云泽省防汛中心", occurrence=1))
    store = store_of(document(2024, projects=made))
    assert len(projects_of(store)) == 2
    assert identity_links(store) == []


def test_a_units_own_document_and_its_parents_meet() -> None:
    parent = document(2024, projects=(project("站点改造", CENTRE),))
    for own in (project("站点改造", CENTRE), project("站点改造"), project("站点改造", "云泽省水文中")):
        store = store_of(parent, document(2024, CENTRE, projects=(own,)))
        assert projects_of(store) == {project_iri(DEPARTMENT, "站点改造", CENTRE).value}


def test_a_unit_that_prints_no_department_is_linked_with_its_parents_project() -> None:
    unit = OrganizationUnit(CENTRE, "subordinate_unit", place(CENTRE))
    parent = document(2024, units=(unit,), projects=(project("站点改造", CENTRE),))
    (link,) = links(parent, document(2024, CENTRE, projects=(project("站点改造", None, None),)))
    assert (link.rule, link.accepted) == ("parent-and-unit", True)
    vague = document(2024, units=(unit,), projects=(project("站点改造"),))
    (doubtful,) = links(vague, document(2024, CENTRE, projects=(project("站点改造", None, None),)))
    assert (doubtful.rule, doubtful.accepted) == ("parent-and-unit", False)


def test_a_unit_left_out_in_one_year_is_linked_if_only_one_has_the_project() -> None:
    later = document(2025, projects=(project("站点改造"),))
    assert rules(links(document(2024, projects=(project("站点改造", CENTRE),)), later)) == [
        ("unit-unstated", True)
    ]
    two = (project("站点改造", CENTRE), project("站点改造", "云泽省防汛中心", occurrence=1))
    assert links(document(2024, projects=two), later) == []
    own = document(2025, projects=(project("站点改造", DEPARTMENT),))
    assert links(document(2024, projects=(project("站点改造", CENTRE),)), own) == []


@pytest.mark.parametrize(
    ("earlier", "later", "found"),
    [
        ("2024年会议保障", "2025年会议保障", [("year-mark", True)]),
        ("会议保障（2024年）", "会议保障", [("year-mark", True)]),
        ("2024年水毁修复工程", "2025年水毁修复工程", [("year-mark", False)]),
        ("2019年会议保障", "2020年会议保障", [("year-mark", False)]),
        ("水资源监测", "水资源监测经费", [("generic-suffix", False)]),
        ("水资源调查监测", "水资源调查检测", [("spelling", False)]),
        ("水库除险一期", "水库除险二期", []),
        ("水资源监测", "水资源保护", []),
    ],
)
def test_names_that_differ_a_little_in_two_years(
    earlier: str, later: str, found: list[tuple[str, bool]]
) -> None:
    made = links(document(2024, projects=(project(earlier),)), document(2025, projects=(project(later),)))
    assert rules(made) == found


def test_what_one_document_tells_apart_is_not_linked() -> None:
    both = (project("2024年会议保障"), project("2025年会议保障", occurrence=1))
    assert links(document(2025, projects=both)) == []


def test_projects_of_two_departments_are_never_linked() -> None:
    one = document(2024, projects=(project("会议保障"),))
    assert (
        links(one, document(2024, "清河市水务局", projects=(project("会议保障", None, "清河市水务局"),)))
        == []
    )


# -- indicators -------------------------------------------------------------------------------


def test_an_indicator_is_linked_with_the_next_year_only() -> None:
    made = [
        document(year, projects=(project("监测"),), indicators=(indicator("监测断面数"),))
        for year in (2023, 2024, 2025)
    ]
    found = links(*made)
    assert rules(found) == [("same-indicator", True)] * 2
    assert found[0].right == found[1].left


def test_another_heading_makes_a_candidate_and_two_of_a_name_make_none() -> None:
    first = document(2023, projects=(project("监测"),), indicators=(indicator("断面，完成率"),))
    other = document(2024, projects=(project("监测"),), indicators=(indicator("断面完成率", "质量指标"),))
    assert rules(links(first, other)) == [("indicator-level", False)]
    twice = document(2024, projects=(project("监测"),), indicators=(indicator("断面完成率"),) * 2)
    assert links(first, twice) == []


def test_indicators_of_linked_projects_are_one_and_of_candidates_are_not() -> None:
    def made(year: int, name: str) -> DisclosureRecords:
        return document(year, projects=(project(name),), indicators=(indicator("会议次数"),))

    accepted = links(made(2024, "2024年会议保障"), made(2025, "2025年会议保障"))
    assert rules(accepted) == [("year-mark", True), ("same-indicator", True)]
    assert accepted[1].confidence == "0.85"
    assert rules(links(made(2024, "会议保障"), made(2025, "会议保障经费"))) == [("generic-suffix", False)]


# -- laws -------------------------------------------------------------------------------------


def law(title: str, number: str | None = None) -> Law:
    return Law(title, number, "other", 1, place(title))


def test_citations_by_short_and_full_title_lead_to_one_law_with_its_facts() -> None:
    store = store_of(document(2024, laws=(law("预算法"), law("中华人民共和国预算法"))))
    laws = {quad.object for quad in store.quads_for_pattern(None, FG.law, None)}
    assert laws == {law_iri("中华人民共和国预算法")}
    (citation,) = [
        quad.subject
        for quad in store.quads_for_pattern(None, FG.linkRule, None)
        if quad.object == RULE["full-title"]
    ]
    assert objects(store, citation, FG.linkConfidence) == {"0.98"}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (law("节水办法", "云水〔2020〕1号"), law("云泽省节水办法", "云水[2020]1号"), [("same-number", True)]),
        (law("节水办法", "云水〔2020〕1号"), law("河道条例", "云水〔2020〕1号"), [("same-number", False)]),
        (law("关于节水的意见"), law("云泽省水务厅关于节水的意见"), [("issuer-omitted", True)]),
        (law("节水办法"), law("节水办法（试行）"), [("edition", False)]),
        (law("云泽省水资源费征收办法"), law("云泽省水资源费的征收办法"), [("spelling", False)]),
        (law("云泽省第三期水利发展规划"), law("云泽省第四期水利发展规划"), []),
        (law("节水办法"), law("河道条例"), []),
    ],
)
def test_titles_that_may_be_one_text(one: Law, other: Law, found: list[tuple[str, bool]]) -> None:
    assert rules(links(document(2023, laws=(one,)), document(2024, laws=(other,)))) == found


def test_an_opinion_that_another_body_cites_in_full_is_a_candidate() -> None:
    bare = document(2024, laws=(law("关于节水的意见"),))
    full = document(2024, "清河市水务局", laws=(law("清河市水务局关于节水的意见"),))
    assert rules(links(bare, full)) == [("issuer-omitted", False)]


def test_an_opinion_that_several_bodies_issued_is_nobodys() -> None:
    titles = ("关于节水的意见", "云泽省水务厅关于节水的意见", "清河市水务局关于节水的意见")
    assert (
        rules(links(document(2024, laws=tuple(law(title) for title in titles))))
        == [("issuer-omitted", False)] * 2
    )


# -- all of it --------------------------------------------------------------------------------


def corpus_like() -> list[DisclosureRecords]:
    return [
        document(
            year,
            projects=(project(f"{year}年会议保障"), project("监测", CENTRE, occurrence=1)),
            indicators=(indicator("会议次数"), indicator("监测断面数", occurrence=1)),
            laws=(law("节水办法（试行）" if year % 2 else "节水办法"),),
            units=(OrganizationUnit(CENTRE, "subordinate_unit", place(CENTRE)),),
        )
        for year in (2023, 2024, 2025)
    ]


def test_links_are_the_same_whatever_the_order_and_in_one_graph_only() -> None:
    forth, back = store_of(*corpus_like()), store_of(*reversed(corpus_like()))
    made = list(identity_quads(forth))
    assert made == list(identity_quads(back))
    assert len(made) == len(set(made)) > 20
    assert {quad.graph_name for quad in made} == {LINKS_GRAPH}
    triples = {quad.triple for quad in forth}
    assert not [quad for quad in made if quad.triple in triples]


def test_every_link_says_why_and_how_sure() -> None:
    store = store_of(*corpus_like())
    store.extend(identity_quads(store))
    concepts: set[Quad] = set(ontology_quads())
    labels = {quad.subject for quad in concepts if quad.predicate == SKOS.prefLabel}
    found = [quad.subject for quad in store.quads_for_pattern(None, RDF.type, FG.IdentityLink)]
    assert found
    for link in found:
        assert isinstance(link, NamedNode)
        (rule,), (status,) = objects(store, link, FG.linkRule), objects(store, link, FG.linkStatus)
        assert {NamedNode(rule), NamedNode(status)} <= labels
        (confidence,) = objects(store, link, FG.linkConfidence)
        assert 0 < float(confidence) <= 1
        left, right = objects(store, link, FG.linksFrom), objects(store, link, FG.linksTo)
        direct = objects(store, NamedNode(*left), FG.identicalTo) >= right
        assert direct == (status == STATUS["accepted"].value)


def test_many_projects_are_linked_without_comparing_all_pairs() -> None:
    made = [
        document(
            year,
            projects=tuple(
                project(f"第{n}号站点监测{'经费' * (year % 2)}", occurrence=n) for n in range(3000)
            ),
        )
        for year in (2024, 2025)
    ]
    store = store_of(*made)
    start = time.process_time()
    assert len(identity_links(store)) == 3000
    assert time.process_time() - start < 10


def test_one_character_apart() -> None:
    names = [
        "水资源调查监测",
        "水资源调查检测",
        "水资源的调查监测",
        "水库一期建设",
        "水库二期建设",
        "另一件事情",
    ]
    assert list(one_character_apart(names, 6)) == [
        ("水资源的调查监测", "水资源调查监测"),
        ("水资源调查检测", "水资源调查监测"),
    ]


def test_the_queries_of_the_guide_are_answered() -> None:
    store = store_of(*corpus_like())
    store.extend(identity_quads(store))
    store.extend(ontology_quads())
    guide = (Path(__file__).parent.parent / "docs/identity.md").read_text(encoding="utf-8")
    over_years, candidates = re.findall(r"```sparql\n(.*?)```", guide, re.S)

    def rows(query: str) -> list[list[str]]:
        found = store.query(query, use_default_graph_as_union=True)
        return [[term.value for term in row] for row in found]  # type: ignore[union-attr, misc]

    years = {row[0].rsplit("/", 1)[1]: row[1] for row in rows(over_years)}
    assert years == {
        "监测": "3",
        "2023年会议保障": "3",
        "2024年会议保障": "3",
        "2025年会议保障": "3",
    }
    assert {row[2] for row in rows(candidates)} == {"版本不同"}


# -- real documents ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Store:
    wanted = ("000_*.txt", "001_0*.txt", "004_4*.txt", "*xinfangju_*", "*_wanli_*", "*_swu_*")
    paths = sorted(path for pattern in wanted for path in CORPUS.rglob(pattern))
    if len(paths) < 9:
        pytest.skip("the real disclosures are not here: set FISCALGRAPH_CORPUS")
    return store_of(*(recognise(read(path)) for path in paths))


def test_real_ministry_head_office_and_centre(real: Store) -> None:
    whole, office, centre = (
        department_iri(f"人力资源和社会保障部{part}") for part in ("", "本级", "社会保险事业管理中心")
    )
    for node in (whole, office, centre):
        assert list(real.quads_for_pattern(None, DCTERMS.publisher, node))
    assert objects(real, office, ORG.unitOf) == {whole.value}
    assert objects(real, centre, ORG.subOrganizationOf) == {whole.value}


def test_a_real_project_runs_over_two_years(real: Store) -> None:
    dues = project_iri("人力资源和社会保障部", "国际组织会费")
    entries = [quad.subject for quad in real.quads_for_pattern(None, OBEU.project, dues)]
    years = {year[-4:] for entry in entries for year in objects(real, entry, OBEU.fiscalYear)}  # type: ignore[arg-type]
    assert years == {"2023", "2024"}
    assert [link for link in identity_links(real) if link.rule == "same-indicator"]


def test_real_organisations_have_one_node_over_their_documents(real: Store) -> None:
    found: dict[str, set[tuple[str, str]]] = {}
    for quad in real.quads_for_pattern(None, DCTERMS.publisher, None):
        kinds, years = (objects(real, quad.subject, term) for term in (FG.disclosureKind, FG.year))  # type: ignore[arg-type]
        found.setdefault(quad.object.value, set()).update((kind, year) for kind in kinds for year in years)
    several = {
        issuer: {year for _, year in found[department_iri(issuer).value]}
        for issuer in ("国家信访局", "上海市普陀区人民政府万里街道办事处")
    }
    assert several == {
        "国家信访局": {"2024", "2026"},
        "上海市普陀区人民政府万里街道办事处": {"2023", "2024"},
    }
    assert len(found[department_iri("西南大学").value]) == 2
