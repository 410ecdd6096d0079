"""Sentences that state one issue in several ways pull the vectors of their words together.

Three parts are learned on top of the pretrained vectors, from general to particular: a
linear map of the whole space (it moves words that no written sentence holds), a shift of
each character (it moves every word with that character) and a shift of each piece. All are
held small so that what the register taught is kept.

Each step takes some issues with several statements each. A statement shall be nearer to the
others of its issue than to its issue's look-alikes and to the statements of other issues,
except where two issues are too close to be held apart (:func:`neutral`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from fiscalgraph.search.training.pretrain import Vocabulary

__all__ = ["Group", "Recipe", "contrast", "neutral"]

Vectors = npt.NDArray[np.float32]
Sentence = Sequence[int]  # piece numbers

WARM_UP = 20  # steps until the full rate


@dataclass(frozen=True)
class Group:
    """Sentences that say the same, as piece numbers; ``kind`` is ``fine``, ``coarse`` or ``words``."""

    name: str
    kind: str
    statements: Sequence[Sentence]
    lookalikes: Sequence[Sentence] = ()


@dataclass(frozen=True)
class Recipe:
    """Settings found by holding out whole files of issues (see the model card)."""

    steps: int = 700
    issues_per_step: int = 128
    words_per_step: int = 60
    statements_per_issue: int = 4
    temperature: float = 0.06
    left_out: float = 0.1
    """The share of a statement's pieces that a step does not see, so that no piece is relied on alone."""
    rate: float = 0.005
    decay_of_map: float = 0.010
    decay_of_shifts: float = 0.003
    seed: int = 7


def neutral(groups: Sequence[Group], near: set[tuple[str, str]]) -> npt.NDArray[np.bool_]:
    """Which pairs of groups are never held apart.

    Those named in ``near``, a coarse issue and a fine one (the first often holds the second), and
    groups that share a statement (a word with several meanings).
    """
    number = {group.name: row for row, group in enumerate(groups)}
    kinds = np.array([group.kind for group in groups])
    result = (kinds[:, None] == "coarse") & (kinds == "fine")
    holders: dict[tuple[int, ...], list[int]] = {}
    for row, group in enumerate(groups):
        for sentence in group.statements:
            holders.setdefault(tuple(sentence), []).append(row)
    for rows in holders.values():
        result[np.ix_(rows, rows)] = True
    for one, other in near:
        if one in number and other in number:
            result[number[one], number[other]] = True
    np.fill_diagonal(result, val=False)
    return np.asarray(result | result.T, dtype=np.bool_)


def contrast(
    vectors: Vectors,
    vocabulary: Vocabulary,
    groups: Sequence[Group],
    near: set[tuple[str, str]],
    recipe: Recipe,
) -> Vectors:
    """The vectors after training on ``groups``; equal input gives equal bytes."""
    import torch
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
    from torch.nn import functional

    torch.manual_seed(recipe.seed)
    torch.set_num_threads(1)  # sums in one order: the same model from the same text
    random = np.random.default_rng(recipe.seed)
    groups = [group for group in map(_usable, groups) if len(group.statements) >= 2]
    apart = ~neutral(groups, near)
    issues = np.array([row for row, group in enumerate(groups) if group.kind != "words"], dtype=np.int64)
    words = np.array([row for row, group in enumerate(groups) if group.kind == "words"], dtype=np.int64)

    sentences = [s for group in groups for s in chain(group.statements, group.lookalikes)]
    used = np.unique(np.concatenate([np.asarray(sentence) for sentence in sentences]))
    place = np.full(len(vocabulary.pieces), -1, dtype=np.int64)
    place[used] = np.arange(len(used))
    spelling = _Spelling(vocabulary, used)
    weights = torch.from_numpy(vocabulary.weights[used])[:, None]
    directions = vectors / vocabulary.weights[:, None]
    scale = np.float32(np.linalg.norm(directions, axis=1).mean())
    directions /= scale
    start = torch.from_numpy(directions[used])

    dimension = vectors.shape[1]
    identity = torch.eye(dimension)
    linear = torch.eye(dimension, requires_grad=True)
    character_shift = torch.zeros(len(spelling.characters), dimension, requires_grad=True)
    piece_shift = torch.zeros(len(used), dimension, requires_grad=True)
    learned = [linear, character_shift, piece_shift]
    optimiser = torch.optim.Adam(learned, lr=recipe.rate, fused=True)
    for step in range(recipe.steps):
        for parameters in optimiser.param_groups:
            parameters["lr"] = recipe.rate * min(1.0, (step + 1) / WARM_UP) * (1.0 - step / recipe.steps)
        batch = _batch(random, groups, issues, words, apart, recipe)
        present, inverse = np.unique(place[batch.pieces], return_inverse=True)
        rows = torch.from_numpy(present)
        spelled, spelled_offsets = spelling.of(present)
        moved = start[rows] + piece_shift[rows]
        moved = moved + functional.embedding_bag(spelled, character_shift, spelled_offsets, mode="mean")
        table = (moved @ linear) * weights[rows]
        sums = functional.embedding_bag(
            torch.from_numpy(inverse), table, torch.from_numpy(batch.offsets), mode="sum"
        )
        loss = _loss(functional.normalize(sums, dim=1), batch, recipe.temperature)
        shifted = character_shift.square().sum() + piece_shift.square().sum()
        held = recipe.decay_of_shifts * shifted
        held = held + recipe.decay_of_map * (linear - identity).square().sum()
        optimiser.zero_grad()
        (loss + held).backward()
        optimiser.step()

    result = directions + spelling.shift_all(character_shift.detach().numpy())
    result[used] += piece_shift.detach().numpy()
    with threadpool_limits(limits=1):
        result = (result @ linear.detach().numpy()) * (vocabulary.weights[:, None] * scale)
    result[0] = 0.0
    return np.asarray(result, dtype=np.float32)


@dataclass(frozen=True)
class _Batch:
    """Sentences of one step in one row of pieces: first the statements, then the look-alikes.

    ``same`` and ``seen`` have a row for each statement and a column for each sentence: which state
    the same, and which the statement is compared with at all.
    """

    pieces: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    same: npt.NDArray[np.bool_]
    seen: npt.NDArray[np.bool_]


def _batch(
    random: np.random.Generator,
    groups: Sequence[Group],
    issues: npt.NDArray[np.int64],
    words: npt.NDArray[np.int64],
    apart: npt.NDArray[np.bool_],
    recipe: Recipe,
) -> _Batch:
    chosen = [*_draw(random, issues, recipe.issues_per_step), *_draw(random, words, recipe.words_per_step)]
    drawn = [
        (row, _thinned(random, groups[row].statements[number], recipe.left_out))
        for row in chosen
        for number in _draw(random, np.arange(len(groups[row].statements)), recipe.statements_per_issue)
    ]
    others = [(row, sentence) for row in chosen for sentence in groups[row].lookalikes]
    owner = np.array([row for row, _ in chain(drawn, others)])
    pieces, offsets = _bags([sentence for _, sentence in chain(drawn, others)])
    count = len(drawn)
    itself = np.eye(count, len(owner), dtype=np.bool_)
    of_one_issue = owner[:count, None] == owner
    same = of_one_issue & ~itself
    same[:, count:] = False
    seen = apart[np.ix_(owner[:count], owner)] & ~itself
    seen[:, count:] = of_one_issue[:, count:]  # another issue's look-alike may state this one
    return _Batch(pieces, offsets, same, seen)


def _loss(unit: Any, batch: _Batch, temperature: float) -> Any:
    """How unlikely each statement's companions are among all that it is compared with (torch)."""
    import torch

    positive = torch.from_numpy(batch.same)
    similarity = unit[: len(batch.same)] @ unit.T / temperature
    similarity = similarity.masked_fill(torch.from_numpy(~batch.seen), -1e9)
    likelihood = (similarity - torch.logsumexp(similarity, 1, keepdim=True)).masked_fill(~positive, 0.0)
    return -(likelihood.sum(1) / positive.sum(1)).mean()


def _usable(group: Group) -> Group:
    """``group`` without the sentences that hold no known piece."""
    return Group(
        group.name,
        group.kind,
        [sentence for sentence in group.statements if sentence],
        [sentence for sentence in group.lookalikes if sentence],
    )


def _draw(random: np.random.Generator, rows: npt.NDArray[np.int64], count: int) -> list[int]:
    return [int(row) for row in random.choice(rows, size=min(count, len(rows)), replace=False)]


def _thinned(random: np.random.Generator, sentence: Sentence, share: float) -> Sentence:
    """``sentence`` without about that share of its pieces, but never without all."""
    if not share or len(sentence) < 3:
        return sentence
    kept = [
        piece for piece, chance in zip(sentence, random.random(len(sentence)), strict=True) if chance >= share
    ]
    return kept or sentence


def _bags(sentences: Sequence[Sentence]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """All numbers in one row and where each sentence begins."""
    flat = np.fromiter(chain.from_iterable(sentences), dtype=np.int64)
    lengths = np.array([0, *(len(sentence) for sentence in sentences[:-1])])
    return flat, np.cumsum(lengths)


class _Spelling:
    """The characters of the pieces; only characters of pieces that are trained can shift."""

    def __init__(self, vocabulary: Vocabulary, used: npt.NDArray[np.int64]) -> None:
        index = vocabulary.index
        self._letters = [
            [index[letter] for letter in piece if letter in index] if row else []
            for row, piece in enumerate(vocabulary.pieces)
        ]
        self._used = used
        self.characters = np.unique([letter for piece in used for letter in self._letters[piece]])

    def of(self, places: npt.NDArray[np.int64]) -> tuple[Any, Any]:
        """The trained characters of some used pieces as a bag of numbers, for torch."""
        import torch

        flat, offsets = _bags([self._letters[piece] for piece in self._used[places]])
        return torch.from_numpy(np.searchsorted(self.characters, flat)), torch.from_numpy(offsets)

    def shift_all(self, shifts: Vectors) -> Vectors:
        """What the shifts of characters do to each piece of the vocabulary: the mean over its characters."""
        result = np.zeros((len(self._letters), shifts.shape[1]), dtype=np.float32)
        known = {int(character): row for row, character in enumerate(self.characters)}
        for row, letters in enumerate(self._letters):
            rows = [known[letter] for letter in letters if letter in known]
            if rows:
                result[row] = shifts[rows].sum(axis=0) / len(letters)
        return result
