"""Points in time among indicators' values: 2024年12月底前, 12月31日前, 2024-12-31, 5月底前完成.

A date is written as exactly as it is printed: with the year (``2024-12-31``, ``2024-12``, ``2024``) or
without (``--12-31``, ``--12``). Relative ones (次年2月, 每月10日) are no dates.
"""

from __future__ import annotations

import calendar
import re

__all__ = ["parse_date"]

_BY = r"(?:之前|以前|前|止|之内|以内|内)"
_DONE = (
    r"(?:均|全部|全面|已|完成|到位|发放|交付|支付|结束|实施|投入使用|上线|提交|下达|拨付|竣工|建成|"
    r"开展|验收)*"
)
_WRITTEN = re.compile(
    rf"(?P<sign><=|≤|<|=|不晚于|不迟于|截至|截止到?|于|在|已于|已在|至)?"
    rf"(?:(?P<year>(?:19|20)\d\d)年)?(?:度)?"
    rf"(?:(?P<month>1[0-2]|0?[1-9])月份?)?(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号])?"
    rf"(?P<edge>底|末|中旬|上旬|下旬|初)?(?P<by>{_BY})?(?P<done>{_DONE})"
)
_NUMERIC = re.compile(
    rf"(?P<sign><=|≤|<|=)?(?P<year>(?:19|20)\d\d)(?P<sep>[-./])(?P<month>1[0-2]|0?[1-9])"
    rf"(?:(?P=sep)(?P<day>3[01]|[12]\d|0?[1-9]))?(?P<by>{_BY})?(?P<done>{_DONE})"
)

_BARE_MONTH = re.compile(r"[=<≤]\d+月$")


def _last_day(year: int | None, month: int) -> int | None:
    """The last day of a month; of February only in a known year."""
    if year is None:
        return None if month == 2 else calendar.monthrange(2001, month)[1]
    return calendar.monthrange(year, month)[1]


def _written(year: int | None, month: int | None, day: int | None) -> str | None:
    if month is None:
        return None if day is not None or year is None else f"{year:04d}"
    if day is not None and day > (_last_day(year, month) or 29):
        return None
    prefix = f"{year:04d}" if year is not None else "-"
    return f"{prefix}-{month:02d}" + ("" if day is None else f"-{day:02d}")


def parse_date(text: str) -> tuple[str, str | None] | None:
    """The point in time that ``text`` (without blanks) is, and ≤ where it means by then.

    ``None`` for a text that is not one point in time and nothing else.
    """
    found = _WRITTEN.fullmatch(text) or _NUMERIC.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    year, month, day = (int(parts[name]) if parts[name] else None for name in ("year", "month", "day"))
    edge = parts.get("edge")
    if edge and day is not None:
        return None
    if parts["sign"] in {"<=", "≤", "<", "="} and _BARE_MONTH.search(text):
        return None  # ≤3月: March, or three months
    if edge in {"底", "末"}:
        if month is None and year is not None:
            month = 12
        if month is not None:
            day = _last_day(year, month)
    date = _written(year, month, day)
    if date is None:
        return None
    by = bool(parts["by"]) or parts["sign"] in {"<=", "≤", "<", "不晚于", "不迟于"}
    return date, "≤" if by else None
