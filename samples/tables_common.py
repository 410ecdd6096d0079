"""Tables that list classification codes, and captions that all tables share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fiscalgraph.samples.codes import FUNCTIONAL_NAMES
from fiscalgraph.samples.composer import Composer, header_rows
from fiscalgraph.samples.printed import Fact, PrintedCell, PrintedRow, PrintedTable

__all__ = ["Column", "code_table", "hierarchy", "money_facts", "numbers_row"]

Column = tuple[tuple[str, ...], Mapping[str, int] | Mapping[str, str]]
"""A header path and the figures (or printed texts) below it, by code; "" is the 合计 row."""


def hierarchy(amounts: Mapping[str, int], lengths: Sequence[int] = (3, 5)) -> dict[str, int]:
    """Sums by 类 and 款 (or by economic class) added to the amounts by 项; "" holds the total."""
    sums: dict[str, int] = {"": sum(amounts.values())}
    for code, amount in amounts.items():
        for length in lengths:
            if length < len(code):
                sums[code[:length]] = sums.get(code[:length], 0) + amount
        sums[code] = sums.get(code, 0) + amount
    return sums


def numbers_row(label: str, label_span: int, count: int, first: int = 1) -> PrintedRow:
    """The 栏次 row: column numbers below the header."""
    cells = [PrintedCell(label, 1, label_span, "center")]
    cells += [PrintedCell(str(number), align="center") for number in range(first, first + count)]
    return PrintedRow(tuple(cells))


def money_facts(
    composer: Composer, kind: str, table: str, labels: Mapping[str, object], column: str, printed: str
) -> tuple[Fact, ...]:
    """The fact that one numeric cell states; none for a blank cell."""
    value = composer.truth(printed)
    if value is None:
        return ()
    unit = "%" if "%" in column or value.endswith("%") else composer.unit
    return (Fact(kind, {"table": table, **labels, "column": column, "amount": value, "unit": unit}),)


def _printed(composer: Composer, value: int | str) -> str:
    return value if isinstance(value, str) else composer.cell(value)


def code_table(
    composer: Composer,
    *,
    title: str,
    number: str,
    columns: Sequence[Column],
    group: str = "",
    names: Mapping[str, str] = FUNCTIONAL_NAMES,
    codes: Sequence[str] | None = None,
    notes: tuple[str, ...] = (),
    code_word: str = "code",
    extra_facts: Mapping[str, tuple[Fact, ...]] | None = None,
) -> PrintedTable:
    """A table with one line per code and a 合计 line; every figure becomes a record of ``lines``.

    ``columns[0]`` is the total column. ``group`` is printed above the code and name columns.
    """
    variant = composer.variant
    if variant.total_column_last:
        columns = [*columns[1:], columns[0]]
    head = (group,) if group else ()
    three = variant.code_columns == "three" and code_word == "code"
    word = composer.word(code_word)
    code_paths = [(*head, word, level) for level in "类款项"] if three else [(*head, word)]
    paths = [*code_paths, (*head, composer.word("name")), *(path for path, _ in columns)]
    header = header_rows(paths)
    label_span = len(code_paths) + 1
    if variant.line_numbers:
        header.append(numbers_row("栏次", label_span, len(columns)))
    listed = codes if codes is not None else sorted(code for code in columns[0][1] if code)
    total_name = composer.word("total")

    def line(code: str) -> PrintedRow:
        name = names[code] if code else total_name
        labels: dict[str, object] = {"code": code or None, "name": name.replace(" ", "")}
        facts: list[Fact] = list((extra_facts or {}).get(code, ()))
        if not code:
            cells = [PrintedCell(name, 1, label_span, "center", True)]
        elif three:
            parts = (code[:3], code[3:5], code[5:7])
            cells = [PrintedCell(part, align="center") for part in parts] + [PrintedCell(name)]
        else:
            indent = (len(code) - 3) // 2
            cells = [PrintedCell(code), PrintedCell(name, indent=indent)]
        for path, amounts in columns:
            printed = _printed(composer, amounts.get(code, 0))
            cells.append(PrintedCell(printed, align="right", bold=not code))
            facts += money_facts(composer, "lines", title, labels, "/".join(path), printed)
        return PrintedRow(tuple(cells), tuple(facts))

    lines = [line(code) for code in listed]
    total = [line("")]
    body = total + lines if variant.total_first else lines + total
    code_widths = (0.5, 0.4, 0.4) if three else (1.2,)
    return PrintedTable(
        rows=(*header, *body),
        header_rows=len(header),
        widths=(*code_widths, 3.0, *(1.5 for _ in columns)),
        title=title,
        number=number,
        left_caption=composer.word("caption_issuer") + composer.disclosure.department.name,
        right_caption=composer.word("caption_unit") + composer.unit,
        notes=notes,
        wide=len(columns) > 3,
    )
