"""A workspace as large as the aims of the HTTP interface ask: a million amounts, a hundred thousand passages.

Departments of real regions, under names nobody bears, publish final accounts for five years. Each document
holds one table by class, subclass and item with three columns that add up, projects with budget and
execution, and causes, measures and reasons for them (``search_passages.py``). The records go through the
mapping, the store, the projection and the passage index as those of real documents do; the graph holds all
that these state of such records. What compares documents (checks between documents, nearest neighbours,
identities across names) is left out: no question of this bench asks for it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random

from search_passages import generated

from fiscalgraph.extract.records import (
    Coverage,
    DisclosureRecords,
    DocumentIdentity,
    Finding,
    NarrativeItem,
    Project,
    Source,
    SpendingLine,
)
from fiscalgraph.ontology.regions import Region, regions

__all__ = ["YEARS", "Size", "department_name", "make_workspace"]

YEARS = range(2020, 2025)
CLASSES = ("201", "205", "206", "208", "210", "211", "213", "221")
SUBCLASSES = 2
ITEMS = 9
COLUMNS = (("合计", 3), ("基本支出", 2), ("项目支出", 1))  # with the share of an item's cost that it shows
TABLE = "支出决算表"
ROWS = 1 + len(CLASSES) * (1 + SUBCLASSES * (1 + ITEMS))
AMOUNTS = ROWS * len(COLUMNS)  # of one document
PASSAGES = 50  # of one document: two a project, fewer where reasons explain the spending
PROJECTS = PASSAGES // 2
_TOGETHER = 2_000_000  # quads loaded at a time: many small loads are merged again and again
_PROVINCIAL = 5  # one department in so many is a province's


@dataclass(frozen=True, slots=True)
class Size:
    """How many documents there are; all else follows."""

    documents: int

    @classmethod
    def of(cls, amounts: int) -> Size:
        """As many whole departments as give at least so many amounts, and a tenth as many passages."""
        departments = max(-(-amounts // (AMOUNTS * len(YEARS))), -(-amounts // (10 * PASSAGES * len(YEARS))))
        return cls(departments * len(YEARS))

    @property
    def departments(self) -> int:
        return self.documents // len(YEARS)

    @property
    def amounts(self) -> int:
        return self.documents * AMOUNTS

    @property
    def passages(self) -> int:
        return self.documents * PASSAGES


def _bearers() -> tuple[list[Region], list[Region]]:
    """Provinces, and the cities right below them."""
    known = regions()
    provinces = [region for region in known.values() if region.parent is None]
    codes = {region.code for region in provinces}
    return provinces, [
        region for region in known.values() if region.parent in codes and region.name.endswith("市")
    ]


def department_name(number: int) -> str:
    """One department in five is a province's, the others are cities'."""
    provinces, prefectures = _bearers()
    turn, place = divmod(number, _PROVINCIAL)
    if place == 0:
        region, round_ = provinces[turn % len(provinces)], turn // len(provinces)
    else:
        count = turn * (_PROVINCIAL - 1) + place - 1
        region, round_ = prefectures[count % len(prefectures)], count // len(prefectures)
    return f"{region.name}第{'一二三四五六七八九'[round_]}事务局"


def _source(random: Random, quote: str, line: int) -> Source:
    top = 60.0 + random.randrange(6000) / 10
    return Source(quote, page=1 + line // 30, box=(56.7, top, 538.6, round(top + 14.2, 1)))


def _printed(yuan: int) -> str:
    return format(Decimal(yuan) / 10_000, ".2f")


def _costs(random: Random) -> dict[str | None, int]:
    """A third of what each code spends, in hundreds of 元, so that it is exact in 万元; ``None``: in all."""
    costs: dict[str | None, int] = {None: 0}
    for class_code in CLASSES:
        costs[class_code] = 0
        for subclass in range(1, SUBCLASSES + 1):
            code = f"{class_code}{subclass:02}"
            costs[code] = 0
            for item in range(1, ITEMS + 1):
                cost = random.randrange(100, 1_000_000)
                costs[f"{code}{item:02}"] = cost
                for above in (None, class_code, code):
                    costs[above] += cost
    return costs


def _spending(random: Random) -> Iterator[SpendingLine]:
    for row, (code, cost) in enumerate(_costs(random).items()):
        name = "合计" if code is None else f"第{code}项"
        amounts = [cost * share * 100 for _, share in COLUMNS]
        quote = " ".join([code or "", name, *(f"{Decimal(each) / 10_000:,.2f}" for each in amounts)]).strip()
        source = _source(random, quote, row)
        for (column, _), amount in zip(COLUMNS, amounts, strict=True):
            yield SpendingLine(
                TABLE,
                code,
                name,
                column,
                _printed(amount),
                "万元",
                Decimal(amount).quantize(Decimal(1)),
                source,
            )


def _project(random: Random, number: int, occurrence: int, issuer: str) -> Project:
    budget = random.randrange(1_000, 5_000_000) * 100
    rate = 100 if random.random() < 0.4 else random.randrange(30, 100)
    executed = budget * rate // 10_000 * 100
    name = f"第{number % 97 + 1}号{occurrence + 1}期专项"
    quote = f"{name} {_printed(budget)} {_printed(executed)} {rate}%"
    return Project(
        occurrence=occurrence,
        project=name,
        scope="project",
        department=None,
        implementing_unit=issuer,
        unit="万元",
        budget_initial=_printed(budget),
        budget_full=_printed(budget),
        executed=_printed(executed),
        rate=f"{executed * 100 / budget:.2f}%",
        score=f"{80 + rate / 5:.1f}",
        narrative_score=None,
        narrative_budget=None,
        narrative_executed=None,
        narrative_rate=None,
        sources=("self_eval_table",),
        source=_source(random, quote, 200 + 20 * occurrence),
    )


def documents(size: Size) -> Iterator[DisclosureRecords]:
    """The records of every document; equal sizes give equal records."""
    said = generated(size.passages)
    for number in range(size.departments):
        issuer = department_name(number)
        for year in YEARS:
            name = f"{number:04}-{year}"
            random = Random(f"api/{name}")
            projects = tuple(_project(random, number, place, issuer) for place in range(PROJECTS))
            findings, narrative = [], []
            for place, passage in enumerate(islice(said, PASSAGES)):
                occurrence = place // 2
                source = _source(random, passage.text, 205 + 10 * place)
                if passage.kind == "narrative_reason":
                    names = (f"第{place}类", f"第{place}款", f"第{place}项")
                    narrative.append(
                        NarrativeItem(
                            *names, "12.34", "万元", Decimal(123_400), None, None, passage.text, source
                        )
                    )
                else:
                    project = projects[occurrence].project
                    findings.append(Finding(occurrence, project, passage.kind, passage.text, None, source))
            yield DisclosureRecords(
                identity=DocumentIdentity(
                    document=name,
                    issuer=issuer,
                    kind="部门决算",
                    fiscal_year=year,
                    amount_unit="万元",
                    pages=30,
                    sha256=hashlib.sha256(name.encode()).hexdigest(),
                    file_name=f"{name}.pdf",
                    format="pdf",
                    source=_source(random, f"{issuer}{year}年度部门决算", 0),
                ),
                spending=tuple(_spending(random)),
                projects=projects,
                findings=tuple(findings),
                narrative=tuple(narrative),
                coverage=Coverage(
                    pages=30, pages_read=30, tables=1, tables_read=1, cells=AMOUNTS, cells_read=AMOUNTS
                ),
            )


def make_workspace(home: Path, size: Size) -> dict[str, float]:
    """Make the workspace in ``home``, once; how large it is and what it took, as noted when it was made."""
    noted = home / "api-bench.json"
    if noted.exists():
        known: dict[str, float] = json.loads(noted.read_text(encoding="utf-8"))
        if known["documents"] == size.documents:
            return known
        raise SystemExit(f"{home} holds {known['documents']:,} documents: choose another --home")
    from fiscalgraph.api.catalogue import write_catalogue
    from fiscalgraph.api.library import PASSAGES as INDEX
    from fiscalgraph.graph import generation
    from fiscalgraph.graph.identifiers import document_iri
    from fiscalgraph.graph.mapping import document_quads
    from fiscalgraph.graph.store import GenerationStore
    from fiscalgraph.search.encoder import load_encoder
    from fiscalgraph.search.index import PassageIndex
    from fiscalgraph.search.passages import passages

    generation._BATCH = _TOGETHER
    start, cpu = time.perf_counter(), time.process_time()
    with GenerationStore(home).begin() as build:
        for count, records in enumerate(documents(size), 1):
            build.replace_document(document_iri(records.identity.document), document_quads(records))
            if count % 200 == 0:
                print(f"{count:,} of {size.documents:,} documents", flush=True)
        reader = build.seal()
        print(f"sealed after {time.perf_counter() - start:.0f} s", flush=True)
        quads, found = len(reader.store), passages(reader.store)
        write_catalogue(reader.store, build.directory)
        del reader
        PassageIndex.build(build.directory / INDEX, found, load_encoder())
        print(f"indexed after {time.perf_counter() - start:.0f} s", flush=True)
        directory = build.publish()
    figures = {
        "documents": size.documents,
        "departments": size.departments,
        "amounts": size.amounts,
        "passages": len(found),
        "quads": quads,
        "seconds": round(time.perf_counter() - start, 1),
        "cpu": round(time.process_time() - cpu, 1),
        "disk": sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()),
    }
    noted.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return figures
