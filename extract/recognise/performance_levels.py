"""Level cells printed too late: a merged cell cut by a page break whose words stand on the later page.

Where the grid is known, the blank part of the cell says so. Where columns drift, three things tell that
rows belong to a label printed below them: no label of that level came before; the rows stand one
column too far left, as a row does in which a merged cell begins; or their own names use the later
label's word. Points printed with the first level (50分) check the outcome.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from fiscalgraph.extract.normalise import is_figure, printed_figure
from fiscalgraph.extract.recognise.performance_indicators import IndicatorDraft
from fiscalgraph.extract.recognise.performance_vocabulary import fold, level_points

__all__ = ["settle_levels", "weights_in_remarks"]

_WEIGHT_SUMS = (Decimal(100), Decimal(90), Decimal(80))  # the rest is the budget's execution
_STEM = re.compile(r"数量|质量|时效|成本|经济|社会|生态|满意")


def settle_levels(drafts: Sequence[IndicatorDraft]) -> None:
    """Give the rows of one form the levels whose labels were printed below them."""
    _blank_cells(drafts)
    _cut_names(drafts)
    if not any(draft.drifted for draft in drafts):
        return
    _before_first_label(drafts)
    for index in range(1, len(drafts)):
        if drafts[index].block != drafts[index - 1].block and drafts[index].labelled2:
            _over_the_break(drafts, index)
    _balance_points(drafts)


def _blank_cells(drafts: Sequence[IndicatorDraft]) -> None:
    """Blank level cells that run on over a page's end have the words printed at the next page's top."""
    for index in range(len(drafts) - 1, 0, -1):
        above, below = drafts[index - 1], drafts[index]
        changes = above.block != below.block
        if above.open1 and above.level1 is None and (changes or below.open1):
            above.level1 = below.level1
        same = above.level1 == below.level1
        if above.open2 and above.level2 is None and same and (changes or below.open2):
            above.level2 = below.level2


def _cut_names(drafts: Sequence[IndicatorDraft]) -> None:
    """A level's name that a page break cut is whole on the later page: 效益指 before 效益指标."""
    for index in range(len(drafts) - 1, 0, -1):
        above, below = drafts[index - 1], drafts[index]
        if above.block == below.block:
            continue
        for level in ("level1", "level2"):
            cut, whole = getattr(above, level), getattr(below, level)
            if not cut or not whole or cut == whole or not whole.startswith(cut):
                continue
            for draft in reversed(drafts[:index]):
                if getattr(draft, level) != cut:
                    break
                setattr(draft, level, whole)


def weights_in_remarks(forms: Sequence[Sequence[IndicatorDraft]]) -> None:
    """Figures in a column of remarks (备注) are weights where they add up as weights do.

    What most forms of a document confirm holds for its others: there the sum may be the issuer's error.
    """
    noted = [drafts for drafts in forms if _figures_in_remarks(drafts)]
    sound = [drafts for drafts in noted if _remarks_sum(drafts) in _WEIGHT_SUMS]
    for drafts in noted if 2 * len(sound) > len(noted) else sound:
        for draft in drafts:
            draft.weight = draft.remark


def _figures_in_remarks(drafts: Sequence[IndicatorDraft]) -> bool:
    """Whether every row has a figure for a remark and none a weight of its own."""
    return bool(drafts) and all(
        draft.weight is None and draft.remark is not None and is_figure(draft.remark) for draft in drafts
    )


def _remarks_sum(drafts: Sequence[IndicatorDraft]) -> Decimal:
    return sum((Decimal(printed_figure(draft.remark or "0").rstrip("%")) for draft in drafts), Decimal(0))


def _before_first_label(drafts: Sequence[IndicatorDraft]) -> None:
    """Rows above the form's first first-level label belong to it: nothing else can cover them."""
    first = next((index for index, draft in enumerate(drafts) if draft.labelled1), None)
    if not first:
        return
    for draft in drafts[:first]:
        draft.level1 = drafts[first].level1
    second = next((index for index, draft in enumerate(drafts) if draft.labelled2), None)
    if second == first:
        for draft in drafts[:first]:
            draft.level2 = drafts[first].level2


def _over_the_break(drafts: Sequence[IndicatorDraft], index: int) -> None:
    """Move the last rows before a page break to the second level that the next page prints first."""
    later = drafts[index]
    start = index
    while (
        start > 0 and drafts[start - 1].block == drafts[index - 1].block and not drafts[start - 1].labelled2
    ):
        start -= 1
    if start == 0 or start == index or later.level1 != drafts[index - 1].level1:
        return
    usual = drafts[start - 1].column if drafts[start - 1].block == drafts[start].block else None
    columns = [draft.column for draft in drafts[start:index]]
    for place in range(index - 1, start - 1, -1):
        draft = drafts[place]
        stands_left = draft.column == max((*columns, usual or 0)) - 1
        if not (stands_left or _names(draft.level3, later.level2, draft.level2)):
            break
        draft.level2 = later.level2


def _names(level3: str | None, later: str | None, inherited: str | None) -> bool:
    """Whether an indicator's name uses the later label's word and not the inherited label's."""
    stem = _STEM.search(fold(later or ""))
    own = _STEM.search(fold(inherited or ""))
    name = level3 or ""
    return stem is not None and stem.group() in name and (own is None or own.group() not in name)


def _balance_points(drafts: Sequence[IndicatorDraft]) -> None:
    """Move rows between neighbouring first levels when that, and only that, makes both sums right."""
    bounds = [index for index, draft in enumerate(drafts) if draft.labelled1]
    bounds.append(len(drafts))
    if bounds[0] != 0:
        bounds.insert(0, 0)
    for left, middle, right in zip(bounds, bounds[1:], bounds[2:], strict=False):
        if drafts[middle].block == drafts[middle - 1].block:
            continue  # no page break between the two: labels stand where they belong
        want_left, want_right = _points(drafts[middle - 1]), _points(drafts[middle])
        if want_left is None or want_right is None or drafts[middle - 1].level1 == drafts[middle].level1:
            continue
        if _sum(drafts[left:middle]) == want_left:
            continue
        for cut in range(middle - 1, left, -1):
            if drafts[cut].labelled1 or drafts[cut].labelled2:
                break
            if _sum(drafts[left:cut]) == want_left and _sum(drafts[cut:right]) == want_right:
                for draft in drafts[cut:middle]:
                    draft.level1, draft.level2 = drafts[middle].level1, drafts[middle].level2
                break


def _points(draft: IndicatorDraft) -> Decimal | None:
    points = level_points(draft.level1 or "")
    return Decimal(points) if points is not None else None


def _sum(drafts: Sequence[IndicatorDraft]) -> Decimal | None:
    """The weights' sum, ``None`` if one is missing."""
    if any(draft.weight is None for draft in drafts):
        return None
    return sum((Decimal((draft.weight or "0").rstrip("%")) for draft in drafts), Decimal(0))
