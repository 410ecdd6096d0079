"""The command ``evaluate``: ranks a test set as the product ranks, and says how well that does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fiscalgraph.language import text
from fiscalgraph.options import AsJson
from fiscalgraph.settings import Settings

if TYPE_CHECKING:
    from fiscalgraph.search.evaluation import Figures

__all__ = ["evaluate"]


def evaluate(
    passages: Annotated[
        Path | None,
        typer.Argument(
            metavar="PASSAGES",
            help=text("JSON lines: id, text, kind, sides.", "JSON 行：id、text、kind、sides。"),
        ),
    ] = None,
    queries: Annotated[
        Path | None,
        typer.Argument(
            metavar="QUERIES",
            help=text(
                "JSON lines: id, text, kind, kind_filter (cause, measure, any).",
                "JSON 行：id、text、kind、kind_filter（cause、measure、any）。",
            ),
        ),
    ] = None,
    qrels: Annotated[
        Path | None,
        typer.Argument(
            metavar="QRELS",
            help=text(
                "Tab-separated: query, passage, grade 0 to 3.",
                "制表符分隔：query、passage、grade（0 至 3）。",
            ),
        ),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run",
            metavar="FILE",
            help=text(
                "Write the ranking: query, passage, rank, score.", "写出排序：query、passage、rank、score。"
            ),
        ),
    ] = None,
    depth: Annotated[
        int, typer.Option(min=10, max=100_000, help=text("Hits to rank for a query.", "每条查询排出多少条。"))
    ] = 100,
    pairs: Annotated[
        Path | None,
        typer.Option(
            "--pairs",
            metavar="FILE",
            help=text(
                "Instead of a set: JSON lines text_a, text_b, label (1: the same issue).",
                "不测检索而测句对：JSON 行 text_a、text_b、label（1 表示同一问题）。",
            ),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rank a test set and measure."""
    if pairs is not None:
        if passages is not None or run is not None:
            raise typer.BadParameter(text("--pairs stands alone", "--pairs 须单独使用"))
        _pairs(pairs, as_json)
        return
    if passages is None or queries is None:
        raise typer.BadParameter(
            text("give PASSAGES and QUERIES, or --pairs FILE", "请给出 PASSAGES 和 QUERIES，或 --pairs 文件")
        )
    if qrels is None and run is None:
        raise typer.BadParameter(
            text(
                "give QRELS to measure, or --run FILE to write",
                "请给出 QRELS（测评）或 --run 文件（写出排序）",
            )
        )
    _set(passages, queries, qrels, run, depth, as_json)


def _set(
    passages_file: Path,
    queries_file: Path,
    qrels: Path | None,
    run_file: Path | None,
    depth: int,
    as_json: bool,
) -> None:
    from fiscalgraph.output import console, print_json
    from fiscalgraph.search.encoder import load_encoder
    from fiscalgraph.search.evaluation import measured, rank, run_lines
    from fiscalgraph.search.evaluation_files import read_judgements, read_passages, read_queries

    passages, queries = read_passages(passages_file), read_queries(queries_file)
    judgements = None if qrels is None else read_judgements(qrels, queries, passages)
    run = rank(passages, queries, load_encoder(Settings.from_environment().encoder), depth)
    if run_file is not None:
        with run_file.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(run_lines(run))
    figures = {} if judgements is None else measured(run, judgements, passages, queries)
    if as_json:
        print_json(
            {
                "passages": len(passages),
                "queries": len(queries),
                "run": None if run_file is None else str(run_file),
                "figures": {
                    name: {
                        "queries": row.queries,
                        "ndcg@10": round(row.ndcg, 4),
                        "recall@10": round(row.recall, 4),
                        "mrr": round(row.mrr, 4),
                    }
                    for name, row in figures.items()
                },
            }
        )
        return
    if judgements is not None:
        _print_figures(figures)
    said = text(
        f"{len(queries)} queries over {len(passages)} passages",
        f"{len(queries)} 条查询，{len(passages)} 条表述",
    )
    if judgements is not None:
        left_out = len(queries) - (figures["all"].queries if figures else 0)
        if left_out:
            said += text(
                f"; {left_out} without a relevant passage left out", f"；{left_out} 条没有相关表述，未计入"
            )
    if run_file is not None:
        said += text(f"; ranking written to {run_file}", f"；排序已写入 {run_file}")
    console(errors=True).print(said)


def _print_figures(figures: Mapping[str, Figures]) -> None:
    from fiscalgraph.output import print_table

    names = {
        "all": text("all", "全部"),
        "paraphrase": text("paraphrase", "换说法"),
        "keywords": text("keywords", "关键词"),
        "sentence": text("sentence", "整句"),
        "theme": text("theme", "主题"),
    }
    print_table(
        ("kind", "queries", "nDCG@10", "recall@10", "MRR"),
        [
            (names.get(kind, kind), row.queries, f"{row.ndcg:.3f}", f"{row.recall:.3f}", f"{row.mrr:.3f}")
            for kind, row in figures.items()
        ],
        {"kind": text("queries of kind", "查询种类"), "queries": text("number", "条数")},
    )


def _pairs(path: Path, as_json: bool) -> None:
    from fiscalgraph.output import print_json
    from fiscalgraph.search.encoder import load_encoder
    from fiscalgraph.search.evaluation import average_precision, pair_probabilities, pair_similarities
    from fiscalgraph.search.evaluation_files import read_pairs

    pairs = read_pairs(path)
    labels = [pair.same for pair in pairs]
    precision = average_precision(labels, pair_probabilities(pairs))
    encoder = load_encoder(Settings.from_environment().encoder)
    cosine = average_precision(labels, pair_similarities(pairs, encoder))
    if as_json:
        print_json(
            {
                "pairs": len(pairs),
                "same": sum(labels),
                "average_precision": round(precision, 4),
                "average_precision_of_cosine": round(cosine, 4),
            }
        )
        return
    print(
        text(
            f"average precision of “states the same issue”: {precision:.3f} "
            f"(cosine alone {cosine:.3f}; {len(pairs)} pairs, {sum(labels)} of them the same)",
            f"“说的是同一问题”的平均精确率：{precision:.3f}"
            f"（仅按余弦 {cosine:.3f}；共 {len(pairs)} 对，同一问题 {sum(labels)} 对）",
        )
    )
