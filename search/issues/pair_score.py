"""How likely two statements state the same issue, and not only use the same words.

    probabilities = pair_scores([("资金下达较晚", "财政拨款到位迟"), ("资金下达较晚", "资金支付不规范")])

A few weights turn what :mod:`~fiscalgraph.search.issues.features` looks at into a probability. They were
fitted with ``bench/pair_score.py``, are kept beside the model as ``pair_score.json``, and hold for that
model alone: statements are judged by the built-in model, whichever model the index was made with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder
from fiscalgraph.search.errors import ModelError
from fiscalgraph.search.issues.alignment import ALIGNED
from fiscalgraph.search.issues.features import FEATURES, Bounds, Statements
from fiscalgraph.search.issues.remembered import Remembered
from fiscalgraph.search.issues.stated import stated_issues
from fiscalgraph.search.issues.types import types_fingerprint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.issues.features import Array, Rows

__all__ = ["PAIR_SCORE_FILE", "PairJudge", "PairWeights", "built_in_encoder", "pair_scores", "pair_weights"]

PAIR_SCORE_FILE: Final = "pair_score.json"

_FEW: Final = 16  # so many times fewer pairs than texts are put in order one by one


@dataclass(frozen=True, slots=True)
class PairWeights:
    """``weights`` belong to :data:`~fiscalgraph.search.issues.features.FEATURES` but the last, for the model
    with this ``fingerprint`` and the issues kept beside it (``stated``: the fingerprint of these);
    ``most``: likewise, of a second score that the first never exceeds, without what is compared word by
    word, so that most pairs need not be compared so; ``restated``: the least probability where the last
    holds. From ``threshold`` on two neighbours are taken to state the same issue, which was right for a
    share ``precision`` and found a share ``recall``, on ``measured_on``."""

    fingerprint: str
    stated: str
    intercept: float
    weights: tuple[float, ...]
    most_intercept: float
    most: tuple[float, ...]
    restated: float
    threshold: float
    precision: float
    recall: float
    measured_on: str

    def probabilities(self, compared: Array) -> npt.NDArray[np.float64]:
        """The probability of each pair, from its features."""
        import numpy as np

        features = compared[:, :-1].astype(np.float64)
        # Pair by pair: the last digits of a product of matrices depend on what else is in them.
        logits = np.einsum("nf,f->n", features, np.array(self.weights)) + self.intercept
        most = np.einsum("nf,f->n", features, np.array(self.most)) + self.most_intercept
        logits = np.minimum(logits, most)
        found: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-logits))
        return np.maximum(found, self.restated * compared[:, -1].astype(np.float64))

    @property
    def digest(self) -> str:
        """Names these very weights."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]

    def save(self, file: Path) -> None:
        """Write the weights; equal figures give equal bytes."""
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@cache
def pair_weights(folder: Path = DEFAULT_MODEL) -> PairWeights:
    """The weights kept beside a model. Raises :class:`ModelError` when they are not there or damaged."""
    file = folder / PAIR_SCORE_FILE
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        rows = {name: tuple(map(float, content[name])) for name in ("weights", "most")}
        weights = PairWeights(**{**content, **rows})
        for row in rows.values():
            if len(row) != len(FEATURES) - 1:
                raise ValueError(f"{len(row)} weights for {len(FEATURES) - 1} features")
        if any(weights.most[FEATURES.index(name)] for name in ALIGNED):
            raise ValueError("the second score compares word by word")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"weights {file}",
            f"{type(error).__name__}: {error}",
            "Install again, or run bench/pair_score.py",
        ) from error
    return weights


class PairJudge:
    """Judges pairs among ``texts``, given by their numbers."""

    def __init__(self, texts: Sequence[str], vectors: Array | None = None, fingerprint: str = "") -> None:
        """``vectors``: those of the texts by the model of this ``fingerprint``; used if it is ours."""
        import numpy as np

        encoder = built_in_encoder()
        self.weights = pair_weights()
        fitted_for = (self.weights.fingerprint, self.weights.stated)
        if fitted_for != (encoder.fingerprint, stated_issues(encoder.folder).fingerprint):
            raise ModelError(
                str(DEFAULT_MODEL / PAIR_SCORE_FILE),
                "it was fitted for another model",
                "Run bench/pair_score.py",
            )
        known = vectors if fingerprint == encoder.fingerprint else None
        self._statements = Statements(texts, encoder, known)
        self._judged = Remembered(len(texts))
        self._texts = texts
        most = np.array(self.weights.most, dtype=np.float64)
        self._bounds = Bounds(most, self.weights.most_intercept, self.weights.restated)

    @property
    def made_by(self) -> str:
        """Names the model, the weights, and what the types of causes come from."""
        return f"{self.weights.fingerprint} {self.weights.digest} {types_fingerprint(built_in_encoder())}"

    @property
    def digest(self) -> str:
        """:attr:`made_by`, short."""
        return hashlib.sha256(self.made_by.encode()).hexdigest()[:16]

    def probabilities(self, left: Rows, right: Rows) -> npt.NDArray[np.float64]:
        """How likely each pair states the same issue (0 to 1); whichever of the two comes first."""
        first, second = self._in_order(left, right)
        known, result = self._judged.recall(first, second)
        self._fill(result, ~known, first, second, self._probabilities)
        return result

    def at_most(self, left: Rows, right: Rows, least: float) -> npt.NDArray[np.float64]:
        """What :meth:`probabilities` gives at most, found much faster; close to it from ``least`` on."""
        first, second = self._in_order(left, right)

        def at_most(one: Rows, other: Rows) -> npt.NDArray[np.float64]:
            return self._statements.at_most(one, other, self._bounds, least)

        known, result = self._judged.recall(first, second)
        self._fill(result, ~known, first, second, at_most)
        return result

    def probabilities_from(self, least: float, left: Rows, right: Rows) -> npt.NDArray[np.float64]:
        """:meth:`probabilities` of the pairs that have ``least`` or more; 0 for most of the others."""
        import numpy as np

        result = np.zeros(len(left))
        promising = np.flatnonzero(self.at_most(left, right, least) >= least)
        result[promising] = self.probabilities(left[promising], right[promising])
        return result

    def _in_order(self, left: Rows, right: Rows) -> tuple[Rows, Rows]:
        """The two of each pair in the order of their texts, by which the last digits may differ."""
        import numpy as np

        if len(left) * _FEW < len(self._texts):
            pairs = zip(left.tolist(), right.tolist(), strict=True)
            ordered = np.array(
                [self._texts[one] <= self._texts[other] for one, other in pairs], dtype=np.bool_
            )
        else:
            ordered = self._ranks[left] <= self._ranks[right]
        return np.where(ordered, left, right), np.where(ordered, right, left)

    @cached_property
    def _ranks(self) -> Rows:
        """The rank of each text; where few pairs are judged among many texts, not worth making."""
        import numpy as np

        ranks = np.empty(len(self._texts), dtype=np.int64)
        ranks[sorted(range(len(ranks)), key=self._texts.__getitem__)] = np.arange(len(ranks))
        return ranks

    def _fill(
        self,
        result: npt.NDArray[np.float64],
        wanted: npt.NDArray[np.bool_],
        first: Rows,
        second: Rows,
        judge: Callable[[Rows, Rows], npt.NDArray[np.float64]],
    ) -> None:
        import numpy as np

        rows = np.flatnonzero(wanted)
        result[rows] = judge(first[rows], second[rows])

    def _probabilities(self, first: Rows, second: Rows) -> npt.NDArray[np.float64]:
        found = self.weights.probabilities(self._statements.compared(first, second))
        self._judged.keep(first, second, found)
        return found


def pair_scores(pairs: Iterable[tuple[str, str]]) -> list[float]:
    """How likely the two texts of each pair state the same issue (0 to 1)."""
    import numpy as np

    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(text, len(numbers)) for text in sorted(pair)] for pair in pairs]
    if not rows:
        return []
    judge = PairJudge(list(numbers))
    left, right = np.array(rows, dtype=np.int64).T
    found: list[float] = judge.probabilities(left, right).tolist()
    return found


@cache
def built_in_encoder() -> StaticEncoder:
    """The model that comes with the package, read once."""
    return StaticEncoder()
