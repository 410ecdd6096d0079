"""Which causes of the scheme a text states, by what was written of them (``search/training/paraphrases``).

A linear model over the vectors of the encoder beside which it lies. It finds causes in wordings that no
pattern knows, but is surer than it should be: :mod:`fiscalgraph.search.issues.types` weighs it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fiscalgraph.ontology.causes import causes
from fiscalgraph.search.encoder import DEFAULT_MODEL, read_tensors
from fiscalgraph.search.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float32]

__all__ = ["STATED_CAUSES_FILE", "StatedCauses", "stated_causes"]

STATED_CAUSES_FILE: Final = "stated_causes.safetensors"


@dataclass(frozen=True)
class StatedCauses:
    """A row of weights and an offset for each cause in ``causes()``' order, and for none of them.

    ``fingerprint`` names the file they are read from.
    """

    weights: Array
    offsets: Array
    fingerprint: str = ""

    def shares(self, vectors: Array) -> Array:
        """The probability of each cause (second axis) for each vector; with that of none they sum to one."""
        import numpy as np

        logits = np.empty((len(vectors), len(self.offsets)), dtype=np.float32)
        # Row by row: the last digits of a product of matrices depend on what else is in them.
        for row, each in enumerate(vectors):
            np.matmul(self.weights, each, out=logits[row])
        logits += self.offsets
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        found: Array = (shares / shares.sum(axis=1, keepdims=True))[:, :-1]
        return found


@cache
def stated_causes(folder: Path = DEFAULT_MODEL) -> StatedCauses | None:
    """What is kept beside a model, ``None`` where nothing is.

    Raises :class:`ModelError` when it is damaged, or made for another scheme, or not beside the built-in
    model.
    """
    file = folder / STATED_CAUSES_FILE
    if folder != DEFAULT_MODEL and not file.exists():
        return None
    tensors = read_tensors(file)
    rows = len(causes()) + 1
    if (
        tensors.keys() != {"weights", "offsets"}
        or tensors["offsets"].shape != (rows,)
        or tensors["weights"].ndim != 2
        or len(tensors["weights"]) != rows
    ):
        raise ModelError(
            f"causes {file}",
            f"they are not those of the scheme, which has {len(causes())}",
            "Install again, or train the model again",
        )
    return StatedCauses(
        tensors["weights"], tensors["offsets"], hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    )
