"""What search can refuse, each with its cure."""

from __future__ import annotations

from fiscalgraph.extract.errors import FiscalgraphError

__all__ = ["IndexUnusable", "ModelError", "ModelMismatch", "PassageNotFound", "QueryRefused"]


class ModelError(FiscalgraphError):
    """The encoder cannot be loaded: a missing folder, another format, a missing package."""


class IndexUnusable(FiscalgraphError):
    """The folder holds no passage index, half of one, or one of another version."""


class ModelMismatch(IndexUnusable):
    """The vectors were made by another model than the one that would encode the query."""


class QueryRefused(FiscalgraphError):
    """Nothing to search for: no letters or digits, too long, or a filter that does not exist."""


class PassageNotFound(FiscalgraphError):
    """The IRI names no passage of this index."""
