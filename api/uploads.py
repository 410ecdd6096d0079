"""Files taken in over HTTP: kept below the workspace, and built one after the other by a process of its own.

Each upload has a folder ``uploads/ID`` in the workspace: the file, and ``upload.json`` that says what became
of it. Who listens only receives and looks on; ``python -m fiscalgraph build`` reads and publishes, as anybody
would on the command line. A server that was stopped in between takes up again what it had not finished.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio
import anyio.to_thread

from fiscalgraph.api.resources.uploads import UploadState
from fiscalgraph.graph.store import GenerationStore

if TYPE_CHECKING:
    from fiscalgraph.api.settings import ServerSettings
    from fiscalgraph.api.shelf import Shelf

__all__ = ["UploadRecord", "Uploads"]

_LOG = logging.getLogger(__name__)
_FOLDER: Final = "uploads"
_RECORD: Final = "upload.json"
_PARTIAL: Final = "arriving"
_REMEMBERED: Final = 200  # uploads of which it is told what became of them
_NICENESS: Final = 10  # questions go before reading
_IN_USE: Final = "another build is running there"
_AGAIN_SECONDS: Final = 2.0
_SERVED_SECONDS: Final = 120.0
_LONGEST_LINE: Final = 1 << 20
_ENDED: Final = ("done", "refused", "failed")


@dataclass(frozen=True, slots=True)
class UploadRecord:
    """What is known of one upload; ``report`` is what the build says of its file, ``error`` is in English."""

    id: str
    name: str
    bytes: int
    received: str
    state: UploadState = "waiting"
    report: dict[str, Any] | None = None
    error: dict[str, str] | None = None


@dataclass(slots=True)
class _Finished:
    """How a build ended: its answer, or ``None`` where it gave none."""

    answer: dict[str, Any] | None
    code: int | None
    last_words: str = field(default="")


class Uploads:
    """The uploads of one workspace. Used on the event loop only."""

    def __init__(self, home: Path, shelf: Shelf, settings: ServerSettings, *, encoder: str | None) -> None:
        self._home = home
        self._folder = home / _FOLDER
        self._shelf = shelf
        self._settings = settings
        self._encoder = encoder
        self._records: dict[str, UploadRecord] = {}  # the oldest first
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._receiving = 0
        self._worker: asyncio.Task[None] | None = None

    # -- the whole --------------------------------------------------------------------------

    def start(self) -> None:
        """Take up what an earlier server left, and build what comes from now on."""
        for record in sorted(self._left(), key=lambda each: (each.received, each.id)):
            self._records[record.id] = record
            if record.state not in _ENDED:
                self._queue.put_nowait(record.id)
                self._change(record.id, state="waiting")
        self._worker = asyncio.get_running_loop().create_task(self._build_all())

    async def stop(self) -> None:
        """End the build in progress; its upload is taken up again by the next server."""
        if self._worker is not None:
            self._worker.cancel()
            with suppress(asyncio.CancelledError):
                await self._worker

    def _left(self) -> Iterator[UploadRecord]:
        if not self._folder.is_dir():
            return
        for folder in self._folder.iterdir():
            try:
                record = UploadRecord(**json.loads((folder / _RECORD).read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError):  # it never arrived whole
                shutil.rmtree(folder, ignore_errors=True)
                continue
            yield record

    # -- looking on -------------------------------------------------------------------------

    def get(self, name: str) -> UploadRecord | None:
        """The upload of that id."""
        return self._records.get(name)

    def latest(self, most: int) -> list[UploadRecord]:
        """The last uploads, the newest first."""
        return list(self._records.values())[: -most - 1 : -1]

    @property
    def total(self) -> int:
        """How many uploads are remembered."""
        return len(self._records)

    @property
    def unfinished(self) -> int:
        """How many arrive, wait or are read."""
        return self._receiving + sum(record.state not in _ENDED for record in self._records.values())

    def ahead_of(self, name: str) -> int:
        """How many unfinished uploads came before the one of that id."""
        ahead = 0
        for record in self._records.values():
            if record.id == name:
                break
            ahead += record.state not in _ENDED
        return ahead

    # -- receiving --------------------------------------------------------------------------

    def free_bytes(self) -> int:
        """Room on the workspace's disk."""
        return shutil.disk_usage(self._home).free

    async def receive(self, name: str, body: AsyncIterator[bytes]) -> UploadRecord:
        """Take a file in; it is built when its turn comes. What breaks off leaves nothing behind."""
        upload = secrets.token_hex(8)
        folder = self._folder / upload
        self._receiving += 1
        try:
            await anyio.to_thread.run_sync(lambda: folder.mkdir(parents=True))
            size = 0
            async with await anyio.open_file(folder / _PARTIAL, "wb") as stream:
                async for piece in body:
                    size += len(piece)
                    await stream.write(piece)
            (folder / _PARTIAL).rename(self.file(upload, name))
            received = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            record = UploadRecord(upload, name, size, received)
            self._write(record)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            self._receiving -= 1
        self._records[upload] = record
        self._forget()
        self._queue.put_nowait(upload)
        return record

    def file(self, upload: str, name: str) -> Path:
        """Where the file of an upload lies."""
        return self._folder / upload / name

    def _change(self, upload: str, **changes: Any) -> UploadRecord:
        record = self._records[upload] = replace(self._records[upload], **changes)
        self._write(record)
        return record

    def _write(self, record: UploadRecord) -> None:
        path = self._folder / record.id / _RECORD
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(record), ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)

    def _forget(self) -> None:
        """Let go of the oldest uploads that have ended; their files stay, as documents were read from
        them."""
        for record in list(self._records.values())[:-_REMEMBERED]:
            if record.state in _ENDED:
                del self._records[record.id]
                (self._folder / record.id / _RECORD).unlink(missing_ok=True)

    # -- building ---------------------------------------------------------------------------

    async def _build_all(self) -> None:
        while True:
            upload = await self._queue.get()
            try:
                await self._build(upload)
            except Exception:
                _LOG.exception("upload %s failed", upload)
                self._fail(upload, "the server failed while reading it", "Look at the server's log")

    async def _build(self, upload: str) -> None:
        record = self._change(upload, state="reading")
        while True:
            finished = await self._run(record)
            error = (finished.answer or {}).get("error")
            if error is None or error["why"] != _IN_USE:
                break
            self._change(upload, state="waiting")
            await asyncio.sleep(_AGAIN_SECONDS)
            self._change(upload, state="reading")
        if finished.answer is None:
            _LOG.error("the build of upload %s ended with %s: %s", upload, finished.code, finished.last_words)
            self._fail(
                upload, "the process that read it broke off", "Try again, or build it by the command line"
            )
            return
        if error is not None:
            self._change(upload, state="failed", error=error)
            return
        (report,) = finished.answer["files"]
        if report["refusal"] is not None:
            refusal = {name: report["refusal"][name] for name in ("what", "why", "cure")}
            self._remove_file(record)
            self._change(upload, state="refused", error=refusal)
            return
        if report["status"] == "duplicate":  # the workspace reads the document from where it was
            self._remove_file(record)
        self._change(upload, state="publishing")
        await self._served()
        self._change(upload, state="done", report=report)

    def _fail(self, upload: str, why: str, cure: str) -> None:
        error = {"what": self._records[upload].name, "why": why, "cure": cure}
        self._change(upload, state="failed", error=error)

    def _remove_file(self, record: UploadRecord) -> None:
        self.file(record.id, record.name).unlink(missing_ok=True)

    async def _run(self, record: UploadRecord) -> _Finished:
        """Build the file of an upload; killed at its deadline, or when the server ends."""
        environment = {**os.environ, "FISCALGRAPH_LANG": "en"}
        if self._encoder is not None:
            environment["FISCALGRAPH_ENCODER"] = self._encoder
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "fiscalgraph", "build"),
            *("--json", "--home", str(self._home), "--", str(self.file(record.id, record.name))),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
            start_new_session=True,  # with all that it starts it can be ended at once
            limit=_LONGEST_LINE,
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
        try:
            async with asyncio.timeout(self._settings.upload_seconds):
                words, answer = await asyncio.gather(self._progress(record, process), _all_of(process.stdout))
                code = await process.wait()
        except TimeoutError:
            seconds = self._settings.upload_seconds
            reason = {
                "what": record.name,
                "why": f"it took longer than {seconds:g} seconds",
                "cure": "Build it by the command line",
            }
            return _Finished({"error": reason}, None)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await asyncio.shield(process.wait())
        try:
            return _Finished(json.loads(answer), code)
        except ValueError:
            return _Finished(None, code, words)

    async def _progress(self, record: UploadRecord, process: asyncio.subprocess.Process) -> str:
        """Look on while a file is built: a line on standard error says that it is read. The last words."""
        assert process.stderr is not None
        words = ""
        async for line in process.stderr:
            words = line.decode("utf-8", "replace").strip() or words
            if words.startswith("[") and self._records[record.id].state == "reading":
                self._change(record.id, state="publishing")
        return words

    async def _served(self) -> None:
        """Wait until what was published is served, so that who is told can ask for it."""
        published = GenerationStore(self._home).current
        with anyio.move_on_after(_SERVED_SECONDS):
            while published is not None and not self._serves(published):
                await asyncio.sleep(0.1)

    def _serves(self, published: Path) -> bool:
        current = self._shelf.current
        return current is not None and current.name >= published.name


async def _all_of(stream: asyncio.StreamReader | None) -> bytes:
    assert stream is not None
    return await stream.read()
