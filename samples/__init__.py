"""A small corpus made by ourselves: disclosures with exactly known truth, in any layout.

>>> from random import Random
>>> disclosure, variant = random_disclosure(7)
>>> truth = render(disclosure, variant, Path("sample.pdf"))      # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from fiscalgraph.samples.catalogue import DEPARTMENTS, random_department
from fiscalgraph.samples.compose import compose
from fiscalgraph.samples.departments import disclosure_of
from fiscalgraph.samples.layout import LayoutVariant, random_layout
from fiscalgraph.samples.model import Disclosure
from fiscalgraph.samples.questions import with_questions
from fiscalgraph.samples.truth import Truth, truth_of, write_truth

__all__ = [
    "DEPARTMENTS",
    "Disclosure",
    "LayoutVariant",
    "Truth",
    "disclosure_of",
    "random_disclosure",
    "random_layout",
    "render",
    "rendered",
    "suffix",
    "with_questions",
    "write_truth",
]


def suffix(variant: LayoutVariant) -> str:
    """The file ending of a layout's format, with its dot."""
    return ".txt" if variant.format == "text" else f".{variant.format}"


def rendered(disclosure: Disclosure, variant: LayoutVariant) -> tuple[bytes, Truth]:
    """The document's bytes and its truth. Same input, same bytes.

    Raises ``ImportError`` for a PDF when reportlab (the extra ``samples``) is not installed.
    """
    blocks = compose(disclosure, variant)
    if variant.format == "pdf":
        from fiscalgraph.samples.render_pdf import render_pdf as render_format
    elif variant.format == "docx":
        from fiscalgraph.samples.render_docx import render_docx as render_format
    elif variant.format == "xlsx":
        from fiscalgraph.samples.render_xlsx import render_xlsx as render_format
    else:
        from fiscalgraph.samples.render_text import render_text as render_format
    data, positions = render_format(blocks, variant)
    return data, truth_of(disclosure, blocks, positions)


def render(disclosure: Disclosure, variant: LayoutVariant, path: Path) -> Truth:
    """Write the document to ``path`` and return its truth (see :func:`rendered`)."""
    data, truth = rendered(disclosure, variant)
    path.write_bytes(data)
    return truth


def random_disclosure(
    seed: int, *, format: str | None = None, planted: bool = True
) -> tuple[Disclosure, LayoutVariant]:
    """A disclosure and a layout drawn at random; equal seeds give equal results.

    ``format`` (pdf, docx, xlsx, text) fixes the file format. Without ``planted`` contradictions the same
    disclosure agrees with itself.
    """
    random = Random(f"disclosure/{seed}")
    department = random_department(random)
    year = random.randint(2020, 2026)
    budget = random.random() < 0.35
    disclosure = disclosure_of(
        department,
        year,
        "budget" if budget else "accounts",
        seed=str(seed),
        whole_department=random.random() < 0.3,
        planted=planted,
    )
    return disclosure, random_layout(random, format=format)
