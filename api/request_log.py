"""The log: one JSON object a line, written by a thread of its own, so that a full disk or a terminal that
nobody reads holds up no request.
"""

from __future__ import annotations

import json
import logging
import queue
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from typing import Any, Final

from fiscalgraph.api import request_context
from fiscalgraph.api.settings import ServerSettings, UnusableSetting

__all__ = ["REQUESTS", "logging_to"]

REQUESTS: Final = logging.getLogger("fiscalgraph.requests")
"""Gets a record for each request; its ``fields`` are the members of the line."""

_MOST_LINES: Final = 10_000  # that may wait to be written; further ones are left out
_LONGEST: Final = 20_000  # characters of one member
_LOGGERS: Final = ("fiscalgraph", "uvicorn")


class _Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": moment, "level": record.levelname.lower()}
        line.update(
            getattr(record, "fields", None) or {"logger": record.name, "message": record.getMessage()}
        )
        trace = getattr(record, "trace", None)
        if trace:
            line["trace"] = trace
        return json.dumps(
            {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in line.items()},
            ensure_ascii=False,
            default=str,
        )


class _Dropping(QueueHandler):
    """Puts records into the queue as they are; where it is full they are left out."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        if record.exc_info:
            record.trace = "".join(traceback.format_exception(*record.exc_info))
            record.exc_info = None
        request_id = request_context.current().request_id
        if request_id and not hasattr(record, "fields"):
            record.fields = {"logger": record.name, "message": record.getMessage(), "id": request_id}
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            return  # a log that cannot be written must not hold up who is served


@contextmanager
def logging_to(settings: ServerSettings) -> Iterator[None]:
    """Write the log as the settings say until the end of the block. Raises :class:`UnusableSetting`."""
    if settings.log == "off":
        sink: logging.Handler = logging.NullHandler()
    elif settings.log == "stderr":
        sink = logging.StreamHandler(sys.stderr)
    else:
        try:
            sink = logging.FileHandler(settings.log, encoding="utf-8")
        except OSError as error:
            raise UnusableSetting(
                f"FISCALGRAPH_SERVE_LOG={settings.log}",
                f"it cannot be written ({error.strerror})",
                "Set it to another value or unset it",
            ) from error
    sink.setFormatter(_Lines())
    lines: queue.Queue[logging.LogRecord] = queue.Queue(_MOST_LINES)
    handler, listener = _Dropping(lines), QueueListener(lines, sink)
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger.level, logger.propagate, logger.handlers[:]) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(settings.log_level.upper() if logger.name == "fiscalgraph" else logging.WARNING)
    listener.start()
    try:
        yield
    finally:
        for logger, (level, propagate, handlers) in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.propagate, logger.handlers = propagate, handlers
        listener.stop()
        sink.close()
