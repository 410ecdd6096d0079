"""Building a workspace: what is skipped, replaced, refused and removed, and that nothing is ever lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from running import SAMPLES, Finished, built, fiscalgraph, plain_environment

import fiscalgraph as fiscalgraph_package

DISCLOSURE = """云岭市{bureau}
2024年度部门决算

第一部分 部门概况
一、主要职责
负责全市有关事务的组织、管理和监督。
第二部分 2024年度部门决算情况说明
一、支出决算情况说明
一般公共服务支出（类）档案事务（款）档案馆（项）支出21.50万元，完成年初预算的95.6%，主要原因是设备验收推迟到次年。
二、预算绩效情况说明
发现的主要问题及原因：一是资金下达较晚，部分合同当年未能支付；二是专业人员不足，整理进度滞后。
下一步改进措施：一是提前编制用款计划；二是通过购买服务补充人手。
"""


def write_disclosure(file: Path, bureau: str) -> Path:
    """A small disclosure of a bureau of a city that does not exist."""
    file.write_text(DISCLOSURE.format(bureau=bureau), encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two documents; they may be changed."""
    folder = tmp_path / "documents"
    folder.mkdir()
    write_disclosure(folder / "档案 2024.txt", "档案局")
    write_disclosure(folder / "园林 2024.txt", "园林局")
    return folder


@pytest.fixture
def home(folder: Path, tmp_path: Path) -> Path:
    """A workspace of that folder."""
    return built(tmp_path / "home", [folder])


def build(*paths: Path, home: Path) -> tuple[Finished, dict[str, dict[str, Any]]]:
    """Build; the finished command and its outcomes by file name."""
    done = fiscalgraph("build", *paths, "--home", home, "--json")
    return done, {Path(file["path"]).name: file for file in json.loads(done.out)["files"]}


def in_graph(home: Path) -> dict[str, str]:
    """Document names and contents' hashes, as the graph has them."""
    rows = fiscalgraph_package.open(home).query("documents").dicts()
    return {row["document"]: row["sha256"] for row in rows}


def change(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "\n本说明由本单位负责解释。\n", encoding="utf-8")


def test_summary_says_what_was_read_of_each_document(folder: Path, tmp_path: Path) -> None:
    done = fiscalgraph("build", folder, "--home", tmp_path / "home")
    assert done.code == 0
    for file in folder.iterdir():
        line = next(line for line in done.err.splitlines() if file.stem in line)
        assert f"云岭市{file.stem[:2]}局 2024 部门决算" in line
        assert "figures" in line
        assert "of paragraphs" in line
    assert "2 documents" in done.out


def test_unchanged_documents_are_skipped(folder: Path, home: Path) -> None:
    generation = os.readlink(home / "current")
    done, files = build(folder, home=home)
    assert done.code == 0
    assert {file["status"] for file in files.values()} == {"unchanged"}
    assert os.readlink(home / "current") == generation


def test_a_changed_document_is_replaced(folder: Path, home: Path) -> None:
    before = in_graph(home)
    changed = sorted(folder.iterdir())[0]
    change(changed)
    done, files = build(folder, home=home)
    after = in_graph(home)
    assert done.code == 0
    assert sorted(file["status"] for file in files.values()) == ["replaced", "unchanged"]
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {changed.stem}


def test_building_twice_gives_the_same_graph(folder: Path, home: Path, tmp_path: Path) -> None:
    again = built(tmp_path / "again", [folder])
    for place in (home, again):
        assert fiscalgraph("export", place / "all.nq", "--canonical", "--home", place).code == 0
    assert (home / "all.nq").read_bytes() == (again / "all.nq").read_bytes()


def test_a_change_of_the_mapping_is_applied_without_reading_again(folder: Path, home: Path) -> None:
    ledger = Path(home / "current" / "documents.json")
    ledger.write_text(ledger.read_text(encoding="utf-8").replace('"mapping": "', '"mapping": "0'), "utf-8")
    cached = {path: path.stat().st_mtime_ns for path in (home / "records").iterdir()}
    _, files = build(folder, home=home)
    assert {file["status"] for file in files.values()} == {"replaced"}
    assert {path: path.stat().st_mtime_ns for path in (home / "records").iterdir()} == cached


def test_damaged_records_are_read_again(folder: Path, home: Path) -> None:
    ledger = Path(home / "current" / "documents.json")
    ledger.write_text(ledger.read_text(encoding="utf-8").replace('"mapping": "', '"mapping": "0'), "utf-8")
    damaged = next((home / "records").iterdir())
    damaged.write_text("{", encoding="utf-8")
    done, _ = build(folder, home=home)
    assert done.code == 0
    assert json.loads(damaged.read_text(encoding="utf-8"))["identity"]


def test_two_files_of_one_stem_are_two_documents(folder: Path, home: Path, tmp_path: Path) -> None:
    original = sorted(folder.iterdir())[0]
    other = tmp_path / "elsewhere"
    other.mkdir()
    copy = Path(shutil.copy(original, other))
    change(copy)
    done, files = build(other, home=home)
    assert done.code == 0
    assert files[copy.name]["document"] == copy.name
    assert {original.stem, copy.name} <= in_graph(home).keys()
    change(copy)
    _, files = build(other, folder, home=home)
    assert files[original.name]["status"] == "unchanged"
    assert len(in_graph(home)) == 3


def test_the_same_content_is_built_once(folder: Path, home: Path, tmp_path: Path) -> None:
    original = sorted(folder.iterdir())[0]
    copy = Path(shutil.copy(original, tmp_path / "copy.txt"))
    done, files = build(copy, home=home)
    assert done.code == 0
    assert (files["copy.txt"]["status"], files["copy.txt"]["document"]) == ("duplicate", original.stem)
    assert len(in_graph(home)) == 2


def test_a_moved_file_is_still_its_document(folder: Path, home: Path, tmp_path: Path) -> None:
    original = sorted(folder.iterdir())[0]
    moved = Path(shutil.move(original, tmp_path / original.name))
    _, files = build(moved, home=home)
    assert files[moved.name]["status"] == "unchanged"
    change(moved)
    _, files = build(moved, home=home)
    assert (files[moved.name]["status"], files[moved.name]["document"]) == ("replaced", original.stem)


def test_a_changed_document_that_is_refused_keeps_its_earlier_version(folder: Path, home: Path) -> None:
    before = in_graph(home)
    broken = sorted(folder.iterdir())[0]
    content = broken.read_bytes()
    broken.write_bytes(b"")
    done, files = build(folder, home=home)
    assert done.code == 2
    assert files[broken.name]["kept"] is True
    assert in_graph(home) == before
    status = json.loads(fiscalgraph("status", "--json", "--home", home).out)
    assert [Path(refusal["path"]).name for refusal in status["refusals"]] == [broken.name]
    broken.write_bytes(content)
    build(folder, home=home)
    assert json.loads(fiscalgraph("status", "--json", "--home", home).out)["refusals"] == []


def test_remove_takes_documents_out_by_name_or_file(folder: Path, home: Path) -> None:
    first, second = sorted(folder.iterdir())
    done = fiscalgraph("remove", first.stem, "--home", home)
    assert done.code == 0
    assert in_graph(home).keys() == fiscalgraph_package.open(home).ledger().documents.keys() == {second.stem}
    search = fiscalgraph("search", "资金", "--json", "-k", "100", "--home", home)
    assert {hit["passage"]["document"] for hit in json.loads(search.out)["hits"]} == {second.stem}
    unknown = fiscalgraph("remove", second, "nosuch", "--home", home)
    assert unknown.code == 1
    assert in_graph(home).keys() == {second.stem}
    assert fiscalgraph("remove", second, "--home", home).code == 0
    assert fiscalgraph("status", "--home", home).code == 3


def bad_files(folder: Path) -> set[str]:
    """Put files that cannot be used into ``folder``; their names."""
    (folder / "empty.txt").write_bytes(b"")
    pdf = next(SAMPLES.glob("*.pdf")).read_bytes()
    (folder / "truncated.pdf").write_bytes(pdf[: len(pdf) // 3])
    (folder / "not really.pdf").write_bytes(b"\x00\x01\x02 binary" * 50)
    (folder / "no year 没有年度 📄.txt").write_text("这里什么也没有写明。\n" * 20, encoding="utf-8")
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (80 << 20))
    with (folder / "huge.pdf").open("wb") as stream:
        stream.write(b"%PDF-1.7\n")
        stream.truncate(300 << 20)
    (folder / "dangling.pdf").symlink_to(folder / "nowhere")
    return {path.name for path in folder.iterdir()}


def test_bad_files_are_named_and_harm_nothing(folder: Path, home: Path, tmp_path: Path) -> None:
    before = in_graph(home)
    bad = tmp_path / "bad"
    bad.mkdir()
    names = bad_files(bad)
    write_disclosure(bad / "good 好文件 😀.txt", "审计局")
    done = fiscalgraph("build", bad, "--home", home)
    assert done.code == 2
    assert "Traceback" not in done.err
    status = json.loads(fiscalgraph("status", "--json", "--home", home).out)
    refusals = {Path(refusal["path"]).name: refusal for refusal in status["refusals"]}
    assert refusals.keys() == names
    for refusal in refusals.values():
        assert refusal["why"]
        assert refusal["cure"]
        line = f"{refusal['what']}: {refusal['why']}. {refusal['cure']}"
        assert "\n" not in line
        assert line in done.out
    assert in_graph(home).keys() == {*before, "good 好文件 😀"}


def test_a_bad_file_alone_leaves_the_workspace_usable(home: Path, tmp_path: Path) -> None:
    before = in_graph(home)
    (tmp_path / "empty.pdf").write_bytes(b"")
    assert fiscalgraph("build", tmp_path / "empty.pdf", "--home", home).code == 2
    assert in_graph(home) == before


def test_nothing_usable_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    assert fiscalgraph("build", tmp_path / "empty.pdf", "--home", tmp_path / "home").code == 3
    assert fiscalgraph("build", tmp_path / "nosuch", "--home", tmp_path / "home").code == 3


def test_a_path_that_does_not_exist_does_not_stop_the_others(folder: Path, tmp_path: Path) -> None:
    done = fiscalgraph("build", folder, folder / "nosuch.pdf", "--home", tmp_path / "home")
    assert done.code == 2
    assert "nosuch.pdf: there is no such file or folder" in done.out
    assert len(in_graph(tmp_path / "home")) == 2


def test_files_of_other_kinds_in_a_folder_are_passed_over_and_told(folder: Path, tmp_path: Path) -> None:
    (folder / "INDEX.tsv").write_text("a\tb\n", encoding="utf-8")
    (folder / ".hidden.pdf").write_bytes(b"")
    done = fiscalgraph("build", folder, "--home", tmp_path / "home")
    assert done.code == 0
    assert "INDEX.tsv" in done.out
    assert ".hidden" not in done.out


def test_a_folder_that_cannot_be_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fiscalgraph.discovery import discover

    (tmp_path / "closed").mkdir()
    listed = os.scandir

    def scandir(path: Any) -> Any:  # root may list anything: the refusal is simulated
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = discover([tmp_path / "closed"])
    assert found.files == ()
    (path, error) = found.refusals[0]
    assert path.name == "closed"
    assert "Permission denied" in error.why


def test_two_builds_at_once_are_told_apart(folder: Path, home: Path) -> None:
    from fiscalgraph.graph.store import GenerationStore

    with GenerationStore(home).begin():
        done = fiscalgraph("build", folder, "--home", home)
    assert done.code == 1
    assert "another build is running" in done.err
    assert len(in_graph(home)) == 2


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_a_build_stopped_in_the_middle_loses_nothing_and_resumes(
    stop: signal.Signals, home: Path, tmp_path: Path
) -> None:
    before = in_graph(home)
    many = tmp_path / "many"
    many.mkdir()
    for number in range(12):
        write_disclosure(many / f"{number:02}.txt", f"第{number}中学")
    running = subprocess.Popen(
        [sys.executable, "-m", "fiscalgraph", "build", str(many), "--home", str(home)],
        env=plain_environment({"FISCALGRAPH_WORKERS": "1"}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("[3/"):
            break
    running.send_signal(stop)
    running.stderr.close()
    assert running.wait(timeout=60) != 0
    assert in_graph(home) == before
    assert fiscalgraph("search", "资金", "--home", home).code == 0
    time.sleep(0.1)
    resumed_from = time.time_ns()
    done, files = build(many, home=home)
    assert done.code == 0
    assert len(in_graph(home)) == len(before) + 12
    read_before = [p for p in (home / "records").iterdir() if p.stat().st_mtime_ns < resumed_from]
    assert len(read_before) >= len(before) + 3
    assert {file["status"] for file in files.values()} == {"built"}


def test_python_interface_builds(folder: Path, tmp_path: Path) -> None:
    report = fiscalgraph_package.build([folder], home=tmp_path / "home")
    assert report.documents == 2
    assert [outcome.status for outcome in report.outcomes] == ["built", "built"]
    assert (
        fiscalgraph_package.open(tmp_path / "home").records(sorted(folder.iterdir())[0].stem).identity.issuer
    )


def test_a_workspace_among_the_documents_is_not_read(folder: Path, tmp_path: Path) -> None:
    home = built(folder / "fiscalgraph-home", [folder])
    done, files = build(folder, home=home)
    assert done.code == 0
    assert files.keys() == {"档案 2024.txt", "园林 2024.txt"}
    assert json.loads(done.out)["passed_over"] == []


def test_a_home_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    done = fiscalgraph("build", folder, "--home", tmp_path / "file")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "--home" in done.err
