"""``python -m fiscalgraph.search.training --data DIR [--out DIR]``: the shipped model from its sources."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from fiscalgraph.search.encoder import DEFAULT_MODEL, StaticEncoder, fold
from fiscalgraph.search.training.causes import learn_causes
from fiscalgraph.search.training.contrast import Group, Recipe, contrast
from fiscalgraph.search.training.corpus import segment, sentences
from fiscalgraph.search.training.export import export, export_causes, export_issues
from fiscalgraph.search.training.heldout import by_file, by_issue
from fiscalgraph.search.training.pretrain import build_vocabulary, pretrain
from fiscalgraph.search.training.written import COARSE, issues, near_pairs, synonym_groups


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m fiscalgraph.search.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the archives of official text")
    parser.add_argument("--out", type=Path, default=DEFAULT_MODEL, help="folder to write the model to")
    parser.add_argument("--pieces", type=int, default=40_000, help="largest size of the vocabulary")
    parser.add_argument("--dimension", type=int, default=256, help="length of a vector")
    parser.add_argument("--held-out", action="store_true", help="only measure")
    options = parser.parse_args()
    begun = time.monotonic()

    def report(what: str) -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {what}", flush=True)

    written = [text for issue in issues() for text in (*issue.statements, *issue.lookalikes)]
    written += [word for group in synonym_groups() for word in group]
    register = (segment(sentence) for sentence in sentences(options.data))
    vocabulary, kept = build_vocabulary(register, (segment(fold(text)) for text in written), options.pieces)
    report(f"{len(kept)} sentences, {sum(map(len, kept))} words, {len(vocabulary.pieces)} pieces")
    vectors = pretrain(kept, vocabulary, options.dimension, seed=0)
    report("pretrained")
    with tempfile.TemporaryDirectory() as folder:  # split sentences as the finished model will split them
        export(Path(folder), vocabulary, vectors)
        groups = written_groups(StaticEncoder(Path(folder)))
    near, recipe = near_pairs(), Recipe()
    if not options.held_out:
        export(options.out, vocabulary, contrast(vectors, vocabulary, groups, near, recipe))
        export_issues(options.out, [issue.statements for issue in issues()])
        export_causes(options.out, learn_causes(issues(), StaticEncoder(options.out)))
        report(f"written to {options.out}")
        return
    files: dict[str, set[str]] = {}
    for issue in issues():
        if issue.source != COARSE:
            files.setdefault(issue.source, set()).add(issue.name)
    for name, chosen in (("pretrained", None), ("with contrast", recipe)):
        rank, recall = by_issue(vectors, vocabulary, groups, near, chosen)
        report(f"{name}: held-out issues, MRR {rank:.3f}, recall@10 {recall:.3f}")
        for file, figures in by_file(vectors, vocabulary, groups, near, chosen, files).items():
            report(f"{name}: {file} held out, MRR {figures[0]:.3f}, recall@10 {figures[1]:.3f}")


def written_groups(encoder: StaticEncoder) -> list[Group]:
    """What was written for training as the pieces that ``encoder`` reads."""

    def split(texts: list[str]) -> list[list[int]]:
        return [[piece for piece in encoder.pieces(text) if piece] for text in texts]

    stated = [
        Group(
            issue.name,
            "coarse" if issue.source == COARSE else "fine",
            split(issue.statements),
            split(issue.lookalikes),
        )
        for issue in issues()
    ]
    words = [Group(f"words {number}", "words", split(group)) for number, group in enumerate(synonym_groups())]
    return stated + words


if __name__ == "__main__":
    main()
