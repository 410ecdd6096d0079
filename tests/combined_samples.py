"""A small graph with a passage index, and blocks of ``fg:similar`` answered without any of our planning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from fiscalgraph.graph.sparql.asking import Asking
from fiscalgraph.search import KINDS, Passage, PassageIndex, load_encoder
from fiscalgraph.search.combined import PassageSimilarity
from fiscalgraph.search.combined.planning import Plan

FG = "https://w3id.org/fiscalgraph/ontology#"
EX = "http://example.org/"
PREFIXES = f"PREFIX fg: <{FG}> PREFIX : <{EX}> "
PLANS: tuple[Plan, ...] = ("graph first", "vectors first")

TEXTS = (
    "专业技术人员短缺",
    "专业人员不足，业务能力有待提高",
    "一线岗位空缺较多",
    "人员编制不足",
    "资金下达较晚",
    "资金拨付不及时，项目进度滞后",
    "上级资金年底才到位",
    "采购流程较长",
    "采购流标，合同签订推迟",
    "招标失败",
    "系统尚未建成",
    "信息系统建设进度滞后",
    "设备老化，故障较多",
    "设备维护不到位",
    "绩效目标设置不合理",
    "绩效指标值设置偏低",
    "预算编制不够精细",
    "年初预算不准确，调整较大",
    "宣传力度不够",
    "群众知晓率偏低",
)


def passage_iri(number: int) -> str:
    return f"{EX}passage/{number}"


def passages() -> list[Passage]:
    """One passage for each text; every fifth lists two statements, every seventh repeats another's words."""
    found = []
    for number, text in enumerate(TEXTS):
        kind = KINDS[number % 3]
        iri, document = passage_iri(number), f"document-{number % 4}"
        if number % 5 == 0:
            other = TEXTS[(number + 7) % len(TEXTS)]
            found += [
                Passage(iri, kind, each, document, part=part) for part, each in enumerate((text, other), 1)
            ]
        else:
            said = TEXTS[number - 3] if number % 7 == 3 else text
            found.append(Passage(iri, kind, said, document))
    return found


def made(folder: Path) -> tuple[Store, Path]:
    """The store, with a graph for each document, and the folder of the index."""
    store = Store()

    def state(number: int, predicate: str, value: NamedNode | Literal) -> None:
        graph = NamedNode(f"{EX}graph/{number % 4}")
        store.add(Quad(NamedNode(passage_iri(number)), NamedNode(predicate), value, graph))

    for number, text in enumerate(TEXTS):
        state(number, FG + "passageKind", NamedNode(FG + "ProblemCause"))
        state(number, FG + "text", Literal(text))
        state(number, EX + "tag", Literal("甲乙丙"[number % 3]))
        state(number, EX + "rank", Literal(number))
        state(number, EX + "document", NamedNode(f"{EX}document/{number % 4}"))
        if number % 2:
            state(number, EX + "note", Literal(f"注 {number}"))
        if number % 6 == 0:
            state(number, EX + "bad", Literal(True))
    for document in range(4):
        store.add(
            Quad(
                NamedNode(f"{EX}document/{document}"),
                NamedNode(EX + "level"),
                Literal(document),
                NamedNode(f"{EX}graph/{document}"),
            )
        )
    PassageIndex.build(folder / "passages", passages(), load_encoder())
    return store, folder / "passages"


class Naive:
    """Blocks answered by trying every passage by itself, best first."""

    def __init__(self, store: Store, index: Path) -> None:
        self.store = store
        self._index = PassageIndex.open(index)

    def scores(self, text: str) -> list[tuple[str, float]]:
        """Every passage of the graph with its best score, best first."""
        best: dict[str, float] = {}
        for hit in self._index.search(text, 1000):
            for place in hit.places:
                best.setdefault(place.iri, hit.score)
        return list(best.items())

    def values(self, text: str, k: int, template: str, hole: str = "%BLOCK%") -> str:
        """The VALUES that answer a block which stands at ``hole`` in ``template``, a whole SELECT."""
        chosen = []
        for iri, score in self.scores(text):
            row = f"VALUES (?passage ?score ?mark) {{ (<{iri}> {score:.6f} 1) }}"
            if any(solution["mark"] is not None for solution in self.ask(template.replace(hole, row))):
                chosen.append(f"(<{iri}> {score:.6f})")
                if len(chosen) == k:
                    break
        return f"VALUES (?passage ?score) {{ {' '.join(chosen)} }}"

    def ask(self, query: str) -> list[Any]:
        found: Any = self.store.query(query, use_default_graph_as_union=True)
        return list(found)


def answered(store: Store, index: Path, query: str, plan: Plan | None = None) -> tuple[list[Any], Any]:
    """The rows of a query with blocks, and how the blocks were answered."""
    asking = Asking(store, union=True, similarity=PassageSimilarity(index, plan=plan))
    rows: Any = asking.ask(query, holds_blocks=True)
    return list(rows), asking.runs


def same(rows: Sequence[Any], others: Sequence[Any], variables: Sequence[str]) -> bool:
    """Whether two answers hold the same rows, in any order, as often each."""

    def counted(solutions: Sequence[Any]) -> Counter[tuple[str, ...]]:
        return Counter(tuple(str(solution[name]) for name in variables) for solution in solutions)

    return counted(rows) == counted(others)
