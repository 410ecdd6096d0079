"""Similarity inside SPARQL: ``SERVICE fg:similar { … }`` and ``fg:similarity(?a, ?b)``.

``docs/sparql.md`` says what they mean. The engine sees neither: blocks become VALUES before a query is
evaluated, the function is one of Python's.
"""

from fiscalgraph.search.combined.similarity import PassageSimilarity, similarity_in
from fiscalgraph.search.combined.structure import parse

__all__ = ["PassageSimilarity", "parse", "similarity_in"]
