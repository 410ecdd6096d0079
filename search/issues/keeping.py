"""The issues of a generation, kept beside its graph so that the next build gives them the same ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fiscalgraph.search.issues.find import find_issues
from fiscalgraph.search.issues.model import IssueSet, IssuesUnusable
from fiscalgraph.search.issues.stating import cause_texts
from fiscalgraph.search.issues.typed import CAUSE_TYPES, typed_causes, write_types

if TYPE_CHECKING:
    from fiscalgraph.search.encoder import Encoder
    from fiscalgraph.search.index import PassageIndex
    from fiscalgraph.search.issues.compared import ComparedSide
    from fiscalgraph.search.issues.typed import Types
    from fiscalgraph.search.passages import Passage

__all__ = ["ISSUES", "issues_by_passage", "kept_issues", "read_issues"]

ISSUES = "issues.json"
"""The file of a generation that keeps its issues."""


def kept_issues(
    index: PassageIndex,
    groups: Sequence[Sequence[Passage]],
    encoder: Encoder,
    generation: Path,
    served: Path | None,
    compared: Mapping[str, ComparedSide] | None = None,
) -> tuple[IssueSet, Types]:
    """The issues of ``index`` and the types of its causes, written into the folder ``generation``.

    ``groups`` are those of the index, and ``compared`` its statements, if they are at hand. Issues of the
    generation ``served`` keep their ids. Equal input gives equal files.
    """
    previous = None if served is None else read_issues(served)
    found = find_issues(index, previous, compared=compared)
    (generation / ISSUES).write_text(found.to_json(), encoding="utf-8")
    kept = None if served is None else served / CAUSE_TYPES
    types = typed_causes(cause_texts(groups), encoder, kept)
    write_types(generation / CAUSE_TYPES, types, encoder)
    return found, types


def read_issues(generation: Path) -> IssueSet | None:
    """The issues kept in a generation; ``None`` where it has none, or another version's: a new start."""
    try:
        return IssueSet.from_json((generation / ISSUES).read_text(encoding="utf-8"))
    except (FileNotFoundError, IssuesUnusable):
        return None


def issues_by_passage(found: IssueSet) -> Mapping[str, str]:
    """The id of the issue that a passage (its id) states, for all that state one."""
    return {place: issue.id for issue in found for member in issue.members for place in member.places}
