"""What all worker processes have in common: imported, and read, once before they are forked."""

from __future__ import annotations

from typing import Final

from fiscalgraph.api.resources_app import ROUTERS
from fiscalgraph.search.encoder import load_encoder

__all__ = ["FINGERPRINT", "ROUTERS"]

FINGERPRINT: Final = load_encoder().fingerprint
"""Of the default model: to work it out reads all of it."""
