"""What filters look at, as one array for each property: a value for every place of every passage."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.search.errors import IndexUnusable, QueryRefused
from fiscalgraph.search.passages import KINDS, Passage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.filters import Filters

    Mask = npt.NDArray[np.bool_]

__all__ = ["Columns", "write_columns"]

LEGENDS_FILE = "legends.json"
_NAMES = ("department", "whole", "region", "region_code", "project", "code", "document")
_NOTHING = -(2**63)  # no figure is printed
_CENTS = 100  # figures are kept in hundredths: points, and 分 of 元


def _file(name: str) -> str:
    return f"place_{name}.npy"


def write_columns(folder: Path, rows: Sequence[int], places: Sequence[Passage]) -> None:
    """Write the columns of ``places``; ``rows`` are the numbers of their texts, ascending."""
    import numpy as np

    def save(name: str, values: Sequence[int], kind: Any) -> None:
        np.save(folder / _file(name), np.array(values, dtype=kind))

    legends: dict[str, list[str]] = {}
    for name in _NAMES:
        values = [getattr(place, name) or "" for place in places]
        legends[name] = sorted(set(values))
        number = {value: index for index, value in enumerate(legends[name])}
        save(name, [number[value] for value in values], np.int32)
    save("text", rows, np.int32)
    save("kind", [KINDS.index(place.kind) for place in places], np.int8)
    save("year", [place.fiscal_year or 0 for place in places], np.int16)
    save("score_lost", [_cents(place.score_lost) for place in places], np.int64)
    save("amount", [_cents(place.amount) for place in places], np.int64)
    (folder / LEGENDS_FILE).write_text(json.dumps(legends, ensure_ascii=False), encoding="utf-8")


def _cents(value: Decimal | None) -> int:
    return _NOTHING if value is None else int((value * _CENTS).to_integral_value(ROUND_HALF_EVEN))


class Columns:
    """The columns that :func:`write_columns` wrote, each read when it is asked for."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._count = count
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The column ``name``. Raises :class:`IndexUnusable` when it is missing or damaged."""
        import numpy as np

        if name not in self._read:
            try:
                column = np.load(self._folder / _file(name), allow_pickle=False)
            except (OSError, ValueError, EOFError) as error:
                raise _unusable(self._folder, str(error)) from error
            if len(column) != self._count:
                raise _unusable(self._folder, f"{_file(name)} has {len(column)} values, not {self._count}")
            self._read[name] = column
        return self._read[name]

    @cached_property
    def _legends(self) -> dict[str, list[str]]:
        try:
            found: dict[str, list[str]] = json.loads(
                (self._folder / LEGENDS_FILE).read_text(encoding="utf-8")
            )
        except (OSError, ValueError) as error:
            raise _unusable(self._folder, str(error)) from error
        return found

    def legend(self, column: str) -> Sequence[str]:
        """What the numbers of a column stand for."""
        return self._legends[column]

    def names(self, column: str) -> tuple[str, ...]:
        """The names that a column holds, in order."""
        return tuple(name for name in self._legends[column] if name)

    def admitted(self, filters: Filters) -> Mask:
        """Which places the filters admit."""
        import numpy as np

        mask: Mask = np.ones(self._count, dtype=np.bool_)
        if filters.kinds is not None:
            chosen = np.array([kind in filters.kinds for kind in KINDS], dtype=np.bool_)
            mask &= chosen[self["kind"]]
        for column, wanted in (
            ("department", filters.department),
            ("whole", filters.whole),
            ("document", filters.document),
        ):
            if wanted is not None:
                mask &= self._where(column, wanted.__eq__)
        if filters.project is not None:
            mask &= self._where("project", lambda name: (filters.project or "") in name)
        if filters.code is not None:
            mask &= self._where("code", lambda code: code.startswith(filters.code or ""))
        if filters.region is not None:
            mask &= self._within(filters.region)
        first = filters.year if filters.year is not None else filters.year_from
        last = filters.year if filters.year is not None else filters.year_to
        if first is not None:
            mask &= self["year"] >= first
        if last is not None:
            mask &= (self["year"] <= last) & (self["year"] > 0)
        if filters.min_score_lost is not None:
            lost = self["score_lost"]
            mask &= (lost != _NOTHING) & (lost >= _cents(filters.min_score_lost))
        if filters.min_amount is not None:
            amount = self["amount"]
            mask &= (amount != _NOTHING) & (np.abs(amount) >= _cents(filters.min_amount))
        return mask

    def _where(self, column: str, wanted: Callable[[str], bool]) -> Mask:
        import numpy as np

        chosen = np.array([bool(name) and wanted(name) for name in self._legends[column]], dtype=np.bool_)
        found: Mask = chosen[self[column]]
        return found

    def _within(self, region: str) -> Mask:
        """The places in a region of that name or code, or inside it: codes lose their zeros pair by pair.

        Raises :class:`QueryRefused` for a name that no region has.
        """
        import numpy as np

        codes = {region}
        if not region.isdigit():
            from fiscalgraph.ontology.regions import regions

            every = regions().values()
            codes = {each.code for each in every if region in (each.name, each.short_name)}
            if not codes and region not in self._legends["region"]:
                raise QueryRefused(
                    f"region {region}",
                    "there is no region of this name",
                    "Write its name as 广东省 or its code",
                )
        stems = {_stem(code) for code in codes}
        mask: Mask = np.zeros(self._count, dtype=np.bool_)
        for stem in sorted(stems):
            mask |= self._where("region_code", lambda code, stem=stem: code.startswith(stem))  # type: ignore[misc]
        return mask | self._where("region", region.__eq__)


def _stem(code: str) -> str:
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def _unusable(folder: Path, why: str) -> IndexUnusable:
    return IndexUnusable(f"passage index {folder}", why, "Build the workspace again")
