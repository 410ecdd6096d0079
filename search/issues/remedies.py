"""Which causes a measure answers (改进措施所针对的原因): 加大宣传力度 answers that few know of it.

Two measures seldom share words that matter, and share many that do not (加强, 完善, 提高). What they are
against tells more: the scheme of causes holds, for each cause, the words of what is done about it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from fiscalgraph.ontology.causes import causes
from fiscalgraph.search.issues.prefilter import Prefilter

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["remedy_profiles"]

_SHORTEST = 4
_CLAUSE = re.compile("[，,。；;：:\\n]")
_ASIDE = re.compile(r"[“\"][^”\"]{0,40}[”\"]|《[^》]{0,80}》|（[^）]{0,60}）")


def remedy_profiles(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """How much of each text answers each cause of ``causes()``, in their order: rows of length one, or
    zero where a text says nothing that is done about any."""
    import numpy as np

    remedies = [each.remedies for each in causes()]
    found = np.zeros((len(texts), len(remedies)), dtype=np.float32)
    told = [_ASIDE.sub("", text) for text in texts]
    for row, column in np.argwhere(_prefilter().possible(told)).tolist():
        wording = remedies[column]
        if wording is not None and wording.search(told[row]):
            clauses = [each for each in _CLAUSE.split(told[row]) if len(each) >= _SHORTEST]
            found[row, column] = sum(wording.search(each) is not None for each in clauses)
    profiles: npt.NDArray[np.float32] = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    return profiles


@cache
def _prefilter() -> Prefilter:
    return Prefilter([each.remedies for each in causes()])
