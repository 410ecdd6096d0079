"""Issues: causes, and measures, that departments state in different words (同一问题).

    from fiscalgraph.search.issues import find_issues

    found = find_issues(index, previous)          # an IssueSet; keeps the ids of the last generation
    (folder / "issues.json").write_text(found.to_json(), encoding="utf-8")

``docs/issues.md`` tells how they are found and what was measured. Nothing heavy is imported here.
"""

from fiscalgraph.search.issues.find import find_issues
from fiscalgraph.search.issues.model import (
    SIDES,
    Issue,
    IssueParameters,
    IssueSet,
    IssuesUnusable,
    Member,
)
from fiscalgraph.search.issues.pair_score import pair_scores

__all__ = [
    "SIDES",
    "Issue",
    "IssueParameters",
    "IssueSet",
    "IssuesUnusable",
    "Member",
    "find_issues",
    "pair_scores",
]
