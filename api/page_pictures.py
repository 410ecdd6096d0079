"""Pictures of source pages, drawn in processes of their own: the files come from strangers.

One process draws one picture and ends. It owns no socket, its memory and time are limited, and it is killed
at the deadline. What it sends back is bytes of a bounded number, never an object: a file that takes the
PDF library over gains nothing here.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import IO, Any, Final

from fiscalgraph.api.page_drawing import Picture, PictureRequest, PictureUnavailable, draw
from fiscalgraph.extract.errors import FiscalgraphError

__all__ = ["PagePictures", "PictureLimits", "PicturesBusy", "serve"]

# The child takes over the parent's import path, but neither its main module nor its environment.
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from fiscalgraph.api.page_pictures import serve; serve(int(sys.argv[2]), float(sys.argv[3]))"
)
_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
_NICENESS = 5  # the server itself goes first
_LARGEST_HEAD = 10_000  # bytes of what is said about a picture
_LARGEST_PICTURE = 64 << 20  # bytes; twelve million pixels of noise take less
_START_SECONDS = 30.0
_READY = b"ready\n"
_PNG = b"\x89PNG\r\n\x1a\n"


class PicturesBusy(FiscalgraphError):
    """As many pictures are being drawn, and waited for, as may be."""


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """``seconds`` and ``memory_bytes`` for one picture; how many are drawn at a time, how many may wait,
    and how many bytes of drawn ones are kept."""

    seconds: float = 10.0
    memory_bytes: int = 1 << 30
    at_a_time: int = 2
    waiting: int = 8
    kept_bytes: int = 64 << 20


class PagePictures:
    """Draws pictures and keeps the latest. Safe to use from several threads; :meth:`close` ends processes.

    With ``spare`` a process stands ready for the next picture, which then takes a fraction of the time.
    """

    def __init__(self, limits: PictureLimits | None = None, *, spare: bool = True) -> None:
        self._limits = limits or PictureLimits()
        self._slots = threading.Semaphore(self._limits.at_a_time)
        self._lock = threading.Lock()
        self._in_progress = 0
        self._kept: OrderedDict[PictureRequest, Picture] = OrderedDict()
        self._kept_bytes = 0
        self._with_spare = spare
        self._spare: _Drawer | None = None
        self._closed = False

    def picture(self, request: PictureRequest) -> Picture:
        """The picture asked for, kept or drawn.

        Raises :class:`~fiscalgraph.api.page_drawing.PictureUnavailable` when there is none, and
        :class:`PicturesBusy`.
        """
        with self._lock:
            kept = self._kept.get(request)
            if kept is not None:
                self._kept.move_to_end(request)
                return kept
            if self._in_progress >= self._limits.at_a_time + self._limits.waiting:
                raise PicturesBusy(
                    "too many pictures",
                    f"{self._in_progress} are being drawn or waited for, and no more are taken on",
                    "Try again in a moment",
                )
            self._in_progress += 1
        try:
            with self._slots:
                picture = self._draw(request)
        finally:
            with self._lock:
                self._in_progress -= 1
        self._keep(request, picture)
        return picture

    def _draw(self, request: PictureRequest) -> Picture:
        with self._lock:
            drawer, self._spare = self._spare, None
        drawer = drawer or _Drawer(self._limits)
        try:
            return drawer.draw(request)
        finally:
            drawer.end()
            self._prepare_spare()

    def _prepare_spare(self) -> None:
        with self._lock:
            if self._with_spare and not self._closed and self._spare is None:
                self._spare = _Drawer(self._limits)

    def _keep(self, request: PictureRequest, picture: Picture) -> None:
        if len(picture.png) > self._limits.kept_bytes // 4:
            return
        with self._lock:
            if request in self._kept:
                return
            self._kept[request] = picture
            self._kept_bytes += len(picture.png)
            while self._kept_bytes > self._limits.kept_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._kept_bytes -= len(dropped.png)

    def close(self) -> None:
        """End the process that stands ready; one that draws ends with its picture."""
        with self._lock:
            self._closed = True
            spare, self._spare = self._spare, None
        if spare is not None:
            spare.end()


class _Drawer:
    """A process that draws one picture."""

    def __init__(self, limits: PictureLimits) -> None:
        self._limits = limits
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environment["OPENBLAS_NUM_THREADS"] = "1"  # its threads would count as memory
        import_path = json.dumps([os.path.abspath(entry) for entry in sys.path])
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT, import_path, str(limits.memory_bytes), str(limits.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        self._buffer = bytearray()

    def draw(self, request: PictureRequest) -> Picture:
        """The picture, within the deadline, which counts from when the process is ready."""
        what = f"page {request.page}"
        try:
            if self._line(what, time.monotonic() + _START_SECONDS) != _READY:
                raise self._broken(what)
            question, _ = _streams(self._process)
            question.write(json.dumps(dataclasses.asdict(request)).encode() + b"\n")
            question.flush()
            deadline = time.monotonic() + self._limits.seconds
            head: dict[str, Any] = json.loads(self._line(what, deadline))
            if "error" in head:
                raise PictureUnavailable(*(str(part) for part in head["error"]))
            png = self._bytes(int(head["bytes"]), what, deadline)
            mark = None if head["mark"] is None else tuple(int(side) for side in head["mark"])
            if not png.startswith(_PNG) or (mark is not None and len(mark) != 4):
                raise self._broken(what)
            return Picture(png, int(head["width"]), int(head["height"]), mark)
        except (BrokenPipeError, ValueError, KeyError, TypeError) as error:  # it died, or talks nonsense
            raise self._broken(what) from error

    def _line(self, what: str, deadline: float) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LARGEST_HEAD:
                raise self._broken(what)
            self._more(what, deadline)
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        return line

    def _bytes(self, count: int, what: str, deadline: float) -> bytes:
        if not 0 < count <= _LARGEST_PICTURE:
            raise self._broken(what)
        while len(self._buffer) < count:
            self._more(what, deadline)
        return bytes(self._buffer[:count])

    def _more(self, what: str, deadline: float) -> None:
        """Read what there is. Raises :class:`PictureUnavailable` at the deadline, or when it has ended."""
        _, answer = _streams(self._process)
        waiting = deadline - time.monotonic()
        if waiting <= 0 or not select.select([answer], [], [], waiting)[0]:
            raise PictureUnavailable(
                what,
                f"drawing it took longer than {self._limits.seconds:g} seconds",
                "Open the file itself",
            )
        chunk = os.read(answer.fileno(), 1 << 20)
        if not chunk:
            raise self._broken(what)
        self._buffer += chunk

    @staticmethod
    def _broken(what: str) -> PictureUnavailable:
        return PictureUnavailable(
            what,
            "the process that draws it broke down over it",
            "Open the file itself",
        )

    def end(self) -> None:
        """Kill the process, whatever it does."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in _streams(self._process):
            with contextlib.suppress(OSError):  # closing flushes into a pipe that nobody reads
                stream.close()


def _streams(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None  # both are pipes
    assert process.stdout is not None
    return process.stdin, process.stdout


def serve(memory_bytes: int, seconds: float) -> None:
    """The drawing process: one request on standard input, one answer on standard output."""
    import numpy  # noqa: F401  (loaded before the limits, and before it is needed)
    import PIL.Image  # noqa: F401
    import pypdfium2  # noqa: F401

    from fiscalgraph.extract.readers import pdf_content, pdf_grid  # noqa: F401
    from fiscalgraph.graph.sparql.isolation import forbid_network, limit_memory

    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not end up in the answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICENESS)
    forbid_network()
    limit_memory(memory_bytes)
    for limit, amount in ((resource.RLIMIT_CPU, int(seconds) + 5), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (amount, amount))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    answer.write(_READY)
    answer.flush()
    asked = sys.stdin.buffer.readline(_LARGEST_HEAD)
    if not asked:
        return
    head, png = _answer(asked)
    answer.write(json.dumps(head).encode() + b"\n" + png)
    answer.flush()


def _answer(asked: bytes) -> tuple[dict[str, Any], bytes]:
    import pypdfium2

    given = json.loads(asked)
    box, figures = given.pop("box"), tuple(given.pop("figures"))
    request = PictureRequest(**given, box=tuple(box) if box is not None else None, figures=figures)
    try:
        picture = draw(request)
    except FiscalgraphError as error:
        return {"error": [error.what, error.why, error.cure]}, b""
    except OSError as error:
        why = f"it cannot be read ({error.strerror})"
        return {"error": ["the source file", why, "Check the disk and the permissions"]}, b""
    except pypdfium2.PdfiumError:
        return {"error": [f"page {request.page}", "it is damaged", "Open the file itself"]}, b""
    except MemoryError:
        why = "drawing it needs more memory than allowed"
        return {"error": [f"page {request.page}", why, "Ask for a smaller scale"]}, b""
    head = {"width": picture.width, "height": picture.height, "mark": picture.mark}
    return {**head, "bytes": len(picture.png)}, picture.png
