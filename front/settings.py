"""Settings that a user can change without touching code, each an environment variable.

=======================  ==============================================================  ====================
variable                 meaning                                                         default
=======================  ==============================================================  ====================
FISCALGRAPH_HOME         the workspace (工作区)                                           ./fiscalgraph-home
FISCALGRAPH_WORKERS      documents read at the same time                                 one per processor
FISCALGRAPH_ENCODER      sentence-transformers model name or folder                      the model shipped
FISCALGRAPH_LANG         zh or en                                                        the locale
=======================  ==============================================================  ====================
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fiscalgraph.extract.errors import FiscalgraphError

__all__ = ["Settings", "UnusableSetting"]


class UnusableSetting(FiscalgraphError):
    """An environment variable holds a value that makes no sense."""


@dataclass(frozen=True, slots=True)
class Settings:
    """See the module's table; ``None`` stands for the default there."""

    home: Path
    workers: int | None
    encoder: str | None

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, home: Path | None = None
    ) -> Settings:
        """Read the environment; ``home`` (the ``--home`` option) wins over the variable.

        Raises :class:`UnusableSetting` when ``FISCALGRAPH_WORKERS`` is not a count.
        """
        printed = environment.get("FISCALGRAPH_WORKERS", "")
        if printed and not (printed.isascii() and printed.isdigit() and int(printed) > 0):
            raise UnusableSetting(
                f"FISCALGRAPH_WORKERS={printed}",
                "it is not a count of 1 or more",
                "Set it to a number or unset it",
            )
        return cls(
            home=home or Path(environment.get("FISCALGRAPH_HOME") or "fiscalgraph-home"),
            workers=int(printed) if printed else None,
            encoder=environment.get("FISCALGRAPH_ENCODER") or None,
        )
