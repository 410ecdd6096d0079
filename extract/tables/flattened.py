"""Tables of figures in flattened text: rebuilt from words and figures in reading order.

The text of a printed page (or a converter's "one cell a line") names the table, prints its header
words in some order, then for each row a code, a name and the figures of the non-empty cells. The
header tells the layout (:mod:`.layouts`), the accounting identities the columns (:mod:`.identities`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fiscalgraph.extract.document import Cell, ColumnTrust, Document, Paragraph, Place
from fiscalgraph.extract.normalise import compact, is_figure, printed_figure
from fiscalgraph.extract.records import Leftover, Source
from fiscalgraph.extract.tables.captions import Caption, clean_title, is_side_mark, read_caption
from fiscalgraph.extract.tables.header import CODE, TOTAL_LABELS
from fiscalgraph.extract.tables.identities import place_rows
from fiscalgraph.extract.tables.layouts import MatchedLayout, match_layout
from fiscalgraph.extract.tables.logical import LogicalTable

__all__ = ["flattened_tables"]

_END = re.compile(r"^(?:注[:：]|说明[:：]|备注[:：]|第[一二三四五六七八九十]部分|附件)|[。；]")
_INCOME = re.compile(r"收入|拨款|上年|年初|使用|用.*弥补|资金$")
_EXPENDITURE = re.compile(r"支出|下年|年末|结余分配|交纳|提取")
_GLUED = re.compile(r"(-?\d[\d,]*\.\d{2})([\u4e00-\u9fff].*)")  # a figure and the next cell's words
_CLOSED = re.compile(
    r"(?:支出|收入|拨款|结余|结转|资金|合计|总计|下年|分配|费用|补助|差额)(?:[（(].*[）)])?$"
)
_HEADER_LIMIT = 40  # printed lines between a title and its first row


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    place: Place
    block: int
    row: int  # the printed line it stands in

    @property
    def figure(self) -> bool:
        return is_figure(self.text) and not self.whole and not re.fullmatch(r"20\d\d", self.text)

    @property
    def whole(self) -> bool:
        """A short whole number: a code, a 行次 or a column number, not an amount."""
        return re.fullmatch(r"\d{1,3}|\d{5}|\d{7}", self.text) is not None

    @property
    def words(self) -> bool:
        return not is_figure(self.text)


@dataclass
class _Line:
    """One row in the making."""

    code: _Token | None = None
    name: list[_Token] = field(default_factory=list)
    figures: list[_Token] = field(default_factory=list)
    order: int | None = None

    @property
    def label(self) -> str:
        return "".join(token.text for token in self.name)

    @property
    def first(self) -> _Token:
        return self.code or (self.name or self.figures)[0]


def _pieces(text: str) -> Iterator[str]:
    """Blank-separated pieces; a run of single characters (收 入 总 计) is one word again."""
    run = ""
    for piece in re.split(r"\s+", text.strip()):
        if re.fullmatch(r"[\u4e00-\u9fff]", piece):
            run += piece
            continue
        if run:
            yield run
            run = ""
        glued = _GLUED.fullmatch(piece)
        yield from (glued.groups() if glued else (piece,))
    if run:
        yield run


def _tokens(paragraph: Paragraph, block: int, row: int) -> list[_Token]:
    pieces = [piece for piece in _pieces(paragraph.text) if piece]
    joined: list[str] = []
    for i, piece in enumerate(pieces):  # 201 | 06 | 01: a code in its 类, 款 and 项
        whole = joined[-1] + piece if joined else ""
        part = re.fullmatch(r"\d{2}", piece) is not None and CODE.fullmatch(whole) is not None
        if part and i + 1 < len(pieces):
            joined[-1] = whole
        else:
            joined.append(piece)
    return [_Token(piece, paragraph.place, block, row) for piece in joined]


def _rows_with_code(tokens: Sequence[_Token]) -> list[_Line]:
    """Rows of a coded table: a code or, without one, words followed by figures open a row.

    A name may stand before its code (cells centred differently) or be wrapped below its figures.
    """
    lines: list[_Line] = []
    for position, token in enumerate(tokens):
        current = lines[-1] if lines else None
        follows = tokens[position + 1] if position + 1 < len(tokens) else None
        after = tokens[position + 2] if position + 2 < len(tokens) else None
        coded = token.whole and CODE.fullmatch(token.text) is not None and follows is not None
        if coded and follows is not None and (follows.words or follows.figure):
            named_before = (
                current is not None and current.code is None and current.name and not current.figures
            )
            if follows.figure and named_before and current is not None:
                current.code = token
            else:
                lines.append(_Line(code=token))
        elif token.words:
            opens = follows is not None and (follows.figure or follows.text in ("-", "--"))
            heads = (
                follows is not None and CODE.fullmatch(follows.text) and after is not None and after.figure
            )
            if current is None or (current.figures and (opens or heads)):
                lines.append(_Line(name=[token]))
            elif not current.figures or token.row <= current.figures[-1].row + 2:
                current.name.append(token)
            else:
                lines.append(_Line(name=[token]))
        elif current is not None and (token.figure or not token.whole or token.text == "0"):
            current.figures.append(token)
    return lines


def _rows_with_sides(tokens: Sequence[_Token], ordered: bool) -> list[_Line]:
    """Cells of a table in two halves: a label, its 行次 where printed, its figures."""
    lines: list[_Line] = []
    for token in tokens:
        current = lines[-1] if lines else None
        if token.words:
            open_label = (
                current is not None and not current.figures and current.order is None and current.name
            )
            if (
                open_label
                and current is not None
                and current.name[-1].row != token.row
                and not _CLOSED.search(current.label)
                and not re.match(r"[一二三四五六七八九十（(]", token.text)
            ):
                current.name.append(token)  # a label wrapped in its cell
            else:
                lines.append(_Line(name=[token]))
        elif token.whole and ordered:
            if current is not None and current.order is None and current.name and not current.figures:
                current.order = int(token.text)
            else:
                lines.append(_Line(order=int(token.text)))
        elif current is not None:
            current.figures.append(token)
    return [line for line in lines if line.name]


def _named_side(label: str) -> str | None:
    """The side that a label's own words tell."""
    if "总计" in label or label in ("合计", "总合计"):
        return "收入" if "收" in label else "支出" if "支" in label else None
    if _EXPENDITURE.search(label) and not label.endswith("收入"):
        return "支出"
    return "收入" if _INCOME.search(label) else None


def _sides(lines: Sequence[_Line]) -> list[str | None]:
    """收入 or 支出 for each cell: by its words, by its 行次, or by coming first or second."""
    named = [_named_side(line.label) for line in lines]
    right = [line.order for line, side in zip(lines, named, strict=True) if side == "支出" and line.order]
    sides: list[str | None] = []
    first_total = True
    for line, side in zip(lines, named, strict=True):
        if side is None and line.order is not None and right:
            side = "支出" if line.order >= min(right) else "收入"
        elif side is None and ("总计" in line.label or line.label == "合计"):
            side = "收入" if first_total else "支出"
            first_total = False
        sides.append(side)
    return sides


def _cell(token: _Token, row: int, column: int, text: str | None = None) -> Cell:
    return Cell(text if text is not None else token.text, row, column, place=token.place)


@dataclass
class _Region:
    caption: Caption
    title: str
    tokens: list[_Token]
    first_block: int
    header: str = ""


def _regions(document: Document) -> Iterator[_Region]:
    """Stretches of lines from a table's title to the note or sentence that ends it."""
    region: _Region | None = None
    recent: list[tuple[str, Place]] = []
    for block, paragraph in enumerate(document.blocks):
        if not isinstance(paragraph, Paragraph):
            if region is not None:
                yield region
            region, recent = None, []
            continue
        text = compact(paragraph.text)
        recent = [*recent[-4:], (paragraph.text, paragraph.place)]
        if _END.search(text) and not any(is_figure(token.text) for token in _tokens(paragraph, 0, 0)):
            if region is not None:
                yield region
            region = None
            continue
        caption = read_caption([(paragraph.text, paragraph.place)])
        title = clean_title(caption.title) if caption.title else ""
        if (
            title
            and re.search(r"表(?:[（(].*[）)])?$", title)
            and not any(is_figure(t.text) for t in _tokens(paragraph, 0, 0))
        ):
            if region is not None:
                yield region
            region = _Region(caption, title, [], block)
            continue
        if region is None:
            continue
        if region.caption.unit is None:
            unit = read_caption([(paragraph.text, paragraph.place)]).unit
            if unit is not None:
                region.caption = Caption(
                    region.caption.title, unit, region.caption.year, region.caption.place
                )
        if is_side_mark(text):
            continue
        region.tokens += _tokens(paragraph, block, block)
    if region is not None:
        yield region


def _split_header(region: _Region) -> tuple[MatchedLayout, list[_Token]] | None:
    """The layout its header words name, and the tokens after the header."""
    tokens = region.tokens
    first = next((i for i, t in enumerate(tokens) if t.figure), len(tokens))
    if first == len(tokens):
        return None
    words: list[str] = []
    ends: list[int] = []
    for i, token in enumerate(tokens[:first]):
        if token.row - tokens[0].row > 2 * _HEADER_LIMIT:
            break
        if token.words:
            words.append(token.text)
            ends.append(i + 1)
    for n in range(len(words), 0, -1):
        matched = match_layout(region.title, "".join(words[:n]))
        if matched is not None:
            rest = tokens[ends[n - 1] :]
            while rest and rest[0].whole and not CODE.fullmatch(rest[0].text) and not matched.ordered:
                rest = rest[1:]  # the numbers of the columns
            return matched, rest
    return None


class _Evidence:
    """Whether the document states a figure under a column's name elsewhere.

    In the explanation beside the name, or in the table that the name is the title of
    (一般公共预算财政拨款: the 一般公共预算财政拨款支出决算表).
    """

    def __init__(self, document: Document, regions: Sequence[_Region]) -> None:
        self.sisters = [(r.title, {printed_figure(t.text) for t in r.tokens if t.figure}) for r in regions]
        self.text = "".join(compact(p.text) for p in document.paragraphs).replace(",", "")

    def __call__(self, name: str, printed: str) -> bool:
        core = re.sub(r"[（(].*?[）)]|(?:运行)?维护费$|费用?$|(?:财政)?拨款收入$|收入$", "", name)
        tail = (
            r"(?:（境）)?(?:运行)?(?:维护)?(?:费用?)?(?:财政)?(?:拨款)?(?:收入)?(?:预算|决算)?数?[为是:：]?"
        )
        if re.search(re.escape(core) + tail + re.escape(printed) + r"(?!\d)", self.text):
            return True
        return len(name) > 6 and any(
            name in title and printed in figures and not title.startswith("财政拨款")
            for title, figures in self.sisters
        )


def _same_row(line: _Line, other: _Line) -> bool:
    figures, others = [t.text for t in line.figures], [t.text for t in other.figures]
    return line.code is other.code is None and line.label == other.label and figures == others


def _leftover(
    line: _Line, token: _Token, why: str = "the text has lost its column and no identity decides"
) -> Leftover:
    place = token.place
    quote = " ".join([*([line.code.text] if line.code else []), line.label, *(t.text for t in line.figures)])
    return Leftover(
        "cell",
        f"{printed_figure(token.text)}: {why}",
        Source(quote, page=place.page, line=place.line, part=place.part),
    )


def _coded(
    region: _Region, matched: MatchedLayout, tokens: Sequence[_Token], evidence: _Evidence, index: int
) -> LogicalTable:
    left: list[Leftover] = []
    lines: list[_Line] = []
    for line in _rows_with_code(tokens):
        total = line.label in TOTAL_LABELS or line.label.endswith("合计") or not lines
        repeated = any(_same_row(line, other) for other in lines) and line.code is None
        if line.code is None and not total:
            left += [_leftover(line, token, "the row has lost its code") for token in line.figures]
        elif (line.figures or line.code) and not repeated:
            lines.append(line)
    paths = matched.paths
    width = len(paths)
    rows: list[tuple[Cell | None, ...]] = []
    inferred: set[int] = set()
    by_block = not matched.layout.identities  # 人员经费 | 公用经费: the code says which
    figures = [[printed_figure(t.text) for t in line.figures] for line in lines]
    codes = [line.code.text if line.code else None for line in lines]
    if by_block:
        placed = [
            (0 if (code or line.label).startswith(("301", "303", "人员")) else 1,) * len(f)
            if len(f) == 1
            else None
            for code, line, f in zip(codes, lines, figures, strict=True)
        ]
    else:
        placed = place_rows(
            matched.layout, range(width), codes, figures, lambda c, printed: evidence(paths[c][-1], printed)
        )
    for number, (line, where) in enumerate(zip(lines, placed, strict=True)):
        row: list[Cell | None] = [None] * (width + 2)
        if line.code is not None:
            row[0] = _cell(line.code, number, 0)
        if line.name:
            row[1] = _cell(line.name[0], number, 1, line.label)
        if where is None:
            left += [_leftover(line, token) for token in line.figures]
        else:
            for c, token in zip(where, line.figures, strict=True):
                row[c + 2] = _cell(token, number, c + 2)
            if len(where) < width and not by_block:
                inferred.add(number)
        rows.append(tuple(row))
    heads = (("科目编码",), ("科目名称",), *paths)
    return _table(region, index, heads, rows, inferred, left)


def _sided(
    region: _Region, matched: MatchedLayout, tokens: Sequence[_Token], evidence: _Evidence, index: int
) -> LogicalTable:
    lines = _rows_with_sides(tokens, matched.ordered)
    count = matched.layout.sides
    width = len(matched.paths)
    heads = (("收入", "项目"), *matched.paths[:count], ("支出", "项目"), *matched.paths[count:])
    left: list[Leftover] = []
    rows: list[tuple[Cell | None, ...]] = []
    inferred: set[int] = set()
    sides = _sides(lines)
    right = [i for i, side in enumerate(sides) if side == "支出" and lines[i].figures]
    multi = width - count > 1
    placed: dict[int, tuple[int, ...] | None] = {}
    if multi:
        total = next((i for i in right if "合计" in lines[i].label), None)
        order = ([total] if total is not None else []) + [i for i in right if i != total]
        codes = [
            None if i == total else f"{200 + k}" if lines[i].label[0] in "一二三四五六七八九十（(" else None
            for k, i in enumerate(order)
        ]
        found = place_rows(
            matched.layout, range(count, width), codes,
            [[printed_figure(t.text) for t in lines[i].figures] for i in order],
            lambda c, printed: evidence(matched.paths[c][-1], printed),
        )  # fmt: skip
        placed = dict(zip(order, found, strict=True))
        used = {c for where in placed.values() if where for c in where}
        for i, where in placed.items():  # a column nobody uses is not where an undecided row goes
            figures = [printed_figure(t.text) for t in lines[i].figures]
            if where is None and len(used) == len(figures):
                placed[i] = tuple(sorted(used))
    for number, (line, side) in enumerate(zip(lines, sides, strict=True)):
        if not line.figures:
            continue
        row: list[Cell | None] = [None] * len(heads)
        start = 0 if side == "收入" else count + 1
        columns: tuple[int, ...] | None = tuple(range(len(line.figures)))
        if side is None or (side == "收入" and len(line.figures) > count):
            columns = None
        elif side == "支出":
            where = placed.get(number) if multi else (count,) * len(line.figures)
            columns = (
                tuple(c - count for c in where) if where and len(line.figures) <= width - count else None
            )
            inferred.update({len(rows)} if multi else ())
        if columns is None:
            left += [_leftover(line, token) for token in line.figures]
            continue
        row[start] = _cell(line.name[0], len(rows), start, line.label)
        for c, token in zip(columns, line.figures, strict=True):
            row[start + 1 + c] = _cell(token, len(rows), start + 1 + c)
        rows.append(tuple(row))
    return _table(region, index, heads, rows, inferred, left)


def _bare(
    region: _Region, matched: MatchedLayout, tokens: Sequence[_Token], evidence: _Evidence, index: int
) -> LogicalTable:
    """A table whose rows are figures alone: “三公”, 收入总表 without codes."""
    lines: list[_Line] = []
    for token in tokens:
        if token.figure or token.text == "0":
            if not lines or (
                token.row != lines[-1].figures[-1].row and len(lines[-1].figures) >= len(matched.paths)
            ):
                lines.append(_Line())
            lines[-1].figures.append(token)
    figures = [[printed_figure(t.text) for t in line.figures] for line in lines]
    placed = place_rows(
        matched.layout, range(len(matched.paths)), [None] * len(lines), figures,
        lambda c, printed: evidence(matched.paths[c][-1], printed),
    )  # fmt: skip
    left: list[Leftover] = []
    rows: list[tuple[Cell | None, ...]] = []
    inferred: set[int] = set()
    for line, where in zip(lines, placed, strict=True):
        if where is None:
            left += [_leftover(line, token) for token in line.figures]
            continue
        row: list[Cell | None] = [None] * len(matched.paths)
        for c, token in zip(where, line.figures, strict=True):
            row[c] = _cell(token, len(rows), c)
        if len(where) < len(matched.paths):
            inferred.add(len(rows))
        rows.append(tuple(row))
    return _table(region, index, matched.paths, rows, inferred, left)


def _table(
    region: _Region, index: int, paths: Sequence[tuple[str, ...]], rows: Sequence[tuple[Cell | None, ...]],
    inferred: set[int], left: Sequence[Leftover],
) -> LogicalTable:  # fmt: skip
    blocks = sorted({token.block for token in region.tokens} | {region.first_block})
    return LogicalTable(
        index=index,
        title=region.title,
        unit=region.caption.unit,
        year=region.caption.year,
        paths=tuple(paths),
        rows=tuple(rows),
        trust=ColumnTrust.LOST,
        blocks=tuple(blocks),
        place=region.tokens[0].place,
        title_place=region.caption.place,
        inferred=frozenset(inferred),
        unplaced=tuple(left),
    )


def flattened_tables(document: Document, first_index: int = 0) -> Iterator[LogicalTable]:
    """The tables of figures that stand in the document's lines of text.

    A stretch whose header fits no known layout is no table here: its figures stay unread.
    """
    regions = list(_regions(document))
    evidence = _Evidence(document, regions)
    index = first_index
    parts: list[tuple[_Region, MatchedLayout, list[_Token]]] = []
    for region in regions:
        split = _split_header(region)
        if split is None:
            continue
        before = parts[-1] if parts else None
        if before is not None and before[0].title == region.title and before[1].paths == split[0].paths:
            before[2].extend(split[1])  # the next page of the same table
        else:
            parts.append((region, *split))
    for region, matched, tokens in parts:
        coded = any(t.whole and CODE.fullmatch(t.text) for t in tokens) and not matched.layout.sides
        build = _sided if matched.layout.sides else _coded if coded else _bare
        yield build(region, matched, tokens, evidence, index)
        index += 1
