"""The reference route: one page read with pdfplumber, for pages that PDFium cannot read.

Slower by more than ten times, with another font machinery: what one library cannot map to
text the other sometimes can. The result is the same :class:`PageContent`, so that tables
and paragraphs are found in the same way.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from fiscalgraph.extract.readers.pdf_characters import Characters
from fiscalgraph.extract.readers.pdf_content import PageContent, Rule

__all__ = ["read_reference_content"]


def read_reference_content(path: Path, index: int) -> PageContent | None:
    """The page ``index`` (from 0) by pdfplumber, or ``None`` where it cannot be read either."""
    import pdfplumber  # heavy, and hardly ever needed
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(path, pages=[index + 1]) as document:
            page = document.pages[0]
            content = _content(page)
            page.close()
    except (PDFException, PdfminerException, ValueError, KeyError, TypeError, IndexError):
        return None
    return content


_START = {"text": "x"}  # what stands before a page's first character


def _content(page: Any) -> PageContent:
    upright = [char for char in page.chars if char["upright"]]
    chars = [(char, not before["text"].strip()) for before, char in pairwise([_START, *upright])]
    visible = [char for char, _ in chars if char["text"].strip()]
    boxes = np.array([(char["x0"], char["top"], char["x1"], char["bottom"]) for char in visible])
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for edge in page.edges:
        if edge["orientation"] == "h":
            horizontal.append(Rule(edge["top"], edge["x0"], edge["x1"]))
        else:
            vertical.append(Rule(edge["x0"], edge["top"], edge["bottom"]))
    area = float(page.width * page.height)
    pictures = [float(image["width"] * image["height"]) / area for image in page.images]
    return PageContent(
        number=page.page_number,
        width=float(page.width),
        height=float(page.height),
        characters=Characters(
            text=[char["text"] for char in visible],
            boxes=boxes.reshape(-1, 4).astype(np.float64),
            angle=np.zeros(len(visible)),
            strings=np.arange(len(visible), dtype=np.int64),
            after_blank=np.array([before for char, before in chars if char["text"].strip()], dtype=bool),
        ),
        horizontal=horizontal,
        vertical=vertical,
        picture_area=min(1.0, max(pictures, default=0.0)),
        by_pdfium=False,
    )
