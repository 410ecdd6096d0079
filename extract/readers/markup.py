"""Inline markup that converters leave in text: Markdown, HTML tags, LaTeX.

Only what is markup beyond doubt is taken away; a lone ``<`` or ``*`` is a printed
character and stays.
"""

from __future__ import annotations

import html
import re

__all__ = ["clean_inline", "has_markup", "plain_math", "strip_bold", "strip_tags"]

_TAG_NAMES = (
    "p|br|b|i|u|s|em|strong|span|div|font|ol|ul|li|sup|sub|center|small|big|h[1-6]|a|img|del|ins|mark|o:p"
    "|thead|tbody|tfoot|caption|col|colgroup|hr"
)
_BREAKING_TAG = re.compile(
    r"[ \t]*</?(?:p|br|div|ol|ul|li|center|h[1-6]|hr)(?:\s[^<>]*)?/?>[ \t]*", re.IGNORECASE
)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ENTITY = re.compile(
    r"&(?:nbsp|lt|gt|amp|quot|apos|mdash|ndash|ldquo|rdquo|middot|ge|le|times|#\d+|#x[0-9a-f]+);", re.I
)
_BOLD = re.compile(r"(?<!\*)\*\*(?=[^\s*])(.+?)(?<=[^\s*])\*\*(?!\*)", re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]\n]*)\]\((?:https?:|mailto:|#|/|\.)[^)\s]*\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!%~>|$&])")
_MATH = re.compile(r"\$\$?([^$\n]{1,300}?)\$\$?|\\\((.{1,300}?)\\\)")
_BARE_NUMBER = re.compile(r"\s*[=<>~+\-±≥≤＝]{0,2}\s*[\d.,]+\s*%?\s*")
_BLANKS_BEFORE_BREAK = re.compile(r"[ \t]*\n[ \t\n]*")

_SIGNS = {
    "geqslant": "≥", "leqslant": "≤", "geq": "≥", "leq": "≤", "ge": "≥", "le": "≤", "neq": "≠", "ne": "≠",
    "times": "×", "div": "÷", "pm": "±", "sim": "~", "approx": "≈", "rightarrow": "→", "to": "→", "cdot": "·",
    "ldots": "…", "cdots": "…", "dots": "…", "circ": "°", "gt": ">", "lt": "<", "triangle": "△", "sum": "∑",
    "infty": "∞", "uparrow": "↑", "downarrow": "↓", "square": "□", "checkmark": "√", "surd": "√",
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TEXT_COMMAND = re.compile(r"\\(?:text|mathrm|mathbf|textbf|operatorname|mathit|rm|mbox)\s*\{([^{}]*)\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_DEGREE = re.compile(r"\^\s*\{?\s*\\circ\s*\}?")
_POWER = re.compile(r"\^\s*\{?\s*(\d+)\s*\}?")
_COMMAND = re.compile(r"\\([A-Za-z]+)")


def has_markup(text: str) -> bool:
    """Whether a flattened text is Markdown-like (headings, bold, tags or formulas)."""
    return bool(
        re.search(r"^#{1,6} \S", text, re.MULTILINE)
        or _BOLD.search(text)
        or re.search(r"</?(?:p|b|td|tr|table|li|br)\s*/?>", text, re.IGNORECASE)
        or re.search(r"\$[^$\n]*\\[a-zA-Z%][^$\n]*\$", text)
        or re.search(r"^\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*$", text, re.MULTILINE)
    )


def strip_bold(text: str) -> str:
    """``**bold**`` → ``bold``, also over a line break; the number of lines stays."""
    return _BOLD.sub(r"\1", text)


def strip_tags(text: str) -> str:
    """HTML tags away; block tags become line breaks, entities become their characters."""
    if "<" in text:
        text = _COMMENT.sub("", text)
        text = _BREAKING_TAG.sub("\n", text)
        text = _TAG.sub("", text)
        text = _BLANKS_BEFORE_BREAK.sub("\n", text).strip("\n")
    return _ENTITY.sub(lambda entity: html.unescape(entity.group()), text) if "&" in text else text


def plain_math(text: str) -> str:
    """LaTeX formulas as they look in print: ``$\\geq 95\\%$`` → ``≥95%``; unknown commands stay."""
    if "$" not in text and "\\" not in text:
        return text
    return _MATH.sub(_printed_formula, text)


def _printed_formula(match: re.Match[str]) -> str:
    source = match.group(1) if match.group(1) is not None else match.group(2)
    if not re.search(r"[\\^_{}]", source) and not _BARE_NUMBER.fullmatch(source):
        return match.group()  # two dollar signs in prose
    formula = _TEXT_COMMAND.sub(lambda command: command.group(1), source)
    formula = _FRACTION.sub(r"\1/\2", formula)
    formula = _DEGREE.sub("°", formula)
    formula = _POWER.sub(lambda power: power.group(1).translate(_SUPERSCRIPTS), formula)
    formula = re.sub(r"\\(?:left|right|displaystyle|quad|qquad)\b", "", formula)
    formula = re.sub(r"\\[,;:! ]", "", formula).replace("\\%", "%").replace("\\$", "$").replace("\\_", "_")
    unknown = [name for name in _COMMAND.findall(formula) if name not in _SIGNS]
    if unknown:
        return match.group()
    formula = _COMMAND.sub(lambda command: _SIGNS[command.group(1)], formula)
    return re.sub(r"\s+", "", formula.replace("{", "").replace("}", ""))


def clean_inline(text: str) -> str:
    """All of the above for one line or cell of a Markdown-like text."""
    text = _PICTURE.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = plain_math(text)
    text = strip_bold(text)
    text = strip_tags(text)
    return _ESCAPE.sub(r"\1", text)
