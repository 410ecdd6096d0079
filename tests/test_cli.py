"""The command line: languages, exit codes, what is printed for people and for programs, what it costs."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT, fiscalgraph

from fiscalgraph.ontology.terms import FG, XSD

COMMANDS = (
    *("build", "query", "search", "similar", "show", "status", "remove", "export", "check", "validate"),
    *("sum", "serve", "evaluate"),
)


def test_help_names_every_command() -> None:
    done = fiscalgraph("--help")
    assert done.code == 0
    assert [name for name in COMMANDS if name not in done.out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(command: str) -> None:
    english, chinese = fiscalgraph(command, "--help"), fiscalgraph("--lang", "zh", command, "--help")
    assert (english.code, chinese.code) == (0, 0)
    if command != "evaluate":  # the one that needs no workspace
        assert "--home" in english.out
        assert "工作区" in chinese.out
    assert "workspace" not in chinese.out


@pytest.mark.parametrize(
    "arguments", [("status", "--lang", "zh"), ("status", "--lang=zh"), ("--lang", "zh", "status")]
)
def test_the_language_may_stand_anywhere(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = fiscalgraph(*arguments, "--home", tmp_path / "none")
    assert done.code == 3
    assert "usage" not in done.err
    searched = fiscalgraph("search", "--home", tmp_path / "none", "--", "--lang")
    assert searched.code == 3, "what follows -- is text"


@pytest.mark.parametrize(
    ("arguments", "environment", "chinese"),
    [
        (["--lang", "zh"], {"FISCALGRAPH_LANG": "en"}, True),
        (["--lang=en"], {"FISCALGRAPH_LANG": "zh"}, False),
        ([], {"FISCALGRAPH_LANG": "zh", "LANG": "C"}, True),
        ([], {"FISCALGRAPH_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}, True),
        ([], {"FISCALGRAPH_LANG": "", "LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
    ],
)
def test_language_is_the_option_then_the_variable_then_the_locale(
    arguments: list[str], environment: dict[str, str], chinese: bool
) -> None:
    done = fiscalgraph(*arguments, "--help", environment=environment)
    assert ("读入文档" in done.out) is chinese


def test_chinese_is_printed_whatever_the_locale() -> None:
    done = fiscalgraph("--lang", "zh", "--help", environment={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert "读入文档" in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nosuch"],
        ["build"],
        ["query", "documents", "--format", "pdf"],
        ["query", "documents", "-p", "novalue"],
        ["query", "documents", "--format", "xlsx"],
        ["search", "x", "-k", "0"],
        ["build", "x", "--nosuch"],
        ["status", "--home"],
        [],
    ],
)
def test_usage_errors_end_with_1(arguments: list[str], tmp_path: Path) -> None:
    done = fiscalgraph(*arguments, folder=tmp_path)
    assert done.code == 1
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "documents"],
        ["search", "人手"],
        ["status"],
        ["show", "fgid:document/x"],
        ["issues"],
        ["export", "x.nq"],
        ["check"],
        ["validate"],
        ["serve"],
    ],
)
def test_an_empty_workspace_ends_with_3_and_says_what_to_do(arguments: list[str], tmp_path: Path) -> None:
    done = fiscalgraph(*arguments, "--home", tmp_path / "none", folder=tmp_path)
    assert done.code == 3
    assert "build" in done.err or "0 documents" in done.out
    assert list(tmp_path.iterdir()) == []


def test_home_comes_from_the_option_then_the_variable_then_the_folder(
    sample_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "fiscalgraph-home").symlink_to(sample_home)
    by_folder = fiscalgraph("status", "--json", folder=tmp_path)
    by_variable = fiscalgraph("status", "--json", environment={"FISCALGRAPH_HOME": str(sample_home)})
    by_option = fiscalgraph(
        "status", "--json", "--home", sample_home, environment={"FISCALGRAPH_HOME": str(tmp_path / "none")}
    )
    counts = {len(json.loads(done.out)["documents"]) for done in (by_folder, by_variable, by_option)}
    assert counts == {len(list((ROOT / "samples" / "documents").iterdir()))}


def test_queries_are_listed_with_their_parameters() -> None:
    done = fiscalgraph("query")
    assert done.code == 0
    assert "contradictions" in done.out
    assert "max_rate" in done.out
    listed = json.loads(fiscalgraph("query", "--json").out)
    assert {query["name"] for query in listed} == {path.stem for path in (ROOT / "queries").glob("*.rq")}


def test_query_answers_as_csv_json_and_table(sample_home: Path) -> None:
    as_csv = fiscalgraph("query", "documents", "--format", "csv", "--home", sample_home)
    rows = list(csv.DictReader(io.StringIO(as_csv.out)))
    as_json = json.loads(fiscalgraph("query", "documents", "--json", "--home", sample_home).out)
    as_table = fiscalgraph("query", "documents", "--home", sample_home)
    assert as_csv.code == as_table.code == 0
    assert [row["document"] for row in rows] == [row["document"] for row in as_json]
    assert rows[0]["issuer"] == as_json[0]["issuer"]
    assert all(row["document"] in as_table.out for row in rows)
    assert rows[0]["quote"] in as_table.out


def test_query_takes_parameters(sample_home: Path) -> None:
    name = json.loads(fiscalgraph("query", "documents", "--json", "--home", sample_home).out)[0]["document"]
    done = fiscalgraph("query", "findings", "-p", f"document={name}", "--json", "--home", sample_home)
    assert {row["document"] for row in json.loads(done.out)} == {name}
    wrong = fiscalgraph("query", "findings", "-p", "nosuch=1", "--home", sample_home)
    assert wrong.code == 1
    assert "document" in wrong.err


def test_query_runs_a_file_and_standard_input(sample_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.rq"
    file.write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", encoding="utf-8")
    from_file = fiscalgraph("query", file, "--json", "--home", sample_home)
    from_input = fiscalgraph(
        "query", "-", "--json", "--home", sample_home, standard_input=file.read_text(encoding="utf-8")
    )
    assert from_file.out == from_input.out
    assert int(json.loads(from_file.out)[0]["n"]) > 1000


@pytest.mark.parametrize(
    "query",
    [
        "nonsense",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_a_query_that_is_refused_ends_with_1_and_its_cure(query: str, sample_home: Path) -> None:
    done = fiscalgraph("query", "-", "--home", sample_home, standard_input=query)
    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith("query refused: ")
    as_json = fiscalgraph("query", "-", "--json", "--home", sample_home, standard_input=query)
    assert set(json.loads(as_json.out)["error"]) == {"what", "why", "cure"}


def test_query_name_that_does_not_exist_lists_those_that_do(sample_home: Path) -> None:
    done = fiscalgraph("query", "nosuch", "--home", sample_home)
    assert done.code == 1
    assert "contradictions" in done.err


def test_workbook_keeps_printed_figures_as_text_and_amounts_as_numbers(
    sample_home: Path, tmp_path: Path
) -> None:
    import openpyxl

    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for file in (first, second):
        done = fiscalgraph("query", "spending", "--format", "xlsx", "-o", file, "--home", sample_home)
        assert done.code == 0, done.err
    rows = list(openpyxl.load_workbook(first).active.iter_rows(values_only=True))
    header, values = rows[0], rows[1:]
    printed, amount = header.index("printed"), header.index("amount")
    assert {type(row[printed]) for row in values} == {str}
    assert any(isinstance(row[amount], int | float) for row in values)
    assert first.read_bytes() == second.read_bytes()


def test_search_shows_document_page_and_quote(sample_home: Path) -> None:
    hits = json.loads(fiscalgraph("search", "人手不够", "--json", "-k", "3", "--home", sample_home).out)[
        "hits"
    ]
    shown = fiscalgraph("search", "人手不够", "-k", "3", "--home", sample_home)
    assert shown.code == 0
    assert len(hits) == 3
    for hit in hits:
        assert hit["passage"]["document"] in shown.out
        assert hit["passage"]["quote"] in shown.out


def test_search_filters_hold(sample_home: Path) -> None:
    def found(*filters: str) -> list[dict[str, object]]:
        done = fiscalgraph("search", "资金", "--json", "-k", "200", *filters, "--home", sample_home)
        assert done.code == 0, done.err
        return [hit["passage"] for hit in json.loads(done.out)["hits"]]

    everything = found()
    department, year = str(everything[0]["department"]), int(str(everything[0]["fiscal_year"]))
    assert {passage["department"] for passage in found("--department", department)} == {department}
    assert {passage["fiscal_year"] for passage in found("--year", str(year))} == {year}
    assert {passage["kind"] for passage in found("--kind", "problem_cause")} == {"problem_cause"}


def test_search_for_an_unknown_department_is_refused(sample_home: Path) -> None:
    done = fiscalgraph("search", "资金", "--department", "月球办公室", "--home", sample_home)
    assert done.code == 1
    assert "月球办公室" in done.err


def test_similar_leads_to_other_departments(sample_home: Path) -> None:
    search = fiscalgraph("search", "人手不够", "--json", "-k", "1", "--home", sample_home)
    passage = json.loads(search.out)["hits"][0]["passage"]
    done = fiscalgraph("similar", passage["iri"], "--json", "--home", sample_home)
    departments = {hit["passage"]["department"] for hit in json.loads(done.out)["hits"]}
    assert departments
    assert passage["department"] not in departments
    assert fiscalgraph("similar", "https://example.org/none", "--home", sample_home).code == 1


def test_show_gives_facts_and_sources(sample_home: Path) -> None:
    search = fiscalgraph("search", "人手不够", "--json", "-k", "1", "--home", sample_home)
    passage = json.loads(search.out)["hits"][0]["passage"]
    thing = json.loads(fiscalgraph("show", passage["iri"], "--json", "--home", sample_home).out)
    assert passage["text"] in {fact["value"] for fact in thing["facts"]}
    source = thing["sources"][0]
    assert (source["document"], source["page"], source["quote"]) == (
        passage["document"],
        passage["page"],
        passage["quote"],
    )
    unknown = fiscalgraph("show", "https://example.org/none", "--home", sample_home)
    assert unknown.code == 1
    assert fiscalgraph("show", "no iri at all", "--home", sample_home).code == 1


def test_status_of_a_document_says_what_was_left(sample_home: Path) -> None:
    documents = json.loads(fiscalgraph("status", "--json", "--home", sample_home).out)["documents"]
    name = documents[0]["document"]
    coverage = json.loads(fiscalgraph("status", name, "--json", "--home", sample_home).out)
    assert coverage["cells"] == documents[0]["coverage"]["cells"]
    shown = fiscalgraph("status", name, "--home", sample_home)
    assert shown.code == 0
    assert name in shown.out
    assert fiscalgraph("status", "nosuch", "--home", sample_home).code == 1


@pytest.mark.parametrize("ending", ["nq", "ttl", "jsonld"])
def test_exports_hold_the_whole_graph(ending: str, sample_home: Path, tmp_path: Path) -> None:
    import pyoxigraph

    file = tmp_path / f"all.{ending}"
    done = fiscalgraph("export", file, "--json", "--home", sample_home)
    assert done.code == 0, done.err
    store = pyoxigraph.Store()
    store.load(path=str(file))
    assert len(store) == json.loads(done.out)["written"]


def test_a_canonical_export_is_sorted_and_without_the_time_of_the_build(
    sample_home: Path, tmp_path: Path
) -> None:
    plain, canonical = tmp_path / "plain.nq", tmp_path / "canonical.nq"
    assert fiscalgraph("export", plain, "--home", sample_home).code == 0
    assert fiscalgraph("export", canonical, "--canonical", "--home", sample_home).code == 0
    lines = canonical.read_bytes().splitlines()
    assert lines == sorted(set(lines))
    left_out = set(plain.read_bytes().splitlines()) - set(lines)
    assert left_out
    assert all(line.endswith(b"id/graph/build> .") for line in left_out)


def test_neither_order_nor_number_of_workers_shows_in_the_canonical_export(tmp_path: Path) -> None:
    names = ("education_2023_accounts.txt", "heritage_2024_accounts.txt", "hydrology_2023_accounts.txt")
    files = [ROOT / "samples" / "documents" / name for name in names]
    written = []
    for workers, order in (("1", files), ("3", files[::-1])):
        home, file = tmp_path / workers, tmp_path / f"{workers}.nq"
        done = fiscalgraph("build", *order, "--home", home, environment={"FISCALGRAPH_WORKERS": workers})
        assert done.code == 0, done.err
        assert fiscalgraph("export", file, "--canonical", "--home", home).code == 0
        written.append(file.read_bytes())
    assert written[0] == written[1]


def test_one_document_or_the_code_lists_can_be_exported_alone(sample_home: Path, tmp_path: Path) -> None:
    import openpyxl
    import pyoxigraph

    name = "water_2024_accounts"
    assert fiscalgraph("export", tmp_path / "one.nq", "--document", name, "--home", sample_home).code == 0
    graphs = {line.split()[-2] for line in (tmp_path / "one.nq").read_bytes().splitlines()}
    assert graphs == {f"<https://w3id.org/fiscalgraph/id/document/{name}>".encode()}
    assert fiscalgraph("export", tmp_path / "one.xlsx", "--document", name, "--home", sample_home).code == 0
    book = openpyxl.load_workbook(tmp_path / "one.xlsx", read_only=True)
    assert {row[0] for row in book["spending"].iter_rows(min_row=2, values_only=True)} == {name}
    lists = tmp_path / "lists.ttl"
    assert fiscalgraph("export", lists, "--classification", "--home", sample_home).code == 0
    subjects = {quad.subject.value for quad in pyoxigraph.parse(path=str(lists))}
    assert all("/id/classification/" in subject for subject in subjects)
    assert fiscalgraph("export", tmp_path / "x.nq", "--document", "nosuch", "--home", sample_home).code == 1


def test_export_to_excel_has_a_sheet_for_each_question_that_needs_nothing(
    sample_home: Path, tmp_path: Path
) -> None:
    import openpyxl

    from fiscalgraph.exporting import CONTENTS, workbook_queries

    file = tmp_path / "all.xlsx"
    assert fiscalgraph("export", file, "--home", sample_home).code == 0
    book = openpyxl.load_workbook(file, read_only=True)
    names = [query.name for query in workbook_queries()]
    assert book.sheetnames == [CONTENTS, *names]
    assert {"spending", "indicators", "contradictions", "projects-by-execution-rate"} <= set(names)
    assert "spending-by-code" not in names
    counts = {row[0]: row[1] for row in book[CONTENTS].iter_rows(min_row=2, values_only=True)}
    assert counts == {name: len(list(book[name].iter_rows(min_row=2))) for name in names}


def test_a_workbook_goes_on_where_a_sheet_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import openpyxl

    from fiscalgraph.graph import workbooks

    monkeypatch.setattr(workbooks, "_SHEET_ROWS", 2)
    long = "a name that is longer than Excel allows"
    rows = [[str(number)] for number in range(5)]
    workbooks.write_workbook(tmp_path / "x.xlsx", {long: (["n"], rows), long + "!": (["n"], rows[:2])})
    book = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True)
    assert len(book.sheetnames) == len({name.lower() for name in book.sheetnames}) == 4
    assert max(map(len, book.sheetnames)) <= 31
    written = [
        row[0] for name in book.sheetnames[:3] for row in book[name].iter_rows(min_row=2, values_only=True)
    ]
    assert written == ["0", "1", "2", "3", "4"]


def test_export_that_cannot_be_made_leaves_no_file(sample_home: Path, tmp_path: Path) -> None:
    assert fiscalgraph("export", tmp_path / "x.doc", "--home", sample_home).code == 1
    assert fiscalgraph("export", tmp_path / "x.ttl", "--canonical", "--home", sample_home).code == 1
    assert fiscalgraph("export", tmp_path / "x.xlsx", "--classification", "--home", sample_home).code == 1
    assert fiscalgraph("export", tmp_path / "nosuch" / "x.nq", "--home", sample_home).code == 1
    assert list(tmp_path.iterdir()) == []


def test_validate_says_that_a_sound_graph_keeps_its_rules(sample_home: Path) -> None:
    done = fiscalgraph("validate", "--home", sample_home)
    assert (done.code, done.out) == (0, "")
    assert "constraints: all kept" in done.err
    report = json.loads(fiscalgraph("validate", "civil_2024_budget", "--json", "--home", sample_home).out)
    assert report["conforms"] is True
    assert report["violations"] == []
    assert report["documents"] == 1
    assert report["shapes"] > 100
    assert fiscalgraph("validate", "nosuch", "--home", sample_home).code == 1


def test_validate_ends_with_4_and_names_what_breaks_a_rule(sample_home: Path, tmp_path: Path) -> None:
    import pyoxigraph

    home = tmp_path / "home"
    shutil.copytree(sample_home, home, symlinks=True)
    store = pyoxigraph.Store(str((home / "current").resolve() / "graph"))
    broken = pyoxigraph.NamedNode("https://w3id.org/fiscalgraph/id/document/water_2024_accounts")
    (issuer,) = store.quads_for_pattern(broken, FG.issuerName, None)
    (year,) = store.quads_for_pattern(broken, FG.year, None)
    for quad in (issuer, year):
        store.remove(quad)
    store.add(pyoxigraph.Quad(broken, FG.year, pyoxigraph.Literal("1999", datatype=XSD.gYear), broken))
    store.flush()
    del store
    done = fiscalgraph("validate", "water_2024_accounts", "--format", "csv", "--home", home)
    assert done.code == 4
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert {row["rule"] for row in rows} == {"graph-years-agree", "issuerName"}
    assert {row["thing"] for row in rows} == {"fgid:document/water_2024_accounts"}
    assert all(row["should_be"] and row["cure"] for row in rows)
    plain = fiscalgraph("validate", "--home", home)
    assert plain.code == 4
    assert "graph-years-agree" in plain.out
    assert "violations: 1" in plain.err


def test_a_verdict_may_be_asked_for_in_the_words_of_the_sheet(sample_home: Path) -> None:
    named, worded = (
        fiscalgraph(
            "check",
            "--verdict",
            verdict,
            "--format",
            "csv",
            "--home",
            sample_home,
            environment={"FISCALGRAPH_LANG": "zh"},
        )
        for verdict in ("contradicts", "矛盾")
    )
    assert named.code == worded.code == 6
    assert named.out == worded.out
    wrong = fiscalgraph(
        "check", "--verdict", "不清楚", "--home", sample_home, environment={"FISCALGRAPH_LANG": "zh"}
    )
    assert wrong.code == 1
    assert "尾数差" in wrong.err


def test_validate_without_pyshacl_says_what_to_install(sample_home: Path) -> None:
    code = (
        "import sys; sys.modules['pyshacl'] = None;"
        "from fiscalgraph.cli import run; sys.exit(run(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", "--shapes", "--home", str(sample_home)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "FISCALGRAPH_LANG": "en"},
        check=False,
    )
    assert done.returncode == 1
    assert "pip install" in done.stderr


def test_light_commands_are_quick(sample_home: Path) -> None:
    """CPU seconds; the least of three, since other processes disturb the measure.

    A machine that needs long to import the libraries alone is slow: there the commands may take as many times
    that as they take elsewhere.
    """

    def least(*arguments: str | Path) -> float:
        return min(fiscalgraph(*arguments).cpu for _ in range(3))

    def libraries() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import pyoxigraph, rich.table, typer._adapters"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    floor = min(libraries() for _ in range(3))
    assert least("--help") <= max(0.4, 2 * floor)
    assert least("query", "contradictions", "--home", sample_home) <= max(0.8, 3.5 * floor)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["query", "documents"], ["search", "人手不够"], ["status"], ["similar", "fgid:none"]],
)
def test_no_command_without_another_model_loads_torch(arguments: list[str], sample_home: Path) -> None:
    code = (
        "import sys; from fiscalgraph.cli import run; run(sys.argv[1:]);"
        "heavy = {'torch', 'sentence_transformers', 'transformers'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "FISCALGRAPH_HOME": str(sample_home)},
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_python_interface_answers_like_the_command_line(sample_home: Path) -> None:
    import fiscalgraph as package

    workspace = package.open(sample_home)
    rows = workspace.query("documents").dicts()
    assert len(rows) == len(workspace.ledger().documents)
    hit = workspace.search("人手不够", k=1)[0]
    assert hit.passage.quote
    assert workspace.similar(hit.passage.iri, k=1)[0].passage.department != hit.passage.department
