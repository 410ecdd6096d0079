"""How likely two statements state the same issue, and not only use the same words.

    probabilities = pair_scores([("资金下达较晚", "财政拨款到位迟"), ("资金下达较晚", "资金支付不规范")])

A few weights turn what :mod:`~fiscalgraph.search.issues.features` looks at into a probability. They were
fitted with ``bench/pair_score.py``, are kept beside the model as ``pair_score.json``, and hold for that
model alone: statements are judged by the built-in model, whichever model the index was made with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder
from fiscalgraph.search.errors import ModelError
from fiscalgraph.search.issues.features import FEATURES, Statements

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from fiscalgraph.search.issues.features import Array, Rows

__all__ = ["PAIR_SCORE_FILE", "PairJudge", "PairWeights", "built_in_encoder", "pair_scores", "pair_weights"]

PAIR_SCORE_FILE: Final = "pair_score.json"


@dataclass(frozen=True, slots=True)
class PairWeights:
    """``weights`` belong to :data:`~fiscalgraph.search.issues.features.FEATURES` but the last, for the model
    with this ``fingerprint``; ``restated``: the least probability where the last holds. From ``threshold`` on
    two neighbours are taken to state the same issue, which was right for a share ``precision`` and found a
    share ``recall``, on ``measured_on``."""

    fingerprint: str
    intercept: float
    weights: tuple[float, ...]
    restated: float
    threshold: float
    precision: float
    recall: float
    measured_on: str

    def probabilities(self, compared: Array) -> npt.NDArray[np.float64]:
        """The probability of each pair, from its features."""
        import numpy as np

        logits = compared[:, :-1].astype(np.float64) @ np.array(self.weights) + self.intercept
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
        weights = PairWeights(**{**content, "weights": tuple(map(float, content["weights"]))})
        if len(weights.weights) != len(FEATURES) - 1:
            raise ValueError(f"{len(weights.weights)} weights for {len(FEATURES) - 1} features")
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
        encoder = built_in_encoder()
        self.weights = pair_weights()
        if self.weights.fingerprint != encoder.fingerprint:
            raise ModelError(
                str(DEFAULT_MODEL / PAIR_SCORE_FILE),
                "it was fitted for another model",
                "Run bench/pair_score.py",
            )
        known = vectors if fingerprint == encoder.fingerprint else None
        self._statements = Statements(texts, encoder, known)

    def probabilities(self, left: Rows, right: Rows) -> npt.NDArray[np.float64]:
        """How likely each pair states the same issue (0 to 1); whichever of the two comes first."""
        import numpy as np

        first, second = np.minimum(left, right), np.maximum(left, right)
        return self.weights.probabilities(self._statements.compared(first, second))


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
