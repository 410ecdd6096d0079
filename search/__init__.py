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
from fiscalgraph.search.index import Hit, PassageIndex, Why
from fiscalgraph.search.links import Link, neighbour_links
from fiscalgraph.search.passages import KINDS, Passage, passages

__all__ = [
    "KINDS",
    "Encoder",
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
