"""Write what is made of ``docs/graph.md``: worked queries with answers on the samples, the data dictionary.

    python bench/graph_guide.py [--home HOME] [--out FILE]

What stands above the marker in that file is written by hand. The dictionary comes from the ontology's
Turtle files, the answers from a workspace of the samples (``--home``; made in a temporary folder where
none is given). The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from fiscalgraph.graph.sparql import evaluate_trusted
from fiscalgraph.graph.store import GenerationStore
from fiscalgraph.ontology import turtle_files
from fiscalgraph.ontology.terms import PREFIXES
from fiscalgraph.queries import load

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "graph.md"
OWN = PREFIXES["fg"]
LONGEST_CELL = 44
WHERE_READ = {"page", "line", "quote"}


@dataclass(frozen=True)
class Worked:
    """A worked query: the question, the named query and its parameters, how many rows to show."""

    question: str
    query: str
    values: dict[str, str]
    rows: int = 4


WORKED = (
    Worked(
        "What did departments budget and spend under one code, over the years?",
        "spending-by-code",
        {"code": "2050803"},
        6,
    ),
    Worked(
        "How did a department get from budget to execution, by functional class?",
        "budget-to-execution",
        {"department": "国家自然遗产保护局"},
        6,
    ),
    Worked("How did a code change from year to year?", "code-year-on-year", {"code": "205"}),
    Worked("Which units does a department have, and what is their share?", "unit-shares", {}, 6),
    Worked(
        "Which projects spent less than 80 % of their budget?",
        "projects-by-execution-rate",
        {"max_rate": "80"},
    ),
    Worked("Which indicators were missed most, and why?", "indicators-by-achievement", {"max_ratio": "0.75"}),
    Worked(
        "What became of one project, from goal to measures?", "project-chain", {"project": "中小河流治理"}, 14
    ),
    Worked("Which laws are cited by most departments?", "laws-by-departments", {}, 5),
    Worked(
        "What did departments spend on the “three publics” (三公)?",
        "three-publics",
        {"item": "公务接待费"},
        6,
    ),
    Worked("Which figures of a document contradict each other?", "contradictions", {}, 4),
)

MARKER = "<!-- What follows is made by bench/graph_guide.py. -->"


def cut(text: str) -> str:
    """``text`` for a cell of a Markdown table."""
    plain = " ".join(text.split()).replace("|", "\\|")
    return plain if len(plain) <= LONGEST_CELL else plain[: LONGEST_CELL - 1] + "…"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def worked_queries(home: Path) -> Iterator[str]:
    """The worked queries with their answers in the workspace ``home``."""
    store = GenerationStore(home).open_reader().store
    for number, worked in enumerate(WORKED, 1):
        query = load(worked.query)
        answer = evaluate_trusted(store, query.fill(worked.values))
        shown = [index for index, name in enumerate(answer.variables) if name not in WHERE_READ]
        options = "".join(f" -p {name}={value}" for name, value in worked.values.items())
        yield f"\n### {number}. {worked.question}\n\n{query.title_zh}。{query.description_en}\n"
        yield f"```\nfiscalgraph query {worked.query}{options}\n```\n"
        rows = [
            ["" if row[index] is None else cut(row[index].text) for index in shown]  # type: ignore[union-attr]
            for row in answer.rows[: worked.rows]
        ]
        yield from table([answer.variables[index] for index in shown], rows)
        more = len(answer.rows) - len(rows)
        if more > 0:
            yield f"\n… and {more} more rows."


def short(term: str) -> str:
    """A term with its prefix, in code quotes."""
    prefix = max((name for name, start in PREFIXES.items() if term.startswith(start)), key=len, default=None)
    return f"`{prefix}:{term.removeprefix(PREFIXES[prefix])}`" if prefix else f"<{term}>"


def dictionary() -> Iterator[str]:
    """Every own term by file: label, range or list, explanation."""
    for name, text in turtle_files().items():
        facts: dict[str, list[Quad]] = defaultdict(list)
        for quad in parse(text, RdfFormat.TURTLE):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(OWN):
                facts[quad.subject.value].append(quad)
        rows = [row for term, quads in sorted(facts.items()) if (row := term_row(term, quads))]
        if rows:
            head = [line.lstrip("# ").strip() for line in text.splitlines()[:2]]
            yield f"\n### `ontology/{name}`\n\n{head[0]} {head[1]}\n"
            yield from table(("term", "English", "中文", "kind", "meaning"), rows)


def term_row(term: str, quads: Sequence[Quad]) -> tuple[str, ...] | None:
    """One line of the dictionary; ``None`` for what only connects components."""
    texts: dict[tuple[str, str], str] = {}
    links: dict[str, list[str]] = defaultdict(list)
    for quad in quads:
        predicate = quad.predicate.value.rpartition("#")[2]
        if isinstance(quad.object, Literal):
            texts[predicate, quad.object.language or ""] = quad.object.value
        elif isinstance(quad.object, NamedNode):
            links[predicate].append(quad.object.value)

    def label(language: str) -> str:
        return texts.get(("label", language)) or texts.get(("prefLabel", language), "")

    if not label("en"):
        return None
    parts = [f"→ {short(link)}" for link in (*links["range"], *links["codeList"], *links["seeAlso"])]
    parts += [f"in {short(link)}" for link in links["inScheme"]]
    parts += [
        f"⊂ {short(link)}" for link in (*links["subPropertyOf"], *links["subClassOf"], *links["broader"])
    ]
    meaning = texts.get(("comment", "en"), "")
    notation = texts.get(("notation", ""))
    if notation:
        meaning = f"“{notation}” {meaning}".strip()
    return short(term), label("en"), label("zh"), ", ".join(parts), meaning.replace("|", "\\|")


def guide(home: Path) -> str:
    """The text of ``docs/graph.md``: what was written by hand, up to the marker, and what is made."""
    written, marker, _ = GUIDE.read_text(encoding="utf-8").partition(MARKER)
    lines = [written + marker, "\n## Ten worked queries, on the samples"]
    lines += worked_queries(home)
    lines.append("\n## Data dictionary\n\nOwn terms by file; `fg:` is `" + OWN + "`.")
    lines += dictionary()
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the guide."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, help="a workspace of the samples (made where none is given)")
    parser.add_argument("--out", type=Path, default=GUIDE)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = arguments.home or Path(scratch) / "home"
        if arguments.home is None:
            import fiscalgraph

            fiscalgraph.build([ROOT / "samples" / "documents"], home=home)
        arguments.out.write_text(guide(home), encoding="utf-8")
    print(arguments.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
