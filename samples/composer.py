"""The state of composing one document: how figures print, which of them are planted wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fiscalgraph.samples.layout import LayoutVariant
from fiscalgraph.samples.model import Disclosure, Plant
from fiscalgraph.samples.printed import Block, Fact, PrintedCell, PrintedParagraph, PrintedRow

__all__ = ["Composer", "header_rows", "percent", "points", "ratio"]


def ratio(part: int, whole: int) -> int:
    """``part`` in ``whole`` as hundredths of a percent, rounded half up (away from zero)."""
    value = (abs(part) * 20_000 + whole) // (2 * whole)
    return value if part >= 0 else -value


def percent(hundredths: int, sign: str = "%") -> str:
    """Hundredths of a percent as printed: 9845 → 98.45%."""
    head = "-" if hundredths < 0 else ""
    return f"{head}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}{sign}"


def points(hundredths: int) -> str:
    """Hundredths of a point as printed: 850 → 8.5, 1000 → 10."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


@dataclass(slots=True)
class Composer:
    """Collects blocks; knows unit, layout and the planted contradictions of its disclosure."""

    disclosure: Disclosure
    variant: LayoutVariant
    blocks: list[Block] = field(default_factory=list)

    @property
    def unit(self) -> str:
        return self.disclosure.department.unit

    @property
    def year(self) -> int:
        return self.disclosure.year

    @property
    def projects_in_yuan(self) -> bool:
        """Whether project tables print 元 (or 万元 beside 亿元) where the rest prints a larger unit."""
        return self.variant.project_amounts_in_yuan and self.unit != "元"

    @property
    def project_unit(self) -> str:
        if not self.projects_in_yuan:
            return self.unit
        return "元" if self.unit == "万元" else "万元"

    def word(self, key: str) -> str:
        return self.variant.word(key)

    def plant(self, key: str) -> Plant | None:
        return next((plant for plant in self.disclosure.plants if plant.key == key), None)

    def planted(self, value: int, key: str) -> int:
        """``value``, or the wrong figure that is planted at ``key``."""
        plant = self.plant(key)
        return value + plant.change if plant else value

    def money(self, value: int, *, plain: bool = False) -> str:
        """A figure of hundredths as printed in running text or a table (never blank)."""
        sign = "-" if value < 0 else ""
        whole, rest = divmod(abs(value), 100)
        grouped = self.variant.thousands and not plain
        return f"{sign}{whole:,}.{rest:02d}" if grouped else f"{sign}{whole}.{rest:02d}"

    def cell(self, value: int) -> str:
        """A figure in a table: an amount of zero prints as the layout says."""
        if value:
            return self.money(value)
        return {"blank": "", "zero": "0.00", "dash": "-"}[self.variant.zero]

    def project_money(self, value: int) -> str:
        """A project's amount in the unit of the project tables; zero is always printed."""
        if not value and self.variant.zero == "dash":
            return "-"
        return self.money(value * 10_000 if self.projects_in_yuan else value)

    @staticmethod
    def truth(printed: str) -> str | None:
        """A printed figure as records hold it; None for a blank cell or a dash."""
        return None if printed in ("", "-", "—") else printed.replace(",", "")

    def contradiction(
        self, key: str, left: str, right: str, detail: str, *, optional: Iterable[tuple[str, str, str]] = ()
    ) -> tuple[Fact, ...]:
        """The records of a planted contradiction, none when nothing is planted at ``key``.

        ``optional`` lists further disagreements (kind, left, right) that the same wrong
        figure brings about; finding them is neither rewarded nor punished.
        """
        plant = self.plant(key)
        if plant is None:
            return ()
        facts = [
            Fact(
                "contradictions",
                {
                    "kind": plant.kind,
                    "detail": detail,
                    "left": left.replace(",", ""),
                    "right": right.replace(",", ""),
                },
            )
        ]
        facts += [
            Fact(
                "optional_contradictions",
                {
                    "kind": kind,
                    "detail": f"由此引起：{detail}",
                    "left": a.replace(",", ""),
                    "right": b.replace(",", ""),
                },
            )
            for kind, a, b in optional
        ]
        return tuple(facts)

    def say(
        self, text: str, style: str = "body", facts: Iterable[Fact] = (), *, new_page: bool = False
    ) -> None:
        """Append a paragraph."""
        self.blocks.append(PrintedParagraph(text, style, tuple(facts), new_page))


def header_rows(paths: Sequence[tuple[str, ...]]) -> list[PrintedRow]:
    """Header rows for columns named by paths, outermost first: equal neighbours are merged."""
    depth = max(len(path) for path in paths)
    rows = []
    for level in range(depth):
        cells = []
        column = 0
        while column < len(paths):
            path = paths[column]
            if len(path) <= level:  # covered by the label above it
                column += 1
                continue
            end = column + 1
            last = level == len(path) - 1
            while end < len(paths) and not last and paths[end][: level + 1] == path[: level + 1]:
                end += 1
            cells.append(
                PrintedCell(
                    path[level], depth - level if last else 1, end - column, align="center", bold=False
                )
            )
            column = end
        rows.append(PrintedRow(tuple(cells)))
    return rows
