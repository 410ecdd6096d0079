"""Search: passages → vectors and words → the passages that say the same.

    from fiscalgraph.search import PassageIndex, load_encoder, passages

Nothing heavy is imported here: NumPy and FAISS come in with the first index.
"""

from fiscalgraph.search.encoder import Encoder, load_encoder
from fiscalgraph.search.errors import (
    IndexUnusable,
    ModelError,
    ModelMismatch,
    PassageNotFound,
    QueryRefused,
)
from fiscalgraph.search.filters import Filters
from fiscalgraph.search.hits import Answer, DepartmentHits, Hit, Why
from fiscalgraph.search.index import PassageIndex
from fiscalgraph.search.links import Link, neighbour_links
from fiscalgraph.search.passages import KINDS, ExplainedIndicator, Passage, passages

__all__ = [
    "KINDS",
    "Answer",
    "DepartmentHits",
    "Encoder",
    "ExplainedIndicator",
    "Filters",
    "Hit",
    "IndexUnusable",
    "Link",
    "ModelError",
    "ModelMismatch",
    "Passage",
    "PassageIndex",
    "PassageNotFound",
    "QueryRefused",
    "Why",
    "load_encoder",
    "neighbour_links",
    "passages",
]
