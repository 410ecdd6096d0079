"""API keys: who may ask, where the server asks for a key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers

from fiscalgraph.api.settings import ServerSettings, UnusableSetting

__all__ = ["ApiKeys"]

_SHORTEST: Final = 16  # characters; less could be tried out
_NAME: Final = "FISCALGRAPH_SERVE_API_KEYS"


class ApiKeys:
    """The keys that are admitted; with none, everybody is. Only their digests are kept."""

    def __init__(self, printed: Iterable[str]) -> None:
        """``printed`` are keys, each ``KEY`` or ``NAME=KEY``. Raises :class:`UnusableSetting`."""
        self._names: dict[bytes, str] = {}
        for number, entry in enumerate(printed, start=1):
            name, _, key = entry.rpartition("=")
            if len(key) < _SHORTEST or not key.isascii() or not key.isprintable() or " " in key:
                raise UnusableSetting(
                    f"{_NAME}, key {name or number}",
                    f"it has less than {_SHORTEST} characters, or others than ASCII",
                    "Make one, for example with: openssl rand -hex 24",
                )
            self._names[_digest(key)] = name or f"key-{number}"

    @classmethod
    def of(cls, settings: ServerSettings) -> ApiKeys:
        """The keys of the settings and of their file. Raises :class:`UnusableSetting`."""
        printed = list(settings.api_keys)
        if settings.api_keys_file:
            try:
                lines = Path(settings.api_keys_file).read_text(encoding="utf-8").splitlines()
            except (OSError, UnicodeDecodeError) as error:
                raise UnusableSetting(
                    f"{_NAME}_FILE={settings.api_keys_file}",
                    f"it cannot be read ({error})",
                    "Set it to another value or unset it",
                ) from error
            printed += [line.strip() for line in lines if line.strip() and not line.startswith("#")]
            if not printed:  # a file that somebody emptied must not open the door
                raise UnusableSetting(
                    f"{_NAME}_FILE={settings.api_keys_file}",
                    "it holds no key",
                    "Write one into it, or unset it",
                )
        return cls(printed)

    def __bool__(self) -> bool:
        """Whether a key is needed."""
        return bool(self._names)

    def name_of(self, headers: Headers) -> str | None:
        """The name of the key in the headers, or ``None`` without one that is known.

        All keys are compared, each in constant time: how long it takes tells nothing about them.
        """
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            given = headers.get("x-api-key", "")
        digest, found = _digest(given.strip()), None
        for known, name in self._names.items():
            if hmac.compare_digest(known, digest):
                found = name
        return found


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("latin-1", errors="replace")).digest()
