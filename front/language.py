"""Which language the command line speaks (中文或英文), and the one function that chooses between two texts.

Both texts of a message stand side by side where it is used, so that neither can be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

__all__ = ["LANGUAGES", "detect_language", "set_language", "text"]

LANGUAGES = ("zh", "en")
_current = "en"


def detect_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language asked for: ``--lang``, then ``FISCALGRAPH_LANG``, then the locale; English otherwise.

    The arguments are looked at before they are parsed, because the parser's own help needs the answer.
    """
    asked = [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")] + [
        value for option, value in pairwise(arguments) if option == "--lang"
    ]
    asked.append(environment.get("FISCALGRAPH_LANG", ""))
    # POSIX: LC_ALL overrides LC_MESSAGES, which overrides LANG.
    asked.append(
        next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    )
    for value in asked:
        for language in LANGUAGES:
            if value.lower().startswith(language):
                return language
    return "en"


def set_language(language: str) -> None:
    """Speak ``language`` from now on. Raises ``ValueError`` for one that is not in :data:`LANGUAGES`."""
    global _current
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}; known are {', '.join(LANGUAGES)}")
    _current = language


def text(english: str, chinese: str) -> str:
    """The text in the current language."""
    return chinese if _current == "zh" else english
