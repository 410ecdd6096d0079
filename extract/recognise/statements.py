"""What the prose claims of the document's own figures: growth, shares, completion, totals, counts.

A sentence is recorded with the figures it gives itself. Where several figures of a passage may be
the one a percentage is of, the one that makes it true is taken; where none does, only a sentence
that leaves no doubt is recorded (see :mod:`fiscalgraph.extract.proportions`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fiscalgraph.extract.document import Document, Paragraph
from fiscalgraph.extract.normalise import printed_figure
from fiscalgraph.extract.paragraphs import logical_paragraphs, source_at
from fiscalgraph.extract.proportions import Agreement, percentage, quantity
from fiscalgraph.extract.recognise.scoring_rules import scoring_rule_statements
from fiscalgraph.extract.recognise.statements_forms import form_statements
from fiscalgraph.extract.recognise.statements_names import name_statements
from fiscalgraph.extract.records import Project, Statement

__all__ = ["recognise_statements"]

_FIGURE = r"\d[\d,，]*(?:\.\d+)?"
_UNIT = "亿元|百万元|万元|千元|元"
_AMOUNT = re.compile(rf"(?P<figure>{_FIGURE})(?P<unit>{_UNIT})")
_PERCENT = r"(?P<percent>\d[\d,]*(?:\.\d+)?)[%％]"
_UP, _DOWN = "增加|增长|上升|提高|增涨", "减少|下降|降低|压减|下浮"
_CHANGE = re.compile(
    rf"(?:各|分别|均)?(?P<verb>{_UP}|{_DOWN})了?(?P<change>{_FIGURE})(?P<unit>{_UNIT})"
    rf"[，,、（(]?(?:同比|比例为|比率为|幅度为|约)?(?P<by>{_UP}|{_DOWN})?(?:了|约|为)?{_PERCENT}"
)
_CHANGE_TO = re.compile(
    rf"(?:比|较|与)[^，。；,;]{{2,24}}?(?:相比)?[，,]?(?P<verb>{_UP}|{_DOWN})了?{_PERCENT}"
)
_COMPLETION = re.compile(
    r"(?:为|完成|占)(?:了)?(?:年初|全年|调整后?|当年|本年)*(?:财政拨款|支出|收入)?预算(?:数|安排)?的"
    rf"{_PERCENT}|(?:预算(?:资金)?)?执行率(?:为|达到?|是)?{_PERCENT.replace('percent', 'rate')}"
)
_SHARE = re.compile(
    rf"(?P<figure>{_FIGURE})(?P<unit>{_UNIT})(?:[（(][^（）()]{{0,30}}[）)])?[，,、（(]?(?:约)?占(?:比)?(?P<of>[^，。；,;\d]{{0,26}}?)"
    rf"(?:为|是|约)?{_PERCENT}"
)
# 与 within an item's name (文化旅游体育与传媒支出（类）…) compares nothing.
_BASE_LEAD = re.compile(r"(?:比|较|与|同)(?![^，。；,;]*[（(][类款项][）)])[^，。；,;]*$")
_ASIDE = re.compile("其中|用于|包括|[一二三四五]是|主要")
_BOTH_SIDES = re.compile("收入?、支出?")
_BREAK = re.compile("[，。；：,;:]")
_ORDINAL = re.compile(
    r"^(?:\d{1,3}[.．、](?!\d)|[一二三四五六七八九十]{1,3}、|[（(](?:\d{1,3}|[一二三四五六七八九十]{1,3})[）)])"
)
_LONGEST_SUBJECT = 100
_BUDGETED = re.compile(r"预算(?:数|安排|资金|总额|金额)?(?:为|是|共|[:：])?$")
_SPENT = re.compile(r"(?:决算|执行|支出|完成)(?:数|资金|金额|支出)?(?:为|是|共|[:：])?$")
_LOOK_BACK = 6
_CLEAR_DISTANCE = 90
_LEAD = 22

_TOTALS = (
    (
        "财政拨款收支总计",
        r"财政拨款(?:预算)?(?:收入?、?支出?|收支)(?:预算|决算)?(?:的)?总(?:计|预算|决算|额)",
    ),
    ("收支总计", r"(?<!拨款)(?:收入?、支出?|收入支出|收支)(?:预算|决算)?总(?:计|预算|决算|额)"),
    ("本年收入合计", r"本年收入合计"),
    ("本年支出合计", r"本年支出合计"),
    (
        "“三公”经费",
        r"[“\"]三公[”\"]经费(?:财政拨款)?(?:支出)?(?:全年)?(?:年初)?(?:预算|决算)(?:数|安排|总额|支出)*",
    ),
)
_STATED_TOTAL = re.compile(
    rf"(?:{'|'.join(f'(?P<t{i}>{words})' for i, (_, words) in enumerate(_TOTALS))})"
    rf"(?:各|均为|分别是|分别为|为|是|共|均|[:：])*(?P<figure>{_FIGURE})(?P<unit>{_UNIT})"
)
# A total's words, the words of all its parts, and words that say there are further parts.
_PARTITIONS = (
    (
        "政府采购",
        r"政府采购(?:支出|预算)?(?:总额|总金额|金额|总计|合计)?",
        ("货物", "工程", "服务"),
        r"其他采购",
    ),
    (
        "支出",
        r"支出(?:预算|决算)?(?:合计|总计|总额)?",
        ("基本支出", "项目支出"),
        "经营|上缴|附属|结转|结余|预备费|其他支出",
    ),
    (
        "基本支出",
        r"基本支出(?:预算|决算)?(?:合计|总计|总额)?",
        ("人员经费", "公用经费"),
        "其他支出|结转|结余|项目",
    ),
    (
        "“三公”经费",
        r"[“\"]三公[”\"]经费(?:财政拨款)?(?:支出)?(?:全年)?(?:年初)?(?:预算|决算)(?:数|安排|总额|支出)*",
        ("因公出国", "公务用车购置[及和]?运行", "公务接待"),
        "会议|培训|上年|年预算|比|增|减",
    ),
)
_PROJECTS = r"(?:一般公共预算|财政|预算)?(?:一级|二级|预算|部门预算|重点|支出)*项目(?:支出)?"
_DONE = r"(?:全面)?(?:组织)?(?:开展|进行|实施)了?(?:\d{4}年度?)?(?:项目)?(?:支出)?(?:绩效)?自评"
_COUNTS = (
    (
        "reflected_self_evaluation",
        rf"反映[^。；]*?(?P<n>\d+)个{_PROJECTS}(?:的)?(?:绩效)?(?:自评结果|绩效自评|自评表)",
    ),
    ("reflected_target", rf"反映[^。；]*?(?P<n>\d+)个{_PROJECTS}(?:的)?(?:绩效)?(?:目标表|目标)"),
    ("self_evaluation", rf"对(?:\d{{4}}年度?)?(?P<n>\d+)个{_PROJECTS}{_DONE}"),
    ("self_evaluation", rf"(?:共计?|合计)(?P<n>\d+)个{_PROJECTS}{_DONE}"),
    ("target", rf"对(?P<n>\d+)个{_PROJECTS}编制了?(?:项目)?绩效目标"),
    ("target", rf"编报绩效目标的{_PROJECTS}(?:共|为)?(?P<n>\d+)个"),
    ("target", rf"(?:设置|编报|编制|申报)+了?(?P<n>\d+)个{_PROJECTS}绩效目标"),
    ("target", r"项目绩效目标共?(?P<n>\d+)个"),
)
_INVOLVED = re.compile(
    rf"涉及(?:项目|财政性|预算|财政|专项)*资金(?:合计|共计|总额|共)?(?P<figure>{_FIGURE})(?P<unit>{_UNIT})"
)
_SELECTED = re.compile(
    r"涉密[^。；]{0,16}不(?:予)?公开|重点项目(?:支出)?(?:预算)?绩效(?:目标)?情况|(?:选取|选择|公开)[^。；]{0,12}(?:部分|\d+个)[^。；]{0,6}项目"
)
_ADMITTED = re.compile(
    r"[^。；;]{0,40}(?:尾数误差|尾数差异?|尾差"
    r"|四舍五入[^。；;]{0,24}(?:差异|误差|不等|不一致|不符)|(?:差异|误差|不等|不一致|不符)[^。；;]{0,24}四舍五入)[^。；;]{0,40}"
)
_EVALUATED = re.compile(
    r"(?<!自)(?:绩效评价|评价)(?:综合)?(?:得分|评分|总分)(?:为|是|[:：])?(?P<figure>\d+(?:\.\d+)?)分"
)


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount in a text: as printed with its unit, and where it stands."""

    printed: str
    start: int
    end: int


def _amounts(text: str) -> list[_Amount]:
    return [
        _Amount(printed_figure(match["figure"]) + match["unit"], match.start(), match.end())
        for match in _AMOUNT.finditer(text)
    ]


def _agrees(kind: str, operands: tuple[str, str], percent: str) -> bool:
    expected = percentage(kind, operands)
    return expected is not None and expected.agreement(percent) is not Agreement.DIFFERS


def _subject(text: str, before: int) -> str | None:
    """What the figure at ``before`` is said of: the words since the last break, less the item's number.

    More than a clause is no subject: there is none where the text goes on without a break for longer.
    """
    start = 0
    for mark in _BREAK.finditer(text, 0, before):
        start = mark.end()
    words = _ORDINAL.sub("", re.sub(r"(?:为|是|共|共计|合计)$", "", text[start:before]))
    return words if 0 < len(words) <= _LONGEST_SUBJECT else None


def _statement(
    kind: str, percent: str, operands: tuple[str, str], paragraph: Paragraph, subject: str | None, end: int
) -> Statement:
    text = paragraph.text
    start = max(text.rfind(mark, 0, end - 1) for mark in "。；;") + 1
    if operands and (at := text.find(operands[0].rstrip("元万亿千百"))) != -1 and at < start:
        start = max(text.rfind(mark, 0, at) for mark in "。；;") + 1
    return Statement(
        kind, subject, printed_figure(percent), "%", operands, None, source_at(paragraph, start, end)
    )


def _changes(paragraph: Paragraph, above: Sequence[_Amount]) -> Iterator[Statement]:
    """…比上年增加…万元，增长…%: of the level stated before it, or on the base stated before it."""
    text = paragraph.text
    amounts = _amounts(text)
    for match in _CHANGE.finditer(text):
        percent = f"{match['percent']}%"
        change = printed_figure(match["change"]) + match["unit"]
        kind = "increase" if re.fullmatch(_UP, match["verb"]) else "decrease"
        if match["by"] and bool(re.fullmatch(_UP, match["by"])) != (kind == "increase"):
            continue
        before = [amount for amount in amounts if amount.end <= match.start()][::-1]
        readings = [
            (each_kind, operands, amount)
            for amount in (*before[:_LOOK_BACK], *above)
            for each_kind, operands in (
                (kind, (amount.printed, change)),
                ("change_on_base", (change, amount.printed)),
            )
        ]
        true = next((r for r in readings if _agrees(r[0], r[1], percent)), None)
        if true is not None:
            own = true[2] in before
            subject = _subject(text, true[2].start) if own else None
            yield _statement(true[0], percent, true[1], paragraph, subject, match.end())
        elif before:
            nearest = before[0]
            between = text[nearest.end : match.start()]
            if not between and _BASE_LEAD.search(text[: nearest.start]):
                subject = _subject(text, before[1].start) if len(before) > 1 else None
                operands = (change, nearest.printed)
                yield _statement("change_on_base", percent, operands, paragraph, subject, match.end())
            elif _is_clear(text, nearest, match.start()):
                operands = (nearest.printed, change)
                subject = _subject(text, nearest.start)
                yield _statement(kind, percent, operands, paragraph, subject, match.end())


def _is_clear(text: str, level: _Amount, end: int) -> bool:
    """Whether what follows ``level`` speaks of it: near, no other subject between, no list."""
    between = text[level.end : end]
    if len(between) > _CLEAR_DISTANCE or between.count("。") > 1 or "；" in between or "其中" in between:
        return False
    sentence = text[max(text.rfind(mark, 0, level.start) for mark in "。；;") + 1 : level.start]
    if _ASIDE.search(sentence) or _BASE_LEAD.search(sentence) or "、" in _BOTH_SIDES.sub("", between):
        return False
    # A level is stated ("支出为…", "…合计…"); a change or a price is not.
    return re.search(rf"(?:{_UP}|{_DOWN}|每.{{0,6}})了?$", sentence) is None and "%" not in between


def _changes_to(paragraph: Paragraph) -> Iterator[Statement]:
    """Two levels in one sentence and how far the one lies above or below the other, in percent."""
    text = paragraph.text
    for match in _CHANGE_TO.finditer(text):
        start = max(text.rfind(mark, 0, match.start()) for mark in "。；;") + 1
        stated = _amounts(text[start : match.start()])
        levels = list(dict.fromkeys(amount.printed for amount in stated))
        if len(levels) != 2 or _CHANGE.search(text, start, match.end() + 1):
            continue
        kind = "increase_to" if re.fullmatch(_UP, match["verb"]) else "decrease_to"
        percent = f"{match['percent']}%"
        for operands in ((levels[1], levels[0]), (levels[0], levels[1])):
            if _agrees(kind, operands, percent):
                break
        else:
            words = [text[start + a.start - 16 : start + a.start] for a in stated]
            earlier = [bool(re.search("执行数|上年|决算数", word)) for word in words]
            if earlier.count(True) != 1 or len(stated) > 3:
                continue
            base = stated[earlier.index(True)].printed
            operands = (next(level for level in levels if level != base), base)
        subject = _subject(text, _amounts(text)[0].start)
        yield _statement(kind, percent, operands, paragraph, subject, match.end())


def _completions(paragraph: Paragraph) -> Iterator[Statement]:
    """年初预算…万元，支出决算…万元，完成年初预算的…%."""
    text = paragraph.text
    amounts = _amounts(text)
    for match in _COMPLETION.finditer(text):
        percent = f"{match['percent'] or match['rate']}%"
        before = [amount for amount in amounts if amount.end <= match.start()][-4:]
        pairs = [(one, other) for one in before for other in before if one is not other]
        true = next((p for p in pairs if _agrees("completion", (p[0].printed, p[1].printed), percent)), None)
        if true is None:
            if len(before) < 2 or match.start() - before[-1].end > 6:
                continue
            budget, spent = before[-2:]
            if not _BUDGETED.search(text[: budget.start]) or not _SPENT.search(text[: spent.start]):
                continue
            if _BASE_LEAD.search(text[: budget.start]) or "。" in text[budget.end : spent.start]:
                continue
            true = (spent, budget)
        operands = (true[0].printed, true[1].printed)
        subject = _subject(text, min(true[0].start, true[1].start))
        yield _statement("completion", percent, operands, paragraph, subject, match.end())


def _shares(paragraph: Paragraph, above: Sequence[_Amount]) -> Iterator[Statement]:
    """…万元，占…%: of the whole that explains it, or that explains the rest of its list."""
    text = paragraph.text
    found = list(_SHARE.finditer(text))
    if not found:
        return
    parts = [printed_figure(match["figure"]) + match["unit"] for match in found]
    wholes = [*_amounts(text), *above]
    for index, match in enumerate(found):
        percent = f"{match['percent']}%"
        subject = _subject(text, match.start())
        others = [whole for whole in wholes if whole.start != match.start()]
        true = next((w for w in others if _agrees("share", (parts[index], w.printed), percent)), None)
        if true is not None:
            operands = (parts[index], true.printed)
        else:
            whole = _whole_of_list(found, parts, wholes, match["of"])
            if whole is None:
                continue
            operands = (parts[index], whole)
        yield _statement("share", percent, operands, paragraph, subject, match.end())


def _whole_of_list(
    found: list[re.Match[str]], parts: list[str], wholes: list[_Amount], of: str
) -> str | None:
    """The amount most of a list's shares are of, if the parts together do not exceed it."""
    same = [(m, part) for m, part in zip(found, parts, strict=True) if m["of"] == of]
    for whole in wholes:
        agreeing = sum(_agrees("share", (part, whole.printed), f"{m['percent']}%") for m, part in same)
        if agreeing >= 2 and agreeing * 2 > len(same):
            limit = quantity(whole.printed)
            values = [figure.value for _, part in same if (figure := quantity(part)) is not None]
            if limit is not None and sum(values) <= limit.value + limit.half * 2 * len(values):
                return whole.printed
    return None


def _totals(paragraph: Paragraph) -> Iterator[Statement]:
    for match in _STATED_TOTAL.finditer(paragraph.text):
        subject = next(name for i, (name, _) in enumerate(_TOTALS) if match[f"t{i}"])
        yield Statement(
            "total", subject, printed_figure(match["figure"]), match["unit"], (), None,
            source_at(paragraph, match.start(), match.end()),
        )  # fmt: skip


def _partitions(paragraph: Paragraph) -> Iterator[Statement]:
    """A total and the parts that make it up wholly: purchases by kind, spending by 基本 and 项目."""
    text = paragraph.text
    for subject, words, parts, others in _PARTITIONS:
        for match in re.finditer(rf"{words}(?:为|共|是|共计)?(?P<figure>{_FIGURE})(?P<unit>{_UNIT})", text):
            stop = text.find("。", match.end())
            rest = text[match.end() : stop if stop >= 0 else len(text)]
            found = [
                re.search(rf"{part}[^，。；、\d]{{0,8}}?(?P<figure>{_FIGURE})(?P<unit>{_UNIT})", rest)
                for part in parts
            ]
            lead, parted, _ = rest.partition("其中")
            if not parted or len(lead) > _LEAD or _AMOUNT.search(lead):
                continue  # what it is the parts of stands too far off, or is another amount
            if None in found or re.search(others, rest):
                continue
            operands = tuple(printed_figure(part["figure"]) + part["unit"] for part in found if part)
            source = source_at(paragraph, match.start(), match.end() + max(p.end() for p in found if p))
            printed = printed_figure(match["figure"])
            yield Statement("parts", subject, printed, match["unit"], operands, None, source)
            break


def _counts(paragraph: Paragraph) -> Iterator[Statement]:
    """How many projects were evaluated or given targets, and what money they are said to involve."""
    text = paragraph.text
    for subject, words in _COUNTS:
        match = re.search(words, text)
        if match is None:
            continue
        yield Statement(
            "project_count", subject, match["n"], "个", (), None,
            source_at(paragraph, match.start(), match.end()),
        )  # fmt: skip
        funds = _INVOLVED.match(text, match.end() + 1) or _INVOLVED.search(
            text, match.end(), match.end() + 30
        )
        if funds is not None:
            yield Statement(
                "project_funds", subject, printed_figure(funds["figure"]), funds["unit"], (), None,
                source_at(paragraph, match.start(), funds.end()),
            )  # fmt: skip
        return


def _selections(paragraph: Paragraph) -> Iterator[Statement]:
    """Words that the project tables shown are not all there are."""
    match = _SELECTED.search(paragraph.text)
    if match is not None:
        source = source_at(paragraph, match.start(), match.end())
        yield Statement("selection", None, match.group(), None, (), None, source)


def _admissions(paragraphs: Sequence[Paragraph]) -> Iterator[Statement]:
    """The first words by which the document owns to differences in the last place (尾数误差)."""
    for paragraph in paragraphs:
        match = _ADMITTED.search(paragraph.text)
        if match is not None:
            source = source_at(paragraph, match.start(), match.end())
            yield Statement("rounding_admitted", None, match.group(), None, (), None, source)
            return


def _scores(paragraph: Paragraph) -> Iterator[Statement]:
    for match in _EVALUATED.finditer(paragraph.text):
        source = source_at(paragraph, max(0, match.start() - 40), match.end())
        yield Statement("score", None, match["figure"], "分", (), None, source)


def recognise_statements(document: Document, projects: Sequence[Project]) -> tuple[Statement, ...]:
    """Every claim of the document about its own figures, in reading order by kind of place.

    ``projects`` are the project tables read before: goals, outcomes and conclusions belong to them.
    """
    found: list[Statement] = []
    above: list[_Amount] = []
    paragraphs = logical_paragraphs(document)
    for paragraph in paragraphs:
        if _AMOUNT.search(paragraph.text) or "个" in paragraph.text:
            found += _changes(paragraph, above)
            found += _changes_to(paragraph)
            found += _completions(paragraph)
            found += _shares(paragraph, above)
            found += _totals(paragraph)
            found += _partitions(paragraph)
            found += _counts(paragraph)
        found += _scores(paragraph)
        found += _selections(paragraph)
        above = [*_amounts(paragraph.text)[:3], *above][:_LOOK_BACK]
    found += _admissions(paragraphs)
    found += form_statements(document, projects)
    found += name_statements(paragraphs)
    found += scoring_rule_statements(document, projects)
    return tuple(found)
