"""The command ``fiscalgraph``: settles the language, runs a command, and says how it ended.

Exit codes: 0 all well; 1 usage, or a request that was refused; 2 some documents were refused
(they are named, with reasons); 3 there is nothing usable to answer from; 4 the graph breaks a rule;
5 a sum was refused, since it would count money twice; 6 the documents checked contradict themselves.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from fiscalgraph.extract.errors import FiscalgraphError
from fiscalgraph.language import detect_language, set_language

__all__ = ["main", "run"]

USAGE, NOTHING_USABLE, INTERRUPTED = 1, 3, 130


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code. Answers go to stdout, everything else to stderr."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # Chinese must come out whatever the locale says
            reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = _language_first(arguments)
    set_language(detect_language(arguments, os.environ))

    import typer

    from fiscalgraph.commands import app, translate_help

    if not arguments or not {"-h", "--help"}.isdisjoint(arguments):  # what shows help is slow to import
        translate_help()
    try:
        return app(list(arguments), prog_name="fiscalgraph", standalone_mode=False) or 0
    except typer.TyperException as error:
        return _usage(error)
    except typer.Abort:
        return INTERRUPTED
    except FiscalgraphError as error:
        return _refused(error, arguments)
    except OSError as error:  # a full disk, a workspace that may not be written, a store that is damaged
        reason = FiscalgraphError(
            str(error.filename or "the workspace"),
            error.strerror or str(error),
            "Check the disk and the permissions, or choose another --home",
        )
        return _refused(reason, arguments)


def _language_first(arguments: Sequence[str]) -> list[str]:
    """``--lang`` before the command, where the parser expects it, wherever it was given."""
    language: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += [argument, *remaining]
        elif argument.startswith("--lang="):
            language.append(argument)
        elif argument == "--lang":
            language += [argument, *([value] if (value := next(remaining, None)) is not None else [])]
        else:
            rest.append(argument)
    return language + rest


def _usage(error: Exception) -> int:
    from fiscalgraph.language import text

    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "fiscalgraph"
    message = getattr(error, "format_message", error.__str__)()
    if not message:  # no command was given: the parser has shown the help
        return USAGE
    from fiscalgraph.api.error_words import usage_in_chinese

    print(text(f"usage: {message}", f"用法：{usage_in_chinese(message)}"), file=sys.stderr)
    print(text(f"Try: {command} --help", f"请看：{command} --help"), file=sys.stderr)
    return USAGE


def _refused(error: FiscalgraphError, arguments: Sequence[str]) -> int:
    from fiscalgraph.api.library import EmptyWorkspace

    if "--json" in arguments:
        from fiscalgraph.output import print_json

        print_json({"error": {"what": error.what, "why": error.why, "cure": error.cure}})
    else:
        from fiscalgraph.api.error_words import error_in_chinese
        from fiscalgraph.language import text

        print(text(str(error), error_in_chinese(error.what, error.why, error.cure)), file=sys.stderr)
    return NOTHING_USABLE if isinstance(error, EmptyWorkspace) else USAGE
