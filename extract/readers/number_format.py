"""A sheet's number as its format prints it: 1234.5 under ``#,##0.00`` is ``1,234.50``.

Records hold figures as printed; the sheet stores them bare. Formats that hide zeros
print nothing, so such a zero is an empty cell, not a 0.00.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

__all__ = ["BUILT_IN_FORMATS", "is_date_format", "print_number"]

# ECMA-376 part 1, 18.8.30; 27 to 58 are dates in Chinese locales.
BUILT_IN_FORMATS: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "General", 13: "General", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 31: 'yyyy"年"m"月"d"日"',
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"', 42: '#,##0;-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '#,##0.00;-#,##0.00;"-"', 48: "0.0E+0", 49: "@", 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

_SHEET_PRECISION = Context(prec=15, rounding=ROUND_HALF_UP)  # what a sheet itself keeps and shows
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<digits>(?P<whole>[0#?](?:[0#?,]*[0#?])?)(?:(?P<point>\.)(?P<decimals>[0#?]*))?(?P<scale>,*)"
    r"|\.(?P<only_decimals>[0#?]+))"
    r"|(?P<general>General|G/通用格式)|(?P<exponent>E[+-])"
    r"|(?P<date>yyyy|yy|e|mmm|mm|m|dd|d|hh|h|ss|s|AM/PM)"
    r"|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]")
_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip


def print_number(value: Decimal, number_format: str, *, date_1904: bool = False) -> str:
    """``value`` as printed under an Excel number format; formats beyond it print the bare number."""
    sections = _sections(number_format)
    if is_date_format(number_format):
        return _print_date(value, sections[0], date_1904)
    section, shown = _choose_section(sections, value)
    if section == "" and len(sections) > 1:
        return ""  # an empty section hides the number
    if section.strip().lower() in ("general", "g/通用格式", "@", ""):
        return _bare(value)
    return _print_section(shown, section)


@lru_cache(maxsize=512)
def is_date_format(number_format: str) -> bool:
    """Whether the format prints days or times."""
    first = _sections(number_format)[0]
    tokens = list(_TOKEN.finditer(first))
    if any(token.group("general") or token.group("digits") for token in tokens):
        return any(token.group("date") in ("ss", "s") for token in tokens) and ":" in first
    return any(token.group("date") for token in tokens)


@lru_cache(maxsize=512)
def _sections(number_format: str) -> tuple[str, ...]:
    sections = [""]
    for token in _TOKEN.finditer(number_format):
        if token.group("plain") == ";":
            sections.append("")
        else:
            sections[-1] += token.group()
    return tuple(sections)


def _choose_section(sections: tuple[str, ...], value: Decimal) -> tuple[str, Decimal]:
    """The section for the sign of ``value``; a section of its own prints a negative without the sign."""
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _COMPARISONS[condition.group(1)](value, Decimal(condition.group(2))):
                return section, value
        return "General", value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    return sections[0], value


def _bare(value: Decimal) -> str:
    """Excel's General: no trailing zeros, no exponent for the sizes that amounts have."""
    number = _SHEET_PRECISION.create_decimal(value).normalize(_SHEET_PRECISION)
    return f"{number:f}" if abs(number.adjusted()) < 20 else str(number)


def _print_section(value: Decimal, section: str) -> str:
    tokens = list(_TOKEN.finditer(section))
    groups = [token for token in tokens if token.group("digits")]
    if not groups:
        return "".join(_literal(token) for token in tokens).strip()
    plain = {token.group("plain") for token in tokens}
    if (
        "/" in plain
        or any(token.group("exponent") for token in tokens)
        or any(token.group("decimals") or token.group("only_decimals") for token in groups[:-1])
    ):
        return _bare(value)  # fractions and powers of ten: no amount is printed so
    percents = sum(1 for token in tokens if token.group("plain") == "%")
    scales = sum(len(token.group("scale") or "") for token in groups)
    number = _SHEET_PRECISION.create_decimal(value).scaleb(2 * percents - 3 * scales)
    printed = _print_digits(number, groups)
    return "".join(printed.pop(0) if token in groups else _literal(token) for token in tokens).strip()


def _literal(token: re.Match[str]) -> str:
    if token.group("quoted") is not None:
        return token.group("quoted")
    if token.group("escaped") is not None:
        return token.group("escaped")
    if (bracket := token.group("bracket")) is not None:
        return bracket[1:].split("-")[0] if bracket.startswith("$") else ""
    plain = token.group("plain") or token.group("date") or ""
    return "" if plain == "@" else plain


def _print_digits(number: Decimal, groups: list[re.Match[str]]) -> list[str]:
    """The digits for each group of placeholders; literals between groups cut one number (``0!.0,``)."""
    last = groups[-1]
    decimals = last.group("decimals") or last.group("only_decimals") or ""
    wholes = [group.group("whole") or "" for group in groups]
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, context=Context(prec=60))
    integer, _, fraction = f"{abs(rounded):f}".partition(".")
    optional = len(decimals) - len(decimals.rstrip("#"))
    while optional and fraction.endswith("0"):
        fraction, optional = fraction[:-1], optional - 1
    integer = integer.lstrip("0").rjust("".join(wholes).count("0"), "0")
    pieces: list[str] = []
    for whole in reversed(wholes[1:]):
        width = sum(whole.count(placeholder) for placeholder in "0#?")
        pieces.insert(0, integer[max(len(integer) - width, 0) :])
        integer = integer[: max(len(integer) - width, 0)]
    if "," in wholes[0]:
        integer = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", integer)
    pieces.insert(0, ("-" if rounded < 0 else "") + integer)
    point = "." if fraction or (last.group("point") and not decimals) else ""
    pieces[-1] += point + fraction
    return pieces


def _print_date(value: Decimal, section: str, date_1904: bool) -> str:
    epoch = datetime.datetime(1904, 1, 1) if date_1904 else datetime.datetime(1899, 12, 30)
    try:
        moment = epoch + datetime.timedelta(seconds=int((value * 86400).to_integral_value(ROUND_HALF_UP)))
    except OverflowError:
        return _bare(value)
    tokens = list(_TOKEN.finditer(section))
    pieces: list[str] = []
    after_hours = False
    for token in tokens:
        field = (token.group("date") or "").lower()
        if field in ("mm", "m") and after_hours:
            pieces.append(f"{moment.minute:0{len(field)}d}")
        elif field:
            pieces.append(_date_field(moment, field))
        else:
            pieces.append(_literal(token))
        if field:
            after_hours = field in ("hh", "h")
    return "".join(pieces).strip()


def _date_field(moment: datetime.datetime, field: str) -> str:
    fields = {
        "yyyy": str(moment.year), "e": str(moment.year), "yy": f"{moment.year % 100:02d}",
        "mmm": f"{moment.month}月", "mm": f"{moment.month:02d}", "m": str(moment.month),
        "dd": f"{moment.day:02d}", "d": str(moment.day), "hh": f"{moment.hour:02d}", "h": str(moment.hour),
        "ss": f"{moment.second:02d}", "s": str(moment.second),
    }  # fmt: skip
    return fields.get(field, "")
