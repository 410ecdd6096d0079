"""Content negotiation: which of the formats on offer an ``Accept`` header asks for (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from fiscalgraph.graph.sparql import Format

__all__ = ["Choice", "by_name", "negotiate", "prefers_html"]

_RANGE = re.compile(r"\s*(\*/\*|[\w.+\-]+/\*|[\w.+\-]+/[\w.+\-]+)\s*((?:;[^,]*)?)")
_QUALITY = re.compile(r";\s*q\s*=\s*(1(?:\.0{0,3})?|0(?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


class Choice(NamedTuple):
    """A format and the media type to call it by: the one that was asked for where it has several."""

    format: Format
    media_type: str


class _Range(NamedTuple):
    media_range: str
    quality: float
    place: int


def negotiate(accept: str, offered: Sequence[Format]) -> Choice | None:
    """The format of ``offered`` that ``accept`` likes best, or ``None`` when it takes none of them.

    An exact type outweighs ``type/*``, and that outweighs ``*/*``. Between formats liked equally the
    one named first wins, then the one offered first. No header, or one without a media type in it,
    takes anything.
    """
    ranges = _ranges(accept)
    if not ranges:
        return Choice(offered[0], offered[0].media_type)
    best: tuple[float, int, int] | None = None
    choice: Choice | None = None
    for order, entry in enumerate(offered):
        for alias, media_type in enumerate(entry.media_types):
            matching = _matching(media_type, ranges)
            if matching is None or matching.quality == 0:
                continue
            exact = matching.media_range == media_type
            if alias and not exact:  # a format's other types are for those who ask for them
                continue
            named = matching.place if exact else len(ranges)
            rank = (-matching.quality, named, order * 10 + alias)
            if best is None or rank < best:
                best, choice = rank, Choice(entry, media_type)
    return choice or _stand_in(ranges, offered)


def _stand_in(ranges: Sequence[_Range], offered: Sequence[Format]) -> Choice | None:
    """A client may name only formats for rows and ask for a graph: see ``Format.serves``."""
    named = {entry.media_range for entry in ranges if entry.quality > 0}
    for entry in offered:
        if named.intersection(entry.serves):
            return Choice(entry, entry.media_type)
    return None


def by_name(name: str, offered: Sequence[Format]) -> Choice | None:
    """The format called ``name`` (``json``, ``ttl``, or a media type), or ``None``."""
    wanted = name.strip().lower()
    for entry in offered:
        if wanted == entry.name or wanted in entry.other_names or wanted in entry.media_types:
            return Choice(entry, entry.media_type)
    return None


def prefers_html(accept: str) -> bool:
    """Whether a web page is asked for by name, as browsers do, and nothing is liked better."""
    ranges = _ranges(accept)
    html = [entry.quality for entry in ranges if entry.media_range == "text/html"]
    return bool(html) and html[0] > 0 and html[0] >= max(entry.quality for entry in ranges)


def _ranges(accept: str) -> list[_Range]:
    found = []
    for place, part in enumerate(accept.split(",")):
        match = _RANGE.fullmatch(part)
        if match is None:
            continue
        quality = _QUALITY.search(match[2])
        found.append(_Range(match[1].lower(), float(quality[1]) if quality else 1.0, place))
    return found


def _matching(media_type: str, ranges: Sequence[_Range]) -> _Range | None:
    """The most specific range that takes ``media_type``."""
    for wanted in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        for entry in ranges:
            if entry.media_range == wanted:
                return entry
    return None
