"""Write the sample corpus: ``python -m fiscalgraph.samples.make [--out DIR]``.

Documents go to ``DIR/documents``, their truth to ``DIR/truth/<stem>/*.jsonl``. The same
program writes the same bytes every time (PDF files as long as the same font is found).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fiscalgraph.samples import DEPARTMENTS, disclosure_of, rendered, suffix, write_truth
from fiscalgraph.samples.layout import LayoutVariant
from fiscalgraph.samples.model import Disclosure
from fiscalgraph.samples.outcomes import next_year_outcomes

__all__ = ["corpus", "write_corpus"]

_CENTRAL = LayoutVariant()
_CENTRAL_SHORT = LayoutVariant(
    all_classes=False, line_numbers=False, wording=6, total_first=False, zero="blank"
)
_PROVINCIAL = LayoutVariant(
    wording=9, zero="zero", project_amounts_in_yuan=True, narrative=2, enumeration="arabic"
)
_MUNICIPAL = LayoutVariant(
    wording=3,
    code_columns="three",
    narrative=1,
    repeat_header=False,
    rule_shape="rectangle",
    units_as="prose",
    page_header=True,
    body_size=15,
)
_COUNTY = LayoutVariant(
    wording=12,
    rules="horizontal",
    line_numbers=False,
    all_classes=False,
    units_as="table",
    landscape_wide=False,
    table_size=8,
    tables_first=False,
    body_size=12,
    income_by_code=False,
)
_UNIT = LayoutVariant(
    wording=20, enumeration="parenthesis", reason_place="below", narrative=1, split_rows=False
)

_EVALUATED_AS_A_WHOLE = ("water_2024_accounts", "education_2023_accounts", "education_2024_accounts")

# file stem (department, year, phase) → layout
_LAYOUTS: dict[str, LayoutVariant] = {
    "heritage_2023_accounts": _CENTRAL,
    "heritage_2024_budget": _CENTRAL_SHORT,
    "heritage_2024_accounts": replace(
        _CENTRAL, format="text", flattening="tabs", covered_cells_vanish=True, enumeration="ordinal"
    ),
    "water_2023_accounts": _PROVINCIAL,
    "water_2024_budget": replace(_PROVINCIAL, format="docx"),
    "water_2024_accounts": replace(_PROVINCIAL, format="docx", enumeration="chinese"),
    "education_2023_accounts": replace(_MUNICIPAL, format="text", flattening="blanks", code_columns="one"),
    "education_2024_accounts": _MUNICIPAL,
    "civil_2024_budget": _COUNTY,
    "civil_2024_accounts": replace(_COUNTY, format="xlsx"),
    "hydrology_2023_accounts": replace(_UNIT, format="text", flattening="lines", narrative=2),
    "hydrology_2024_budget": replace(_UNIT, format="xlsx"),
    "hydrology_2024_accounts": _UNIT,
}


def corpus() -> Iterator[tuple[str, Disclosure, LayoutVariant]]:
    """File stem, disclosure and layout of every document of the sample corpus."""
    for stem, layout in _LAYOUTS.items():
        name, year, phase = stem.split("_")
        disclosure = disclosure_of(
            DEPARTMENTS[name],
            int(year),
            "budget" if phase == "budget" else "accounts",
            seed=stem,
            whole_department=stem in _EVALUATED_AS_A_WHOLE,
        )
        yield stem, disclosure, layout


def write_corpus(out: Path) -> list[Path]:
    """Write documents and truth below ``out``; the documents' paths."""
    folder = out / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    documents = list(corpus())
    by_stem = {stem: disclosure for stem, disclosure, _ in documents}
    for stem, disclosure, variant in documents:
        data, truth = rendered(disclosure, variant)
        after = stem.replace(str(disclosure.year), str(disclosure.year + 1))
        if disclosure.accounts is not None and after in by_stem:
            truth["outcomes"] = next_year_outcomes(disclosure, by_stem[after], after)
        path = folder / f"{stem}{suffix(variant)}"
        path.write_bytes(data)
        write_truth(truth, out / "truth" / stem)
        written.append(path)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m fiscalgraph.samples.make", description="Write the sample corpus."
    )
    parser.add_argument(
        "--out", type=Path, default=Path("samples"), help="folder to write to (default: samples)"
    )
    arguments = parser.parse_args()
    for path in write_corpus(arguments.out):
        print(path)


if __name__ == "__main__":
    main()
