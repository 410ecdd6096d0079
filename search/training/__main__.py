"""``python -m fiscalgraph.search.training --data DIR [--out DIR]``: the shipped model from its sources."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder
from fiscalgraph.search.training.contrast import Recipe, contrast
from fiscalgraph.search.training.corpus import segment, sentences
from fiscalgraph.search.training.export import export
from fiscalgraph.search.training.heldout import held_out
from fiscalgraph.search.training.pretrain import build_vocabulary, pretrain
from fiscalgraph.search.training.written import paraphrase_groups, synonym_groups


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m fiscalgraph.search.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the archives of official text")
    parser.add_argument("--out", type=Path, default=DEFAULT_MODEL, help="folder to write the model to")
    parser.add_argument("--pieces", type=int, default=32_000, help="size of the vocabulary")
    parser.add_argument("--dimension", type=int, default=256, help="length of a vector")
    parser.add_argument("--held-out", action="store_true", help="only measure")
    options = parser.parse_args()
    begun = time.monotonic()

    def report(what: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {what}", flush=True)

    paraphrases, synonyms = paraphrase_groups(), synonym_groups()
    written = paraphrases + synonyms
    words = [segment_written(text) for group in written for text in group]
    register = (segment(sentence) for sentence in sentences(options.data))
    vocabulary, kept = build_vocabulary(register, words, options.pieces)
    report(f"{len(kept)} sentences, {sum(map(len, kept))} words, {len(vocabulary.pieces)} pieces")
    vectors = pretrain(kept, vocabulary, options.dimension, seed=0)
    report("pretrained")
    with tempfile.TemporaryDirectory() as folder:  # split sentences as the finished model will split them
        export(Path(folder), vocabulary, vectors)
        pieces = StaticEncoder(Path(folder)).pieces
    split = [[pieces(text) for text in group] for group in written]
    if options.held_out:
        for name, recipe in (("pretrained", None), ("with contrast", Recipe())):
            rank, recall = held_out(
                vectors, vocabulary, split[: len(paraphrases)], split[len(paraphrases) :], recipe
            )
            report(f"{name}: MRR {rank:.3f}, recall@10 {recall:.3f} on held-out issues")
        return
    export(options.out, vocabulary, contrast(vectors, vocabulary, split, Recipe()))
    report(f"written to {options.out}")


def segment_written(text: str) -> list[str]:
    """The words of a sentence that was written for training."""
    from fiscalgraph.search.encoder import fold

    return segment(fold(text))


if __name__ == "__main__":
    main()
