"""Text that is there but says nothing: ``(cid:123)``, private-use characters, replacement marks.

Such text comes from fonts without a character map. Reading it would invent words, so a
document made of it is refused, and a few spots of it are reported.
"""

from __future__ import annotations

import dataclasses
import re

from fiscalgraph.extract.document import Document, Paragraph
from fiscalgraph.extract.errors import UnreadableDocument

__all__ = ["check_text", "garbled_characters"]

_GARBLED = re.compile("\\(cid:\\d+\\)|[\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd]")
_REFUSED_SHARE = 0.2  # a fifth of the characters unreadable: whole fonts are lost, figures among them


def garbled_characters(text: str) -> int:
    """How many characters of ``text`` (a ``(cid:…)`` counts as one) stand for no readable character."""
    return len(_GARBLED.findall(text))


def check_text(document: Document) -> Document:
    """The document, with a problem noted if some of its text is garbled.

    Raises :class:`UnreadableDocument` if a fifth or more of it is.
    """
    garbled = total = 0
    for block in document.blocks:
        for text in [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]:
            spots = garbled_characters(text)
            garbled += spots
            total += len(_GARBLED.sub("", text)) + spots
    if not garbled:
        return document
    if garbled >= _REFUSED_SHARE * total:
        raise UnreadableDocument(
            document.file_name,
            f"{100 * garbled // total} % of its characters are garbled (a font without a character map)",
            "Get another copy from the publisher, or run optical recognition and give the text.",
        )
    note = f"{garbled} garbled character(s) stand in the text"
    return dataclasses.replace(document, problems=(*document.problems, note))
