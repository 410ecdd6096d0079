"""Units a disclosure covers: subordinate budget units (预算单位) and internal divisions (内设机构).

Both are named in lists: within a sentence (内设…个处室，分别是…; 纳入…编制范围的单位包括…),
as numbered paragraphs below one, or in a table with a column 单位名称.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fiscalgraph.extract.document import Document, Paragraph, Table
from fiscalgraph.extract.paragraphs import ENUMERATOR, logical_paragraphs, source_at, tidy
from fiscalgraph.extract.recognise.glossary import in_glossary
from fiscalgraph.extract.recognise.names import ORGANISATION
from fiscalgraph.extract.records import OrganizationUnit, Source

__all__ = ["recognise_units"]

_NUMERALS = "零一二三四五六七八九"
_DIVISION, _SUBORDINATE = "internal_division", "subordinate_unit"

_COUNT = r"(?:\d{1,3}|[一二三四五六七八九十两]{1,3})\s*(?:个|家|所)"
_OFFICE = r"[一-龥]{1,12}(?:处|科|室|部|司|办|大队|支队|中队)(?:[（(][^（()）]*[）)])?"
_SAYS = "(?:包括|分别|具体|只有|有|为|是|[:：])"
_TRIGGERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        _DIVISION,
        re.compile(
            rf"内设[一-龥]{{0,8}}?(?:机构|处室|科室|部门)(?={_COUNT}|主要|[，]|{_SAYS})"
            rf"|内设(?={_COUNT}|有?{_OFFICE}(?:、|和|，))"
            rf"|下?设(?:有|立|置)?(?={_COUNT}[一-龥]{{0,6}}(?:内设|职能|处室|科室|机构|部门|股室))"
            rf"|(?:下设|设有|设置)(?={_OFFICE}、)"
        ),
    ),
    (
        _SUBORDINATE,
        re.compile(
            rf"(?:编制|编报|汇总)[^，。；]{{0,12}}?范围(?=[^。；]{{0,40}}?{_SAYS})"
            rf"|(?:下属|下设|所属|直属|部属|局属|厅属|委属|下辖)(?=[^，。；、]{{0,8}}{_COUNT}|[^。；]{{6,900}}等{_COUNT}[^，。；]{{0,10}}单位)"
            rf"|(?:下属|所属|直属|部属|局属|厅属|委属|二级)[一-龥]{{0,6}}?单位(?=[^。；、]{{0,16}}?{_SAYS})"
            rf"|{_COUNT}非?独立核算(?:的)?(?:事业|行政|预算)?单位(?=[:：])"
            rf"|(?:事业|行政|参公|公益[一二]类)单位(?=[^，。；、]{{0,8}}(?:分别|包括)|{_COUNT}|，[^，。；、（()）]{{5,30}}[。；])"
            rf"|预算单位(?=[^。；、]{{0,8}}{_COUNT}[^。；、]{{0,6}}{_SAYS})"
            r"|行政执法机构(?=为)"
            r"|(?:部门|单位|学校|汇总|局|厅|委)(?:汇总)?(?:预算|决算)(?=(?:包括|由|反映)[^。；]{0,60}?(?:本级|本部|机关)|包括[:：]1[.、．])"
        ),
    ),
)
# "…部门预算包括：局机关预算、局属事业单位预算" names kinds of units, not units.
_ONLY_KINDS = re.compile("(?:所属|局属|委属|厅属|下属|直属)(?:事业|行政|预算)?单位(?:的)?(?:预算|决算)$")
_NEGATED = re.compile("(?:无|没有|不设|未设)[^，。；、]{0,12}$")
_NOT_AN_ORGANISATION = re.compile(
    r"(?:^(?:负责|承担|组织实施|落实|包括|实行|按照|根据|参照|全额|差额|核定|行政编制|事业编制|不含|其他|全部)"
    r"|^(?:财政|指导|协调|编制)(?!(?:(?!的)[一-龥]){0,8}(?:处|科|室|股|局|司|所|中心)$)"
    r"|单位$|处室$|科室$|机构$|内设|下设|工作$|情况|预算$|决算$|经费|以下简称|\d[个家台辆人]|万元|收支|职责|执行(?![一-龥]{0,4}(?:处|科|室|局|庭)$)|管理的|规定)"
)
_GENERIC = re.compile(
    r"^(?:部门|本部门|本单位|单位|部门本级|本级|本级机关|部门机关|机关|机关本级|各?(?:直属|下属|所属)(?:事业|企业)?(?:单位|机构)?|行政|事业|以上|局属|两部|各区|全市)$"
)
_ASIDE = re.compile(
    r"[（(](?:[^（()）]*(?:对外称|含|不纳入|不计入|不占|自收自支|公益|全额|差额|参公|参照|挂|加挂|级别|[正副][处科厅]级|简称|核算|事业|行政|单位|财政|[0-9０-９]|牌子|不独立|合署)[^（()）]*)[）)]"
)
_SECOND_NAME = re.compile(r"[（(][^（()）挂称含署]*(?:处|科|室|局|司|中心|总?队|站|所|院|馆)[）)]")
_COUNTED_TAIL = re.compile(rf"{_COUNT}[一-龥]{{0,8}}(?:单位|机构|处室)$")
_INLINE_NUMBER = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]|(?<!\d)\d{1,2}[.．](?=[一-龥])")
_BRACKETED_LIST = re.compile(
    r"\d(?:个|家|所)[一-龥]{0,12}(?:单位|机构)[（(](?P<list>[^（()）]+[、，,；;][^（()）]+)[）)]$"
)
_PLACE = re.compile("(?:市场|林场|农场|园|库)$")
_DIVISION_NAME = re.compile(r"(?:司|处|科|室|厅|局|党委|纪检监察组|[）)])$")
_LIST_TAIL = re.compile(r"等(?:[\d一二三四五六七八九十]+个)?[一-龥]{0,8}$")
_LEAD_WORDS = re.compile(
    "^(?:以及|此外|其中|社团组织|具体|主要|分别|包括|包含|依次|的?只有|反映|另设|另有|设有|设置|设立|有|是|为|由|和(?![平田顺县林龙政硕静布])|及|与|[:：]"
    "|[一-龥]{2,12}(?:的还有|预算为|决算为|单位为|单位是|单位设置)"
    "|(?:所属|下属|直属|部属|局属|厅属|委属)(?!机关)的?)+"
)
_LIST_FOLLOWS = re.compile(
    r"(?:包括[:：]?1[.、．][^。；]*|[:：]|如下(?:表)?(?:所示)?[:：。]?|见下表[:：。]?|单位名称(?:单位性质|备注|经费性质)?)$"
)
_TABLE_FOLLOWS = re.compile("见(?:下|附)表[:：。]?$|单位名称")
_TABLE_HEAD = re.compile(
    "序号|单位名称|单位性质|经费(?:性质|形式)|备注|序号.{0,12}单位名称.{0,12}|序号(?:预算)?单位(?:性质|备注)?"
)
_PAGE_NUMBER = re.compile("[-—–－]\\d{1,3}[-—–－]")
# What the column of changes (拟变动情况) says behind a flattened name.
_NO_CHANGE = re.compile("无(?:变动|变化|调整)?$")
# Two names run together: the old one and the new.
_TWICE = re.compile(
    r"(?P<place>[一-龥]{2,3}[省市区县])[一-龥]+(?:局|处|中心|总?队|站|所|院|馆|办公室)(?P=place)"
)
_SETUP = re.compile("机构(?:设置|编制)(?:情况)?$")
_NAME_HEADER = re.compile("(?:预算|下属|所属|基层|二级)*单位(?:名称|全称)")
_MONEY_HEADER = re.compile("合计|预算数|决算数|金额|支出|收入|万元|项目|数量")


def _pieces(text: str) -> list[str]:
    """``text`` split at the separators of a list, brackets left whole, and at enumerators: （一）…（二）…"""
    text = _INLINE_NUMBER.sub("、", text)
    pieces, depth, begin = [], 0, 0
    balanced = len(re.findall("[（(]", text)) == len(re.findall("[）)]", text))
    for index, character in enumerate(text):
        if character in "（(":
            depth += 1
        elif character in "）)":
            depth = max(0, depth - 1)
        elif character in "、，,；;：:。" and (depth == 0 or (not balanced and text[index - 1] in "）)")):
            pieces.append(text[begin:index])
            begin, depth = index + 1, 0
    pieces.append(text[begin:])
    return [inner for piece in pieces if piece for inner in _opened(piece)]


def _opened(piece: str) -> list[str]:
    """A list in brackets behind the word for what it lists: 5个事业单位（甲中心、乙中心）."""
    match = _BRACKETED_LIST.search(piece)
    if match is None:
        return [piece]
    return [piece[: match.start("list") - 1], *re.split("[、，,；;]", match["list"])]


def _unquoted(text: str) -> str:
    """``text`` without quotation marks around it; those around a part of it (“情指行”中心) stay."""
    text = text.strip("* ")
    bare = text.strip('“”" ')
    return text if ("”" in bare and "“" not in bare) or ("“" in bare and "”" not in bare) else bare


def _name(piece: str) -> str | None:
    """The organisation that a list's ``piece`` names, or ``None``."""
    text = ENUMERATOR.sub("", piece, count=1) if ENUMERATOR.match(piece) else piece
    text = _LEAD_WORDS.sub("", _unquoted(text))
    text = _ASIDE.sub(lambda aside: aside.group() if _SECOND_NAME.fullmatch(aside.group()) else "", text)
    text = _NO_CHANGE.sub("", _COUNTED_TAIL.sub("", text))
    text = _unquoted(re.sub(r"的?(?:预算|决算)(?:收支)?(?:情况)?$", "", _LIST_TAIL.sub("", text)))
    core = re.sub(r"(?:[（(][^（()）]*[）)])+$", "", text)
    if not 2 <= len(core) <= 45 or len(text) > 90:
        return None
    if _GENERIC.match(core) or _NOT_AN_ORGANISATION.search(core) or _TWICE.match(core):
        return None
    return text if ORGANISATION.search(core) else None


def _names(piece: str) -> list[str]:
    """The organisations that ``piece`` names, also two that 和 or 及 joins."""
    for match in re.finditer("以及|和|及|与", piece):
        if piece.count("（", 0, match.start()) > piece.count("）", 0, match.start()):
            continue
        left, right = _name(piece[: match.start()]), _name(piece[match.end() :])
        if (
            left is not None
            and right is not None
            and _PLACE.search(left)
            and right.endswith(("处", "科", "室"))
        ):
            continue  # 建筑市场和招标监管处: one division
        if right is not None and (left is not None or re.search(_COUNT, piece[: match.start()])):
            return [*([left] if left is not None else []), right]
        if left is not None and re.match(r"\s*\d", piece[match.end() :]):
            return [left]
    name = _name(piece)
    return [name] if name is not None else []


def _located(paragraph: Paragraph, name: str, start: int, end: int) -> Source:
    """The sentence from ``start`` to ``end`` as quote, at the place where ``name`` stands in it."""
    found = paragraph.text.find(name, start)
    place = paragraph.place_at(found if found >= 0 else start)
    quote = source_at(paragraph, start, end).quote
    return Source(quote, place.page, place.line, place.box, place.part)


def _first_trigger(sentence: str, position: int) -> tuple[str, re.Match[str]] | None:
    found = [
        (match.start(), relation, match)
        for relation, pattern in _TRIGGERS
        if (match := pattern.search(sentence, position)) is not None
    ]
    if not found:
        return None
    _, relation, match = min(found, key=lambda entry: entry[0])
    return relation, match


def _last_trigger(sentence: str, position: int) -> tuple[str, re.Match[str]] | None:
    last: tuple[str, re.Match[str]] | None = None
    while (following := _first_trigger(sentence, position)) is not None:
        last, position = following, following[1].end()
    return last


def _in_sentence(paragraph: Paragraph, start: int, end: int) -> list[OrganizationUnit]:
    """Units listed in one sentence of ``paragraph``; a second lead-in may change the relation."""
    sentence = paragraph.text[start:end]
    result: list[OrganizationUnit] = []
    position = 0
    while (trigger := _first_trigger(sentence, position)) is not None:
        relation, match = trigger
        following = _first_trigger(sentence, match.end())
        stop = following[1].start() if following else len(sentence)
        listed = sentence[match.end() : stop]
        pieces = _pieces(listed)
        names = [name for piece in pieces for name in _names(piece)]
        if _NEGATED.search(sentence[: match.start()]) or any(_ONLY_KINDS.search(piece) for piece in pieces):
            names = []
        if len(names) >= 3 and relation == _SUBORDINATE:
            divisions = sum(1 for name in names if _DIVISION_NAME.search(name) and len(name) <= 12)
            if divisions * 10 >= len(names) * 8 and not re.search("[省市县区州]", "".join(names)):
                relation = _DIVISION
        result += [OrganizationUnit(name, relation, _located(paragraph, name, start, end)) for name in names]
        position = match.end()
    return result


def _sentences(text: str) -> list[tuple[int, int]]:
    """Sentences of ``text``; a full stop before the next number of a list ends none."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in re.finditer("。", text):
        behind = text[match.end() :]
        if re.match(r"\d{1,2}[.、．]|(?:分别|具体|包括)", behind):
            continue
        spans.append((begin, match.end()))
        begin = match.end()
    if begin < len(text):
        spans.append((begin, len(text)))
    return spans


def _bare_list(paragraph: Paragraph) -> list[OrganizationUnit]:
    """Divisions in a paragraph below 机构设置 that is nothing but a list of names."""
    text = paragraph.text
    names = [_name(piece) for piece in _pieces(text)]
    if len(names) < 2 or None in names:
        return []
    return [
        OrganizationUnit(name, _DIVISION, _located(paragraph, name, 0, len(text))) for name in names if name
    ]


def _names_only_kinds(text: str) -> bool:
    """Whether ``text`` ends with kinds of units (局机关预算、局属事业单位预算。), whose names then follow."""
    return _ONLY_KINDS.search(text.rstrip("。")) is not None


def _listed_below(paragraphs: list[Paragraph], index: int, relation: str) -> list[OrganizationUnit]:
    """Units in the numbered paragraphs, or the flattened table, that follow ``paragraphs[index]``."""
    following = [other for other in paragraphs[index + 1 :] if not _PAGE_NUMBER.fullmatch(other.text)]
    head = bool(following) and _is_table_head(following[0])
    tabled = head or _TABLE_FOLLOWS.search(paragraphs[index].text) is not None
    if tabled:
        following = _table_rows(following)
    result: list[OrganizationUnit] = []
    for paragraph in following:
        text = paragraph.text
        numbered = re.match(rf"(?:{ENUMERATOR.pattern}|\d{{1,3}})\s*", text)
        if text.startswith("第") or paragraph.heading is not None:
            break
        if numbered is None:
            # The second line of a long name.
            if not result or len(text) > 30 or not re.match("[（(]", text) or not ORGANISATION.search(text):
                break
            result.append(replace(last := result.pop(), unit=last.unit + text))
            continue
        name = _name(re.split("[。：:；;，,]", text[numbered.end() :])[0])
        if name is not None:
            result.append(OrganizationUnit(name, relation, source_at(paragraph, 0, len(text))))
        elif not tabled:
            break
    return result


def _is_table_head(paragraph: Paragraph) -> bool:
    return _TABLE_HEAD.fullmatch(paragraph.text) is not None


def _table_rows(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """The rows of a table flattened to one cell or line a paragraph, each beginning with its number.

    A wrapped name goes on as long as that makes it a name.
    """
    rows: list[Paragraph] = []
    for paragraph in paragraphs:
        text = paragraph.text
        if _is_table_head(paragraph):
            continue
        number = len(rows) + 1
        if re.match(rf"{number}(?!\d)|[（(]{_NUMERALS[number] if number < 10 else number}[）)]", text):
            rows.append(paragraph)
            continue
        if not rows or len(text) > 40 or ENUMERATOR.match(text):
            break
        named = rows[-1].text.removeprefix(str(len(rows)))
        if _name(named) is not None and _name(named + text) is None:
            break
        rows.append(Paragraph((*rows.pop().runs, *paragraph.runs)))
    return rows


def _in_table(table: Table) -> list[OrganizationUnit]:
    """Units of a table whose column 单位名称 stands beside no amounts."""
    rows = table.grid()
    for head, row in enumerate(rows[:3]):
        titles = [tidy(cell.text) if cell else "" for cell in row]
        columns = [i for i, title in enumerate(titles) if _NAME_HEADER.fullmatch(title)]
        if not columns or any(_MONEY_HEADER.search(title) for title in titles):
            continue
        result: list[OrganizationUnit] = []
        for line in rows[head + 1 :]:
            if sum(1 for other in line if other and re.search(r"\d\.\d\d$", other.text.strip())) > 1:
                return []  # amounts by unit
            cell = line[columns[0]]
            name = _name(tidy(cell.text)) if cell else None
            if cell is not None and name is not None:
                place = cell.place
                source = Source(name, place.page, place.line, place.box, place.part)
                result.append(OrganizationUnit(name, _SUBORDINATE, source))
        return result
    return []


def _distinct(units: list[OrganizationUnit]) -> tuple[OrganizationUnit, ...]:
    """Each unit once per relation; a short 局本级 is dropped beside the full name that ends with it."""
    found: dict[tuple[str, str], OrganizationUnit] = {}
    for unit in units:
        key = (re.sub(r"[（(](本级|机关|本部)[）)]", r"\1", unit.unit), unit.relation)
        # A sentence says 某某局本级决算, the list of the same units 某某局（本级）: its official name.
        if key not in found or (found[key].unit == key[0] and unit.unit != key[0]):
            found[key] = unit
    result = list(found.values())
    return tuple(
        unit
        for unit in result
        if not re.fullmatch("[局厅部委办院]?(?:本级|机关|本部)", unit.unit)
        or not any(other is not unit and other.unit.endswith(unit.unit) for other in result)
    )


def recognise_units(document: Document) -> tuple[OrganizationUnit, ...]:
    """The units that the document names as covered or as its own divisions, in reading order."""
    units: list[OrganizationUnit] = []
    paragraphs = logical_paragraphs(document)
    for index, (paragraph, defines) in enumerate(zip(paragraphs, in_glossary(paragraphs), strict=True)):
        text = paragraph.text
        if defines:
            continue
        for start, end in _sentences(text):
            units += _in_sentence(paragraph, start, end)
        if index and _SETUP.search(paragraphs[index - 1].text):
            units += _bare_list(paragraph)
        if _LIST_FOLLOWS.search(text) or _names_only_kinds(text):
            trigger = _last_trigger(text, max(0, len(text) - 120))
            if trigger is not None or _is_table_head(paragraph):
                relation = trigger[0] if trigger else _SUBORDINATE
                units += _listed_below(paragraphs, index, relation)
    for table in document.tables:
        units += _in_table(table)
    return _distinct(units)
