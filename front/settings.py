"""The settings of the workspace, read from the environment: see :data:`fiscalgraph.api.settings.SETTINGS`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fiscalgraph.api.settings import UnusableSetting, Values

__all__ = ["Settings", "UnusableSetting"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the workspace (工作区) lies, how many documents are read at once, which model encodes.

    ``workers`` is ``None`` for one per processor, ``encoder`` for the model shipped. ``keep_files`` says
    whether the workspace keeps copies of the source files.
    """

    home: Path
    workers: int | None
    encoder: str | None
    keep_files: bool = True

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, home: Path | None = None
    ) -> Settings:
        """Read the environment; ``home`` (the ``--home`` option) wins over the variable.

        Raises :class:`~fiscalgraph.api.settings.UnusableSetting`.
        """
        values = Values(environment)
        return cls(
            home=home or Path(values.text("FISCALGRAPH_HOME")),
            workers=values.count_if_set("FISCALGRAPH_WORKERS"),
            encoder=values.text("FISCALGRAPH_ENCODER") or None,
            keep_files=bool(values.whole("FISCALGRAPH_KEEP_FILES")),
        )
