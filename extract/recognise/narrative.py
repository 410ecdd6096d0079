"""Sentences that state what was, or will be, spent on one classification item (支出具体情况说明).

The explanation part names items by the functional classification: class (类), subclass
(款) and item (项), with markers in brackets, or by code, or as a quoted 科目. Names
left out are those of the sentence or heading above.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from fiscalgraph.extract.document import Document, Paragraph
from fiscalgraph.extract.normalise import amount_in_yuan, printed_figure
from fiscalgraph.extract.paragraphs import logical_paragraphs, source_at
from fiscalgraph.extract.recognise.glossary import in_glossary
from fiscalgraph.extract.records import NarrativeItem

__all__ = ["recognise_narrative"]

_QUOTES = '“”"‘’'
_NAME = rf"[^，。；：、:;,（）()\d\s{_QUOTES}]"
_LEVEL_NAME = (
    rf"[{_QUOTES}]?(?:{_NAME}|[、（(](?![^）)]{{0,12}}[类款项][）)])"
    rf"|[）)](?=[^（(]*[（(])){{1,40}}?[{_QUOTES}]?"
)
_MARKER = r"[（(]\s*\d{{0,7}}\s*{level}\s*[）)]"
_CLASS, _SUBCLASS, _ITEM = (_MARKER.format(level=level) for level in "类款项")
_REFERENCE = re.compile(
    rf"(?:(?P<c>{_LEVEL_NAME}){_CLASS}(?P<cs>(?:支出)?)(?:[-—－、]*))?"
    rf"(?:(?P<s>{_LEVEL_NAME}){_SUBCLASS}[-—－、]*)?"
    rf"(?:(?P<i>{_LEVEL_NAME}){_ITEM})?"
)
_MARKED = re.compile(f"{_CLASS}|{_SUBCLASS}|{_ITEM}")

# A class's three digits are a code only in front of its name: 204-公共安全支出.
_FUNCTIONAL_CODE = r"(?<![\d.,≥≤＝=＞＜><])2[0-3]\d(?:\d\d(?:\d\d)?|(?=[-—][一-龥、]{2,20}支出))(?![\d.,])"
_CLASS_NAME = (
    "(?:一般公共服务|外交|国防|公共安全|教育|科学技术|文化(?:旅游)?体育与传媒|社会保障和就业|卫生健康|医疗卫生与计划生育"
    "|节能环保|城乡社区|农林水|交通运输|资源勘探(?:工业)?信息等|商业服务业等|金融|援助其他地区|自然资源海洋气象等"
    "|国土海洋气象等|住房保障|粮油物资储备|灾害防治及应急管理|其他)支出"
)
_CLASS_AT_HEAD = re.compile(rf"(?P<name>{_CLASS_NAME})(?=[\d,.]+[万亿]?元|[:：。]|[（(]\d{{3}}[）)]|$)")
# Without markers: "2010101-行政运行 …", "行政运行（2010101）…", "“教育支出”科目…",
# "“教育支出-普通教育-小学教育”科目…", "教育支出5万元，用于…".
_UNMARKED = re.compile(
    rf"(?P<code1>{_FUNCTIONAL_CODE})\s*[-—_]?\s*(?P<name1>(?!万元|亿元|元|年)[一-龥（）、]{{2,40}}?)"
    r"(?=[\d,.]+[万亿]?元|[:：，。]|支出\d|20\d\d年)"
    rf"|(?P<name2>(?:[一-龥、]|（[一-龥]{{1,6}}）){{2,40}})[（(](?P<code2>{_FUNCTIONAL_CODE})[）)]"
    r"|“(?P<path>[一-龥（）、]{2,40}(?:[-—－][一-龥（）、]{2,40}){1,2})”科目"
    rf"|“(?P<name3>{_CLASS_NAME})”(?:科目)?"
    rf"|(?P<name4>{_CLASS_NAME})(?=(?:支出)?[\d,.]+[万亿]?元)"
)
# Items whose own name ends in 支出 (其他公安支出); in 行政运行支出5万元 it is the sentence's word.
_ENDS_IN_SPENDING = re.compile("^其他|(?:缴费|培训|的|补助|补偿|基金)$")
_USE_OF = re.compile(
    r"(?:^|(?<=。))(?:[（(]?\d{1,2}[)）.、．])?(?P<name>[^，。；：:“”\d]{3,60}?)(?=\d[\d,，.]*[万亿]?元[，,]主要(?:是)?用于)"
)
_LEAD = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、．)）]|[①-⑳]|其中[:：，]?)+"
)
_BEFORE_NAME = re.compile(r"^.*(?:其中|主要用于以下方面|具体(?:情况)?(?:如下|为|是)|包括)[:：]?|^.*[：:]")

_AMOUNT = re.compile(r"(?P<figure>[-－]?\d[\d,，]*(?:\.\d+)?)\s*(?P<unit>亿元|百万元|万元|千元|元)")
_EXECUTED = re.compile(r"决算(?:数|支出)?(?:为|是|[:：])?$")
_NOT_THE_SPENDING = re.compile(
    r"(?:年初(?:部门|财政拨款)?预算(?:数|安排)?(?:为|是)?|比|较|同比|增加(?:了)?|减少(?:了)?|增长|下降|降低|上升|执行数(?:为|是)?"
    r"|调整预算数?(?:为)?|全年预算数?(?:为)?|上年[^，。；]{0,12}|结转[^，。；]{0,8})\s*$"
)
_PERCENT = re.compile(
    r"(?:完成|占|为)(?:了)?(?:当年|本年|全年)?(?:年初)?(?:调整)?预算(?:数|的)?(?:的)?\s*(?P<p>\d[\d,.]*\s*[%％])"
)
_PURPOSE = re.compile(r"主要(?:是)?用于(?:了)?[:：]?|主要(?:反映|开支)[:：]?|^用于[:：]?")
_PURPOSE_END = re.compile(
    r"[。]|[，；;](?=(?:比|较|与|同)(?:上年|去年|\d{4}\s*年|年初|上一年)|完成|占|其中|主要原因|支出决算|决算数|年初|执行中|增加|减少|增长)"
)
_REASON = re.compile(
    r"(?:主要|变动|增减|增加|减少)的?原因(?:如下)?(?:[:：]|(?:是|为|在于)(?:因为|由于|因)?[:：]?|，)?|原因(?:是|为)[:：]?"
    r"|主要(?:是)?(?:由于|因为|因|系)[:：]?|主要是[:：]?"
)
_SENTENCE_END = re.compile(r"[。](?!(?:[”’）)])|(?:二|三|四|五|六|七|八)是|其[二三四五])|$")
_SECTION = re.compile("[一二三四五六七八九十]{1,3}、")
_DEFINES = re.compile(r"^(?:[:：，]|支出)?\s*(?:是?指|反映|[:：]\s*(?:是?指|反映))")


@dataclass(frozen=True, slots=True)
class _Names:
    class_name: str | None = None
    subclass: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class _Reference:
    """An item's name in a paragraph: where it stands and where its statement begins."""

    names: _Names
    start: int
    end: int
    marked: bool
    certain: bool = True  # False: a class's name alone, which lists of shares also print


def _name(text: str | None) -> str | None:
    if text is None:
        return None
    text = _BEFORE_NAME.sub("", text.strip(_QUOTES + " "))
    text = _LEAD.sub("", text).strip(_QUOTES + " ")
    return text or None


def _marked_references(text: str) -> list[_Reference]:
    """Every run of （类）（款）（项） names in ``text``."""
    found: list[_Reference] = []
    position = 0
    for marker in _MARKED.finditer(text):
        if marker.start() < position:
            continue
        # The name before the first marker begins behind the last break of the sentence.
        begin = max(position, _name_start(text, marker.start()))
        match = _REFERENCE.match(text, begin)
        if match is None or match.end() < marker.end():
            continue
        names = _Names(_name(match["c"]), _name(match["s"]), _name(match["i"]))
        if names == _Names():
            continue
        found.append(_Reference(names, begin, match.end(), True))
        position = match.end()
    return found


def _name_start(text: str, marker: int) -> int:
    """Where the name before the marker at ``marker`` begins.

    A comma or full stop ends what stands before it; 、 and brackets may belong to a name.
    """
    depth, index = 0, marker
    while index > 0:
        character = text[index - 1]
        if character in "）)":
            depth += 1
        elif character in "（(":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and character in "。；：:;，,":
            break
        index -= 1
    lead = _LEAD.match(text[index:marker])
    return index + lead.end() if lead else index


def _unmarked_references(text: str) -> list[_Reference]:
    """Items named by code, as a quoted 科目 or as a class, for explanations without markers."""
    found: list[_Reference] = []
    for match in _UNMARKED.finditer(text):
        if match["path"]:
            levels = re.split("[-—－]", match["path"])
            found.append(_Reference(_Names(*levels), match.start(), match.end(), False))
            continue
        name = match["name1"] or match["name2"] or match["name3"] or match["name4"]
        code = match["code1"] or match["code2"] or ""
        certain = match["name4"] is None
        end = match.end()
        is_class = len(code) == 3  # every class is called …支出
        if match["name1"] and text.startswith("支出", end) and (is_class or _ENDS_IN_SPENDING.search(name)):
            name, end = name + "支出", end + 2
        names = {0: _Names(name), 3: _Names(name), 5: _Names(None, name), 7: _Names(None, None, name)}[
            len(code)
        ]
        found.append(_Reference(names, match.start(), end, False, certain))
    return found


def _reference_by_name(text: str, known: frozenset[str]) -> list[_Reference]:
    """Items that the document names elsewhere with markers, at the head of "…支出5万元，主要用于…"."""
    found: list[_Reference] = []
    for match in _USE_OF.finditer(text):
        name = match["name"]
        plain = name.removesuffix("支出")
        if {name, plain} & known or all(part in known for part in re.split("[和、]", plain)):
            found.append(_Reference(_Names(item=name), match.start("name"), match.end("name"), False))
    return found


def _spending(statement: str) -> re.Match[str] | None:
    """The amount that ``statement`` gives as the item's own spending."""
    first: re.Match[str] | None = None
    for match in _AMOUNT.finditer(statement):
        before = statement[max(0, match.start() - 24) : match.start()]
        if _NOT_THE_SPENDING.search(before):
            continue
        if _EXECUTED.search(before):
            return match
        first = first or match
    return first


def _text_after(lead: re.Pattern[str], end: re.Pattern[str], statement: str) -> str | None:
    match = lead.search(statement)
    if match is None:
        return None
    stop = end.search(statement, match.end())
    text = statement[match.end() : stop.start() if stop else len(statement)].strip("，,；;。:： ")
    return text or None


def _purpose_and_reason(statement: str) -> tuple[str | None, str | None]:
    purpose = _text_after(_PURPOSE, _PURPOSE_END, statement)
    searched = statement
    stated = _PURPOSE.search(statement)
    if stated is not None:
        # A 主要是用于 is no reason; look behind the purpose and before it, not in it.
        stop = _PURPOSE_END.search(statement, stated.end())
        searched = statement[: stated.start()] + "，" + (statement[stop.start() :] if stop else "")
    else:
        # "支出 5 万元，主要是…经费支出。完成年初预算的 9%。主要是…": the first says what for.
        match = re.match(r"^[^，。]*元[，,]主要是(?P<purpose>[^。；]*(?:支出|经费|费用))。", statement)
        if match is not None and re.match("完成|年初|比|较|与", statement[match.end() :]):
            purpose = match["purpose"]
            searched = statement[match.end() :]
    reason = _text_after(_REASON, _SENTENCE_END, searched)
    return purpose, reason


def _statement_item(
    paragraph: Paragraph, reference: _Reference, names: _Names, end: int
) -> NarrativeItem | None:
    text = paragraph.text
    statement = text[reference.end : end]
    if _DEFINES.match(statement):
        return None
    amount = _spending(statement)
    if amount is None:
        return None
    figure = printed_figure(amount["figure"])
    percent = _PERCENT.search(statement)
    purpose, reason = _purpose_and_reason(statement)
    return NarrativeItem(
        class_name=names.class_name,
        subclass=names.subclass,
        item=names.item,
        printed=figure,
        unit=amount["unit"],
        amount=amount_in_yuan(figure, amount["unit"]),
        percent=printed_figure(percent["p"]) if percent else None,
        purpose=purpose,
        reason=reason,
        source=source_at(paragraph, reference.start, end),
    )


def _statement_end(text: str, references: list[_Reference], index: int) -> int:
    """Where what is said of one item ends: at the next item's name, less its lead-in."""
    if index + 1 == len(references):
        return len(text)
    end = references[index + 1].start
    cut = max(text.rfind(mark, references[index].end, end) for mark in "。；;")
    return cut + 1 if cut >= 0 else end


def _in_passing(text: str, reference: _Reference) -> bool:
    """Whether an item is only mentioned within a sentence, as in 主要原因是…带来住房保障支出（类）支出增加。

    Within a reason it is so even with an amount: 主要原因是…工程在农林水支出（类）列支5万元。
    """
    begin = max(text.rfind(mark, 0, reference.start) for mark in "。；;：:") + 1
    lead = _LEAD.sub("", text[begin : reference.start])
    end = min((at for mark in "。；;" if (at := text.find(mark, reference.end)) >= 0), default=len(text))
    if reference.marked and "原因" in lead:
        return True
    within = bool(lead.strip(_QUOTES + " ")) or _REASON.match(text, reference.start) is not None
    return within and _AMOUNT.search(text, reference.end, end) is None


def _filled(names: _Names, above: _Names) -> _Names:
    """``names`` with what the sentence leaves out taken from the one above."""
    if names.class_name is not None:
        return names
    if names.subclass is not None:
        return replace(names, class_name=above.class_name)
    return replace(names, class_name=above.class_name, subclass=above.subclass)


def recognise_narrative(document: Document) -> tuple[NarrativeItem, ...]:
    """One record per statement of one classification item's spending, in reading order.

    Definitions (名词解释) and shares of classes without the marker are no such statements.
    """
    everything = logical_paragraphs(document)
    glossary = in_glossary(everything)
    paragraphs = [paragraph for paragraph, defines in zip(everything, glossary, strict=True) if not defines]
    marked = _statements(paragraphs, _marked_references)
    if not marked:
        return _without_bare_shares(_statements(paragraphs, _unmarked_references))
    known = frozenset(name for item in marked for name in (item.item, item.subclass) if name)
    return _without_bare_shares(
        _statements(paragraphs, lambda text: _marked_references(text) or _reference_by_name(text, known))
    )


def _without_bare_shares(items: list[NarrativeItem]) -> tuple[NarrativeItem, ...]:
    """``items`` less the classes that repeat in a list of shares (…，占…%) what a fuller sentence states."""

    def key(item: NarrativeItem) -> tuple[str | None, ...]:
        class_name = item.class_name.removesuffix("支出") if item.class_name else None
        return class_name, item.subclass, item.item, item.printed, item.unit

    def is_share(item: NarrativeItem) -> bool:
        return _is_bare(item) and item.subclass is None and item.item is None

    full = {key(item) for item in items if not _is_bare(item)}
    return tuple(item for item in items if not is_share(item) or key(item) not in full)


def _is_bare(item: NarrativeItem) -> bool:
    """Whether an amount is all that is stated."""
    return item.percent is None and item.purpose is None and item.reason is None


def _class_heading(text: str) -> str | None:
    """The one class whose items a numbered paragraph without markers introduces: 1.教育支出90万元，其中："""
    lead = _LEAD.match(text)
    found = _CLASS_AT_HEAD.match(text, lead.end()) if lead else None
    alone = found is not None and len(re.findall(_CLASS_NAME, text)) == 1
    return found["name"] if found is not None and alone else None


def _statements(
    paragraphs: list[Paragraph], references_in: Callable[[str], list[_Reference]]
) -> list[NarrativeItem]:
    result: list[NarrativeItem] = []
    above = _Names()
    for paragraph in paragraphs:
        text = paragraph.text
        references = [found for found in references_in(text) if not _in_passing(text, found)]
        if not references and (heading := _class_heading(text)) is not None:
            above = _Names(heading)
        elif _SECTION.match(text) and not references:
            above = _Names()
        for index, reference in enumerate(references):
            names = _filled(reference.names, above) if reference.marked else reference.names
            above = names if reference.marked else above
            end = _statement_end(text, references, index)
            if not reference.certain:
                # What stands behind a list of classes speaks of their sum.
                marks = "。；;" if len(references) > 1 else "。"
                end = min(
                    (at for mark in marks if (at := text.find(mark, reference.end, end)) >= 0), default=end
                )
            item = _statement_item(paragraph, reference, names, end)
            if item is not None and (reference.certain or not _is_bare(item)):
                result.append(item)
    return result
