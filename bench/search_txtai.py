"""txtai on the passages of ``bench/search.py``; run by a Python that has txtai and need not know fiscalgraph.

``search_txtai.py txtai-index|txtai-queries FOLDER MODEL`` prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from search_timing import on_one_core, peak, percentiles


def main() -> None:
    stage, folder, model = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    os.environ["HF_HUB_OFFLINE"] = "1"
    print(json.dumps(index(folder, model) if stage == "txtai-index" else queries(folder)))


def index(folder: Path, model: str) -> dict[str, Any]:
    """Texts to an index as txtai makes it by itself: FAISS, its own choice of lists and probes."""
    from txtai import Embeddings

    texts = (folder / "texts.txt").read_text(encoding="utf-8").split("\n")
    start, cpu = time.perf_counter(), time.process_time()
    embeddings = Embeddings(path=model, method="sentence-transformers", content=False)
    embeddings.index(enumerate(texts))
    embeddings.save(str(folder / "txtai"))
    return {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "memory": peak(),
        "disk": sum(file.stat().st_size for file in (folder / "txtai").rglob("*")) / 1e6,
    }


def queries(folder: Path) -> dict[str, Any]:
    """Each query once, encoding included; the rows found are left in ``txtai-found.json``."""
    on_one_core()
    asked: list[str] = json.loads((folder / "queries.json").read_text(encoding="utf-8"))
    start = time.perf_counter()
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(folder / "txtai"))
    embeddings.search(asked[0], 10)
    opening = time.perf_counter() - start
    for text in asked[:10]:
        embeddings.search(text, 10)
    elapsed, cpu, found = [], [], []
    for text in asked:
        begun, used = time.perf_counter(), time.process_time()
        hits = embeddings.search(text, 10)
        elapsed.append(1000 * (time.perf_counter() - begun))
        cpu.append(1000 * (time.process_time() - used))
        found.append([int(row) for row, _ in hits])
    (folder / "txtai-found.json").write_text(json.dumps(found), encoding="utf-8")
    return {"opening": opening, "search_memory": peak(), **percentiles(elapsed, cpu)}


if __name__ == "__main__":
    main()
