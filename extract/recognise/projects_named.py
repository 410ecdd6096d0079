"""Which project a passage of prose speaks of.

A passage names its project in its first words ("甲项目绩效自评综述：…"), an annexed report
in its title ("…项目绩效评价报告"), a summary in the sentence that tells of the evaluation.
Where a table names the same project without the issuer's region, the table's name is used.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fiscalgraph.extract.document import Document, Paragraph, Run
from fiscalgraph.extract.paragraphs import ENUMERATOR, logical_paragraphs, tidy

__all__ = ["SUMMARY", "ProjectContext", "passages", "table_project_names"]

SUMMARY = re.compile(
    rf"(?:{ENUMERATOR.pattern})?[“\"]?(?P<name>(?!(?:项目|预算)?(?:支出)?(?:绩效)?自评)[^，。；：:]{{2,60}}?)[”\"]?"
    r"(?:项目)?(?:支出)?(?:绩效)?"
    r"(?:(?:自评|评价)?(?:情况|结果)?综述|自评(?:情况|结果)(?=[:：][^；]{0,80}?(?:得分|预算)))[:：]"
)
"""The words that open the summary of one project's evaluation."""
_SUMMARY_WITHIN = re.compile(rf"(?<=。)(?={SUMMARY.pattern})")
_REPORT = re.compile(
    r"(?:20\d\d年度?)?(?P<name>[^，。；：:]{2,60}?)(?:项目)?(?:支出)?(?:重点)?(?:绩效|部门|财政|事后|跟踪)*(?:自)?评价(?:报告|表)"
)
_REPORT_LINE = re.compile("(?:项目)?(?:支出)?(?:绩效|部门)*(?:自)?评价报告")
_LABELLED = re.compile(
    r"(?:评价)?项目名称[:：](?:20\d\d年度?)?(?P<name>[^，。；：:]{2,60}?)(?=(?:重点)?(?:绩效)?(?:自评|评价)|项目单位|$)"
)
_EVALUATED = re.compile(
    r"对(?:20\d\d年度?)?[“\"]?(?P<name>[^，。；：:“”]{4,60}?)[”\"]?(?:项目)?(?:（以下简称[^）]*）)?(?:开展|进行|组织)了?(?:重点|部门|财政)?(?:项目)?(?:支出)?绩效评价"
)
# "我局通过对“甲”等7个项目的自评，…": what follows is about all of them.
_SEVERAL = re.compile(
    "[^。；]{0,30}?对[^。；]{0,60}?(?:[0-9]+|[一二三四五六七八九十]+)个(?:[一二]级)?(?:预算)?项目(?:支出)?的?(?:绩效)?(?:自评|评价)"
)
_NO_PROJECT = re.compile(
    "一般公共预算|项目支出|政府性基金|全面|个项目|上述|(?:财政|局|厅|部|委员会|单位|部门)$"
)
_WHOLE = re.compile("(?:部门|单位)?整体(?:支出|绩效)?$")
_NEXT_PART = re.compile("第[一二三四五六七八九十]{1,3}部分|附件|附表")
_SECTION = re.compile("[一二三四五六七八九十]{1,3}、")


def table_project_names(document: Document) -> tuple[str, ...]:
    """The names beside 项目名称 in the document's tables, in reading order, each once."""
    names: dict[str, None] = {}
    for table in document.tables:
        for row in table.grid():
            texts = [tidy(cell.text) if cell is not None else "" for cell in row]
            for index, text in enumerate(texts):
                if re.fullmatch("(?:项目|专项)(?:资金)?名称[:：]?", text):
                    name = next((other for other in texts[index + 1 :] if other and other != text), "")
                    if name and len(name) <= 80:
                        names.setdefault(name)
                    break
    return tuple(names)


def _split(paragraph: Paragraph, offset: int) -> tuple[Paragraph, Paragraph]:
    """``paragraph`` cut in two at ``offset`` of its text, every run keeping its place."""
    before: list[Run] = []
    behind: list[Run] = []
    for run in paragraph.runs:
        if offset >= len(run.text):
            before.append(run)
        elif offset <= 0:
            behind.append(run)
        else:
            before.append(Run(run.text[:offset], run.place))
            behind.append(Run(run.text[offset:], run.place))
        offset -= len(run.text)
    return replace(paragraph, runs=tuple(before)), replace(paragraph, runs=tuple(behind))


def passages(document: Document) -> list[Paragraph]:
    """The document's logical paragraphs without lone numbers, each project's summary beginning its own."""
    result: list[Paragraph] = []
    for paragraph in logical_paragraphs(document):
        if re.fullmatch(r"[\d\-—–]+", paragraph.text):
            continue
        rest = paragraph
        while (cut := _SUMMARY_WITHIN.search(rest.text)) is not None:
            head, rest = _split(rest, cut.start())
            result.append(head)
        result.append(rest)
    return result


def _undated(name: str) -> str:
    """``name`` without the year (and the issuer before it) and quotation marks."""
    return re.sub(r"^[^“”]{0,30}20\d\d年度?", "", name.strip('“”"《》 '))


def _core(name: str) -> str:
    """What two spellings of one project's name share."""
    return re.sub("(?:项目)+$", "", _undated(name))


class ProjectContext:
    """The project in force while paragraphs are read in order."""

    def __init__(self, document: Document) -> None:
        self._tables = table_project_names(document)
        self._project: str | None = None
        self._lasting = False  # a report's project lasts to the next part
        self._previous = ""

    @property
    def in_report(self) -> bool:
        """Whether a report on one project (绩效评价报告) is being read."""
        return self._project is not None and self._lasting

    def resolve(self, name: str) -> str | None:
        """The project's name as the tables print it, else as the prose does.

        ``None`` for what is no project's name.
        """
        spoken = _undated(ENUMERATOR.sub("", name, count=1) if ENUMERATOR.match(name) else name)
        if _NO_PROJECT.search(spoken) and not _WHOLE.search(spoken):
            return None
        core = _core(spoken)
        for printed in self._tables:
            if _core(printed) == core:
                return printed
        for printed in self._tables:
            other = _core(printed)
            if len(other) >= 8 and core.endswith(other):
                return printed
        return spoken or None

    def project_at(self, paragraph: Paragraph) -> str | None:
        """The project that ``paragraph`` speaks of, given all paragraphs before it."""
        text, previous = paragraph.text, self._previous
        self._previous = text
        summary = SUMMARY.match(text)
        if summary is not None:
            name = summary["name"]
            if _WHOLE.search(name) and text.startswith("支出", summary.end("name")):
                name += "支出"
            self._project, self._lasting = self.resolve(name), False
            return self._project
        title = text if len(text) <= 70 else ""
        if _REPORT_LINE.fullmatch(title) and len(previous) <= 60:
            title = previous + title
        report = _REPORT.fullmatch(title)
        evaluated = _EVALUATED.search(text) if "绩效评价" in text else None
        named = report or evaluated or _LABELLED.match(text)
        project = self.resolve(named["name"]) if named is not None else None
        if project is not None:
            self._project, self._lasting = project, True
        elif _NEXT_PART.match(text) or (not self._lasting and (_SECTION.match(text) or _SEVERAL.match(text))):
            self._project = None
        return self._project
