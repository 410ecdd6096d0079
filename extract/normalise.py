"""Text as the rest of fiscalgraph sees it, and figures as text.

Applied once, by the readers. Full-width punctuation is kept (《》，。 carry meaning
and are printed so); CJK radicals and compatibility ideographs, which some PDF
producers write instead of the characters they look like, are folded to the unified
character; digits and Latin letters become half-width.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

__all__ = ["UNIT_FACTORS", "amount_in_yuan", "compact", "is_figure", "normalise", "printed_figure"]

# NFKC folds U+2F00-2FDF (Kangxi radicals) but not the CJK Radicals Supplement.
# Source: Unicode Character Database, EquivalentUnifiedIdeograph.txt (simplified forms kept).
_SUPPLEMENT = {
    "⺀": "冫",
    "⺁": "厂",
    "⺄": "乙",
    "⺅": "亻",
    "⺆": "冂",
    "⺇": "几",
    "⺈": "刀",
    "⺉": "刂",
    "⺊": "卜",
    "⺌": "小",
    "⺍": "小",
    "⺎": "兀",
    "⺏": "尣",
    "⺐": "尢",
    "⺒": "巳",
    "⺓": "幺",
    "⺔": "彑",
    "⺕": "彐",
    "⺖": "忄",
    "⺗": "心",
    "⺘": "扌",
    "⺙": "攵",
    "⺛": "旡",
    "⺜": "日",
    "⺝": "月",
    "⺞": "歺",
    "⺟": "母",
    "⺠": "民",
    "⺡": "氵",
    "⺢": "氺",
    "⺣": "灬",
    "⺤": "爫",
    "⺥": "爫",
    "⺦": "丬",
    "⺧": "牛",
    "⺨": "犭",
    "⺩": "王",
    "⺪": "疋",
    "⺫": "目",
    "⺬": "示",
    "⺭": "礻",
    "⺮": "竹",
    "⺯": "糹",
    "⺰": "纟",
    "⺱": "罒",
    "⺲": "罒",
    "⺳": "网",
    "⺴": "网",
    "⺵": "网",
    "⺶": "羊",
    "⺷": "羊",
    "⺸": "羊",
    "⺹": "耂",
    "⺺": "肀",
    "⺻": "聿",
    "⺼": "肉",
    "⺽": "臼",
    "⺾": "艹",
    "⺿": "艹",
    "⻀": "艹",
    "⻁": "虎",
    "⻂": "衤",
    "⻃": "覀",
    "⻄": "西",
    "⻅": "见",
    "⻆": "角",
    "⻇": "角",
    "⻈": "讠",
    "⻉": "贝",
    "⻊": "足",
    "⻋": "车",
    "⻌": "辶",
    "⻍": "辶",
    "⻎": "辶",
    "⻏": "阝",
    "⻐": "钅",
    "⻑": "長",
    "⻒": "镸",
    "⻓": "长",
    "⻔": "门",
    "⻕": "阜",
    "⻖": "阝",
    "⻗": "雨",
    "⻘": "青",
    "⻙": "韦",
    "⻚": "页",
    "⻛": "风",
    "⻜": "飞",
    "⻝": "食",
    "⻞": "飠",
    "⻟": "飠",
    "⻠": "饣",
    "⻡": "首",
    "⻢": "马",
    "⻣": "骨",
    "⻤": "鬼",
    "⻥": "鱼",
    "⻦": "鸟",
    "⻧": "卤",
    "⻨": "麦",
    "⻩": "黄",
    "⻪": "黾",
    "⻫": "斉",
    "⻬": "齐",
    "⻭": "歯",
    "⻮": "齿",
    "⻯": "竜",
    "⻰": "龙",
    "⻱": "龜",
    "⻲": "亀",
    "⻳": "龟",
    "戶": "户",
}

_FOLD: dict[int, str | None] = {ord(key): value for key, value in _SUPPLEMENT.items()}
_FOLD |= {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_FOLD |= {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xF900, 0xFAFF)}
_FOLD |= {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)}  # full-width digits
_FOLD |= {code: chr(code - 0xFEE0) for code in range(0xFF21, 0xFF3B)}  # and letters
_FOLD |= {code: chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)}
_FOLD |= dict.fromkeys((173, 8203, 8204, 8205, 8288, 65279))
_FOLD |= {code: None for code in range(0x20) if code not in (0x09, 0x0A)}
_FOLD |= {0x02: "-", 0xFFFE: "-"}  # how PDFium writes a hyphen that ends a line
_FOLD |= {0x00A0: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x202F: " ", 0x3000: " "}

_FIGURE = re.compile(r"[-−－+]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?\s*[%％]?")

UNIT_FACTORS: dict[str, Decimal] = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}


def normalise(text: str) -> str:
    """Fold radicals and compatibility forms, drop invisible characters, unify blanks."""
    return text.translate(_FOLD)


def compact(text: str) -> str:
    """``text`` without any white space (layout puts blanks anywhere in Chinese text)."""
    return "".join(text.split())


def is_figure(text: str) -> bool:
    """Whether a cell's text is one printed number, with or without a percent sign."""
    return _FIGURE.fullmatch(compact(text)) is not None


def printed_figure(text: str) -> str:
    """A figure as records hold it: no blanks, no thousands separators, half-width sign."""
    return (
        compact(text)
        .replace(",", "")
        .replace("，", "")
        .replace("−", "-")
        .replace("－", "-")
        .replace("％", "%")
    )


def amount_in_yuan(printed: str, unit: str | None) -> Decimal | None:
    """The exact amount in 元, or ``None`` for a percentage or an unknown unit.

    >>> amount_in_yuan("51368.15", "万元")
    Decimal('513681500.00')
    """
    if unit is None or unit not in UNIT_FACTORS or printed.endswith("%") or not is_figure(printed):
        return None
    return Decimal(printed_figure(printed)) * UNIT_FACTORS[unit]
