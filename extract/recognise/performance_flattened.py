"""Performance forms in flattened text: one printed line a paragraph, cells wrapped, rules gone.

What is left of a table is the order of its words. Rows are found by their figures: a line that ends
in as many figures as the header has columns of figures closes a row. The words between two such
lines are the wrapped cells; where one ends and the next begins is taken from their beginnings (≥95%),
from a target and a result of equal words, from the spacing of the lines, and from the width to which
the name's lines are filled. Where these do not decide, target and result stay empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from fiscalgraph.extract.document import Cell, Document, Paragraph
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_flattened_lines import PAGE_NUMBER, Line, lines_of
from fiscalgraph.extract.recognise.performance_flattened_rows import RowReader
from fiscalgraph.extract.recognise.performance_forms import Form
from fiscalgraph.extract.recognise.performance_funds import FundDraft
from fiscalgraph.extract.recognise.performance_vocabulary import (
    FundColumn,
    IndicatorColumn,
    Label,
    fold,
    fund_source,
    is_group_label,
    is_nothing,
    is_total_fund,
    label_of,
    money_unit,
    title_of,
)

__all__ = ["flattened_forms"]

_LONGEST_FORM = 600  # lines; what runs on longer has lost its end
_LONGEST_SOURCE = 20  # characters of a fund row's name; what is longer is some other table's words
_LABEL_PIECES = 4  # printed lines a wrapped label may take
_CHAPTER = re.compile(
    r"第[一二三四五六七八九十]+(?:部分|章)|附件\d*|[一二三四五六七八九十]+、.*|（[一二三四五六七八九十]+）.*"
)
_WHOLE_TITLE = re.compile(
    r"(?:20\d\d年度?|附件\d{0,2}(?!\d)[:：]?|^)(?P<name>[^\d，。；：:]{0,40}整体(?:支出)?)(?:项目)?绩效(?:自评|目标|评价)"
)
_NOTED = (Label.PROBLEM, Label.SHORTFALL, Label.MEASURE)
_YEAR_LINE = re.compile(r"[(（]?20\d\d年度?[)）]?")
_REMARKS = {"备注", "备注:", "备注："}
_HEADER_START = re.compile(r"一级指标(?:二级指标)?三级指标|一级指标二级指标|三级指标")
_FUND_WORDS: tuple[tuple[FundColumn, str], ...] = (
    (FundColumn.INITIAL, "年初预算数"),
    (FundColumn.FULL, r"全年预算数(?:\(A\))?|调整后预算数|预算数\(A\)"),
    (FundColumn.EXECUTED, r"(?:全年)?执行数(?:\(B\))?|实际支出数"),
    (FundColumn.RATE, r"执行率(?:\(B/A\))?"),
    (FundColumn.SCORE, "得分"),
    (FundColumn.WEIGHT, "分值"),
)
_WEIGHT = re.compile(r"(?:执行率分值|预算执行情况(?:\((?:万元|元)\))?)\((\d+(?:\.\d+)?)分?\)")
_OPEN_FIGURE = re.compile(r"\d[\d,]*\.")
_SCORE_NOTE = re.compile(r"\(\d+分\*执行率\)")
_FUND_HEADER = re.compile("|".join(f"(?P<{role.name}>{words})" for role, words in _FUND_WORDS))
_COLUMN_WORDS: tuple[tuple[IndicatorColumn, str], ...] = (
    (IndicatorColumn.LEVEL1, "一级指标"),
    (IndicatorColumn.LEVEL2, "二级指标"),
    (IndicatorColumn.LEVEL3, "三级指标"),
    (IndicatorColumn.ACTUAL, r"(?:全年)?实际完成(?:值|情况)(?:\(B\))?"),
    (IndicatorColumn.TARGET, r"(?:年度|年初|预期|计划)?(?:绩效)?(?:指标|目标)值(?:\(A\))?"),
    (IndicatorColumn.REASON, r"(?:偏差|未完成)原因(?:分析)?(?:及改进措施)?"),
    (IndicatorColumn.SCORE, "得分"),
    (IndicatorColumn.WEIGHT, r"(?:指标)?分值(?:权重)?(?:\(\d+\))?|权重"),
)
_INDICATOR_HEADER = re.compile("|".join(f"(?P<{role.name}>{words})" for role, words in _COLUMN_WORDS))


def flattened_forms(document: Document) -> list[Form]:
    """The performance forms of a document whose tables were flattened to lines."""
    lines = list(lines_of(document))
    starts = [start for start in range(len(lines)) if _starts_form(lines, start)]
    forms = []
    for start, after in pairwise([*starts, len(lines)]):
        form = _read_form(lines[start : min(after, start + _LONGEST_FORM)], lines[max(0, start - 6) : start])
        if form is not None and form.filled_in:
            forms.append(form)
    return forms


def _starts_form(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is the first of a form: 项目名称 and its value, or 单位名称 below 部门整体绩效自评表."""
    tokens = [token for line in lines[at : at + _LABEL_PIECES] for token in line.tokens]
    size, label = _label_at(tokens[:_LABEL_PIECES])
    if label not in (Label.PROJECT, Label.BODY) or tokens[size - 1].endswith((":", "：")):
        return False
    if size == len(tokens) or _label_at(tokens[size : size + _LABEL_PIECES])[1] is not None:
        return False  # a label alone: a value must follow
    above = "".join(line.text for line in lines[max(0, at - 6) : at])
    ahead = "".join(line.text for line in lines[at : at + _LONGEST_FORM // 2])
    titled = "绩效" in above or "自评表" in above or "目标表" in above
    return titled and "三级指标" in ahead and (label is Label.PROJECT or "整体" in above)


@dataclass
class _Part:
    """A label and the tokens printed after it."""

    label: Label | None
    tokens: list[tuple[str, Line]]


def _read_form(lines: Sequence[Line], above: Sequence[Line]) -> Form | None:
    header_at = _header_line(lines, 0)
    if header_at is None:
        return None
    parts = list(_parts(lines[:header_at]))
    first = next((part for part in parts if part.label in (Label.PROJECT, Label.BODY)), None)
    if first is None or not first.tokens:
        return None
    whole = first.label is Label.BODY
    body = "".join(token for token, _ in first.tokens)
    name = (_evaluated_whole(above) if whole else None) or body
    form = Form(
        name=name,
        name_cell=_cell(first.tokens[0][1].paragraph, name),
        scope="department" if whole else "project",
    )
    form.department = body if whole else None
    form.unit = next((unit for line in above if (unit := money_unit(line.text, caption=True))), None)
    form.blocks.update(line.block for line in lines[:header_at])
    for part in parts:
        value = "".join(token for token, _ in part.tokens)
        if part.label is Label.DEPARTMENT:
            form.department = form.department or value or None
        elif part.label is Label.UNIT:
            form.implementing_unit = form.implementing_unit or value or None
        elif part.label is Label.FUNDS:
            _read_funds(part, form)
    if form.evaluated:
        _place_lone_amounts(form.funds)
    titles = {fold(line.text) for line in above if title_of(line.text) is not None}
    _read_indicators(lines, header_at, form, titles)
    return form


def _evaluated_whole(above: Sequence[Line]) -> str | None:
    """What the title above a form on a whole department calls it: 某某局部门整体支出 of …绩效自评表."""
    found = list(_WHOLE_TITLE.finditer("".join(line.text for line in above)))
    return found[-1]["name"] if found else None


def _header_line(lines: Sequence[Line], start: int) -> int | None:
    """The line at which the indicator header begins: 一级指标 … 三级指标, perhaps one syllable a line."""
    for at in range(start, len(lines)):
        first = _without_group(lines[at])
        if not first.startswith(("一级", "二级", "三级")):
            continue
        text = fold(first + "".join(line.text for line in lines[at + 1 : at + 8]))
        if _HEADER_START.match(text):
            return at
    return None


def _without_group(line: Line) -> str:
    """A header line's text without the label printed beside the block (绩效指标 一级指标 …)."""
    grouped = len(line.tokens) > 1 and is_group_label(line.tokens[0])
    return "".join(line.tokens[1:] if grouped else line.tokens)


def _parts(lines: Sequence[Line]) -> Iterator[_Part]:
    """The head of a form cut at its labels; labels may be wrapped over lines, values too."""
    tokens = [(token, line) for line in lines for token in line.tokens]
    part = _Part(None, [])
    at = 0
    while at < len(tokens):
        size, label = _label_at([token for token, _ in tokens[at : at + _LABEL_PIECES]])
        if label is None or label is part.label is Label.FUNDS:
            part.tokens.append(tokens[at])
            at += 1
            continue
        yield part
        part = _Part(label, [])
        if label is Label.FUNDS:  # the label itself may print the unit and the weight
            part.tokens.append(("".join(token for token, _ in tokens[at : at + size]), tokens[at][1]))
        at += size
    yield part


def _label_at(tokens: Sequence[str], widest: int = 8) -> tuple[int, Label | None]:
    """The longest label that the next tokens spell, none of more than ``widest`` characters."""
    for size in range(len(tokens), 0, -1):
        if any(is_figure(token) for token in tokens[:size]):
            continue
        if size > 1 and any(len(token) > widest for token in tokens[:size]):
            continue
        text = "".join(tokens[:size])
        label = label_of(text)
        if label is not None and not is_total_fund(text):
            return size, label
    return 0, None


def _cell(paragraph: Paragraph, text: str) -> Cell:
    return Cell(text, 0, 0, place=paragraph.place)


def _read_funds(part: _Part, form: Form) -> None:
    """Fund rows: words, then figures. Words before the first figures that name columns are the header."""
    words: list[tuple[str, Line]] = []
    roles: list[FundColumn] = []
    form.unit = money_unit(part.tokens[0][0]) or form.unit
    named = len(part.tokens) > 1 and is_figure(part.tokens[1][0])  # the label is itself a source
    for run, figures in _runs(part.tokens if named else part.tokens[1:]):
        words.extend(run)
        form.unit = next((unit for token, _ in run if (unit := money_unit(token))), None) or form.unit
        if not figures:
            continue
        name, roles = _fund_name(words, roles)
        words = []
        if name is None or len(name[0]) > _LONGEST_SOURCE or (len(figures) > 1 and not roles):
            continue
        source, at = fund_source(name[0]), name[1]
        fund = FundDraft(source, _cell(at.paragraph, name[0]), at.block, total=is_total_fund(source))
        figures = _unwrapped(figures, len(roles)) if roles else figures
        amounts = [printed_figure(figure) if is_figure(figure) else None for figure in figures]
        if len(figures) == 1 and not roles:
            fund.budget_initial = amounts[0]
        elif len(figures) == len(roles):
            for role, amount in zip(roles, amounts, strict=True):
                setattr(fund, role.value, amount)
        form.funds.append(fund)
    form.evaluated = form.evaluated or FundColumn.EXECUTED in roles
    text = fold("".join(token for token, _ in part.tokens))
    found = _WEIGHT.search(text)
    totals = [fund for fund in form.funds if fund.total]
    if totals and totals[0].weight is None and found:
        totals[0].weight = found.group(1)


def _place_lone_amounts(funds: Sequence[FundDraft]) -> None:
    """Amounts printed above the columns (基本支出总额, 项目支出总额): their sum says which they are.

    Beside columns for the budget and what was spent, an amount that names neither is left out unless the
    sum of all such amounts is the total of just one of them.
    """
    total = next((fund for fund in funds if fund.total and fund.executed is not None), None)
    lone = [fund for fund in funds if not fund.total and fund.executed is None and fund.budget_initial]
    if total is None or not lone:
        return
    amounts = [fund.budget_initial or "" for fund in lone]
    added = sum(map(Decimal, amounts))
    columns = [
        role
        for role in ("budget_initial", "budget_full", "executed")
        if (stated := getattr(total, role)) is not None and Decimal(stated) == added
    ]
    for fund, amount in zip(lone, amounts, strict=True):
        fund.budget_initial = None
        if len(columns) == 1:
            setattr(fund, columns[0], amount)


def _runs(tokens: Sequence[tuple[str, Line]]) -> Iterator[tuple[list[tuple[str, Line]], list[str]]]:
    """Words and the figures printed after them, in turn; a figure wrapped (1400. / 00) is one."""
    words: list[tuple[str, Line]] = []
    figures: list[str] = []
    for token, line in tokens:
        if _OPEN_FIGURE.fullmatch(token):
            figures.append(token)
        elif figures and _carries_on(figures[-1], token):
            figures[-1] += token
        elif is_figure(token) or is_nothing(token):
            figures.append(token)
        else:
            if figures:
                yield words, figures
                words, figures = [], []
            words.append((token, line))
    yield words, figures


def _carries_on(figure: str, token: str) -> bool:
    """Whether a token is the wrapped end of a figure: 00 after 1400., .00 after 1294."""
    if _OPEN_FIGURE.fullmatch(figure):
        return token.isdecimal() and len(token) <= 2
    return "." not in figure and re.fullmatch(r"\.\d{1,2}", token) is not None and is_figure(figure)


def _unwrapped(figures: list[str], count: int) -> list[str]:
    """Figures rejoined where one too many is printed and exactly one can be a wrapped end (106.0 / 0)."""
    ends = [
        index
        for index in range(1, len(figures))
        if re.fullmatch(r"\d[\d,]*\.\d", figures[index - 1]) and re.fullmatch(r"\d", figures[index])
    ]
    if len(figures) == count + 1 and len(ends) == 1:
        at = ends[0]
        return [*figures[: at - 1], figures[at - 1] + figures[at], *figures[at + 1 :]]
    return figures


def _fund_name(
    words: Sequence[tuple[str, Line]], roles: list[FundColumn]
) -> tuple[tuple[str, Line] | None, list[FundColumn]]:
    """The source's name among the words before its figures, and the header if they hold it."""
    text = _WEIGHT.sub("", _SCORE_NOTE.sub("", fold("".join(token for token, _ in words))))
    found = list(_FUND_HEADER.finditer(text))
    named = [FundColumn[match.lastgroup] for match in found if match.lastgroup]
    if not roles and {FundColumn.FULL, FundColumn.EXECUTED, FundColumn.INITIAL} & set(named):
        roles = named
        text = text[found[-1].end() :]
    if not text or not words:
        return None, roles
    first = next((line for token, line in words if fold(token)[:2] in text[:4]), words[-1][1])
    return (text, first), roles


def _read_indicators(lines: Sequence[Line], header_at: int, form: Form, titles: set[str]) -> None:
    """Indicator rows from the header to 总分; a header printed again (next page, next goal) starts anew."""
    at: int | None = header_at
    reader: RowReader | None = None
    while at is not None:
        roles, body = _read_header(lines, at)
        if reader is None:
            reader = RowReader(roles)
        form.evaluated = form.evaluated or bool({IndicatorColumn.ACTUAL, IndicatorColumn.SCORE} & set(roles))
        following = _header_line(lines, body)
        end = following if following is not None else len(lines)
        kept: list[Line] = []
        for index in range(body, end):
            line = lines[index]
            if any(title in fold(line.text) for title in titles) or _YEAR_LINE.fullmatch(line.text):
                continue  # the form's own title, printed again on its next page
            total, behind = _total_at(lines, index)
            noted = _note_label(lines, index)[1] in _NOTED
            ends = _CHAPTER.fullmatch(line.text) or title_of(line.text) is not None or line.text in _REMARKS
            if total or noted or ends:
                figures = [token.removesuffix("分") for token in behind]
                scores = [printed_figure(figure) for figure in figures if is_figure(figure)]
                if scores and form.evaluated:
                    form.score = scores[-1]
                form.blocks.update(covered.block for covered in lines[index : index + total])
                if total or noted:
                    _read_notes(lines[index + total :], form)
                following = None
                end = index
                break
            kept.append(line)
        reader.read(kept)
        form.blocks.update(line.block for line in lines[at:end])
        at = following
    if reader is not None:
        form.indicators = reader.drafts()
        form.blocks -= reader.unread


def _total_at(lines: Sequence[Line], at: int) -> tuple[int, list[str]]:
    """How many lines the row 总分 takes and the words behind its label; 0 lines if no such row begins here.

    In a narrow cell the label is wrapped (总 / 分) and its score stands on the next line.
    """
    if label_of(lines[at].tokens[0]) is Label.TOTAL:
        return 1, list(lines[at].tokens[1:])
    label = "".join(line.text for line in lines[at : at + 2])
    score = lines[at + 2].tokens if at + 2 < len(lines) else ()
    if label_of(label) is Label.TOTAL and score and is_figure(score[-1].removesuffix("分")):
        return 3, list(score)
    return 0, []


def _read_notes(lines: Sequence[Line], form: Form) -> None:
    """Causes and measures printed below 总分: a label, perhaps wrapped, then the text up to the next."""
    at = 0
    while at < len(lines):
        size, label = _note_label(lines, at)
        if label not in _NOTED:
            if at > 0 or label is not None or _ends_notes(lines[at]):
                return
            at += 1
            continue
        start = at + size
        end = start
        while end < len(lines) and not _ends_notes(lines[end]):
            if _note_label(lines, end)[1] in _NOTED:
                break
            end += 1
        printed = [line for line in lines[start:end] if not PAGE_NUMBER.fullmatch(line.text)]
        text = "".join(line.text for line in printed)
        if text:
            form.notes.append((label, text, _cell(printed[0].paragraph, text)))
            form.blocks.update(line.block for line in lines[at:end])
        at = end


def _note_label(lines: Sequence[Line], at: int) -> tuple[int, Label | None]:
    """A label that fills one line or is wrapped in a narrow cell: 偏差大或目标未完成原 / 因分析."""
    return _label_at([line.text for line in lines[at : at + 6]], widest=12)


def _ends_notes(line: Line) -> bool:
    return _CHAPTER.fullmatch(line.text) is not None or fold(line.text).startswith(("注:", "备注:", "说明:"))


def _read_header(lines: Sequence[Line], at: int) -> tuple[list[IndicatorColumn], int]:
    """The columns a header names, and the line after it.

    The header ends where its words do: at the first line that carries none of them on.
    """
    text = ""
    best: tuple[list[IndicatorColumn], int] = ([], at + 1)
    for index in range(at, min(at + 24, len(lines))):
        text += fold(lines[index].text if index > at else _without_group(lines[at]))
        found = list(_INDICATOR_HEADER.finditer(text))
        covered = sum(len(match.group()) for match in found)
        rest = compact(re.sub(r"\(\d*分?\)", "", _INDICATOR_HEADER.sub("", text)))
        if covered and not rest:
            best = ([IndicatorColumn[match.lastgroup] for match in found if match.lastgroup], index + 1)
        if len(rest) > 12:
            break
    return best
