"""Lists of projects with goals in flattened text: one project a row, its goal's lines among the names.

Nothing parts a goal's last line from the next project's name. Where the body is printed beside every
project, both are taken only if the document prints them elsewhere too. Where bodies stand above their
projects, a name begins on an indented line, and a body's amounts must be the sums of its projects'.
What cannot be told so is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fiscalgraph.extract.document import Cell
from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.names import public_body
from fiscalgraph.extract.recognise.performance_flattened_lines import Line
from fiscalgraph.extract.recognise.performance_forms import Form
from fiscalgraph.extract.recognise.performance_funds import FundDraft
from fiscalgraph.extract.recognise.performance_vocabulary import (
    ListColumn,
    fold,
    fund_source,
    list_column,
    money_unit,
)

__all__ = ["flattened_lists"]

_HEADER_LINES = 12  # printed lines of one header
_CELL_PIECES = 4  # printed lines of one header cell
_LONGEST_GOAL = 80  # printed lines from one row to the next
_NAME_LINES = 12  # printed lines of a body's and a project's name in narrow columns
_ABOVE = 5  # printed lines above the header that may name the unit of money
_BODY_LINES = 3  # printed lines of a body's name beside the figures
_NAME = (2, 60)  # characters of a project's name
_PAGE_MARK = re.compile(r"^[-—–]\s*\d{1,3}\s*[-—–]\s*")
_AMOUNT = re.compile(r"-?\d[\d,]*\.\d{1,2}")
_UNIT_NOTE = re.compile(r"\((?:单位:)?(?:亿元|百万元|千元|万元|元)\)")
_DEPARTMENT = re.compile(r"部门名称[:：](\S+?)(?:单位[:：]|$)")
_UNITS = {"元", "千元", "万元", "百万元", "亿元"}
_ROUNDED = Decimal("0.005")  # what a printed amount may be off
_SENTENCE = re.compile("[。；;]")
_END = re.compile(r"第[一二三四五六七八九十]+(?:部分|章)|(?:公开|预算|附)?表\d+|(?:注|备注|说明)[:：]")
_SUMS = {"合计", "总计", "小计"}


@dataclass(frozen=True, slots=True)
class _Header:
    """A list's columns in printed order, and the lines of the header."""

    columns: tuple[tuple[ListColumn, str], ...]
    start: int
    stop: int

    @property
    def roles(self) -> list[ListColumn]:
        return [role for role, _ in self.columns]


@dataclass
class _Row:
    """One row: its name, the line it begins on, its amounts; a body where the header has that column."""

    body: str | None
    name: str
    first: Line
    amounts: list[str]
    described: bool = False  # lines of a goal follow
    lines: list[Line] = field(default_factory=list)


def flattened_lists(lines: Sequence[Line]) -> list[Form]:
    """The projects of every list with goals among a document's printed lines."""
    text = "".join(line.text for line in lines)
    headers = list(_headers(lines))
    forms: list[Form] = []
    at = 0
    while at < len(headers):
        header = headers[at]
        again = at + 1
        body: list[Line] = []
        stop = header.stop
        while again < len(headers) and headers[again].columns == header.columns:
            body += lines[stop : headers[again].start]
            stop = headers[again].stop
            again += 1
        body += lines[stop : headers[again].start if again < len(headers) else len(lines)]
        forms += _projects(header, body, lines[max(0, header.start - _ABOVE) : header.stop], text)
        at = again
    return forms


def _headers(lines: Sequence[Line]) -> Iterator[_Header]:
    at = 0
    while at < len(lines):
        header = _header_at(lines, at)
        if header is not None:
            yield header
            at = header.stop
        else:
            at += 1


def _header_at(lines: Sequence[Line], start: int) -> _Header | None:
    """The header whose first words stand on a line: a project's name, amounts and the goal."""
    tokens: list[str] = []
    best: _Header | None = None
    for stop in range(start, min(start + _HEADER_LINES, len(lines))):
        line = _PAGE_MARK.sub("", " ".join(lines[stop].tokens))
        tokens += line.split()
        if any(is_figure(token) for token in tokens) or len(line) > 40:
            break
        columns = _cut(tokens)
        roles = [role for role, _ in columns]
        if roles.count(ListColumn.PROJECT) == 1 and {ListColumn.GOAL, ListColumn.TOTAL} <= set(roles):
            best = _Header(tuple(columns), start, stop + 1)
    return best


def _cut(tokens: Sequence[str]) -> list[tuple[ListColumn, str]]:
    """The columns that the words of a header name; none if some word names no column."""
    best: list[list[tuple[ListColumn, str]] | None] = [[]]
    for stop in range(1, len(tokens) + 1):
        best.append(None)
        for start in range(max(0, stop - _CELL_PIECES), stop):
            before = best[start]
            text = fold("".join(tokens[start:stop]))
            role = list_column(text) if before is not None else None
            if before is None or role is None:
                continue
            found = best[stop]
            if found is None or len(before) + 1 > len(found):
                best[stop] = [*before, (role, text)]
    return best[-1] or []


def _projects(header: _Header, lines: Sequence[Line], above: Sequence[Line], text: str) -> list[Form]:
    roles = header.roles
    money = [column for column in header.columns if column[0] in (ListColumn.TOTAL, ListColumn.FUND)]
    goal = roles.index(ListColumn.GOAL)
    if set(roles) - {ListColumn.BODY, ListColumn.PROJECT, ListColumn.TOTAL, ListColumn.FUND, ListColumn.GOAL}:
        return []
    children = roles[goal + 1 :]
    figures = len(money) - (1 if children else 0)  # the sum of a lower header row is the upper word's amount
    rows = list(_rows(lines, figures, ListColumn.BODY in roles, text))
    columns: list[tuple[ListColumn, str]] | None = money
    if children:
        first = len(money) - len(children)
        columns = _under_parent(money[:first], money[first:], rows)
    elif len(money) > 1 and not all(_adds_up(row.amounts, range(1, len(money))) for row in rows):
        columns = None
    if columns is None:
        return []
    projects = _under_bodies(rows) if ListColumn.BODY not in roles else rows
    words = "".join(line.text for line in above)
    unit = next((unit for line in above if (unit := money_unit(line.text, caption=True))), None)
    unit = unit or next((unit for _, name in money if (unit := money_unit(name))), None)
    unit = unit or next((token for line in above for token in line.tokens if token in _UNITS), None)
    department = _DEPARTMENT.search(words)
    return [_form(row, columns, unit, department[1] if department else None) for row in projects]


def _form(
    row: _Row, columns: Sequence[tuple[ListColumn, str]], unit: str | None, department: str | None
) -> Form:
    form = Form(
        name=row.name,
        name_cell=Cell(row.name, 0, 0, place=row.first.paragraph.place),
        department=department,
        implementing_unit=row.body,
        unit=unit,
    )
    for (role, name), amount in zip(columns, row.amounts, strict=True):
        source = fund_source(_UNIT_NOTE.sub("", name))
        total = role is ListColumn.TOTAL
        form.funds.append(
            FundDraft(source, form.name_cell, row.first.block, budget_initial=amount, total=total)
        )
    form.blocks.update(line.block for line in row.lines)
    return form


# columns


def _adds_up(amounts: Sequence[str], parts: Sequence[int], total: int = 0) -> bool:
    added = sum((Decimal(amounts[part]) for part in parts), Decimal())
    return abs(added - Decimal(amounts[total])) <= _ROUNDED * (len(parts) + 1)


def _under_parent(
    upper: Sequence[tuple[ListColumn, str]], lower: Sequence[tuple[ListColumn, str]], rows: Sequence[_Row]
) -> list[tuple[ListColumn, str]] | None:
    """The columns in the order of their figures: the lower header row's words stand under one upper word.

    They are its parts, the first its sum (合计); every row's figures must add up so and for one word only.
    """
    if (
        not rows
        or lower[0][0] is not ListColumn.TOTAL
        or any(role is ListColumn.TOTAL for role, _ in lower[1:])
    ):
        return None
    found = []
    for parent in range(1, len(upper)):
        inner = range(parent + 1, parent + len(lower))
        outer = [*range(1, parent + 1), *range(inner.stop, len(upper) + len(lower) - 1)]
        if all(_adds_up(row.amounts, inner, parent) and _adds_up(row.amounts, outer) for row in rows):
            found.append([*upper[: parent + 1], *lower[1:], *upper[parent + 1 :]])
    return found[0] if len(found) == 1 else None


# rows


def _rows(lines: Sequence[Line], count: int, bodies: bool, text: str) -> Iterator[_Row]:
    """The rows of a list, until its end or until no further row is found."""
    waiting: list[Line] = []  # since the last row's figures
    last: _Row | None = None
    for line in lines:
        if _END.match(_PAGE_MARK.sub("", line.text)) or len(waiting) > _LONGEST_GOAL:
            break
        at = _figures_at(line.tokens, count)
        if at is None:
            if sum(1 for token in line.tokens if _AMOUNT.fullmatch(token)) > count:
                break  # the rows of another table
            waiting.append(line)
            continue
        behind = [Line(line.tokens[at + count :], line.block, line.paragraph, False)]
        amounts = [printed_figure(token) for token in line.tokens[at : at + count]]
        head = Line(line.tokens[:at], line.block, line.paragraph, line.gap)
        row, rest = _row([*waiting, head], amounts, bodies, text)
        if last is not None:
            last.described = bool(rest) or row is None
            last.lines += [line for line in rest if row is not None]
        if row is not None:
            row.lines = [*waiting[len(rest) :], line]
            yield row
        last = row
        waiting = behind if behind[0].tokens else []
    if last is not None:
        last.described = bool(waiting)


def _figures_at(tokens: Sequence[str], count: int) -> int | None:
    """Where a line's only run of figures begins that has as many as the list has columns of them."""
    runs = [
        start
        for start in range(len(tokens) - count + 1)
        if all(_AMOUNT.fullmatch(token) for token in tokens[start : start + count])
    ]
    return runs[0] if len(runs) == 1 else None


def _row(
    waiting: Sequence[Line], amounts: list[str], bodies: bool, text: str
) -> tuple[_Row | None, list[Line]]:
    """The row that ends with the figures, and the lines above it, which are the last row's goal."""
    if not bodies:
        return _indented(waiting, amounts, text)
    beside = _beside_goal(waiting, amounts, text)
    if beside is not None:
        return beside, list(waiting[:-2])
    for start in range(max(0, len(waiting) - _NAME_LINES), len(waiting)):
        for offset in range(len(waiting[start].tokens)):
            named = _divided(_words(waiting[start:])[offset:], text)
            if named is not None:
                return _Row(*named, waiting[start], amounts), list(waiting[:start])
    return None, list(waiting)


def _beside_goal(waiting: Sequence[Line], amounts: Sequence[str], text: str) -> _Row | None:
    """A row whose amount stands below its names, level with the middle of its goal."""
    if len(waiting) < 2 or waiting[-1].tokens or len(waiting[-2].tokens) < 3:
        return None
    body, name, *_ = waiting[-2].tokens
    printed = {amounts[0], f"{Decimal(amounts[0]):,}"}
    if public_body(body) is None or not any(body + name + amount in text for amount in printed):
        return None
    return _Row(body, name, waiting[-2], list(amounts))


def _words(lines: Sequence[Line]) -> list[str]:
    return [token for line in lines for token in line.tokens]


def _indented(waiting: Sequence[Line], amounts: list[str], text: str) -> tuple[_Row | None, list[Line]]:
    """A project, whose name begins on an indented line, or a body or a sum, whose name does not."""
    start = next(
        (at for at in range(len(waiting) - 1, -1, -1) if waiting[at].paragraph.text[:1].isspace()), None
    )
    if start is None:
        start = next(
            (
                at
                for at in range(max(0, len(waiting) - _BODY_LINES), len(waiting))
                if _is_heading("".join(_words(waiting[at:])), text)
            ),
            None,
        )
    name = "".join(_words(waiting[start:])) if start is not None else ""
    if start is None or not _NAME[0] <= len(name) <= _NAME[1] or _SENTENCE.search(name):
        return None, list(waiting)
    return _Row(None, name, waiting[start], amounts), list(waiting[:start])


def _is_heading(name: str, text: str) -> bool:
    return name in _SUMS or (public_body(name) is not None and text.count(name) > 1)


def _divided(words: Sequence[str], text: str) -> tuple[str, str] | None:
    """A body's name and a project's, both of which the document prints elsewhere too."""
    for cut in range(len(words) - 1, 0, -1):
        body, name = "".join(words[:cut]), "".join(words[cut:])
        if not _NAME[0] <= len(name) <= _NAME[1] or public_body(body) is None:
            continue
        if text.count(body) > 1 and text.count(name) > 1:
            return body, name
    return None


def _under_bodies(rows: Sequence[_Row]) -> list[_Row]:
    """The projects below the rows of bodies, whose amounts are their projects' sums.

    What does not add up is no project of that body: some row between is not read.
    """
    kept: list[_Row] = []
    body: _Row | None = None
    below: list[_Row] = []
    for row in [*rows, None]:
        if row is not None and row.first.paragraph.text[:1].isspace():
            below.append(row)
            continue
        count = next((size for size in range(len(below), 0, -1) if body and _is_sum(body, below[:size])), 0)
        for project in below[:count]:
            project.body = body.name if body is not None else None
        kept += [project for project in below[:count] if project.described]
        body, below = row, []
    return kept


def _is_sum(body: _Row, rows: Sequence[_Row]) -> bool:
    limit = _ROUNDED * (len(rows) + 1)
    added = [sum(map(Decimal, column)) for column in zip(*(row.amounts for row in rows), strict=True)]
    return all(abs(part - Decimal(amount)) <= limit for part, amount in zip(added, body.amounts, strict=True))
