"""The rows of a table in flattened text: what each is about, and its figures in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice, pairwise

from fiscalgraph.extract.normalise import printed_figure
from fiscalgraph.extract.tables.flat_lines import Token, by_line
from fiscalgraph.extract.tables.header import CODE, TOTAL_LABELS

__all__ = [
    "Line",
    "bare_rows",
    "coded_rows",
    "codes_in_parts",
    "labelled_rows",
    "rows_of_halves",
    "sides_of",
    "tree_of_halves",
    "tree_of_owners",
]

_INCOME = re.compile(r"收入|拨款|上年|年初|使用|用.*弥补|资金$")
_EXPENDITURE = re.compile(r"支出|下年|年末|结余分配|交纳|提取")
_CLOSED = re.compile(
    r"(?:支出|收入|拨款|结余|结转|资金|合计|总计|下年|分配|费用|补助|差额)(?:[（(].*[）)])?$"
)
_OPENING = re.compile(r"政府性基金|国有资本|财政专户|事业|上级补助|附属单位|上年|年初|本年")  # begins a label
_TAIL = re.compile(r"和结余|.{1,2}$")  # what is left of a label on its second line
_TOTAL = re.compile(r"(?:合计|总计)$")
_LEFT_OVER = re.compile(r"下年|年末|结余分配|交纳|提取")
_OWNER = re.compile(r"(?!20\d\d$)\d{3,4}|\d{6}|\d{9}")
_LINES_OF_A_NAME = 4
_PRIORITY = "235"  # first digits of functional, 部门 economic and 政府 economic codes
_END_OF_LABEL = re.compile(
    r"[\u4e00-\u9fff]|(?!本年|其他|基本|项目|人员|公用)[\u4e00-\u9fff]{0,6}(?:支出|收入)"
)
_ENUMERATED = re.compile(r"[一二三四五六七八九十（(]|\d{1,2}[.、．]")


@dataclass
class Line:
    """One row in the making; ``figures`` may hold dashes that stand for empty cells."""

    code: Token | None = None
    name: list[Token] = field(default_factory=list)
    figures: list[Token] = field(default_factory=list)
    order: int | None = None
    owner: str | None = None  # number of the unit the row is about
    others: tuple[Token, ...] = ()  # codes of the other classifications in the row

    @property
    def label(self) -> str:
        return "".join(token.text for token in self.name)

    @property
    def printed(self) -> list[str]:
        """The figures without the dashes."""
        return [printed_figure(token.text) for token in self.figures if not token.blank]

    @property
    def amounts(self) -> list[Token]:
        return [token for token in self.figures if not token.blank]

    @property
    def is_total(self) -> bool:
        return self.label in TOTAL_LABELS or self.label.endswith("合计")


def _without_serials(tokens: Sequence[Token]) -> list[Token]:
    """Rows without the 序号 before them."""
    kept: list[Token] = []
    for line in by_line(tokens):
        unit = len(line) > 2 and _OWNER.fullmatch(line[1].text) and line[2].words
        counted = len(line) > 1 and re.fullmatch(r"\d{1,3}", line[0].text)
        serial = counted and (unit or not line[1].figure)
        kept += line[1:] if serial else line
    return kept


def _without_owners(tokens: Sequence[Token]) -> list[Token]:
    """Rows without the number of the unit (105236 before its name)."""
    kept: list[Token] = []
    for line in by_line(tokens):
        owner = len(line) > 1 and re.fullmatch(r"(?!20\d\d$)(?:\d{4}|\d{6})", line[0].text) and line[1].words
        kept += line[1:] if owner else line
    return kept


def _opens(token: Token, after: Token | None) -> bool:
    return token.words and after is not None and (after.figure or after.blank)


def _begins_a_name(tokens: Sequence[Token], position: int) -> bool:
    """Whether words on a line of their own begin the name of a row without a code (a unit's).

    Where a code or a total follows they are rather the end of the name above.
    """
    for before, token in pairwise(tokens[position : position + _LINES_OF_A_NAME + 1]):
        if not token.words:
            return token.figure and before is not tokens[position]
        if token.row == before.row or _TOTAL.search(token.text):
            return False
    return False


def coded_rows(tokens: Sequence[Token], *, serials: bool = False, parts: bool = False) -> list[Line]:
    """Rows of a coded table: a code or, without one, words followed by figures open a row.

    A name may stand before its code (cells centred differently) or be wrapped below its figures.
    ``serials``: a 序号 stands before each row; ``parts``: 款 and 项 may be two digits in a row of
    their own (:func:`codes_in_parts`).
    """
    tokens = _without_owners(_without_serials(tokens) if serials else tokens)
    lines: list[Line] = []
    for position, token in enumerate(tokens):
        current = lines[-1] if lines else None
        follows = tokens[position + 1] if position + 1 < len(tokens) else None
        after = tokens[position + 2] if position + 2 < len(tokens) else None
        beside = current is not None and bool(current.figures) and current.figures[-1].row == token.row
        coded = token.whole and CODE.fullmatch(token.text) is not None and follows is not None
        if parts and re.fullmatch(r"\d{2}", token.text) and follows is not None and follows.words:
            lines.append(Line(code=token))
            continue
        if coded and follows is not None and (follows.words or (follows.figure and not beside)):
            named_before = (
                current is not None and current.code is None and current.name and not current.figures
            )
            if follows.figure and named_before and current is not None:
                current.code = token
            else:
                lines.append(Line(code=token))
        elif token.words:
            heads = (
                follows is not None and CODE.fullmatch(follows.text) and after is not None and after.figure
            )
            totals = _TOTAL.search(token.text) is not None and follows is not None and follows.figure
            opens = _opens(token, follows) or heads or _begins_a_name(tokens, position)
            if current is None or totals or (current.figures and opens):
                lines.append(Line(name=[token]))
            elif not current.figures or (
                token.row <= current.figures[-1].row + 2 and current.label not in TOTAL_LABELS
            ):
                current.name.append(token)
            else:
                lines.append(Line(name=[token]))
        elif current is not None and (
            token.figure or token.blank or token.text == "0" or (beside and not token.words)
        ):
            current.figures.append(token)
    return _one_code_a_row(lines)


def _one_code_a_row(lines: Sequence[Line]) -> list[Line]:
    """Rows that carry several codes: the functional one counts, then 部门 before 政府 economic."""
    made: list[Line] = []
    shared: list[tuple[Line, Token]] = []  # rows whose name may have been cut by the next cell
    names: dict[str, list[Token]] = {}
    row: list[Line] = []
    for line in lines:
        if row and not _is_beside(line, row):
            made += row
            row = []
        row.append(line)
        if line.code is None or line.figures:
            if len(row) > 1:
                coded = min(row, key=lambda each: _PRIORITY.find(_class_of(each)))
                whole = _has_whole_name(coded, row)
                others = tuple(each.code for each in row if each is not coded and each.code is not None)
                joined = Line(coded.code, coded.name, line.figures, others=others)
                if coded.code is not None and whole:
                    names.setdefault(coded.code.text, coded.name)
                elif coded.code is not None:
                    shared.append((joined, coded.code))
                made.append(joined)
            else:
                made += row
            row = []
    for line, code in shared:
        line.name = names.get(code.text, [])
    return made + row


def _class_of(line: Line) -> str:
    return line.code.text[0] if line.code is not None else ""


def _is_beside(line: Line, row: Sequence[Line]) -> bool:
    """Whether the code stands in the row whose other codes are given: of another class, and not far below."""
    opening = row[0].code
    return (
        line.code is not None
        and opening is not None
        and line.code.row <= opening.row + _LINES_OF_A_NAME
        and _class_of(line) not in {_class_of(each) for each in row}
    )


def _has_whole_name(coded: Line, row: Sequence[Line]) -> bool:
    """Whether no name of a cell beside can stand between the pieces of this one's."""
    after = next((each for each, before in zip(row[1:], row, strict=False) if before is coded), None)
    last = row[-1].figures[0].row if row[-1].figures else None
    if after is None or after.code is None or coded.code is None:
        return True
    return after.code.row > coded.code.row or coded.code.row == last


def codes_in_parts(lines: Sequence[Line]) -> list[Line]:
    """类, 款 and 项 printed each in its own row (205, 08, 03) put together.

    Whether two digits are a 款 or a 项 is told by the sums of the first figures and by the order of
    the codes. Below a 类 for which these leave several readings, the rows keep no code.
    """
    made: list[Line] = []
    group: list[Line] = []
    for line in lines:
        if line.code is None or len(line.code.text) != 2:
            made += _completed(group)
            group = []
        group.append(line)
    return made + _completed(group)


def _completed(group: Sequence[Line]) -> list[Line]:
    """A row with the rows below it whose codes are its parts; parts without a code if in doubt."""
    if len(group) < 2 or group[0].code is None:
        return [line if line.code is None or len(line.code.text) > 2 else _uncoded(line) for line in group]
    head, *below = group
    parts = [line.code.text for line in below if line.code is not None]
    if all(line.printed for line in group):
        readings = list(islice(_levels(head, below, parts), 2))
        if len(readings) == 1:
            return [
                head,
                *(
                    Line(replace(line.code, text=code), line.name, line.figures)
                    for line, code in zip(below, readings[0], strict=True)
                    if line.code is not None
                ),
            ]
    return [head, *map(_uncoded, below)]


def _levels(head: Line, below: Sequence[Line], parts: Sequence[str]) -> Iterator[list[str]]:
    """Every way to read the parts as 款 and 项 whose first figures add up within rounding."""
    assert head.code is not None
    above = head.code.text
    amounts = [Decimal(line.printed[0]) for line in below]

    def close(total: Decimal, some: Sequence[Decimal]) -> bool:
        return abs(total - sum(some)) <= Decimal("0.005") * (len(some) + 1)

    def items_end(start: int) -> Iterator[int]:
        """Where the 项 of the 款 at ``start`` may end."""
        yield start + 1
        for end in range(start + 2, len(below) + 1):
            if end > start + 2 and parts[end - 1] <= parts[end - 2]:
                return
            if close(amounts[start], amounts[start + 1 : end]):
                yield end

    def descend(start: int, groups: list[Decimal], last: str) -> Iterator[list[str]]:
        if start == len(below):
            if close(Decimal(head.printed[0]), groups):
                yield []
            return
        if parts[start] <= last:
            return
        code = above + parts[start]
        for end in items_end(start):
            items = [code + part for part in parts[start + 1 : end]]
            if all(CODE.fullmatch(each) for each in (code, *items)):
                for rest in descend(end, [*groups, amounts[start]], parts[start]):
                    yield [code, *items, *rest]

    if len(above) == 3:
        yield from descend(0, [], "")
    elif close(Decimal(head.printed[0]), amounts):
        yield [above + part for part in parts]


def _uncoded(line: Line) -> Line:
    return Line(None, line.name, line.figures)


def labelled_rows(tokens: Sequence[Token], *, years: bool = False, serials: bool = False) -> list[Line]:
    """Rows of a table without codes: words, if any, then figures.

    ``years``: each is about a year; ``serials``: a 序号 stands before each.
    """
    tokens = _without_serials(tokens) if serials else tokens
    lines: list[Line] = []
    owners = {
        line[1]: line[0].text
        for line in by_line(tokens)
        if len(line) > 1 and _OWNER.fullmatch(line[0].text) and line[1].words
    }
    tokens = _without_owners(tokens)
    for position, token in enumerate(tokens):
        current = lines[-1] if lines else None
        follows = tokens[position + 1] if position + 1 < len(tokens) else None
        if years and re.match(r"20\d\d", token.text):
            lines.append(Line(name=[token]))
        elif token.words:
            if current is None or current.figures:
                name = replace(token, text=token.cell or token.text)
                lines.append(Line(name=[name], owner=owners.get(token)))
            else:
                current.name.append(token)
        elif token.figure or token.blank or token.text == "0":
            if current is None:
                lines.append(Line())
                current = lines[-1]
            current.figures.append(token)
        elif (
            token.whole
            and current is not None
            and current.figures
            and follows is not None
            and follows.row == token.row
            and not follows.words
        ):
            current.figures.append(token)
    return lines


def bare_rows(tokens: Sequence[Token], width: int) -> list[Line]:
    """Rows that are figures alone: a new printed line after a full row opens the next."""
    lines: list[Line] = []
    for token in tokens:
        if token.figure or token.blank or token.text == "0":
            full = lines and token.row != lines[-1].figures[-1].row and len(lines[-1].figures) >= width
            if not lines or full:
                lines.append(Line())
            lines[-1].figures.append(token)
        elif token.words and lines:
            break  # running text after the table
    return lines


def rows_of_halves(tokens: Sequence[Token], ordered: bool) -> list[Line]:
    """Cells of a table in two halves: a label, its 行次 where printed, its figures."""
    lines: list[Line] = []
    for token in tokens:
        current = lines[-1] if lines else None
        if token.words:
            open_label = (
                current is not None and not current.figures and current.order is None and current.name
            )
            if (
                open_label
                and current is not None
                and current.name[-1].row == token.row
                and _ENUMERATED.match(current.label)
                and not _CLOSED.search(current.label)
                and _END_OF_LABEL.fullmatch(token.text)
                and token.text not in TOTAL_LABELS
            ):
                current.name.append(token)  # a blank where the cell broke its label
            elif (
                open_label
                and current is not None
                and current.name[-1].row != token.row
                and (not _CLOSED.search(current.label) or _TAIL.match(token.text))
                and not _ENUMERATED.match(token.text)
                and not (_OPENING.match(token.text) and not _ENUMERATED.match(current.label))
                and token.text not in TOTAL_LABELS
            ):
                current.name.append(token)  # a label wrapped in its cell
            else:
                lines.append(Line(name=[token]))
        elif token.whole and ordered:
            if current is not None and current.order is None and current.name and not current.figures:
                current.order = int(token.text)
            else:
                lines.append(Line(order=int(token.text)))
        elif current is not None and not token.blank and (token.figure or token.text == "0"):
            current.figures.append(token)
    return [line for line in lines if line.name]


def _named_side(label: str, functions: Set[str]) -> str | None:
    """The side that a label's own words tell."""
    if "总计" in label or label in ("合计", "总合计"):
        return "收入" if "收" in label else "支出" if "支" in label else None
    core = re.sub(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+[.、．])", "", label)
    if core in functions:
        return "支出"
    if _EXPENDITURE.search(label) and not label.endswith("收入"):
        return "支出"
    return "收入" if _INCOME.search(label) else None


def sides_of(lines: Sequence[Line], functions: Set[str], blocks: int = 2) -> list[str | None]:
    """收入 or 支出 for each cell: by its words, its 行次, or by its place in its line.

    ``functions`` are the names of functional classes (功能分类) that the document's coded tables use;
    ``blocks`` is how many items stand in a line, the first of income, the others of expenditure.
    """
    named = [_named_side(line.label, functions) for line in lines]
    if blocks > 2:
        return _sides_of_blocks(lines, named, blocks)
    right = [line.order for line, side in zip(lines, named, strict=True) if side == "支出" and line.order]
    in_line: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        in_line.setdefault(line.name[0].row, []).append(i)
    sides: list[str | None] = []
    first_total = True
    for i, (line, side) in enumerate(zip(lines, named, strict=True)):
        pair = in_line[line.name[0].row]
        if side is None and line.order is not None and right:
            side = "支出" if line.order >= min(right) else "收入"
        elif side is None and ("总计" in line.label or line.label == "合计"):
            side = "收入" if first_total else "支出"
            first_total = False
        elif side is None and len(pair) == 2 and {named[k] for k in pair} != {None}:
            other = named[pair[1] if pair[0] == i else pair[0]]
            place = "收入" if pair[0] == i else "支出"
            side = place if other != place else None
        sides.append(side)
    return sides


def _sides_of_blocks(lines: Sequence[Line], named: Sequence[str | None], blocks: int) -> list[str | None]:
    """The sides of the cells of several blocks: what stands right of expenditure is expenditure."""
    in_line: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        in_line.setdefault(line.name[0].row, []).append(i)
    sides: list[str | None] = list(named)
    for cells in in_line.values():
        if len(cells) == blocks:
            sides[cells[0]] = "收入"
            for i in cells[1:]:
                sides[i] = "支出"
            continue
        spent = next((k for k, i in enumerate(cells) if named[i] == "支出"), len(cells))
        for i in cells[spent + 1 :]:
            sides[i] = "支出"
    return sides


def tree_of_owners(lines: Sequence[Line]) -> dict[int, list[int]]:
    """Parent row → child rows of a table by unit: the units make up the 合计, subunits their unit."""
    total = next((i for i, line in enumerate(lines) if line.is_total), None)
    children: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        above = total
        if line.owner is not None:
            wider = [
                k
                for k, other in enumerate(lines)
                if other.owner is not None
                and other.owner != line.owner
                and line.owner.startswith(other.owner)
            ]
            above = max(wider, key=lambda k: len(lines[k].owner or ""), default=total)
        if above is not None and above != i:
            children.setdefault(above, []).append(i)
    return children


def tree_of_halves(lines: Sequence[Line]) -> dict[int, list[int]]:
    """Parent row → child rows of expenditure: classes make up the year's, that and what is left all."""
    year = next((i for i, line in enumerate(lines) if "本年支出" in line.label), None)
    everything = next((i for i, line in enumerate(lines) if "总计" in line.label), None)
    if year is None:
        year, everything = everything, None
    if year is None:
        year = next((i for i, line in enumerate(lines) if "合计" in line.label), None)
    children: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        left_over = _LEFT_OVER.search(line.label) is not None
        above = everything if i == year or left_over else year
        if above is None or above == i or i == everything:
            continue
        if _ENUMERATED.match(line.label) or i == year or left_over:
            children.setdefault(above, []).append(i)
    return children
