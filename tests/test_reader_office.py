"""Older formats go through LibreOffice when it is there; a bundle's files are parts of one disclosure."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

import docx
import pytest

from fiscalgraph.extract.document import Paragraph
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers import Limits, read
from fiscalgraph.extract.readers.office import find_libreoffice

RTF = rb"{\rtf1\ansi\ansicpg936 \u27700?\u21153?\u23616? 2024\par 12.50\par}"


def make_converter(tmp_path: Path, program: str) -> str:
    """A stand-in for soffice: ``program`` is Python with ``source``, ``output`` and ``docx`` at hand."""
    converter = tmp_path / "soffice"
    converter.write_text(
        f"#!{sys.executable}\nimport sys, docx, pathlib, time\nsource = sys.argv[-1]\n"
        f"output = pathlib.Path(sys.argv[-2])\noutput.mkdir()\n{program}\n"
    )
    converter.chmod(0o755)
    return str(converter)


def test_without_libreoffice_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FISCALGRAPH_SOFFICE", str(tmp_path / "nowhere"))
    path = tmp_path / "决算.doc"
    path.write_bytes(RTF)
    with pytest.raises(
        UnreadableDocument, match=r"needs LibreOffice.*Install LibreOffice, or save the file as DOCX"
    ):
        read(path)


def test_a_converted_document_keeps_its_own_name_and_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converter = make_converter(
        tmp_path, "d = docx.Document(); d.add_paragraph('供水管网改造'); d.save(output / 'document.docx')"
    )
    monkeypatch.setenv("FISCALGRAPH_SOFFICE", converter)
    path = tmp_path / "决 算 💧.rtf"
    path.write_bytes(RTF)
    document = read(path)
    assert (document.name, document.file_name, document.format) == ("决 算 💧", "决 算 💧.rtf", "rtf")
    assert [paragraph.text for paragraph in document.paragraphs] == ["供水管网改造"]


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("sys.exit('source file could not be loaded')", "could not be loaded"),
        ("time.sleep(60)", "took longer than"),
    ],
)
def test_a_converter_that_fails_or_hangs_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, why: str
) -> None:
    monkeypatch.setenv("FISCALGRAPH_SOFFICE", make_converter(tmp_path, program))
    path = tmp_path / "决算.rtf"
    path.write_bytes(RTF)
    with pytest.raises(UnreadableDocument, match=why):
        read(path, Limits(seconds=1.5))


@pytest.mark.skipif(find_libreoffice() is None, reason="LibreOffice is not installed")
def test_libreoffice_itself_converts(tmp_path: Path) -> None:
    path = tmp_path / "决算.doc"
    path.write_bytes(RTF)
    assert [paragraph.text for paragraph in read(path).paragraphs] == ["水务局 2024", "12.50"]


def make_bundle(tmp_path: Path, members: dict[str, bytes]) -> Path:
    path = tmp_path / "清河市水务局.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_the_parts_of_a_bundle_follow_each_other_and_are_named_in_every_place(tmp_path: Path) -> None:
    word = tmp_path / "a.docx"
    made = docx.Document()
    made.add_paragraph("部门预算说明")
    made.save(str(word))
    path = make_bundle(
        tmp_path,
        {
            "公开/10 附件.txt": "附件\n".encode(),
            "公开/2 报表.txt": "编码\t名称\t数\n201\t服务\t1\n".encode(),
            "公开/1 说明.docx": word.read_bytes(),
            "__MACOSX/._1": b"\x00",
        },
    )
    document = read(path)
    assert document.format == "zip"
    assert [block.place.part for block in document.blocks] == [
        "公开/1 说明.docx",
        "公开/2 报表.txt",
        "公开/10 附件.txt",
    ]
    assert {cell.place.part for cell in document.tables[0].cells} == {"公开/2 报表.txt"}
    assert document.problems == ()


def test_a_part_that_cannot_be_read_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x.txt", "深")
    path = make_bundle(tmp_path, {"a.txt": "正文。\n".encode(), "b.txt": b"", "c.zip": inner.read_bytes()})
    document = read(path)
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["正文。"]
    assert document.problems == (
        "part b.txt was not read: the file is empty (0 bytes)",
        "part c.zip was not read: it is an archive inside the archive",
    )


def test_member_names_in_gbk_are_understood(tmp_path: Path) -> None:
    path = make_bundle(tmp_path, {"a1.txt": "一。\n".encode(), "a2.txt": "二。\n".encode()})
    # Chinese archivers store GBK bytes without the UTF-8 mark; the stand-ins have the same length.
    raw = (
        path.read_bytes()
        .replace(b"a1.txt", "甲".encode("gb18030") + b".txt")
        .replace(b"a2.txt", "乙".encode("gb18030") + b".txt")
    )
    path.write_bytes(raw)
    assert {block.place.part for block in read(path).blocks} == {"甲.txt", "乙.txt"}


def test_member_paths_never_leave_the_temporary_folder(tmp_path: Path) -> None:
    path = make_bundle(tmp_path, {"../../escaped.txt": "外。\n".encode(), "/abs.txt": "绝对。\n".encode()})
    before = set(tmp_path.parent.iterdir())
    assert len(read(path).paragraphs) == 2
    assert set(tmp_path.parent.iterdir()) == before
    assert not Path("/abs.txt").exists()


def test_a_bundle_of_one_document_is_that_document(tmp_path: Path) -> None:
    document = read(make_bundle(tmp_path, {"说明.txt": "正文。\n".encode()}))
    assert (document.name, document.format, document.file_name) == (
        "清河市水务局",
        "text",
        "清河市水务局.zip",
    )


def test_nothing_is_left_behind_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    read(make_bundle(tmp_path, {"a.txt": "一。\n".encode(), "b.txt": "二。\n".encode()}))
    assert os.listdir(scratch) == []
    shutil.rmtree(scratch)
