"""The steps of ``bench/search.py``, each for a process of its own: ``search_steps.py STEP FOLDER``.

Every step prints one line of JSON. ``FOLDER`` is named after the number of passages it is about.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search_passages import TEST_SET, generated, texts
from search_timing import on_one_core, peak, percentiles

from fiscalgraph.search.encoder import Encoder, load_encoder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

PARTS = 83  # queries that are part of a passage, beside the 117 of the test set
TEN = 10
_BATCH = 65_536
_TOGETHER = 25  # queries that are compared with everything at a time
_EQUAL = 1e-5  # similarities that differ by less are rounded differently, no more


def main() -> None:
    step, folder = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(STEPS[step](folder)))


def make_texts(folder: Path) -> dict[str, Any]:
    """The passages as lines, and the queries."""
    count = int(folder.name)
    start = time.perf_counter()
    with (folder / "texts.txt").open("w", encoding="utf-8") as file:
        file.write("\n".join(texts(count)))
    seconds = time.perf_counter() - start
    lines = (TEST_SET / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["text"] for line in lines]
    for text in islice(texts(count + PARTS), count, None):
        clauses = [clause for clause in re.split("[，。]", text) if len(clause) > 3]
        asked.append("，".join(clauses[: 1 + len(asked) % 2]))
    (folder / "queries.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    return {"seconds": seconds, "queries": len(asked)}


# -- fiscalgraph --------------------------------------------------------------------------------


def index_ours(folder: Path) -> dict[str, Any]:
    """A workspace whose generation holds the passages' index; its graph is empty."""
    from fiscalgraph.api.library import PASSAGES
    from fiscalgraph.graph.store import GenerationStore
    from fiscalgraph.search.index import PassageIndex

    passages = list(generated(int(folder.name)))
    encoder = load_encoder()
    with GenerationStore(folder / "home").begin() as build:
        directory = build.seal().directory / PASSAGES
        start, cpu = time.perf_counter(), time.process_time()
        index = PassageIndex.build(directory, passages, encoder)
        seconds, used = time.perf_counter() - start, time.process_time() - cpu
        disk = sum(file.stat().st_size for file in directory.iterdir()) / 1e6
        distinct = len(index.vectors)
        build.publish()
    return {
        "seconds": seconds,
        "cpu": used,
        "memory": peak(),
        "disk": disk,
        "texts": distinct,
    }


def query_ours(folder: Path) -> dict[str, Any]:
    """Each query once through the Python API, then once with each of three filters."""
    on_one_core()
    asked = queries(folder)
    start = time.perf_counter()
    from fiscalgraph.api.library import Library
    from fiscalgraph.search.filters import Filters

    index = Library(folder / "home").index
    index.search(asked[0])
    figures: dict[str, Any] = {"opening": time.perf_counter() - start}
    figures |= percentiles(*timed(index.search, asked))
    figures["search_memory"] = peak()
    department = index.departments[len(index.departments) // 2]
    filters = {
        "department": Filters(department=department),
        "kind_year": Filters(kinds=["problem_cause"], year=2022),
        "kind": Filters(kinds=["problem_cause"]),
    }
    for name, chosen in filters.items():
        found = percentiles(*timed(partial(index.search, filters=chosen), asked))
        figures |= {f"{name}_{key}": value for key, value in found.items()}
    return figures


def recall_ours(folder: Path) -> dict[str, Any]:
    """What search finds of the ten nearest vectors, and of its own first ten if nothing were left out.

    The second: the same ranking, every vector compared, every posting read, ten times the candidates.
    """
    import numpy as np

    from fiscalgraph.api.library import Library
    from fiscalgraph.search import ranking, words
    from fiscalgraph.search.folding import simplified
    from fiscalgraph.search.vectors import VectorIndex, load_compressed

    index = Library(folder / "home").index
    manifest = json.loads((index.directory / "manifest.json").read_text(encoding="utf-8"))
    count, dimension = index.vectors.shape
    compressed = load_compressed(index.directory, count, dimension, manifest["nearest"])
    nearest, encoder = VectorIndex(index.vectors, compressed), load_encoder()
    asked = queries(folder)
    answers = [index.search(text) for text in asked]
    weight = ranking.WORDS_WEIGHT if index.calibration is None else index.calibration.words_weight
    ranking.DEPTH *= 10
    words.POSTINGS_READ = words.UNITS_READ = sys.maxsize
    exact = ranking.Ranking(words.WordIndex.load(index.directory, count), VectorIndex(index.vectors), weight)
    by_vectors, by_score = [], []
    for text, answer in zip(asked, answers, strict=True):
        query = encoder.encode_queries([simplified(text)])[0]
        similarity = index.vectors @ query
        near = nearest.nearest(query, TEN)[1]
        by_vectors.append(share(near, np.partition(similarity, -TEN)[-TEN]))
        best = exact.ranked(text, query, page=slice(TEN))
        by_score.append(share([hit.score for hit in answer], best[-1].score))
    return {
        "vector_recall": float(np.mean(by_vectors)),
        "recall": float(np.mean(by_score)),
        "stated_recall": nearest.recall,
    }


# -- NumPy --------------------------------------------------------------------------------------


def index_numpy(folder: Path) -> dict[str, Any]:
    """All vectors in one array."""
    import numpy as np

    lines = (folder / "texts.txt").read_text(encoding="utf-8").split("\n")
    encoder = load_encoder()
    start, cpu = time.perf_counter(), time.process_time()
    vectors = np.empty((len(lines), encoder.dimension), dtype=np.float32)
    for first in range(0, len(lines), 1024):
        vectors[first : first + 1024] = encoder.encode(lines[first : first + 1024])
    np.save(folder / "vectors.npy", vectors)
    return {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "memory": peak(),
        "disk": (folder / "vectors.npy").stat().st_size / 1e6,
    }


def query_numpy(folder: Path) -> dict[str, Any]:
    """Each query compared with every vector: the ten of the highest product."""
    import numpy as np

    on_one_core()
    asked = queries(folder)
    start = time.perf_counter()
    encoder: Encoder = load_encoder()
    vectors: Vectors = np.load(folder / "vectors.npy")

    def search(text: str) -> list[int]:
        similarity = vectors @ encoder.encode_queries([text])[0]
        best = np.argpartition(-similarity, TEN)[:TEN]
        return [int(row) for row in best[np.argsort(-similarity[best])]]

    search(asked[0])
    opening = time.perf_counter() - start
    figures = percentiles(*timed(search, asked))
    return {"opening": opening, "search_memory": peak(), "vector_recall": 1.0, **figures}


def recall_txtai(folder: Path) -> dict[str, Any]:
    """What txtai found last of the ten nearest."""
    import numpy as np

    found: list[list[int]] = json.loads((folder / "txtai-found.json").read_text(encoding="utf-8"))
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    asked, encoder = queries(folder), load_encoder()
    shares = []
    for start in range(0, len(asked), _TOGETHER):
        encoded = encoder.encode_queries(asked[start : start + _TOGETHER])
        similar = compared(vectors, encoded)
        for rows, similarity in zip(found[start : start + _TOGETHER], similar, strict=True):
            shares.append(share(similarity[rows], np.partition(similarity, -TEN)[-TEN]))
    return {"vector_recall": float(np.mean(shares))}


# -- common -------------------------------------------------------------------------------------


def queries(folder: Path) -> list[str]:
    """The queries that every system is asked."""
    return list(json.loads((folder / "queries.json").read_text(encoding="utf-8")))


def timed(search: Callable[[str], object], asked: list[str]) -> tuple[list[float], list[float]]:
    """Elapsed and CPU milliseconds of each query, after ten that do not count."""
    for text in asked[:10]:
        search(text)
    elapsed, cpu = [], []
    for text in asked:
        begun, used = time.perf_counter(), time.process_time()
        search(text)
        elapsed.append(1000 * (time.perf_counter() - begun))
        cpu.append(1000 * (time.process_time() - used))
    return elapsed, cpu


def compared(vectors: Vectors, encoded: Vectors) -> Vectors:
    """The similarity of each query (rows) with every vector."""
    import numpy as np

    result = np.empty((len(encoded), len(vectors)), dtype=np.float32)
    for start in range(0, len(vectors), _BATCH):
        result[:, start : start + _BATCH] = encoded @ vectors[start : start + _BATCH].T
    return result


def share(found: Any, tenth: Any) -> float:
    """How many of ten reach what the tenth best reaches."""
    return sum(value >= tenth - _EQUAL for value in found) / TEN


STEPS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "texts": make_texts,
    "ours-index": index_ours,
    "ours-queries": query_ours,
    "ours-recall": recall_ours,
    "numpy-index": index_numpy,
    "numpy-queries": query_numpy,
    "txtai-recall": recall_txtai,
}


if __name__ == "__main__":
    main()
