"""Tesseract, the program that recognises characters: found at run time, asked one picture at a time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from fiscalgraph.extract.errors import FiscalgraphError, UnreadableDocument
from fiscalgraph.extract.readers.limits import current_limits
from fiscalgraph.extract.readers.recognition_picture import Picture

__all__ = ["CHINESE", "LATIN", "PrintedLine", "RecognitionUnavailable", "Tesseract", "Word", "find_tesseract"]

CHINESE, LATIN = "chi_sim", "eng"
ONE_COLUMN = "6"  # page segmentation mode: lines one below the other
_START_SECONDS = 20.0
_WORD_LEVEL = "5"
_PERCENT = re.compile(r"(?<=\d)%6(?!\d)")  # how the Chinese model reads the percent sign of some fonts
_ORDINAL = re.compile(r"[〈《](?=[一二三四五六七八九十]{1,3}[)）])")  # 《一) for （一）
_PAGE_NUMBER = re.compile(r"[一—-]\d{1,3}[一—-]")  # 一3一 for —3—
_LATIN_MARK = re.compile(r"(?<=[㐀-鿿])[,:;()?!]|[()](?=[㐀-鿿])|(?<=[㐀-鿿][)）])[,:;]")
_WIDE_MARKS = str.maketrans(",:;()?!", "，：；（）？！")
_FIELDS = 12  # of one row of Tesseract's TSV
_INSTALL = (
    "Install Tesseract 4 or newer with the language data chi_sim and eng "
    "(Debian, Ubuntu: apt install tesseract-ocr tesseract-ocr-chi-sim; macOS: brew install tesseract "
    "tesseract-lang), or build without recognition"
)


class RecognitionUnavailable(FiscalgraphError):
    """Optical recognition was asked for and cannot be done on this computer."""


class Word(NamedTuple):
    """A recognised word: its box in pixels of the picture, confidence from 0 to 100."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """Words on one line, left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)

    @property
    def box(self) -> tuple[float, float, float, float]:
        return (
            min(word.left for word in self.words),
            min(word.top for word in self.words),
            max(word.right for word in self.words),
            max(word.bottom for word in self.words),
        )


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program; ``read`` may be called any number of times."""

    program: str

    def read(self, picture: Picture, language: str, dots_per_inch: float, name: str) -> list[PrintedLine]:
        """The lines that Tesseract sees in ``picture``, one column of text of the document ``name``.

        Raises :class:`UnreadableDocument`
        when it fails or takes longer than a document may.
        """
        again = "Check it with: tesseract --version, or build without recognition."
        with tempfile.TemporaryDirectory(prefix="fiscalgraph-") as folder:
            source = Path(folder) / "page.pgm"
            height, width = picture.shape
            source.write_bytes(b"P5 %d %d 255\n" % (width, height) + picture.tobytes())
            command = [
                self.program, str(source), "stdout", "-l", language, "--psm", ONE_COLUMN,
                "--dpi", str(round(dots_per_inch)), "-c", "tessedit_create_tsv=1",
            ]  # fmt: skip
            # Documents are read side by side: each recognition keeps to one processor.
            environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
            seconds = current_limits().seconds
            try:
                finished = subprocess.run(
                    command, capture_output=True, timeout=seconds, check=False, env=environment
                )
            except subprocess.TimeoutExpired as error:
                why = f"recognising a page took longer than {seconds:g} s"
                raise UnreadableDocument(name, why, "Split it, or give it a higher limit.") from error
            except OSError as error:
                raise UnreadableDocument(
                    name, f"Tesseract does not start ({error.strerror})", again
                ) from error
        if finished.returncode != 0:
            said = " ".join(finished.stderr.decode("utf-8", errors="replace").split())[:160]
            raise UnreadableDocument(name, f"Tesseract failed ({said or finished.returncode})", again)
        return _lines(finished.stdout.decode("utf-8", errors="replace"))


def _lines(table: str) -> list[PrintedLine]:
    """The words of Tesseract's TSV output, line by line."""
    lines: dict[tuple[str, ...], list[Word]] = {}
    for row in table.splitlines():
        fields = row.split("\t")
        if len(fields) != _FIELDS or fields[0] != _WORD_LEVEL or not fields[11].strip():
            continue
        left, top, width, height = (float(field) for field in fields[6:10])
        text = _PERCENT.sub("%", fields[11].strip())
        word = Word(text, left, top, left + width, top + height, float(fields[10]))
        lines.setdefault(tuple(fields[1:5]), []).append(word)
    return [PrintedLine(tuple(_mended(words))) for words in lines.values()]


def _mended(words: list[Word]) -> list[Word]:
    """Words with the marks that Chinese text has: the model gives some as Latin ones.

    Angle brackets that nothing closes are round ones.
    """
    text = "".join(word.text for word in words)
    mended = _ORDINAL.sub("(", text)
    if "〉" not in mended:
        mended = mended.replace("〈", "(")
    mended = _LATIN_MARK.sub(lambda match: match.group().translate(_WIDE_MARKS), mended)
    if _PAGE_NUMBER.fullmatch(mended):
        mended = mended.replace("一", "—")
    if mended == text:
        return words
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    return [
        word._replace(text=mended[start : start + len(word.text)])
        for word, start in zip(words, starts, strict=False)
    ]


def find_tesseract() -> Tesseract:
    """The installed program; ``FISCALGRAPH_TESSERACT`` names one that is not on the path.

    Raises :class:`RecognitionUnavailable` when it, or its data for Chinese, is missing.
    """
    what = "Optical recognition (文字识别)"
    program = os.environ.get("FISCALGRAPH_TESSERACT") or shutil.which("tesseract")
    if program is None or not os.access(program, os.X_OK):
        raise RecognitionUnavailable(what, "Tesseract is not installed", _INSTALL)
    try:
        listed = subprocess.run(
            [program, "--list-langs"], capture_output=True, timeout=_START_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RecognitionUnavailable(what, f"{program} does not start", _INSTALL) from error
    words = (listed.stdout + listed.stderr).decode("utf-8", errors="replace").split()
    lacking = [language for language in (CHINESE, LATIN) if language not in words]
    if lacking:
        why = f"Tesseract lacks its language data {' and '.join(lacking)}"
        raise RecognitionUnavailable(what, why, _INSTALL)
    return Tesseract(program)
