"""Performance forms in flattened text: one printed line a paragraph, cells wrapped, rules gone.

What is left of a table is the order of its words. Rows are found by their figures: a line that ends
in as many figures as the header has columns of figures closes a row. The words between two such
lines are the wrapped cells; where one ends and the next begins is taken from their beginnings (≥95%),
from a target and a result of equal words, from the spacing of the lines, and from the width to which
the name's lines are filled. Where these do not decide, target and result stay empty.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, pairwise, takewhile

from fiscalgraph.extract.document import Cell, Document, Paragraph, Table
from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_flattened_header import fund_header
from fiscalgraph.extract.recognise.performance_flattened_indicators import header_line, read_indicators
from fiscalgraph.extract.recognise.performance_flattened_lines import Line, lines_of
from fiscalgraph.extract.recognise.performance_flattened_notes import ends_block, label_at
from fiscalgraph.extract.recognise.performance_forms import Form
from fiscalgraph.extract.recognise.performance_funds import FundDraft
from fiscalgraph.extract.recognise.performance_vocabulary import (
    FundColumn,
    Label,
    ListColumn,
    fold,
    fund_source,
    is_nothing,
    is_total_fund,
    label_of,
    leading_levels,
    list_column,
    money_unit,
    title_of,
)

__all__ = ["flattened_forms"]

_LONGEST_FORM = 600  # lines; what runs on longer has lost its end
_TITLE_LINES = 6  # printed lines above a form that may hold its title
_LONGEST_SOURCE = 20  # characters of a fund row's name; what is longer is some other table's words
_LONGEST_HEAD = 80  # lines from 项目名称：… to the indicators
_LONGEST_NAME = 100  # characters of a project's name
_LABEL_PIECES = 6  # printed lines a wrapped label may take
_LONGEST_HEADER = 24  # printed lines of one indicator header
_WHOLE_TITLE = re.compile(
    r"(?:20\d\d年度?|附件\d{0,2}(?!\d)[:：]?|^)(?P<name>[^\d，。；：:]{0,40}整体(?:支出)?)(?:项目)?绩效(?:自评|目标|评价)"
)
_YEAR_LINE = re.compile(r"[(（]?20\d\d年度?[)）]?")
_FIRST_LEVEL = "一级指标"
_HEADER_START = re.compile(r"一级指标(?:二级指标)?三级指标|一级指标二级指标|三级指标")
_WEIGHT = re.compile(r"(?:执行率分值|预算执行情况(?:\((?:亿|百万|千|万)?元\))?)\((\d+(?:\.\d+)?)分?\)")
_MONEY = re.compile("资金|拨款|结转|结余|收入|支出|总额|合计|预算|经费|专户|自筹|贷款|债|补助|捐赠|其他")
_LEVEL_FUNDS = re.compile(
    "(?:中央|省|自治区|市|区|县|市县|区县|地方|本|上)级?(?:财政)?(?:专项|补助|配套)?(?:资金|拨款)"
)
_AMOUNT = re.compile(r"\d[\d,]*\.\d+")
_OPEN_FIGURE = re.compile(r"\d[\d,]*\.")
_SCORE_NOTE = re.compile(r"\(\d+分[*×]执行率\)")


def flattened_forms(document: Document) -> list[Form]:
    """The performance forms among a document's lines: of tables that were flattened.

    No form goes on behind a table that was not.
    """
    lines = list(lines_of(document))
    tables = [block for block, item in enumerate(document.blocks) if isinstance(item, Table)]
    forms: list[Form] = []
    for _, stretch in groupby(lines, lambda line: bisect(tables, line.block)):
        forms += _forms_of(list(stretch))
    return forms


def _forms_of(lines: Sequence[Line]) -> list[Form]:
    lines = [_parted_labels(line) for line in lines]
    starts = [start for start in range(len(lines)) if _starts_form(lines, start)]
    forms = []
    for start, after in pairwise([*starts, len(lines)]):
        end = min(_title_above(lines, after, start), start + _LONGEST_FORM)
        form = _read_form(lines[start:end], lines[max(0, start - _TITLE_LINES) : start])
        if form is not None and form.filled_in and _is_name(form.name):
            forms.append(form)
    return forms


def _parted_labels(line: Line) -> Line:
    """A line whose words 项目名称：河道巡查 are two: the label, and what stands behind it."""
    tokens: list[str] = []
    for token in line.tokens:
        label, colon, value = token.replace(":", "：").partition("：")
        parted = bool(value) and label_of(label) in (Label.PROJECT, Label.DEPARTMENT, Label.UNIT)
        tokens += [label, token[len(label + colon) :]] if parted else [token]
    return replace(line, tokens=tuple(tokens))


def _is_name(text: str | None) -> bool:
    """Whether a text can be a project's name; behind a label out of its place stand other words."""
    if text is None or len(text) > _LONGEST_NAME or leading_levels(text) is not None:
        return False
    return not text.endswith((":", "：")) and label_of(text) is None


def _title_above(lines: Sequence[Line], start: int, floor: int) -> int:
    """Where the title begins that stands above the form beginning at ``start``; ``start`` if none does."""
    if start == len(lines):
        return start
    near = range(max(floor + 1, start - _TITLE_LINES), start)
    for size in (1, 2):  # lines a title may be wrapped over
        for at in near:
            if title_of("".join(line.text for line in lines[at : at + size])) is not None:
                return at
    return start


def _starts_form(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is the first of a form: 项目名称 and its value, or 单位名称 below 部门整体绩效自评表."""
    tokens = [token for line in lines[at : at + _LABEL_PIECES] for token in line.tokens]
    size, label = label_at(tokens[:_LABEL_PIECES])
    if label not in (Label.PROJECT, Label.BODY) or tokens[size - 1].endswith((":", "：")):
        return False
    if size == len(tokens) or label_at(tokens[size : size + _LABEL_PIECES])[1] is not None:
        return False  # a label alone: a value must follow
    above = "".join(line.text for line in lines[max(0, at - _TITLE_LINES) : at])
    ahead = "".join(line.text for line in lines[at : at + _LONGEST_FORM // 2])
    if "：" in lines[at].paragraph.text or ":" in lines[at].paragraph.text:
        # A report's cover prints 项目名称：… too: its tables stand below headings.
        header = header_line(lines[at : at + _LONGEST_HEAD], 0)
        if header is None or any(ends_block(line) for line in lines[at + 1 : at + header]):
            return False
    titled = "绩效" in above or "自评表" in above or "目标表" in above
    return titled and "三级指标" in ahead and (label is Label.PROJECT or "整体" in above)


@dataclass
class _Part:
    """A label and the tokens printed after it."""

    label: Label | None
    tokens: list[tuple[str, Line]]


def _read_form(lines: Sequence[Line], above: Sequence[Line]) -> Form | None:
    header_at = header_line(lines, 0)
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
        scope="department" if whole or "部门整体" in name else "project",
    )
    form.department = body if whole else None
    form.unit = next((unit for line in above if (unit := money_unit(line.text, caption=True))), None)
    form.blocks.update(line.block for line in lines[:header_at])
    for part in parts:
        value = "".join(takewhile(_names_body, (token for token, _ in part.tokens)))
        if part.label is Label.DEPARTMENT:
            form.department = form.department or value or None
        elif part.label is Label.UNIT:
            form.implementing_unit = form.implementing_unit or value or None
        elif part.label is Label.FUNDS:
            _read_funds(part, form)
    if form.evaluated:
        _place_lone_amounts(form.funds)
    titles = {fold(line.text) for line in above if title_of(line.text) is not None}
    read_indicators(lines, header_at, form, titles)
    return form


def _evaluated_whole(above: Sequence[Line]) -> str | None:
    """What the title above a form on a whole department calls it: 某某局部门整体支出 of …绩效自评表."""
    found = list(_WHOLE_TITLE.finditer("".join(line.text for line in above)))
    return found[-1]["name"] if found else None


def _parts(lines: Sequence[Line]) -> Iterator[_Part]:
    """The head of a form cut at its labels; labels may be wrapped over lines, values too."""
    tokens = [(token, line) for line in lines for token in line.tokens]
    part = _Part(None, [])
    at = 0
    while at < len(tokens):
        size, label = label_at([token for token, _ in tokens[at : at + _LABEL_PIECES]])
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
            if all(_names_source(token) for token, _ in words):
                form.funds += [_source(token, line) for token, line in words]
            continue
        name, roles, blank = _fund_name(words, roles)
        form.funds += [_source(token, line) for token, line in blank]
        words = []
        if name is None or len(name[0]) > _LONGEST_SOURCE or (not roles and not _is_source(name[0], figures)):
            continue
        fund = _source(*name)
        figures = _unwrapped(figures, len(roles)) if roles else figures
        amounts = [printed_figure(figure) if is_figure(figure) else None for figure in figures]
        if len(figures) == 1 and not roles:
            fund.budget_initial = amounts[0]
        elif len(figures) == len(roles):
            for role, amount in zip(roles, amounts, strict=True):
                if role is not FundColumn.IGNORED:
                    setattr(fund, role.value, amount)
        form.funds.append(fund)
    form.evaluated = form.evaluated or FundColumn.EXECUTED in roles
    text = fold("".join(token for token, _ in part.tokens))
    found = _WEIGHT.search(text)
    totals = [fund for fund in form.funds if fund.total]
    if totals and totals[0].weight is None and found:
        totals[0].weight = found.group(1)


def _is_source(name: str, figures: Sequence[str]) -> bool:
    """Whether a lone amount below no header stands behind a source of money."""
    return len(figures) == 1 and _MONEY.search(name) is not None and "其中" not in name[2:]


def _source(name: str, line: Line) -> FundDraft:
    source = fund_source(name)
    return FundDraft(source, _cell(line.paragraph, name), line.block, total=is_total_fund(source))


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
) -> tuple[tuple[str, Line] | None, list[FundColumn], list[tuple[str, Line]]]:
    """The source's name among the words before its figures, the header they hold, sources without figures."""
    tokens = [token for token, _ in words]
    label, _ = label_at(tokens[:_LABEL_PIECES])  # the block's own, below amounts printed above it
    for start in dict.fromkeys((label, 0)):
        size, named = fund_header(tokens[start:])
        if size:
            roles = [role for role in named if role is not FundColumn.SOURCE]
            words = words[start + size :]
            break
    blank = list(takewhile(lambda word: _names_source(word[0]), words[:-1]))
    rest = "".join(token for token, _ in words[len(blank) :])
    if not _names_source(rest) and not is_total_fund(fund_source(rest)):
        blank = []  # the words of one name, wrapped
    words = words[len(blank) :]
    text = _WEIGHT.sub("", _SCORE_NOTE.sub("", fold("".join(token for token, _ in words))))
    if not text or not words:
        return None, roles, blank
    first = next((line for token, line in words if fold(token)[:2] in text[:4]), words[-1][1])
    return (text, first), roles, blank


def _names_body(token: str) -> bool:
    """Whether a word can be (part of) the name of a body: no amount, no source of money."""
    return not (_AMOUNT.fullmatch(token) or _names_source(token) or is_total_fund(fund_source(token)))


def _names_source(token: str) -> bool:
    """Whether a word by itself is the whole name of a source of money."""
    source = fund_source(fold(token))
    return list_column(source) is ListColumn.FUND or _LEVEL_FUNDS.fullmatch(source) is not None
