"""Causes and measures stated in the cells of performance tables (偏差原因, 自评结论, 存在问题, 改进措施)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fiscalgraph.extract.recognise.performance_forms import Form
from fiscalgraph.extract.recognise.performance_rows import source_of
from fiscalgraph.extract.recognise.performance_vocabulary import Label, value_text
from fiscalgraph.extract.records import Finding

__all__ = ["findings_of", "split_conclusion"]

PROBLEM, MEASURE, REASON = "problem_cause", "improvement_measure", "underperformance_reason"

_NONE_STATED = re.compile(
    r"(?:暂?无|没有|不存在|未发现)?(?:明显|较大|重大)?(?:偏差|问题|差异|异常)?|无(?:偏差|问题)?原因|不适用|已完成|完成|达标|正常|按(?:计划|时)完成|偏差原因:?无"
)
_HEAD = re.compile(
    r"(?:^|(?<=[。;；]))(?:\d{1,2}[.、．]|[（(]?[一二三四五六]{1,2}[)）、])?"
    r"(?P<head>完成情况|项目完成情况|(?:主要)?(?:存在|发现)的?(?:主要)?问题(?:[及和与]原因(?:分析)?)?|主要问题|(?:偏差)?原因分析|问题及原因"
    r"|(?:下一步|下步|整改|有关)*(?:工作)?(?:改进|整改)(?:工作)?的?(?:意见|措施|建议|打算|计划)(?:[及和与](?:意见|建议|措施))?|下一步(?:工作)?(?:打算|计划|安排|建议)|主要(?:做法|成效|经验)|经验做法)[:：]"
)
_SENTENCE = re.compile(r"[^。]+。?")
_PART = re.compile(r"[^。；;]+[。；;]?")
_CAUSE = re.compile(
    r"主要(?:原因)?(?:是|为|系)(?:因|由于)?|原因(?:是|为|主要是|在于)|(?:主要)?是(?:由于|因为)|主要是因|由于.{2,60}(?:未|不足|较[低慢晚少])|因.{2,40}[,，](?:未完成|.{2,30}无法)"
    r"|预估难度大|存在(?:一定)?(?:的)?(?:误差|偏差|不足|差距)|有待(?:进一步)?(?:提高|加强|加大|完善|提升)|不够(?:高|到位|完善|及时|精准|明显|合理)"
)
_SHORTFALL = re.compile(
    r"未(?:能)?(?:如期|按时|完全|全部|按期)?(?:完成|达到|达成|达)|扣\d+(?:\.\d+)?分|部分达成|难以|偏[低少高]|部分完成|远大于|远小于"
)
_NO_SHORTFALL = re.compile(r"无偏差|均已完成|全部完成(?!.*(?:但|未完成))|圆满完成")
_ALL_WELL = re.compile(r"均(?:已)?(?:完成|达到|达成)|全部(?:完成|达到|达成)|无偏差")
_PLAN = re.compile(
    r"^(?:但|同时|并|因此|[,，])?(?:下一步|下步|今后|以后(?!年度预算)|后续|接下来|下一年度?|\d{4}年(?:我们|我局|我单位|我厅|本单位)(?:将|已)|我们将|我局将|我单位将|将(?:进一步|继续)|拟|在以后|在今后|加强.*[,，]?(?:确保|提高|规范)|进一步(?:加强|完善|规范|优化))"
)
_KEEP_FUNDED = re.compile(r"建议.{0,12}(?:继续|保留|安排|支持|重点)|继续保留")
_LEAD = re.compile(
    r"^(?:但是?|同时|下一步|其中|此外|另外|其次|以后年度)?[,，:：]?(?:[一二三四五六]是|[（(]\d{1,2}[)）]|\d{1,2}[.、．](?!\d))?"
)
_BEHIND = r"(?:^|(?<=[。;；,，:：]))"
# How the n-th item is marked; whether such a mark counts only when the text begins with one.
_FAMILIES = (
    (re.compile(_BEHIND + r"(?P<n>\d{1,2})[.、．](?!\d)"), True),
    (re.compile(_BEHIND + r"[（(](?P<n>\d{1,2}|[一二三四五六七八九十])[)）]"), True),
    (re.compile(_BEHIND + r"(?P<n>[一二三四五六七八九十])、"), True),
    (re.compile(_BEHIND + r"(?P<n>[一二三四五六七八九十])是"), False),
)

_SHORTEST_LEAD = 8
# Statements each about an indicator it names: “预算执行率”存在偏差的原因：…。“培训人数”指标未完成的原因：…
_ABOUT = re.compile(r"(?:^|(?<=[。;；]))[“\"][^”\"。]{2,40}[”\"][^:：。]{0,20}(?:原因|措施)(?:是|为)?[:：]")


def findings_of(form: Form, occurrence: int) -> Iterator[Finding]:
    """The findings of one form's cells, in printed order."""
    for draft in form.indicators:
        if draft.reason is not None and draft.reason_cell is not None and _states_something(draft.reason):
            yield Finding(occurrence, form.name, REASON, draft.reason, None, source_of(draft.reason_cell))
    for label, text, cell in form.notes:
        body = value_text(text)
        if not _states_something(body):
            continue
        if (
            label in (Label.PROBLEM, Label.SHORTFALL)
            and _ALL_WELL.search(body)
            and not _SHORTFALL.search(body)
        ):
            continue
        if label is Label.OTHER:
            yield Finding(occurrence, form.name, REASON, body, None, source_of(cell))
            continue
        kind = {Label.PROBLEM: PROBLEM, Label.SHORTFALL: REASON, Label.MEASURE: MEASURE}.get(label)
        parts = [(kind, _without_head(body, kind))] if kind is not None else split_conclusion(body)
        for kind, part in parts:
            items = list(_items(part))
            for ordinal, item in items:
                yield Finding(occurrence, form.name, kind, item, ordinal, source_of(cell, item))


def _without_head(text: str, kind: str) -> str:
    """A cell's text without the cell's own label, printed once more before it (改进措施：…)."""
    head = _HEAD.match(text)
    return text[head.end() :] if head is not None and _kind_of_head(head["head"]) == kind else text


def _states_something(text: str) -> bool:
    return _NONE_STATED.fullmatch(text.strip("。.,，;；:： ")) is None


def split_conclusion(text: str) -> list[tuple[str, str]]:
    """The causes and measures of a conclusion (自评结论) as (kind, words), without praise."""
    heads = list(_HEAD.finditer(text))
    found: list[tuple[str, str]] = []
    if heads:
        for head, after in zip(heads, [*heads[1:], None], strict=True):
            body = text[head.end() : after.start() if after else len(text)].strip("。；; ")
            kind = _kind_of_head(head["head"])
            if kind is None or not _states_something(body):
                continue
            sentences = [sentence.strip("。") for sentence in _SENTENCE.findall(body)]
            plans = [part for part in sentences if kind == PROBLEM and _PLAN.search(part)]
            stated = "。".join(part for part in sentences if part not in plans)
            found.extend(
                (part_kind, part) for part_kind, part in ((kind, stated), (MEASURE, "。".join(plans))) if part
            )
        return found
    for sentence in _PART.findall(text):
        part = sentence.strip("。；; ")
        kind = _kind_of_sentence(part)
        if kind is not None:
            found.append((kind, _core(part, kind)))
    return found


def _kind_of_head(head: str) -> str | None:
    if "问题" in head or "原因" in head:
        return PROBLEM
    if any(word in head for word in ("改进", "整改", "下一步", "下步")):
        return MEASURE
    return None


def _kind_of_sentence(sentence: str) -> str | None:
    if _KEEP_FUNDED.search(sentence) and not _CAUSE.search(sentence):
        return None
    if _PLAN.search(sentence):
        return MEASURE
    cause, shortfall = _CAUSE.search(sentence), _SHORTFALL.search(sentence)
    if cause is not None and (
        shortfall or "主要" in cause.group() or "原因" in cause.group() or not _NO_SHORTFALL.search(sentence)
    ):
        return PROBLEM
    if shortfall and not _NO_SHORTFALL.search(sentence):
        return PROBLEM
    return None


_CLAUSE = re.compile(r"[^,，；;]+[,，；;]?")
_PRAISE = re.compile(r"良好|较好|圆满完成|全部完成|全部办结|无偏差|顺利完成|好评")


def _core(sentence: str, kind: str) -> str:
    """The stretch of a sentence that states the shortfall and its cause, without the praise around it."""
    if kind == PROBLEM:
        marks = [found for pattern in (_SHORTFALL, _CAUSE) if (found := pattern.search(sentence))]
        first = min(marks, key=lambda found: found.start()) if marks else None
        clauses = list(_CLAUSE.finditer(sentence))
        if first is not None:
            at = next(index for index, clause in enumerate(clauses) if first.start() < clause.end())
            opens = first.start() - clauses[at].start() <= 1 and first.re is _CAUSE
            says_itself = first.group().startswith(("因", "由于")) and re.search("[,，]", first.group())
            if opens and not says_itself and at > 0 and not _PRAISE.search(clauses[at - 1].group()):
                at -= 1  # 主要原因是 explains the clause before it
            sentence = sentence[clauses[at].start() :]
    return _LEAD.sub("", sentence, count=1).lstrip(",，")


def _items(text: str) -> Iterator[tuple[int | None, str]]:
    """The items of the outermost enumeration (1. 2., 一是…二是…) with their ordinals; else the whole text.

    A whole sentence before the first mark is an item of its own.
    """
    about = [found.start() for found in _ABOUT.finditer(text)]
    if len(about) > 1 and about[0] == 0:
        for start, end in zip(about, [*about[1:], len(text)], strict=True):
            yield None, text[start:end].strip("。；;,，:： ")
        return
    for family, leading in _FAMILIES:
        marks: list[re.Match[str]] = []
        for mark in family.finditer(text):
            if _ordinal(mark.group("n")) == len(marks) + 1:  # another number is a figure or an inner item
                marks.append(mark)
        if len(marks) < 2 or (leading and marks[0].start() > 0):
            continue
        lead = text[: marks[0].start()]
        if lead.endswith("。") and len(lead) > _SHORTEST_LEAD:
            yield None, lead.strip("。；;,， ")
        for ordinal, (mark, after) in enumerate(zip(marks, [*marks[1:], None], strict=True), start=1):
            item = text[mark.end() : after.start() if after else len(text)].strip("。；;,，:： ")
            if item:
                yield ordinal, item
        return
    yield None, text.strip("。；;,， ")


def _ordinal(numeral: str) -> int:
    return int(numeral) if numeral.isdecimal() else "一二三四五六七八九十".index(numeral) + 1
