"""Bad input: one clear line (what, why, what to do), and the others are read all the same."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import openpyxl
import pypdf
import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from running import SAMPLES, fiscalgraph

from fiscalgraph.extract.document import Document
from fiscalgraph.extract.errors import UnreadableDocument
from fiscalgraph.extract.readers import Format, Limits, detect_format, read, read_many


def make_pdf(path: Path, pages: int = 1, *, picture: bool = False) -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    if not picture:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    for _ in range(pages):
        if picture:
            from PIL import Image

            canvas.drawInlineImage(Image.new("L", (200, 280), 200), 0, 0, *A4)
        else:
            canvas.setFont("STSong-Light", 14)
            canvas.drawString(80, 700, "清河市水务局2024年度部门预算")
            canvas.drawString(80, 660, "负责全市供水、排水和防汛工作。")
        canvas.showPage()
    canvas.save()
    return path


def why(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(path, limits)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.what.startswith(path.name)
    assert caught.value.cure.endswith(".")
    return caught.value.why


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_path_is_not_the_current_folder(tmp_path: Path, language: str) -> None:
    (tmp_path / "own.txt").write_text("清河市水务局2024年度部门预算", encoding="utf-8")
    home = tmp_path / "home"
    done = fiscalgraph(
        "build", "", "--home", home, folder=tmp_path, environment={"FISCALGRAPH_LANG": language}
    )
    assert done.code == 1
    assert {"en": "it is empty", "zh": "为空"}[language] in done.err
    assert not home.exists()


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "空.pdf"
    path.touch()
    assert why(path) == "the file is empty (0 bytes)"


def test_a_file_of_white_space(tmp_path: Path) -> None:
    path = tmp_path / "空白.txt"
    path.write_text(" \n\t\n")
    assert why(path) == "it holds nothing but white space"


def test_a_truncated_pdf(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "截断.pdf", pages=3)
    path.write_bytes(path.read_bytes()[:400])
    assert "damaged" in why(path)


def test_an_encrypted_pdf(tmp_path: Path) -> None:
    plain = make_pdf(tmp_path / "plain.pdf")
    writer = pypdf.PdfWriter(clone_from=plain)
    writer.encrypt(user_password="geheim", algorithm="AES-128")
    path = tmp_path / "加密.pdf"
    writer.write(path)
    assert "password" in why(path)


def test_a_pdf_of_pictures(tmp_path: Path) -> None:
    assert "picture" in why(make_pdf(tmp_path / "扫描.pdf", picture=True))


def test_a_pdf_with_too_many_pages(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "厚.pdf", pages=4)
    assert why(path, Limits(pages=3)) == "it has 4 pages and the limit is 3"
    assert read(path, Limits(pages=4)).pages == 4


def make_bomb(path: Path, mebibytes: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            block = b" " * (1 << 20)
            for _ in range(mebibytes):
                member.write(block)
    return path


def test_a_zip_bomb_named_docx(tmp_path: Path) -> None:
    bomb = make_bomb(tmp_path / "炸弹.docx", 64)
    assert "like a ZIP bomb" in why(bomb)
    assert why(bomb, Limits(unpacked_bytes=10 << 20)) == "it would unpack to 64 MiB and the limit is 10 MiB"


def test_an_archive_of_very_many_files(tmp_path: Path) -> None:
    path = tmp_path / "多.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(30):
            archive.writestr(f"{number}.txt", "水")
    assert why(path, Limits(archive_members=20)) == "the container holds 30 files"


def test_an_xml_entity_bomb(tmp_path: Path) -> None:
    path = tmp_path / "实体.docx"
    entities = '<!ENTITY a "水水水水水水水水水水">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8)
    )
    document = (
        f"<!DOCTYPE w [{entities}]><w:document "
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>正文&i;</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
    assert "declares entities" in why(path)


def test_a_damaged_office_file(tmp_path: Path) -> None:
    whole = tmp_path / "whole.xlsx"
    openpyxl.Workbook().save(whole)
    for name, content in {
        "半.xlsx": whole.read_bytes()[:-400],
        "乱.docx": b"PK\x03\x04" + os.urandom(3000),
    }.items():
        (tmp_path / name).write_bytes(content)
        assert "damaged or cut off" in why(tmp_path / name)


def test_the_content_decides_not_the_suffix(tmp_path: Path) -> None:
    disguised = make_pdf(tmp_path / "x.pdf").rename(tmp_path / "其实是PDF.docx")
    assert detect_format(disguised) is Format.PDF
    assert read(disguised).pages == 1
    text = tmp_path / "其实是文本.pdf"
    text.write_text("清河市水务局\n")
    assert read(text).format == "text"


def test_a_file_of_300_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "大.pdf"
    with path.open("wb") as file:
        file.truncate(300 * 1000 * 1000)  # a sparse file: it takes no room
    assert why(path) == "it has 286 MiB and the limit is 200 MiB"


def test_a_folder_a_pipe_and_a_missing_file(tmp_path: Path) -> None:
    folder = tmp_path / "夹"
    folder.mkdir()
    assert why(folder) == "it is a folder"
    os.mkfifo(tmp_path / "管")
    assert why(tmp_path / "管") == "it is not a regular file"
    assert why(tmp_path / "无.pdf") == "there is no such file"


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "禁.txt"
    path.write_text("水")
    path.chmod(0)
    if os.access(path, os.R_OK):  # root reads everything: let the system's refusal be simulated

        def refuse(*arguments: object, **options: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    assert why(path) == "permission to read it is missing"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "it is a picture (PNG) without text"),
        (b"Rar!\x1a\x07\x01\x00", "RAR archives are not opened"),
        (b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 60, "its content is of no known document format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "it is protected by a password",
        ),
    ],
)
def test_what_is_no_document(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "东西.pdf"
    path.write_bytes(content)
    assert why(path) == reason


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "锁.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "水")
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1  # the mark of an encrypted member
    path.write_bytes(raw)
    assert why(path) == "it is protected by a password"


def test_garbled_text(tmp_path: Path) -> None:
    path = tmp_path / "乱码.txt"
    path.write_text("部门预算(cid:123)(cid:456)(cid:78)(cid:9)\n")
    assert why(path) == "50 % of its characters are garbled (a font without a character map)"
    path.write_text("清河市水务局部门预算公开说明" * 3 + "(cid:3)\n")
    assert read(path).problems == ("1 garbled character(s) stand in the text",)


def test_a_name_with_blanks_and_emoji(tmp_path: Path) -> None:
    path = tmp_path / "  水务局 决算 (最终) 💧.txt"
    path.write_text("清河市水务局\n")
    document = read(path)
    assert (document.name, document.file_name) == ("  水务局 决算 (最终) 💧", "  水务局 决算 (最终) 💧.txt")


def test_bad_documents_do_not_harm_the_good_ones(tmp_path: Path) -> None:
    paths = [
        make_pdf(tmp_path / "好.pdf"),
        make_bomb(tmp_path / "炸弹.docx", 64),
        tmp_path / "空.pdf",
        tmp_path / "b.txt",
    ]
    paths[2].touch()
    paths[3].write_text("清河市水务局\n")
    outcomes = list(read_many(paths, workers=2))
    assert [path for path, _ in outcomes] == paths
    assert [isinstance(outcome, Document) for _, outcome in outcomes] == [True, False, False, True]
    assert all("\n" not in str(outcome) for _, outcome in outcomes if isinstance(outcome, Exception))


# -- as a user meets it ------------------------------------------------------------------------


def test_what_is_wrong_with_a_readable_file_is_told_by_the_command_line(tmp_path: Path) -> None:
    """Two disclosures without a title page between them, a sheet twice, a text that is cut off."""
    two, twice, cut = tmp_path / "two.pdf", tmp_path / "twice.xlsx", tmp_path / "cut.txt"
    with (
        pypdfium2.PdfDocument.new() as both,
        pypdfium2.PdfDocument(SAMPLES / "water_2023_accounts.pdf") as first,
        pypdfium2.PdfDocument(SAMPLES / "civil_2024_budget.pdf") as second,
    ):
        both.import_pages(first)
        both.import_pages(second, list(range(7, len(second))))
        both.save(two)
    book = openpyxl.load_workbook(SAMPLES / "civil_2024_accounts.xlsx")
    book.copy_worksheet(book.worksheets[3])
    book.save(twice)
    text = (SAMPLES / "education_2023_accounts.txt").read_text("utf-8")
    cut.write_text(text[: text.index("11,670.96") + 4], "utf-8")
    done = fiscalgraph("build", two, twice, cut, "--home", tmp_path / "home")
    assert done.code == 0, done.out + done.err
    for name, told in {
        "two": "another document begins here",
        "twice": "word for word; it was read once",
        "cut": "the file ends inside this line",
    }.items():
        status = fiscalgraph("status", name, "--home", tmp_path / "home")
        assert told in " ".join(status.out.split()), name
