"""Writes a static model as a sentence-transformers folder that NumPy can read too.

Vectors are stored as bytes with one scale per piece (the ``embeddings`` and ``weights``
that sentence-transformers knows from model2vec), a quarter of the size of floats.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fiscalgraph.search.encoder import TOKENIZER_FORM, StaticEncoder
from fiscalgraph.search.issues.stated import STATED_ISSUES_FILE
from fiscalgraph.search.issues.stated_causes import STATED_CAUSES_FILE, StatedCauses
from fiscalgraph.search.training.pretrain import Vocabulary

__all__ = ["export", "export_causes", "export_issues"]

_MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": "sentence_transformers.models.StaticEmbedding",
    },
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.models.Normalize",
    },
]


def export(folder: Path, vocabulary: Vocabulary, vectors: npt.NDArray[np.float32]) -> None:
    """Write the model files into ``folder``; a model card that is there stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    scores = vocabulary.log_probabilities
    _write_json(
        folder / "tokenizer.json",
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [],
            **TOKENIZER_FORM,
            "post_processor": None,
            "decoder": None,
            "model": {
                "type": "Unigram",
                "unk_id": 0,
                "vocab": [list(pair) for pair in zip(vocabulary.pieces, scores, strict=True)],
                "byte_fallback": False,
            },
        },
    )
    _write_vectors(folder / "model.safetensors", vectors)
    _write_json(folder / "modules.json", _MODULES)
    _write_json(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine", "prompts": {}})


def export_issues(folder: Path, issues: Sequence[Sequence[str]]) -> None:
    """Write the mean vector of each issue's statements, by the model in ``folder``, beside that model."""
    encoder = StaticEncoder(folder)
    centres = np.stack([encoder.encode(statements).mean(axis=0) for statements in issues])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    _write_vectors(folder / STATED_ISSUES_FILE, centres)


def export_causes(folder: Path, learnt: StatedCauses) -> None:
    """Write what was learnt of the causes with the vectors of the model in ``folder``, beside that model."""
    _write_safetensors(folder / STATED_CAUSES_FILE, {"weights": learnt.weights, "offsets": learnt.offsets})


def _write_vectors(path: Path, vectors: npt.NDArray[np.float32]) -> None:
    """As bytes, with a scale for each row."""
    largest = np.abs(vectors).max(axis=1)
    scales = np.where(largest > 0, largest / 127.0, 1.0).astype(np.float32)
    quantised = np.rint(vectors / scales[:, None]).astype(np.int8)
    _write_safetensors(path, {"embeddings": quantised, "weights": scales})


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _write_safetensors(path: Path, tensors: dict[str, npt.NDArray[np.generic]]) -> None:
    """The format written by hand: the same arrays always give the same bytes."""
    names = {"int8": "I8", "float32": "F32"}
    header: dict[str, object] = {}
    offset = 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": names[tensor.dtype.name],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors.values():
            file.write(tensor.tobytes())
