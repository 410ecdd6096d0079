"""What a score means for one model: the weight of words beside it, and from where on two texts say the same.

Measured once for each model on judged queries, and kept beside it as ``calibration.json``::

    python bench/calibration.py [--model FOLDER]

A model without one ranks with the usual weight, and its hits are not told apart into similar and not.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from fiscalgraph.search.encoder import DEFAULT_MODEL
from fiscalgraph.search.errors import ModelError

if TYPE_CHECKING:
    from fiscalgraph.search.encoder import Encoder

__all__ = ["CALIBRATION_FILE", "Calibration", "calibration_file", "calibration_of"]

CALIBRATION_FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores of the model with this ``fingerprint`` are made and read.

    ``words_weight`` is what a passage that holds all words of the query gains on its similarity.
    A score of at least ``threshold`` is called similar: on the set it was measured on, a share
    ``precision`` of such passages was judged to state the issue (grade 2 or 3), and a share ``recall`` of
    those that state it scored so. ``slope`` and ``intercept`` turn a score into that probability.
    """

    fingerprint: str
    words_weight: float
    threshold: float
    slope: float
    intercept: float
    precision: float
    recall: float
    measured_on: str

    def probability(self, score: float) -> float:
        """How likely a passage of this score states the issue of the query (0 to 1)."""
        return 1.0 / (1.0 + math.exp(-(self.slope * score + self.intercept)))

    def save(self, file: Path) -> None:
        """Write the calibration; equal figures give equal bytes."""
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def calibration_file(encoder: Encoder) -> Path | None:
    """Where the calibration of a model stands; ``None`` for a model that is not a folder."""
    folder = DEFAULT_MODEL if encoder.name is None else Path(encoder.name)
    return folder / CALIBRATION_FILE if folder.is_dir() else None


def calibration_of(encoder: Encoder) -> Calibration | None:
    """The calibration that was measured for this very model, if there is one.

    Raises :class:`ModelError` when the file is damaged. One of other weights does not count.
    """
    file = calibration_file(encoder)
    if file is None or not file.is_file():
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        calibration = Calibration(**{field.name: found[field.name] for field in fields(Calibration)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            str(file), f"{type(error).__name__}: {error}", "Make it again with python bench/calibration.py"
        ) from error
    return calibration if calibration.fingerprint == encoder.fingerprint else None
