"""What an issue is called: a short clause of its members, and the sentence of them that tells most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from fiscalgraph.search.folding import simplified
from fiscalgraph.search.issues.signs import core_of
from fiscalgraph.search.issues.statements import Statement

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.encoder import StaticEncoder

    Vectors = npt.NDArray[np.float32]

__all__ = ["label_and_definition"]

_READ: Final = 30  # members; of more, the label would hardly be another
_SHORTEST, _LONGEST, _IDEAL = 4, 26, 14  # characters of a label
_SENTENCE: Final = (12, 120)
_OWN_WORDS: Final = 0.25  # what it counts against a clause when no other member holds any of its words
_NAMES: Final = 0.3
_LATER: Final = 0.2  # what it counts against a clause that another one leads: causes come before effects
_LEADING: Final = 8  # members whose first clauses are compared for what only names their work
_LIKE: Final = 0.5  # from this share of common characters on, clauses are the same of other works
_LEFT: Final = (
    4,
    0.5,
)  # characters, and share of a clause, that are left when the name of a work is taken out
_TOO_LONG: Final = 0.01  # for each character
_SHARED: Final = (6, 0.6)  # characters, and share of a clause, that stand for it when most members hold them
_CLAUSE_END = re.compile("[，。；;,：:！？\\n]+")
_SENTENCE_END = re.compile("[。；;！？\\n]+")
# What leads into a clause, or is left of it when the project's name is taken out.
_LEAD = re.compile(
    "^(?:[一二三四五六七八九十]+是|[（(]?[一二三四五六七八九十\\d]+[)）.．、]|另?一方面|其中|同时|此外|例如|如|"
    "主要原因[是为]?|原因[是为]?|主要[是因]|由于|因为|因(?!公)|受|导致|造成|使得|加上|以及|并且|而且|但是?|故|今后|后续|下一步|建议|我们?将|[对的在])+"
)
_TAIL = re.compile("(?:等原因|等因素|等?影响|等问题|的问题|的情况|等)$")
_SEAM = re.compile("([对从将把向])的")  # what is left around a name that is taken out
_TELLING = re.compile("[不未无没非难缺少多低高晚早慢快]")
_BOUND = re.compile("级|半年|季度|年|月|度|批|期|阶段|轮|次|[者性化率]")  # what means little alone
_NAMED = re.compile(r"[\d《》“”\"‘’（）()]|[A-Za-z]{2,}|[省市县区州][^，]{0,8}[局厅委院校馆站所]")


def label_and_definition(members: Sequence[Statement], encoder: StaticEncoder) -> tuple[str, str]:
    """The clause nearest to all members, and the sentence nearest to both; ``members`` come best first."""
    members = members[:_READ]
    cores = [core_of(simplified(_without_projects(each))) for each in members]
    centre = encoder.encode(cores).sum(axis=0)
    label = _without_own_words(_label(cores, centre, encoder), cores)
    return label, _definition(members, centre, label, encoder)


def _label(cores: Sequence[str], centre: Vectors, encoder: StaticEncoder) -> str:
    """A clause with figures, titles or names is taken only when nothing else is near, and words that one
    member alone holds speak against it, and that it comes after another."""
    parts = [own for own in map(_clauses, cores) if own]
    if not parts:
        return cores[0][:_LONGEST]
    first = [own[0] for own in parts]
    common = Counter(_without_names(clause, first[:_LEADING]) for clause in first[:_LEADING])
    leading = {clause for clause, members in common.items() if members > 1}
    clauses = list(dict.fromkeys((*sorted(leading), *(clause for own in parts for clause in own))))
    holders = Counter(pair for core in cores for pair in set(pairwise(core)))
    near = encoder.encode(clauses) @ _unit(centre)

    def fitness(number: int) -> tuple[float, str]:
        clause = clauses[number]
        pairs = list(pairwise(clause))
        own = sum(holders[pair] < 2 for pair in pairs) / len(pairs) if len(cores) > 1 else 0.0
        against = _OWN_WORDS * own + _TOO_LONG * max(0, len(clause) - _IDEAL)
        against += _NAMES * bool(_NAMED.search(clause)) + _LATER * (clause not in leading)
        return (round(against - float(near[number]), 5), clause)

    return clauses[min(range(len(clauses)), key=fitness)]


def _without_names(clause: str, others: Sequence[str]) -> str:
    """The clause without the words in whose place the ``others`` that are like it hold other words: what
    the work of one project is called."""
    like = [
        matcher
        for other in others
        if other != clause
        and (matcher := SequenceMatcher(None, clause, other, autojunk=False)).quick_ratio() >= _LIKE
        and matcher.ratio() >= _LIKE
    ]
    held = Counter(
        place
        for matcher in like
        for start, _, size in matcher.get_matching_blocks()
        if size > 1
        for place in range(start, start + size)
    )
    marked = "".join("-" if 2 * held[place] < len(like) else each for place, each in enumerate(clause))
    runs = [found.span() for found in re.finditer("-+", marked)]
    left = marked.replace("-", "")
    shortest, share = _LEFT
    if not like or len(left) < max(shortest, share * len(clause)):
        return clause
    if not all(_is_a_name(clause, start, end) for start, end in runs):
        return clause
    return _SEAM.sub(r"\1", left).removeprefix("的")


def _is_a_name(clause: str, start: int, end: int) -> bool:
    """Whether this part of a clause may be what a work is called: it stands before what is said of it, turns
    no meaning, and is no number or half of a word."""
    part, rest = clause[start:end], clause[end:]
    return len(part) > 1 and bool(rest) and not _TELLING.search(part) and not _BOUND.match(rest)


def _without_own_words(clause: str, cores: Sequence[str]) -> str:
    """The longest end of the clause that most members hold: what one member's work is called goes."""
    shortest = max(_SHARED[0], round(_SHARED[1] * len(clause)))
    wanted = max(2, (len(cores) + 1) // 2)
    for start in range(len(clause) - shortest + 1):
        if start and not _is_a_name(clause, 0, start):
            continue
        if sum(clause[start:] in core for core in cores) >= wanted:
            return _LEAD.sub("", clause[start:]).removeprefix("的") or clause
    return clause


def _definition(members: Sequence[Statement], centre: Vectors, label: str, encoder: StaticEncoder) -> str:
    shortest, longest = _SENTENCE
    stated = (part.strip() for each in members for part in _SENTENCE_END.split(each.text))
    sentences = list(dict.fromkeys(part for part in stated if shortest <= len(part) <= longest))
    if not sentences:
        return members[0].text[:longest]
    wanted = _unit(centre) + encoder.encode([label])[0]
    near = (encoder.encode([simplified(each) for each in sentences]) @ wanted).round(5)
    return sentences[int(near.argmax())]


def _clauses(core: str) -> list[str]:
    """The clauses that may name an issue, without what leads into them."""
    stripped = (_TAIL.sub("", _LEAD.sub("", part.strip())) for part in _CLAUSE_END.split(core))
    return [clause for clause in stripped if _SHORTEST <= len(clause) <= _LONGEST]


def _without_projects(statement: Statement) -> str:
    text = statement.text
    for project in statement.projects:
        text = text.replace(project, "")
    return text


def _unit(vector: Vectors) -> Vectors:
    import numpy as np

    unit: Vectors = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
