"""Sentences to unit vectors.

The default encoder is the static model of ``search/model``: each piece of a sentence
has one vector, a sentence is their mean. It is a sentence-transformers folder, but is
read here with NumPy alone (no torch), in some tens of milliseconds. Any other
sentence-transformers model, by name or folder, can take its place.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from fiscalgraph.search.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from sentence_transformers import SentenceTransformer

    Vectors = npt.NDArray[np.float32]

__all__ = [
    "DEFAULT_MODEL",
    "TOKENIZER_FORM",
    "Encoder",
    "SentenceTransformersEncoder",
    "StaticEncoder",
    "fold",
    "load_encoder",
    "read_tensors",
]

DEFAULT_MODEL = Path(__file__).parent / "model"

_RUN = re.compile(r"[一-鿿a-z]+")
_RUNS_KEPT = 16_384

# The one tokenizer that StaticEncoder reads; sentence-transformers does the same from the same file.
TOKENIZER_FORM: dict[str, Any] = {
    "normalizer": {
        "type": "Sequence",
        "normalizers": [
            {"type": "NFKC"},
            {"type": "Lowercase"},
            {"type": "Replace", "pattern": {"Regex": "[^一-鿿a-z]+"}, "content": " "},
        ],
    },
    "pre_tokenizer": {"type": "WhitespaceSplit"},
}

# Models whose authors ask for an instruction before a query, but do not store it in the model.
_BGE_CHINESE = re.compile(r"bge-(small|base|large)-zh", re.IGNORECASE)
_BGE_INSTRUCTION = "为这个句子生成表示以用于检索相关文章："


class Encoder(Protocol):
    """What the index needs of a model. Vectors are float32 rows of length 1 (0 for a text without words)."""

    @property
    def name(self) -> str | None:
        """What :func:`load_encoder` takes to load this model again (``None``: the default model)."""

    @property
    def dimension(self) -> int: ...

    @property
    def fingerprint(self) -> str:
        """A hash of the weights: vectors of models with different fingerprints are never mixed."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, one row per text."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The vectors of queries; some models put an instruction before them."""


def fold(text: str) -> str:
    """Lower-case letters and Chinese characters, everything else (digits, punctuation) a single blank.

    >>> fold("2024年，GDP 增长５％")
    '年 gdp 增长'
    """
    return " ".join(_RUN.findall(unicodedata.normalize("NFKC", text).lower()))


class StaticEncoder:
    """A static embedding model read with NumPy.

    Raises :class:`ModelError` when ``folder`` does not hold one in the form that
    ``fiscalgraph.search.training`` writes.
    """

    def __init__(self, folder: Path = DEFAULT_MODEL) -> None:
        import numpy as np

        tensors = read_tensors(folder / "model.safetensors")
        try:
            tokenizer = json.loads((folder / "tokenizer.json").read_bytes())
            vocabulary: list[list[Any]] = tokenizer["model"]["vocab"]
            embeddings, weights = tensors["embeddings"], tensors["weights"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _unreadable(folder, f"{type(error).__name__}: {error}") from error
        if not _has_known_form(tokenizer):
            raise _unreadable(folder, "its tokenizer is not of the form this reader knows")
        if (
            embeddings.ndim != 2
            or embeddings.shape[0] != len(vocabulary)
            or weights.shape != (len(vocabulary),)
        ):
            raise _unreadable(folder, "vocabulary and vectors are of different sizes")
        self._folder = folder
        self._embeddings = embeddings
        self._weights = weights.astype(np.float32)
        self._pieces = {piece: (number, score) for number, (piece, score) in enumerate(vocabulary)}
        self._rarities = [-float(score) for _, score in vocabulary]
        self._longest = max(len(piece) for piece, _ in vocabulary[1:])
        # The penalty of the tokenizers library for a character that is in no piece.
        self._unknown = min(score for _, score in vocabulary) - 10.0
        # A sentence, its clauses and what remains of it are all cut, and have their runs in common.
        self._segmented = lru_cache(maxsize=_RUNS_KEPT)(self._pieces_of_run)
        self._fingerprint = ""

    @property
    def name(self) -> str | None:
        return None if self._folder == DEFAULT_MODEL else str(self._folder)

    @property
    def folder(self) -> Path:
        """Where the model lies; what was measured with it lies beside it."""
        return self._folder

    @property
    def dimension(self) -> int:
        return int(self._embeddings.shape[1])

    @property
    def fingerprint(self) -> str:
        if not self._fingerprint:
            digest = hashlib.sha256()
            for file in ("tokenizer.json", "model.safetensors"):
                digest.update((self._folder / file).read_bytes())
            self._fingerprint = digest.hexdigest()
        return self._fingerprint

    def pieces(self, text: str) -> list[int]:
        """The most probable segmentation of ``text`` into pieces of the vocabulary (Viterbi)."""
        return [piece for run in fold(text).split() for piece in self._segmented(run)]

    def _pieces_of_run(self, run: str) -> tuple[int, ...]:
        """The pieces of a run of characters without a blank."""
        known, longest, length = self._pieces, self._longest, len(run)
        best: list[float] = [0.0] + [float("-inf")] * length
        step: list[tuple[int, int]] = [(0, 0)] * (length + 1)
        for start in range(length):
            base = best[start]
            single = False
            for end in range(start + 1, min(start + longest, length) + 1):
                entry = known.get(run[start:end])
                if entry is None:
                    continue
                single = single or end == start + 1
                if base + entry[1] > best[end]:
                    best[end] = base + entry[1]
                    step[end] = (start, entry[0])
            if not single and base + self._unknown > best[start + 1]:
                best[start + 1] = base + self._unknown
                step[start + 1] = (start, 0)
        path: list[int] = []
        while length:
            length, number = step[length]
            path.append(number)
        return tuple(reversed(path))

    def piece_vectors(self) -> Vectors:
        """What each piece adds to a sentence, by the numbers of :meth:`pieces`."""
        import numpy as np

        vectors: Vectors = self._weights[:, None] * self._embeddings.astype(np.float32)
        return vectors

    def rarity(self, piece: int) -> float:
        """How rare a piece is in the official register: the negative logarithm of its share of all pieces."""
        return self._rarities[piece]

    def encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        result = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            numbers = self.pieces(text)
            if numbers:
                result[row] = self._weights[numbers] @ self._embeddings[numbers].astype(np.float32)
        return _unit(result)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode(texts)


class SentenceTransformersEncoder:
    """Any model that sentence-transformers loads, by name or folder.

    Raises :class:`ModelError` when the package is not installed or the model cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelError(
                f"model {name}",
                "it needs the package sentence-transformers, which is not installed",
                "Install fiscalgraph[encoders], or leave the model setting empty to use the built-in model",
            ) from error
        try:
            self._model: SentenceTransformer = SentenceTransformer(name)
        except Exception as error:  # the libraries below raise whatever their parts raise
            first_line = (str(error).splitlines() or [""])[0]
            raise ModelError(
                f"model {name}",
                f"it cannot be loaded ({type(error).__name__}: {first_line})",
                "Give the folder of a sentence-transformers model, or the name of one on this machine",
            ) from error
        self._name = name
        prompts: dict[str, str] = getattr(self._model, "prompts", {}) or {}
        self._instruction = prompts.get("query") or (_BGE_INSTRUCTION if _BGE_CHINESE.search(name) else "")
        self._fingerprint = ""

    @property
    def name(self) -> str | None:
        return self._name

    @property
    def dimension(self) -> int:
        return int(self._model.encode(["维"], show_progress_bar=False).shape[1])

    @property
    def fingerprint(self) -> str:
        if not self._fingerprint:
            digest = hashlib.sha256(self._instruction.encode())
            for key, tensor in sorted(self._model.state_dict().items()):
                digest.update(key.encode())
                digest.update(tensor.cpu().contiguous().view(-1).float().numpy().tobytes())
            self._fingerprint = digest.hexdigest()
        return self._fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, "")

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._instruction)

    def _encode(self, texts: Sequence[str], instruction: str) -> Vectors:
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts), prompt=instruction or None, show_progress_bar=False, convert_to_numpy=True
        )
        return _unit(np.asarray(vectors, dtype=np.float32))


def load_encoder(name: str | None = None) -> Encoder:
    """The default model, or the sentence-transformers model of that name or folder.

    Raises :class:`ModelError` with a cure when it cannot be loaded.
    """
    if name is None:
        return _default_encoder()
    folder = Path(name)
    if is_static_model(folder):
        return StaticEncoder(folder)
    if not folder.exists() and (folder.is_absolute() or name.startswith(".")):
        raise ModelError(f"model {name}", "there is no such folder", "Check the path of the model folder")
    return SentenceTransformersEncoder(name)


@cache
def _default_encoder() -> StaticEncoder:
    """The default model, read once: it does not change, and processes that are forked share it."""
    return StaticEncoder()


def is_static_model(folder: Path) -> bool:
    """Whether ``folder`` holds a static model in the form that :class:`StaticEncoder` reads."""
    try:
        tokenizer = json.loads((folder / "tokenizer.json").read_bytes())
        with (folder / "model.safetensors").open("rb") as file:
            names = json.loads(file.read(int.from_bytes(file.read(8), "little"))).keys()
    except (OSError, ValueError, OverflowError, MemoryError):
        return False
    return {"embeddings", "weights"} <= names and _has_known_form(tokenizer)


def _has_known_form(tokenizer: object) -> bool:
    return (
        isinstance(tokenizer, dict)
        and isinstance(tokenizer.get("model"), dict)
        and tokenizer["model"].get("type") == "Unigram"
        and all(tokenizer.get(key) == form for key, form in TOKENIZER_FORM.items())
    )


def _unreadable(folder: Path, why: str) -> ModelError:
    return ModelError(
        f"model folder {folder}",
        why,
        "Make it again with python -m fiscalgraph.search.training, or install again",
    )


def read_tensors(path: Path) -> dict[str, Any]:
    """The int8 and float32 tensors of a file in the safetensors format, as arrays."""
    import numpy as np

    types: dict[str, np.dtype[Any]] = {"I8": np.dtype("i1"), "F32": np.dtype("<f4")}
    try:
        content = path.read_bytes()
        start = 8 + int.from_bytes(content[:8], "little")
        header = json.loads(content[8:start])
        header.pop("__metadata__", None)
        return {
            name: np.frombuffer(
                content[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]],
                types[entry["dtype"]],
            ).reshape(entry["shape"])
            for name, entry in header.items()
        }
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise _unreadable(path.parent, f"{path.name}: {type(error).__name__}: {error}") from error


def _unit(vectors: Vectors) -> Vectors:
    import numpy as np

    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 1e-12)
    return np.ascontiguousarray(scaled)
