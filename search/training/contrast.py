"""Sentences that state one issue in several ways pull the vectors of their words together.

Three parts are learned on top of the pretrained vectors, from general to particular: a
rotation and stretching of the whole space (it moves words that no written sentence holds),
a shift of each character (it moves every word with that character) and a shift of each
piece. Shifts are held small so that what the register taught is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fiscalgraph.search.training.pretrain import Vocabulary

__all__ = ["Recipe", "contrast"]

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    """Settings found by holding out whole groups of paraphrases (see the model card)."""

    steps: int = 600
    groups_per_step: int = 256
    temperature: float = 0.15
    rate: float = 0.003
    decay: float = 30.0
    seed: int = 7


def contrast(
    vectors: Vectors, vocabulary: Vocabulary, groups: Sequence[Sequence[Sequence[int]]], recipe: Recipe
) -> Vectors:
    """The vectors after training on ``groups`` (each a list of sentences as piece numbers)."""
    import torch

    torch.manual_seed(recipe.seed)
    torch.set_num_threads(1)  # sums in one order: the same model from the same text
    random = np.random.default_rng(recipe.seed)
    usable = [[sentence for sentence in group if sentence] for group in groups]
    usable = [group for group in usable if len(group) >= 2]
    used = np.unique([piece for group in usable for sentence in group for piece in sentence])
    spelling = _spelling(vocabulary)
    characters = np.unique(spelling[used].indices)  # shifts of other characters would never be trained
    scale = float(np.linalg.norm(vectors, axis=1).mean())
    dimension = vectors.shape[1]
    start = torch.from_numpy(vectors[used] / scale)
    spelled = torch.from_numpy(spelling[used][:, characters].toarray())
    linear = torch.eye(dimension, requires_grad=True)
    character_shift = torch.zeros(len(characters), dimension, requires_grad=True)
    piece_shift = torch.zeros(len(used), dimension, requires_grad=True)
    optimiser = torch.optim.Adam([linear, character_shift, piece_shift], lr=recipe.rate)
    for _ in range(recipe.steps):
        chosen = random.choice(len(usable), size=min(recipe.groups_per_step, len(usable)), replace=False)
        drawn = [random.choice(len(usable[group]), size=2, replace=False) for group in chosen]
        both = [
            usable[group][pair[side]] for side in (0, 1) for group, pair in zip(chosen, drawn, strict=True)
        ]
        bags = np.zeros((len(both), len(used)), dtype=np.float32)
        for row, sentence in enumerate(both):
            np.add.at(bags[row], np.searchsorted(used, sentence), 1.0)
        table = (start + spelled @ character_shift + piece_shift) @ linear
        unit = torch.nn.functional.normalize(torch.from_numpy(bags) @ table)
        similarity = unit[: len(chosen)] @ unit[len(chosen) :].T / recipe.temperature
        target = torch.arange(len(chosen))
        loss = torch.nn.functional.cross_entropy(similarity, target)
        loss = loss + torch.nn.functional.cross_entropy(similarity.T, target)
        held = character_shift.square().sum() + piece_shift.square().sum()
        held = held + (linear - torch.eye(dimension)).square().sum()
        optimiser.zero_grad()
        (loss + recipe.decay * 1e-3 * held).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    result = vectors / np.float32(scale)
    result += spelling[:, characters] @ character_shift.detach().numpy()
    result[used] += piece_shift.detach().numpy()
    result = (result @ linear.detach().numpy()) * np.float32(scale)
    result[0] = 0.0
    return np.asarray(result, dtype=np.float32)


def _spelling(vocabulary: Vocabulary) -> Any:
    """A sparse matrix: each piece's share of each character (as a piece number)."""
    from scipy import sparse  # type: ignore[import-untyped]

    index = vocabulary.index
    entries = [
        (row, index[character], 1.0 / len(piece))
        for row, piece in enumerate(vocabulary.pieces)
        if row
        for character in piece
        if character in index
    ]
    rows, columns, shares = zip(*entries, strict=True)
    size = len(vocabulary.pieces)
    return sparse.csr_matrix((np.array(shares, dtype=np.float32), (rows, columns)), shape=(size, size))
