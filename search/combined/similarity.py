"""What a generation's passages are asked inside queries: blocks of similar passages, and a function."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from fiscalgraph.graph.sparql.errors import QueryTooComplex
from fiscalgraph.graph.sparql.similar import SIMILARITY, Ask, Function, Resolved, similar_calls
from fiscalgraph.ontology.prefixes import PREFIXES
from fiscalgraph.search.combined.blocks import read_blocks, refused
from fiscalgraph.search.combined.passages import GraphPassages
from fiscalgraph.search.combined.planning import Answered, Plan, answer_block
from fiscalgraph.search.combined.rewriting import Rewriting
from fiscalgraph.search.combined.structure import parse, spot_of

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Triple

    from fiscalgraph.search.vectors import Vectors

    Term = NamedNode | Literal | BlankNode | Triple

__all__ = ["PassageSimilarity", "similarity_in"]

_PASSAGES = "passages"  # the folder of the index inside a generation
_MOST_BLOCKS = 10
_DECIMAL: Final = NamedNode(PREFIXES["xsd"] + "decimal")
_STRING: Final = NamedNode(PREFIXES["xsd"] + "string")


class PassageSimilarity:
    """Answers ``fg:similar`` and ``fg:similarity`` from the index in ``directory``, which is opened when
    a query needs it. ``plan`` forces one, for tests."""

    def __init__(self, directory: Path, encoder: str | None = None, *, plan: Plan | None = None) -> None:
        self._passages = GraphPassages(directory, encoder)
        self._plan = plan
        self._failure: Exception | None = None

    @property
    def functions(self) -> Mapping[NamedNode, Function]:
        """``fg:similarity``."""
        return {SIMILARITY: self._similarity}

    def resolve(self, query: str, ask: Ask, *, whole_dataset: bool = True) -> Resolved:
        """Answer the blocks of a sound query, which is asked through ``ask``.

        ``whole_dataset``: of the union of all graphs. Raises ``SimilarRefused`` for a block that cannot be
        meant, ``IndexUnusable`` or ``ModelError`` where the index cannot be read, and what ``ask`` raises.
        """
        structure = parse(query)
        places = {element.start for element in structure.services}
        for call in similar_calls(query):
            if call.start not in places:
                raise refused(
                    "it stands inside EXISTS or an expression, where nothing is the best",
                    "Put it beside the other patterns, and exclude by a FILTER on its score.",
                    spot_of(query, call.start),
                )
        blocks = read_blocks(structure)
        if len(blocks) > _MOST_BLOCKS:
            raise QueryTooComplex(
                "query refused",
                f"it has {len(blocks)} fg:similar blocks, more than {_MOST_BLOCKS}",
                "Ask in several queries.",
            )
        rewriting = Rewriting(structure, blocks)
        answers: dict[int, Answered] = {}
        for number in rewriting.in_order:
            block = blocks[number]
            values = {other: answered.values for other, answered in answers.items()}
            rest = None
            if block.subject is not None:
                rest = rewriting.rest(number, values, whole_dataset=whole_dataset)
            answers[number] = answer_block(block, self._passages, ask, rest, rewriting.mark, self._plan)
        final = rewriting.answered({number: answered.values for number, answered in answers.items()})
        return Resolved(final, tuple(answers[number].run for number in sorted(answers)))

    def check_functions(self) -> None:
        """Raise what kept ``fg:similarity`` from answering, which the engine swallows."""
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def _similarity(self, a: Term, b: Term) -> Literal | None:
        """The cosine of two texts or passages, -1 to 1; nothing for what is neither."""
        try:
            first, second = self._vectors(a), self._vectors(b)
            if first is None or second is None:
                return None
            # Of passages that list several statements, the two that are nearest.
            return Literal(f"{float((first @ second.T).max()):.6f}", datatype=_DECIMAL)
        except Exception as error:  # it would be lost in the engine
            self._failure = error
            return None

    def _vectors(self, term: Term) -> Vectors | None:
        if isinstance(term, NamedNode):
            return self._passages.vectors_of_passage(term.value)
        if isinstance(term, Literal) and (term.language is not None or term.datatype == _STRING):
            return self._passages.vectors_of_text(term.value)
        return None


def similarity_in(generation: Path, encoder: str | None = None) -> PassageSimilarity:
    """The similarity of the generation in a folder: what query workers are given."""
    return PassageSimilarity(generation / _PASSAGES, encoder)
