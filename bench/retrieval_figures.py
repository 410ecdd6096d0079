"""How well search finds what is meant: the product beside its two sides and simple baselines.

Ranks the test set in ``bench/retrieval`` and prints nDCG@10, recall@10 and MRR, each kind of query apart.
Only the tuning half is measured: the final half is for the figure that is published, and nothing may be
chosen by it (``--final``). TF-IDF and its SVD look at character 1- to 3-grams, which is the strongest simple
baseline on such text; they need scikit-learn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fiscalgraph.search.encoder import Encoder, load_encoder
from fiscalgraph.search.evaluation import Figures, Run, measured, rank, ranked
from fiscalgraph.search.evaluation_files import (
    SetPassage,
    SetQuery,
    read_judgements,
    read_passages,
    read_queries,
)
from fiscalgraph.search.words import WordIndex

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Scores = npt.NDArray[np.float32]

TEST_SET = Path(__file__).parent / "retrieval"
PRODUCT = "fusion (product)"
DIMENSIONS = 200


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--final", action="store_true", help="measure the final half instead")
    parser.add_argument("--model", help="another sentence-transformers model: its name or folder")
    parser.add_argument("--set", type=Path, default=TEST_SET, help="folder of another set of the same form")
    parser.add_argument("--json", action="store_true", help="figures for programs")
    arguments = parser.parse_args()
    half = "final" if arguments.final else "tuning"
    found = figures(arguments.set, half, load_encoder(arguments.model))
    if arguments.json:
        plain = {name: {kind: asdict(row) for kind, row in rows.items()} for name, rows in found.items()}
        print(json.dumps({"half": half, "figures": plain}, ensure_ascii=False, indent=1))
    else:
        print(describe(found, half))


def figures(folder: Path, half: str, encoder: Encoder) -> dict[str, dict[str, Figures]]:
    """By system and kind of query (``all`` first), over the queries of one half."""
    passages = read_passages(folder / "passages.jsonl")
    queries = read_queries(folder / "queries.jsonl")
    judgements = read_judgements(folder / "qrels.tsv", queries, passages)
    asked = [query for query in queries if query.split == half]
    return {name: measured(run, judgements, passages, asked) for name, run in runs(passages, asked, encoder)}


def runs(passages: list[SetPassage], queries: list[SetQuery], encoder: Encoder) -> Iterable[tuple[str, Run]]:
    """Each system's name and its ranking."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    texts = [passage.text for passage in passages]

    def by(scores: Callable[[str], Scores]) -> Run:
        return ranked(passages, queries, lambda text, allowed: best_first(scores(text), allowed))

    tfidf = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    sparse = tfidf.fit_transform(texts)
    svd = TruncatedSVD(min(DIMENSIONS, len(texts) - 1), random_state=0)
    dense = normalize(svd.fit_transform(sparse))
    vectors = encoder.encode(texts)
    yield "BM25", by(WordIndex.build(texts).scores)
    yield "TF-IDF", by(lambda text: (sparse @ tfidf.transform([text]).T).toarray().ravel())
    yield "TF-IDF + SVD", by(lambda text: dense @ normalize(svd.transform(tfidf.transform([text])))[0])
    yield "vectors", by(lambda text: vectors @ encoder.encode_queries([text])[0])
    yield PRODUCT, rank(passages, queries, encoder)


def best_first(scores: Scores, allowed: Any) -> list[tuple[int, float]]:
    """The admitted rows that score above 0, best first; equal scores in the order of the set."""
    import numpy as np

    rows = np.flatnonzero(allowed & (scores > 0))
    order = rows[np.lexsort((rows, -scores[rows]))]
    return [(int(row), float(scores[row])) for row in order]


def describe(found: dict[str, dict[str, Figures]], half: str) -> str:
    """One block for each kind of query, one line for each system."""
    kinds = list(found[PRODUCT])
    lines = [f"{half} half"]
    for kind in kinds:
        lines.append(f"\n{kind} ({found[PRODUCT][kind].queries} queries)   nDCG@10  recall@10  MRR")
        for name, rows in found.items():
            row = rows[kind]
            lines.append(f"  {name:<20} {row.ndcg:>9.3f} {row.recall:>10.3f} {row.mrr:>6.3f}")
    baseline = max(row["all"].ndcg for name, row in found.items() if name not in ("vectors", PRODUCT))
    lines.append(f"\nproduct against the best baseline, nDCG@10: {found[PRODUCT]['all'].ndcg / baseline:.2f}")
    if "paraphrase" in kinds:
        simple = [row["paraphrase"].ndcg for name, row in found.items() if name not in ("vectors", PRODUCT)]
        best = max(simple)
        told = f"{found[PRODUCT]['paraphrase'].ndcg / best:.2f}" if best else "no baseline finds any"
        lines.append(f"the same on paraphrases: {told}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
