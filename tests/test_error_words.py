"""Errors of the command line in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import fiscalgraph

from fiscalgraph.api.error_words import error_in_chinese, usage_in_chinese

CHINESE = {"FISCALGRAPH_LANG": "zh"}
ENGLISH_WORDS = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")


def test_an_error_is_one_line_with_its_cure() -> None:
    said = error_in_chinese("class 教育", "no code has that name", "Did you mean 教育支出?")
    assert said == "class 教育：没有这个名称的科目。是否指 教育支出？"


def test_what_is_printed_in_an_error_is_kept() -> None:
    said = error_in_chinese("set.jsonl, line 3", "it is not JSON (bad, at 7)", "Write one JSON object a line")
    assert said == "set.jsonl 第3行：不是 JSON（bad, at 7）。请每行写一个 JSON 对象。"


def test_an_unknown_sentence_stays_as_it_is() -> None:
    assert error_in_chinese("it", "something new", "Do this.") == "it：something new。Do this。"


def test_a_wrong_option_is_explained() -> None:
    said = usage_in_chinese("Invalid value for '-k': Input should be greater than or equal to 1")
    assert said == "'-k' 的值无效：应不小于 1"


@pytest.mark.parametrize(
    "arguments",
    [
        ("sum", "--by", "部们"),
        ("sum", "-w", "class=教育"),
        ("sum", "-w", "class=999"),
        ("sum", "-w", "部门=没有这个厅"),
        ("sum", "-w", "year=一九"),
        ("sum", "-w", "year"),
        ("sum", "--measure", "支处"),
        ("check", "没有这份文件"),
        ("check", "--verdict", "foo"),
        ("search", "，。"),
        ("search", "人手", "--kind", "foo"),
        ("search", "人手", "--code", "abc"),
        ("search", "人手", "-k", "0"),
        ("similar", "foo"),
        ("issues", "foo"),
        ("issues", "--type", "foo"),
        ("issues", "--department", "foo"),
        ("query", "没有这个查询"),
        ("show", "foo"),
        ("sum", "--nosuch"),
        ("nosuch",),
        ("similar",),
    ],
)
def test_no_english_sentence_in_chinese_errors(sample_home: Path, arguments: tuple[str, ...]) -> None:
    home = () if arguments == ("nosuch",) else ("--home", sample_home)
    done = fiscalgraph(*arguments, *home, environment=CHINESE)
    assert done.code == 1
    assert done.err
    said = re.sub(r"`[^`]*`", "", done.err)  # commands stay as they are typed
    assert not ENGLISH_WORDS.search(said), done.err


def test_a_workspace_that_is_not_there_is_told_in_chinese(tmp_path: Path) -> None:
    done = fiscalgraph("search", "人手", "--home", tmp_path / "none", environment=CHINESE)
    assert done.code == 3
    assert not ENGLISH_WORDS.search(done.err), done.err


def test_help_in_chinese_is_whole() -> None:
    done = fiscalgraph("sum", "--help", environment={**CHINESE, "COLUMNS": "80"})
    assert "…" not in done.out
    assert "显示本说明" in done.out
