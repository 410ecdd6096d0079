"""What could not be read, in Chinese: every sentence that the readers write has its translation."""

from __future__ import annotations

import re

import pytest
from running import ROOT

from fiscalgraph.api.coverage_words import unread_in_chinese

_LITERALS = (
    r'Leftover\(\s*"\w+",\s*f?"(?:\{[^"]*?\}: )?([^"{]{6,})"',
    r'^_(?:UNDECIDED|UNSURE|SCAN|NO_TEXT|CUT_OFF|DAMAGED|GARBLED) = "(.+)"$',
    r'return "(a list of .+|funds by .+)"$',
    r'unread_figures\([^"]+"(.+)"\)',
)


def readers_sentences() -> list[str]:
    """The fixed sentences of the readers, as their sources print them."""
    found: set[str] = set()
    for path in sorted((ROOT / "extract").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for literal in _LITERALS:
            found.update(match[1] for match in re.finditer(literal, source, re.MULTILINE))
    return sorted(found)


def test_the_readers_sentences_are_found() -> None:
    assert "no record holds it" in readers_sentences()
    assert len(readers_sentences()) >= 12


@pytest.mark.parametrize("sentence", readers_sentences())
def test_a_readers_sentence_is_said_in_chinese(sentence: str) -> None:
    whole = f"page 3 {sentence}" if sentence.startswith(("is ", "has ")) else sentence
    said = unread_in_chinese(whole.strip())
    assert re.search("[一-鿿]{3}", said), whole
    assert not re.search("[a-z]{3} [a-z]", said), said


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("12.50: its row is shorter than the header", "12.50：所在行比表头短"),
        ("page 7 repeats page 3 word for word; it was read once", "第 7 页与第 3 页逐字重复，只读一次"),
        ("part a.docx: 2 picture(s) hold no text and were not read", "“a.docx”：有 2 幅图片没有文字，未读"),
        (
            "line 9: the file ends inside this line; its last figure (1,2) is left out",
            "第 9 行：文件在这一行中断，最后一个数字（1,2）未采用",
        ),
        ("a sentence nobody wrote down", "a sentence nobody wrote down"),
    ],
)
def test_what_stands_in_a_sentence_is_kept(sentence: str, said: str) -> None:
    assert unread_in_chinese(sentence) == said
