"""What can go wrong, named for its cause and carrying its cure.

FiscalgraphError
├── UnreadableDocument    the file cannot be opened or holds no text to read
├── RefusedDocument       it can be read, but issuer, kind or fiscal year cannot be established
└── (other packages add theirs: a query that was refused, a workspace in use, …)
"""

from __future__ import annotations

__all__ = ["FiscalgraphError", "RefusedDocument", "UnreadableDocument"]


class FiscalgraphError(Exception):
    """``what`` happened to which thing, ``why``, and what to do about it (``cure``)."""

    def __init__(self, what: str, why: str, cure: str) -> None:
        super().__init__(f"{what}: {why}. {cure}")
        self.what = what
        self.why = why
        self.cure = cure

    def __reduce__(self) -> tuple[type[FiscalgraphError], tuple[str, str, str]]:
        return type(self), (self.what, self.why, self.cure)  # errors cross process borders


class UnreadableDocument(FiscalgraphError):
    """The file is empty, damaged, encrypted, too large, image-only or of an unknown format."""


class RefusedDocument(FiscalgraphError):
    """The text was read, but it does not say who publishes what for which year."""
