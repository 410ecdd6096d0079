"""Which recognised figures count: those on which independent readings agree.

Tesseract's Chinese model confuses digits (6 and 0) and separators (comma and point) and is sure
of it all the same; its Latin model rarely does. So a text is read with the one and twice, at
two sizes, with the other. Two of the three readings have to give the same digits, and the
separators have to be those of a well-formed figure. What remains undecided is replaced by □,
or left blank where a cell holds nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from fiscalgraph.extract.normalise import compact, is_figure
from fiscalgraph.extract.readers.recognition_tesseract import PrintedLine, Word

__all__ = [
    "ILLEGIBLE",
    "MIN_CONFIDENCE",
    "MIN_TEXT_CONFIDENCE",
    "Piece",
    "Settled",
    "SettledLine",
    "may_hold_figures",
    "mean_confidence",
    "settle",
]

MIN_CONFIDENCE = 60.0  # a reading that is less sure of a word than this has no say about its figures
SURE_WORD = 85.0  # a word recognised with this is the word
MIN_TEXT_CONFIDENCE = 50.0  # words recognised with less than this on average are no words
# Type lower than this (pixels, at 300 an inch) is too small for two readings to be enough.
SMALL_FIGURES, SMALL_TEXT = 17.0, 23.0
MUCH_SURER = 12.0  # a reading surer by this than those that agree against it makes them doubtful
ILLEGIBLE = "□"  # stands in the text for a character that could not be read
# Digits of words further apart than this share of their height are two figures: the Latin model
# places its words well, the Chinese one roughly.
_APART, _APART_ROUGHLY = 0.12, 0.35
_FIGURE = re.compile(r"\d(?:[\d.,，。:·]*\d)?")
_WELL_FORMED = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?|\d{1,4}(?:\.\d{1,2}){2}|\d{1,2}:\d{2}")
_CHINESE = re.compile(r"[㐀-鿿]")
_WORDS = re.compile(r"[㐀-鿿A-Za-z]")
_UNITS = re.compile(r"[亿万千百元个年月日分次人]")
_ENUMERATOR = re.compile(r"[(（]?\d{1,2}[.、．)）](?!\d)")
# A figure whose first digit the Chinese model took for a character (not 约12, 第3, 共7 …).
_MISREAD = re.compile(r"[㐀-鿿](?<![约第共达超近满逾])[\d.,，()（）]+")
_RELATION = re.compile(r"三\d")  # how the Chinese model reads ≥ and ≤: which of them, it does not say
_FOLD = str.maketrans({"，": ",", "。": ".", "％": "%", "—": "-", "－": "-", "–": "-", "−": "-", "一": "-"})


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure in line ``line`` of a reading: its characters from ``start`` to ``stop``."""

    line: int
    start: int
    stop: int
    text: str
    confidence: float  # the least of its words'

    @property
    def digits(self) -> str:
        return "".join(character for character in self.text if character.isdigit())


@dataclass(frozen=True, slots=True)
class _Character:
    """A character of a line, from ``left`` to ``right`` (pixels)."""

    text: str
    left: float
    right: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Text between ``left`` and ``right`` (pixels)."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class SettledLine:
    """One line of agreed text; sides in pixels."""

    pieces: tuple[Piece, ...]
    top: float
    bottom: float

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class Settled:
    """The agreed lines of a text, and the figures read in it but not agreed upon.

    ``open_figures`` are the places of those among them that a closer look may yet decide: left,
    top, right, bottom in pixels.
    """

    lines: list[SettledLine] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    open_figures: list[tuple[float, float, float, float]] = field(default_factory=list)


def settle(
    chinese: list[PrintedLine],
    latin: list[PrintedLine],
    again: list[PrintedLine],
    close_ups: Sequence[Sequence[list[PrintedLine]]] = (),
) -> Settled:
    """Decide on one text (a cell, or a free line) by three readings of it.

    ``chinese`` gives the words; all three decide on the figures. ``close_ups`` are further
    readings of each of the ``open_figures`` that a first call has left.
    """
    readings = [chinese, latin, again]
    words = _CHINESE.findall(_text(chinese).translate(_FOLD))
    if len(chinese) <= 1 and any(_whole_figure(reading) for reading in readings[1:]):
        if not words:
            return _one_figure(readings)
        one, other = _whole_figure(latin), _whole_figure(again)
        same = one is not None and other is not None and one[0] == other[0] and len(_text(chinese)) == 1
        if same or mean_confidence(chinese) < MIN_CONFIDENCE:  # a figure, or words that look like one
            return Settled(doubts=[_text(latin) or _text(again)])
    if _MISREAD.fullmatch(_text(chinese)) or _RELATION.match(_text(chinese)):
        return Settled(doubts=[_text(latin) or _text(chinese)])
    if mean_confidence(chinese) < MIN_TEXT_CONFIDENCE:
        return Settled(doubts=[_text(chinese) or _text(latin)])
    return _with_words(readings, close_ups)


def mean_confidence(lines: list[PrintedLine]) -> float:
    """The mean confidence, each character counting the same; 0 for nothing recognised."""
    words = [word for line in lines for word in line.words]
    characters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / characters if characters else 0.0


def may_hold_figures(*readings: list[PrintedLine]) -> bool:
    """Whether a text read so may hold figures: it shows digits, or hardly any Chinese."""
    texts = [_text(lines) for lines in readings]
    return (
        any(map(re.compile(r"\d").search, texts)) or max(len(_CHINESE.findall(text)) for text in texts) <= 1
    )


def _text(lines: list[PrintedLine]) -> str:
    return "".join(line.text for line in lines)


def _whole_figure(lines: list[PrintedLine]) -> tuple[str, float] | None:
    """The text as one well-formed figure, if it is that and sure; and how sure."""
    text = compact(_text(lines)).translate(_FOLD).strip("|[]'`‘’_")
    confidence = min((word.confidence for line in lines for word in line.words), default=0.0)
    well_formed = _WELL_FORMED.fullmatch(text.strip("-+%")) is not None
    return (text, confidence) if is_figure(text) and well_formed and confidence >= MIN_CONFIDENCE else None


def _needed(lines: list[PrintedLine]) -> int:
    """How many readings have to agree: of small type all three."""
    if not lines:
        return 2
    height = max(line.box[3] - line.box[1] for line in lines)
    return 3 if height < (SMALL_TEXT if _CHINESE.search(_text(lines)) else SMALL_FIGURES) else 2


def _agreed_by(needed: int, votes: list[tuple[str, float]]) -> str | None:
    """What so many readings say, unless another one is much surer of something else."""
    value, count = Counter(value for value, _ in votes).most_common(1)[0] if votes else ("", 0)
    if count < needed:
        return None
    sureness = max(confidence for said, confidence in votes if said == value)
    against = max((confidence for said, confidence in votes if said != value), default=0.0)
    return value if against < sureness + MUCH_SURER else None


def _one_figure(readings: list[list[PrintedLine]]) -> Settled:
    """A text that is one figure and nothing else: the readings have to be equal."""
    figures = [_whole_figure(lines) for lines in readings]
    needed = max(map(_needed, readings[1:]))
    value = _agreed_by(needed, [figure for figure in figures if figure is not None])
    if value is None:
        return Settled(doubts=[_text(readings[1]) or _text(readings[2])])
    agreeing = next(
        lines for lines, figure in zip(readings, figures, strict=True) if figure and figure[0] == value
    )
    left, top, right, bottom = agreeing[0].box
    return Settled([SettledLine((Piece(value, left, right),), top, bottom)])


def _with_words(
    readings: list[list[PrintedLine]], close_ups: Sequence[Sequence[list[PrintedLine]]] = ()
) -> Settled:
    """Words by the first reading; each figure among them has to be confirmed by another."""
    needed = _needed(readings[0])
    characters = [_characters(line.words) for line in readings[0]]
    figures = _figures(characters)
    others = [_figures([_characters(line.words, _APART) for line in lines]) for lines in readings[1:]]
    agreed = [
        figure.text if value is None and _enumerates(characters[figure.line], figure) else value
        for figure, value in zip(figures, _agreed(needed, figures, *others), strict=True)
    ]
    for number, close_up in zip(_undecided(agreed), close_ups if needed == 2 else (), strict=False):
        figure = figures[number]
        agreed[number] = _confirmed(figure, close_up, _chinese_after(characters[figure.line], figure))
    settled = Settled(
        doubts=[figures[number].text for number in _undecided(agreed)],
        open_figures=[_place(characters, readings[0], figures[number]) for number in _undecided(agreed)],
    )
    if settled.doubts and not _CHINESE.search(_UNITS.sub("", _text(readings[0]))):
        return settled  # figures and nothing that would say something without them
    for number, line in enumerate(readings[0]):
        changes = {
            figure.start: (figure.stop, ILLEGIBLE * len(figure.text) if value is None else value)
            for figure, value in zip(figures, agreed, strict=True)
            if figure.line == number
        }
        _, top, _, bottom = line.box
        settled.lines.append(SettledLine(tuple(_pieces(characters[number], changes)), top, bottom))
    if not settled.lines and any(re.search(r"\d", _text(reading)) for reading in readings):
        settled.doubts.append(_text(readings[1]) or _text(readings[2]))
    return settled


def _characters(words: tuple[Word, ...], apart: float = _APART_ROUGHLY) -> list[_Character]:
    """The characters of a line in their places; gaps between words that mean nothing are closed."""
    edges = [[word.left, word.right] for word in words]
    for number in range(1, len(words)):
        before, word = words[number - 1], words[number]
        height = max(word.bottom - word.top, before.bottom - before.top)
        between_digits = before.text[-1].isdigit() and word.text[0].isdigit()
        gap = word.left - before.right
        between_words = apart == _APART_ROUGHLY and gap < height and not between_digits
        if between_words or gap <= apart * height:
            middle = (word.left + before.right) / 2
            edges[number - 1][1] = edges[number][0] = middle
    found: list[_Character] = []
    for word, (left, right) in zip(words, edges, strict=True):
        weights = [1 if character.isascii() else 2 for character in word.text]
        step = max(right - left, 1.0) / sum(weights)
        for character, weight in zip(word.text, weights, strict=True):
            found.append(_Character(character, left, left + weight * step, word.confidence))
            left += weight * step
    return found


def _figures(lines: list[list[_Character]]) -> list[_Figure]:
    found: list[_Figure] = []
    for number, line in enumerate(lines):
        for match in _FIGURE.finditer("".join(character.text for character in line)):
            start = match.start()
            for stop in range(start + 1, match.end() + 1):
                if stop < match.end() and line[stop].left - line[stop - 1].right <= 0.5:
                    continue  # digits that stand apart are not one figure
                text = match.group()[start - match.start() : stop - match.start()].translate(_FOLD)
                confidence = min(character.confidence for character in line[start:stop])
                found.append(_Figure(number, start, stop, text, confidence))
                start = stop
    return found


def _agreed(
    needed: int, figures: list[_Figure], latin: list[_Figure], again: list[_Figure]
) -> list[str | None]:
    """Each figure as ``needed`` readings print it, or ``None``."""
    partners = [_partners(figures, latin), _partners(figures, again)]
    result: list[str | None] = []
    for number, figure in enumerate(figures):
        own = [figure, *(found[number] for found in partners if number in found)]
        sure = [one for one in own if one.confidence >= MIN_CONFIDENCE]
        digits = _agreed_by(needed, [(one.digits, one.confidence) for one in sure])
        # Points and commas: of those who give these digits, the one form that makes sense.
        texts = Counter(one.text for one in sure if one.digits == digits and _WELL_FORMED.fullmatch(one.text))
        forms = texts.most_common(2)
        clear = len(forms) == 1 or (len(forms) == 2 and forms[0][1] > forms[1][1])
        result.append(forms[0][0] if clear else None)
    return result


def _undecided(agreed: list[str | None]) -> list[int]:
    return [number for number, value in enumerate(agreed) if value is None]


def _chinese_after(line: list[_Character], figure: _Figure) -> int:
    """How many Chinese characters surely follow the figure, at most two (万元)."""
    count = 0
    for follows in line[figure.stop : figure.stop + 2]:
        if not _CHINESE.match(follows.text) or follows.confidence < SURE_WORD:
            break
        count += 1
    return count


def _confirmed(figure: _Figure, close_ups: Sequence[list[PrintedLine]], chinese_after: int) -> str | None:
    """The figure as a reading of it alone has it, if the digits are the same.

    The Latin model takes 万 and the like after a figure for one more digit.
    """
    lines = [_characters(line.words, _APART) for close_up in close_ups for line in close_up]
    for other in _figures(lines):
        more = len(other.digits) - len(figure.digits)
        if min(other.confidence, figure.confidence) < MIN_CONFIDENCE or not 0 <= more <= chinese_after:
            continue
        text = other.text[: len(other.text) - more]
        if other.digits.startswith(figure.digits) and text[-1].isdigit():
            forms = {form for form in (figure.text, text) if _WELL_FORMED.fullmatch(form)}
            return forms.pop() if len(forms) == 1 else None
    return None


def _place(
    characters: list[list[_Character]], lines: list[PrintedLine], figure: _Figure
) -> tuple[float, float, float, float]:
    line = characters[figure.line]
    _, top, _, bottom = lines[figure.line].box
    return line[figure.start].left, top, line[figure.stop - 1].right, bottom


def _partners(figures: list[_Figure], others: list[_Figure]) -> dict[int, _Figure]:
    """For each figure, by its number, the one that another reading has in its place."""
    matcher = SequenceMatcher(
        None, [figure.digits for figure in figures], [other.digits for other in others], autojunk=False
    )
    found: dict[int, _Figure] = {}
    for kind, start, stop, other_start, other_stop in matcher.get_opcodes():
        if kind in ("equal", "replace") and stop - start == other_stop - other_start:
            for number in range(stop - start):
                other = others[other_start + number]
                if len(other.digits) == len(figures[start + number].digits):
                    found[start + number] = other
    return found


def _enumerates(line: list[_Character], figure: _Figure) -> bool:
    """Whether a figure only numbers a heading or an item: it stands first and is no quantity."""
    text = "".join(character.text for character in line)
    match = _ENUMERATOR.match(text)
    return match is not None and figure.stop <= match.end() and figure.confidence >= MIN_CONFIDENCE


def _pieces(line: list[_Character], changes: dict[int, tuple[int, str]]) -> list[Piece]:
    pieces: list[Piece] = []
    position = 0
    while position < len(line):
        stop, text = changes.get(position, (position + 1, line[position].text))
        pieces.append(Piece(text, line[position].left, line[stop - 1].right))
        position = stop
    return pieces
