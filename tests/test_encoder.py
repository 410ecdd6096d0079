"""The shipped encoder: what it reads and gives, and that sentence-transformers reads it the same way."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder, fold, is_static_model, load_encoder
from fiscalgraph.search.errors import ModelError

SENTENCES = [
    "人手不够，活干不完",
    "在编人员不足、专业力量配备不到位",
    "资金下达较晚，2024年支出 51,368.15 万元",
    "ＧＤＰ　增长５％ 䶮㐀 mixed Latin 文本",
    "",
    "，。！？",
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder()


def test_vectors_are_unit_rows_and_repeatable(encoder: StaticEncoder) -> None:
    vectors = encoder.encode(SENTENCES)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(SENTENCES), encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors[:4], axis=1), 1.0, atol=1e-5)
    assert not vectors[4:].any()
    assert np.array_equal(vectors, encoder.encode(SENTENCES))
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_meaning_without_a_shared_word(encoder: StaticEncoder) -> None:
    query, same, other = encoder.encode(
        ["人手不够，活干不完", "在编人员不足、专业力量配备不到位", "专业设备配备已全部到位并投入使用"]
    )
    assert query @ same > query @ other + 0.1


def test_fold_keeps_letters_and_characters_only() -> None:
    assert fold("2024年，GDP 增长５％") == "年 gdp 增长"


def test_model_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in DEFAULT_MODEL.rglob("*") if path.is_file()) <= 20_000_000
    assert is_static_model(DEFAULT_MODEL)
    assert (DEFAULT_MODEL / "README.md").stat().st_size > 0


def test_encoding_imports_no_torch() -> None:
    code = (
        "import sys; from fiscalgraph.search import load_encoder; load_encoder().encode(['资金下达较晚']);"
        "print([name for name in ('torch', 'sentence_transformers', 'transformers', 'tokenizers', 'jieba')"
        " if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_importing_search_is_light() -> None:
    code = (
        "import sys, fiscalgraph.search;"
        "print([name for name in ('numpy', 'faiss', 'torch', 'pyoxigraph') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None, reason="sentence-transformers is not installed"
)
def test_equal_to_sentence_transformers(encoder: StaticEncoder, tmp_path: Path) -> None:
    # In a process of its own: loading torch would slow every test that follows, and its
    # libraries print warnings that are not ours.
    code = (
        "import sys, json, numpy as np; from sentence_transformers import SentenceTransformer;"
        f"model = SentenceTransformer({str(DEFAULT_MODEL)!r}, device='cpu');"
        "texts = json.loads(sys.stdin.read());"
        f"np.save({str(tmp_path / 'theirs.npy')!r}, model.encode(texts));"
        "ids = [model[0].tokenizer.encode(text, add_special_tokens=False).ids for text in texts];"
        f"json.dump(ids, open({str(tmp_path / 'ids.json')!r}, 'w'))"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    readme = (DEFAULT_MODEL / "README.md").read_text(encoding="utf-8")
    texts = SENTENCES + [line for line in readme.splitlines() if line.strip()]
    subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(texts),
        text=True,
        check=True,
        timeout=180,
        env=environment,
    )
    assert [encoder.pieces(text) for text in texts] == json.loads((tmp_path / "ids.json").read_text())
    np.testing.assert_allclose(encoder.encode(texts), np.load(tmp_path / "theirs.npy"), atol=1e-5)


def test_a_copy_of_the_model_is_read_the_same_way(encoder: StaticEncoder, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(DEFAULT_MODEL, copy)
    loaded = load_encoder(str(copy))
    assert isinstance(loaded, StaticEncoder)
    assert loaded.name == str(copy)
    assert loaded.fingerprint == encoder.fingerprint
    assert load_encoder().name is None


def test_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder"):
        load_encoder(str(tmp_path / "absent"))


@pytest.mark.parametrize("damage", ["cut weights", "other vocabulary"])
def test_damaged_model_is_a_clear_error(tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "model"
    shutil.copytree(DEFAULT_MODEL, copy)
    if damage == "cut weights":
        weights = copy / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:1000])
    else:
        tokenizer = json.loads((copy / "tokenizer.json").read_text(encoding="utf-8"))
        del tokenizer["model"]["vocab"][-1]
        (copy / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    with pytest.raises(ModelError, match="training"):
        StaticEncoder(copy)
