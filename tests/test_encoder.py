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


OTHER_MODELS = """
import json, sys
from pathlib import Path
import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers
from fiscalgraph.search.encoder import load_encoder

def made(folder, prompts, seed=0):
    pieces = ["?", *"为这个句子生成表示以用于检索相关文章资金下达晚查询"]
    words = Tokenizer(models.WordLevel({p: n for n, p in enumerate(dict.fromkeys(pieces))}, unk_token="?"))
    words.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    table = np.random.default_rng(seed).normal(size=(len(dict.fromkeys(pieces)), 12)).astype(np.float32)
    SentenceTransformer(modules=[StaticEmbedding(words, table)], prompts=prompts).save(str(folder))
    return load_encoder(str(folder))

def told(encoder):
    query, passage = encoder.encode_queries(["资金下达晚"])[0], encoder.encode(["资金下达晚"])[0]
    return {
        "kind": type(encoder).__name__, "name": encoder.name, "dimension": encoder.dimension,
        "fingerprint": encoder.fingerprint, "length": float(np.linalg.norm(query)),
        "same": bool(np.allclose(query, passage, atol=1e-6)),
        "query side": bool(np.allclose(query, encoder.encode(["查询资金下达晚"])[0], atol=1e-6)),
        "bge side": bool(np.allclose(
            query, encoder.encode(["为这个句子生成表示以用于检索相关文章：资金下达晚"])[0], atol=1e-6)),
        "empty": list(encoder.encode([]).shape),
    }

home = Path(sys.argv[1])
json.dump({
    "plain": told(made(home / "plain", {})),
    "again": told(load_encoder(str(home / "plain"))),
    "other weights": told(made(home / "other", {}, seed=1)),
    "instructed": told(made(home / "instructed", {"query": "查询"})),
    "bge": told(made(home / "bge-small-zh-v1.5", {})),
}, sys.stdout)
"""


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None, reason="sentence-transformers is not installed"
)
def test_any_sentence_transformers_folder_with_its_query_instruction(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OTHER_MODELS, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"},
    )
    assert done.returncode == 0, done.stderr
    models = json.loads(done.stdout)
    plain = models["plain"]
    assert plain["kind"] == "SentenceTransformersEncoder"
    assert plain["name"] == str(tmp_path / "plain")
    assert (plain["dimension"], plain["empty"]) == (12, [0, 12])
    assert plain["length"] == pytest.approx(1.0, abs=1e-5)
    assert plain["same"]
    assert models["instructed"]["query side"]
    assert not models["instructed"]["same"]
    assert models["bge"]["bge side"]  # its authors' instruction, which the model does not hold
    assert models["again"]["fingerprint"] == plain["fingerprint"]
    prints = [models[name]["fingerprint"] for name in ("plain", "other weights", "instructed", "bge")]
    assert len(set(prints)) == 4  # vectors of one are never taken for vectors of another


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
