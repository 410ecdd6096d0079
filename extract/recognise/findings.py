"""Problems, causes and improvement measures stated in prose (存在的问题及原因, 下一步改进措施).

They stand behind a label within a paragraph ("存在的问题及原因：…"), or below a heading
("（二）存在的主要问题及原因分析"). Enumerations (一是…二是…, （一）, 1.) are split at their
outermost level. Findings in table cells are read with their tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fiscalgraph.extract.document import Document, Paragraph
from fiscalgraph.extract.enumerations import goes_on, split_enumeration
from fiscalgraph.extract.paragraphs import QUOTE_LENGTH
from fiscalgraph.extract.recognise.projects_named import SUMMARY, ProjectContext, passages
from fiscalgraph.extract.records import Finding, Source

__all__ = ["recognise_findings"]

PROBLEM, MEASURE = "problem_cause", "improvement_measure"
BOTH = "both"  # below a label for problems with their measures (存在问题及改进措施)

_PROBLEM = (
    "(?:(?:发现|存在)的?(?:主要|突出)?(?:问题|不足|困难)|(?:主要|突出)问题|问题与不足)"
    "(?:(?:及|和|与|以及)?(?:其|产生的?)?(?:主要)?原因|(?:及|和|与)(?:主要)?不足)?(?:分析|情况)?"
)
_MEASURE = (
    "(?:(?:下一步|下步|后续|今后|拟采取的?|拟)*(?:工作)?(?:拟)?(?:改进|整改|完善|解决)(?:的|工作)?(?:措施|意见|建议|方案|思路|方向)"
    "(?:(?:及|和|与)(?:相关)?(?:建议|意见|措施|打算))?"
    "|(?:下一步|下步)(?:工作)?(?:的)?(?:打算|计划|安排|建议|措施|思路|举措)"
    "|(?:有关|相关|对策|意见和|意见及|政策|工作|几点)建议(?:措施)?)"
)
_SHORTFALL = (
    "(?:(?<=[。；])|^)(?:未完成|未达标|未达到(?:预期)?目标|(?:执行)?偏差)"
    "(?:绩效目标)?的?(?:主要)?原因(?:分析|说明)?"
)
_BOTH = (
    f"(?:{_PROBLEM}|{_SHORTFALL})(?:[及和与、]|以及)(?:相关)?(?:{_MEASURE}|建议|对策|整改(?:情况|落实情况))"
)
_OTHER_LABEL = (
    "(?:项目)?(?:年度)?绩效目标(?:完成|实现)情况|主要产出(?:和|及)(?:效益|效果|成果)(?:是|为)?|主要(?:经验|做法|成效)[^：:，。；]{0,8}"
    "|评价结论|综合评价结论|结果应用情况"
)
_LABELS = re.compile(
    f"(?<!的)(?P<both>{_BOTH})[:：]|(?<!的)(?P<problem>{_PROBLEM}|{_SHORTFALL})(?:是|为|有|如下|包括)?[:：]"
    "|发现(?:了|存在)?(?P<listed>(?:以下|如下|下列)(?:主要)?(?:几[个方]面?)?的?(?:问题|不足))[:：]"
    f"|(?<!的)(?P<measure>{_MEASURE})(?:是|为|有|如下|包括)?(?:[:：]|(?=一是))|(?P<other>{_OTHER_LABEL})[:：]"
)
_PREFIX = "[一-龥、]{0,14}?"
_PROBLEM_HEADING = re.compile(f"(?:{_PREFIX})(?:{_PROBLEM})[:：]?")
_MEASURE_HEADING = re.compile(f"(?:{_PREFIX})(?:{_MEASURE}|建议|改进的?方向[及和与](?:具体)?措施)[:：]?")
_BOTH_HEADING = re.compile(f"(?:{_PREFIX})(?:{_BOTH})[:：]?")
# Where a passage on a problem turns to what will be done about it; 后续管护不规范, 仍需加强 still tell of it.
_WILL = (
    "(?:下一步|下步|下阶段|今后|后续)[，,]?[^，。；]{0,16}?"
    "(?:将(?!近)|拟(?!定)|(?<![主重必需])要(?![求素点件])|(?<![供相反响对效适])应(?![急付收用届])"
    "|(?<![所必急仍尚亟还])需(?!求)|计划(?![未不数内外])|(?<![待需未不])加[强快大紧以]"
    "|(?<![待需未不])(?:进一步|完善|强化|做好|优化|规范|严格))"
)
_NEXT = re.compile("(?:下一步|下步|下阶段)[，,]?")
_MEANT = f"(?:{_WILL}|为此|建议|拟(?!定)|将(?:进一步|继续|加[强快大紧以]))"
_TURN = re.compile(f"(?:(?<=[，；。,;])|^)(?={_MEANT})")
_NEXT_SENTENCE = re.compile(f"(?:(?<=。)|^)(?={_WILL})")
_DOING = re.compile(
    f"{_MEANT}|(?:进一步|继续|积极)?(?:加强|完善|提高|提升|强化|建立|优化|规范|细化|加快|加大|严格|健全|做好|合理|建议|推进|督促)"
)
_EXPERIENCE = re.compile("经验|做法|成效|成绩")
# Chapters that may follow an empty 存在问题：, and are no items of it.
_TOPIC = re.compile("[^，。；：:未不无]{0,10}(?:情况|概况|概述|简介|背景)[:：]?")
# Headings below a problem heading that tell of something else.
_ASIDE_HEADING = re.compile("(?:应用|完成|开展|执行|落实|实施|结合)(?:的)?情况$|经验|做法|成效|结果应用")

_NUMERALS = "一二三四五六七八九十"
_RANKS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"第[{_NUMERALS}]{{1,3}}(?:部分|章)|附件|附表"),
    re.compile(rf"[{_NUMERALS}]{{1,3}}[、.．]"),
    re.compile(rf"[（(][{_NUMERALS}]{{1,3}}[）)]"),
    re.compile(r"\d{1,2}(?:、|．|[.](?!\d))"),
    re.compile(r"[（(]\d{1,2}[）)]|\d{1,2}[)）]"),
    re.compile("[①-⑳]"),
)
_UNNUMBERED = len(_RANKS)
_RUNNING = _UNNUMBERED + 1

_IMPROVABLE = re.compile(
    r"(?P<problem>[^。；]*(?:还|仍|尚|均)?(?:有|存在)(?:一定|较大|进一步)?(?:的)?(?:提升|改进|提高|完善)(?:的)?空间)[，,。；：:](?=一是)"
)
# "鉴于自评发现的问题，拟在下年度采取以下措施：一是…" states measures wherever it stands.
_TO_BE_TAKEN = re.compile(
    "(?:问题|不足|偏差)[^。；：:]{0,24}(?:采取|落实|实施)(?:以下|如下|下列)(?:几[项点])?的?(?:改进|整改)?措施[:：](?=一是|第一)"
)
# In an evaluation report: "资金未执行完毕的主要原因：一是…", "评价发现，过程管理仍需加强：一是…".
_FOUND_WANTING = re.compile(
    "(?:(?:未|不足|偏[低慢]|滞后|缓慢)[^。；：:]{0,16}的?(?:主要)?原因(?:是|为|有|包括)?"
    "|(?:评价|检查|调研)发现[^。；：:]{0,30}(?:需|有待|不)[^。；：:]{0,12})[:：](?=一是)"
)
_DEFICIENT = re.compile("不足|不够|有待|未能?|偏[低高少]|较[低慢]|缺乏|滞后|不[高强准及]|薄弱|欠缺")
_PERFORMANCE = re.compile("绩效评价|绩效自评|自评")
# Labels of a form's cell, flattened to lines: the cell behind them is read with its form.
_FORM_LABEL = re.compile(
    "偏差(?:大|较大)?(?:或)?[一-龥]{0,8}原因分析(?:及改进措施)?|(?:改进措施|原因分析)及(?:改进措施|结果应用)(?:方案)?"
)
_NONE_STATED = re.compile("(?:本年度|本项目|该项目|项目|暂|目前)*(?:无|没有|不存在|未发现)(?!法)")
_TRIM = "。；;，,：: "


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of one paragraph."""

    paragraph: Paragraph
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.paragraph.text[self.start : self.end]


@dataclass(slots=True)
class _Section:
    """What stands below a problem or measure heading, while it is being read."""

    kind: str
    rank: int
    project: str | None
    spans: list[_Span] = field(default_factory=list)
    aside_rank: int | None = None  # a sub-heading that tells of something else is open
    running: bool = False  # an enumeration behind a label, which only its next item continues
    items: int | None = None  # so many numbered items follow a heading without a number

    def takes_item(self, text: str, rank: int) -> bool:
        """Whether ``text`` is the next of the items (1., 2. …) below a heading without a number."""
        if _TOPIC.fullmatch(_without_enumerator(text)):
            return False
        ordinal = _ordinal(text)
        if self.items is None and self.rank == _UNNUMBERED and not self.spans and ordinal == 1:
            self.rank, self.items = rank, 1
            return True
        if self.items is not None and rank == self.rank and ordinal == self.items + 1:
            self.items += 1
            return True
        return False


def _rank(text: str) -> int:
    """How deep the enumerator that ``text`` begins with stands; unnumbered text is deepest."""
    return next((rank for rank, pattern in enumerate(_RANKS) if pattern.match(text)), _UNNUMBERED)


def _item_rank(text: str) -> int:
    """As :func:`_rank`, but 一是, 二是 … at the beginning of a paragraph number it too."""
    return _RUNNING if re.match(f"[{_NUMERALS}]是", text) else _rank(text)


def _without_enumerator(text: str) -> str:
    for pattern in _RANKS[1:]:
        match = pattern.match(text)
        if match is not None:
            return text[match.end() :]
    return text


def _ordinal(text: str) -> int | None:
    """The number of the enumerator that ``text`` begins with."""
    match = re.match(rf"[（(]?(?P<n>[{_NUMERALS}]{{1,3}}|\d{{1,2}})", text)
    if match is None:
        return ord(text[0]) - ord("①") + 1 if text and "①" <= text[0] <= "⑳" else None
    number = match["n"]
    if number.isdigit():
        return int(number)
    if number.startswith("十"):
        return 10 + (_NUMERALS.index(number[1]) + 1 if len(number) > 1 else 0)
    return _NUMERALS.index(number[0]) + 1 if len(number) == 1 else None


def _continues(section: _Section, text: str) -> bool:
    """Whether ``text`` begins with the item after the last one of the section's enumeration."""
    if not section.spans:
        return False
    last = split_enumeration(section.spans[-1].text)[-1][0]
    if last is None:
        return False
    return goes_on(section.spans[-1].text, last, text)


def _joined(spans: list[_Span]) -> str:
    """The text of ``spans`` as printed; a blank parts a heading without a full stop from what follows."""
    text = ""
    for part in filter(None, (span.text.strip() for span in spans)):
        text += " " + part if text and text[-1] not in _TRIM else part
    return text


def _finding(kind: str, project: str | None, ordinal: int | None, spans: list[_Span]) -> Finding | None:
    text = _joined(spans).strip(_TRIM)
    if len(text) < 4 or _NONE_STATED.match(text):
        return None
    first = spans[0]
    lead = len(first.text) - len(first.text.lstrip(_TRIM))
    place = first.paragraph.place_at(first.start + lead)
    quote = text if len(text) <= QUOTE_LENGTH else text[: QUOTE_LENGTH - 1] + "…"
    source = Source(quote, place.page, place.line, place.box, place.part)
    return Finding(None, project, kind, text, ordinal, source)


def _findings(kind: str, project: str | None, ordinal: int | None, spans: list[_Span]) -> list[Finding]:
    """One item as a finding; a problem and the measure that the item itself turns to as two."""
    if kind == BOTH and _DOING.match(spans[0].text.strip(_TRIM)):
        kind = MEASURE
    parts = [(PROBLEM if kind == BOTH else kind, ordinal, spans)]
    turn = {BOTH: _TURN, PROBLEM: _NEXT_SENTENCE}.get(kind)
    if turn is not None:
        for at, span in enumerate(spans):
            found = turn.search(span.text, 0 if at else 1)  # what begins so has nothing before its turn
            if found is not None:
                cut = span.start + found.start()
                lead = _NEXT.match(span.text, found.start())
                goes_on = span.start + (lead.end() if lead else found.start())
                before = [*spans[:at], _Span(span.paragraph, span.start, cut)]
                behind = [_Span(span.paragraph, goes_on, span.end), *spans[at + 1 :]]
                own = ordinal if kind == BOTH else None
                parts = [(PROBLEM, ordinal, before), (MEASURE, own, behind)]
                break
    found_all = [_finding(part, project, number, text) for part, number, text in parts]
    return [finding for finding in found_all if finding is not None]


def _inline(kind: str, project: str | None, spans: list[_Span]) -> list[Finding]:
    """The findings of running text: the items of ``spans[0]``, the last with all that follows."""
    head, *rest = spans
    items = split_enumeration(head.text)
    result: list[Finding] = []
    for index, (ordinal, start, end) in enumerate(items):
        item = [_Span(head.paragraph, head.start + start, head.start + end)]
        result += _findings(kind, project, ordinal, item + rest if index + 1 == len(items) else item)
    return result


def _of_section(section: _Section) -> list[Finding]:
    """The findings below one heading: its numbered items, or its paragraphs."""
    ranks = [_item_rank(span.text) for span in section.spans]
    outermost = next((rank for rank in ranks if rank != _UNNUMBERED), _UNNUMBERED)
    groups: list[list[_Span]] = []
    numbered = False
    for span, rank in zip(section.spans, ranks, strict=True):
        if rank == outermost or not numbered:
            groups.append([span])
            numbered = numbered or rank != _UNNUMBERED
        else:
            groups[-1].append(span)
    result: list[Finding] = []
    for group in groups:
        head = group[0]
        rank = _item_rank(head.text)
        if rank in (_UNNUMBERED, _RUNNING):
            if len(groups) == 1 or not head.text.endswith(("：", ":")):
                result += _inline(section.kind, section.project, group)
            continue
        if len(split_enumeration(head.text)) > 1:
            result += _inline(section.kind, section.project, group)
            continue
        cut = len(head.text) - len(_without_enumerator(head.text))
        whole = [_Span(head.paragraph, head.start + cut, head.end), *group[1:]]
        result += _findings(section.kind, section.project, _ordinal(head.text), whole)
    return result


def _heading_kind(paragraph: Paragraph) -> str | None:
    """problem, measure or ``None``, for a paragraph that is nothing but a heading.

    A heading is numbered, marked as one by the format, or ends with a colon; the bare words
    are a table's column.
    """
    text = paragraph.text
    if len(text) > 30 or _EXPERIENCE.search(text):
        return None
    if _rank(text) == _UNNUMBERED and paragraph.heading is None and not text.endswith(("：", ":")):
        return None
    return _kind_named(_without_enumerator(text).rstrip("。"))


def _kind_named(heading: str) -> str | None:
    """What the words of a heading announce."""
    for kind, words in ((BOTH, _BOTH_HEADING), (PROBLEM, _PROBLEM_HEADING), (MEASURE, _MEASURE_HEADING)):
        if words.fullmatch(heading):
            return kind
    return None


def _heading_within(text: str) -> tuple[str, int] | None:
    """The kind and end of a numbered heading that the paragraph itself goes on from: （三）存在问题。一是…"""
    start = len(text) - len(_without_enumerator(text))
    stop = text.find("。", start)
    if not start or stop < 0 or stop > 30 or stop + 1 == len(text):
        return None
    heading = text[start:stop]
    kind = None if _EXPERIENCE.search(heading) else _kind_named(heading)
    return (kind, stop + 1) if kind is not None else None


def _label_kind(label: re.Match[str]) -> str | None:
    """problem, measure or both; ``None`` for a label of something else."""
    if label["both"]:
        return BOTH
    if label["problem"] or label["listed"]:
        return PROBLEM
    return MEASURE if label["measure"] else None


class _Reader:
    """Walks over the paragraphs and keeps the open heading and the project spoken of."""

    def __init__(self, document: Document) -> None:
        self.context = ProjectContext(document)
        self.found: list[Finding] = []
        self.section: _Section | None = None
        self.previous = ""

    def close(self) -> None:
        if self.section is not None:
            self.found += _of_section(self.section)
        self.section = None

    def read(self, paragraph: Paragraph) -> None:
        text, previous = paragraph.text, self.previous
        self.previous = text
        project = self.context.project_at(paragraph)
        if _FORM_LABEL.fullmatch(previous):
            self.close()
            return
        rank = _rank(text)
        section = self.section
        if section is not None and section.running:
            if _continues(section, text) and not SUMMARY.match(text):
                section.spans.append(_Span(paragraph, 0, len(text)))
                return
            self.close()
        elif (
            section is not None
            and rank <= section.rank
            and rank < _UNNUMBERED
            and (_heading_kind(paragraph) is not None or not section.takes_item(text, rank))
        ):
            self.close()
        kind = _heading_kind(paragraph)
        if kind is not None:
            self.close()
            self.section = _Section(kind, min(rank, _UNNUMBERED), project)
            return
        within = _heading_within(text)
        if within is not None:
            self._stated(within[0], _Span(paragraph, within[1], len(text)), project)
            return
        labels = list(_LABELS.finditer(text))
        if labels and (not labels[0]["other"] or len(labels) > 1):
            self._labelled(paragraph, labels, project)
            return
        if self.section is not None:
            self._below_heading(self.section, paragraph, rank)
            return
        if self._announced(_TO_BE_TAKEN, MEASURE, paragraph, project):
            return
        if self.context.in_report and self._announced(_FOUND_WANTING, PROBLEM, paragraph, project):
            return
        self._improvable(paragraph, project)

    def _labelled(self, paragraph: Paragraph, labels: list[re.Match[str]], project: str | None) -> None:
        text = paragraph.text
        announced = _TO_BE_TAKEN.search(text)
        marks = [(label.start(), label.end(), _label_kind(label)) for label in labels]
        if announced is not None and announced.start() > marks[-1][1]:
            sentence = text.rfind("。", marks[-1][1], announced.start()) + 1
            marks.append((sentence or announced.start(), announced.end(), MEASURE))
        ends = [start for start, _, _ in marks[1:]] + [len(text)]
        self.close()
        for (_, start, kind), end in zip(marks, ends, strict=True):
            if kind is not None:
                self._stated(kind, _Span(paragraph, start, end), project)

    def _stated(self, kind: str, span: _Span, project: str | None) -> None:
        """Read what stands behind a label, up to the next one or the paragraph's end."""
        self.close()
        text = span.paragraph.text
        numbered = split_enumeration(span.text)[-1][0] is not None
        if span.end < len(text) or not numbered:
            self.found += _inline(kind, project, [span])
        if span.end == len(text):
            if not span.text.strip(_TRIM):
                self.section = _Section(kind, min(_rank(text), _UNNUMBERED), project)
            elif numbered:
                # The enumeration may go on in the next paragraph.
                self.section = _Section(kind, _UNNUMBERED, project, [span], running=True)

    def _below_heading(self, section: _Section, paragraph: Paragraph, rank: int) -> None:
        text = paragraph.text
        if SUMMARY.match(text) or (section.rank == _UNNUMBERED and len(text) < 12 and "。" not in text):
            self.close()
            return
        if section.aside_rank is not None and rank > section.aside_rank:
            self._announced(_TO_BE_TAKEN, MEASURE, paragraph, section.project)
            return
        section.aside_rank = None
        if len(text) <= 30 and rank < _UNNUMBERED and _ASIDE_HEADING.search(text):
            section.aside_rank = rank
            return
        section.spans.append(_Span(paragraph, 0, len(text)))

    def _announced(
        self, words: re.Pattern[str], kind: str, paragraph: Paragraph, project: str | None
    ) -> bool:
        """Read the enumeration that ``words`` announce within a paragraph; whether they do."""
        match = words.search(paragraph.text)
        if match is not None:
            self.found += _inline(kind, project, [_Span(paragraph, match.end(), len(paragraph.text))])
        return match is not None

    def _improvable(self, paragraph: Paragraph, project: str | None) -> None:
        """ "…还有提升空间，一是加强…" states a problem and, behind it, what to do."""
        text = paragraph.text
        match = _IMPROVABLE.search(text) if _PERFORMANCE.search(text) else None
        if match is None:
            return
        finding = _finding(
            PROBLEM, project, None, [_Span(paragraph, match.start("problem"), match.end("problem"))]
        )
        if finding is not None:
            self.found.append(finding)
        span = _Span(paragraph, match.end(), len(text))
        kind = PROBLEM if _DEFICIENT.search(span.text) else MEASURE
        self.found += _inline(kind, project, [span])


def recognise_findings(document: Document) -> tuple[Finding, ...]:
    """Problems with their causes and improvement measures of the running text, in reading order.

    ``project`` is the project that the passage speaks of, ``None`` where it speaks of the
    whole department. 主要经验及做法 are no findings.
    """
    reader = _Reader(document)
    for paragraph in passages(document):
        reader.read(paragraph)
    reader.close()
    return tuple(reader.found)
