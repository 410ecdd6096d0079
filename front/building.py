"""What a build has to do, and what becomes of each file.

A document is read in a worker and its records go to the cache; a build that is killed takes up the
records already read the next time (see :meth:`fiscalgraph.workspace.Workspace.build`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fiscalgraph.discovery import discover
from fiscalgraph.extract.errors import FiscalgraphError, UnreadableDocument
from fiscalgraph.ledger import BuiltDocument, Ledger, Refusal
from fiscalgraph.reading import (
    TASK,
    RecordCache,
    content_hash,
    mapping_fingerprint,
    reader_fingerprint,
    recognises,
)

if TYPE_CHECKING:
    from fiscalgraph.extract.records import DisclosureRecords

__all__ = [
    "BuildReport",
    "Job",
    "Outcome",
    "Plan",
    "Progress",
    "Status",
    "make_plan",
    "read_planned",
    "refused",
]

Status = Literal["built", "replaced", "unchanged", "duplicate", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    ``document`` is the name under which it is in the workspace. A file whose content is already there
    under another name is a ``duplicate``; ``refusal`` says why a file was ``refused``. ``kept`` marks a
    refused file whose earlier version is still in the workspace.
    """

    path: Path
    status: Status
    document: str | None = None
    summary: BuiltDocument | None = None
    refusal: Refusal | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The outcomes in the order of the files, and how many documents the workspace now holds."""

    outcomes: tuple[Outcome, ...]
    passed_over: tuple[Path, ...]
    documents: int

    @property
    def refused(self) -> list[Outcome]:
        """The files that could not be used."""
        return [outcome for outcome in self.outcomes if outcome.status == "refused"]


Progress = Callable[[int, int, Outcome], None]
"""Called after each file with how many are done, how many there are, and what became of it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file that has to go into the graph; ``name`` is its document name.

    ``recognise`` says whether pages that are pictures are to be read by optical recognition.
    """

    path: Path
    name: str
    sha256: str
    recognise: bool = False

    @property
    def reader(self) -> str:
        """The fingerprint of what reads it."""
        return reader_fingerprint(recognise=self.recognise)


@dataclass(slots=True)
class Plan:
    """What a build has to do.

    ``outcomes`` are those known before anything is read; ``moved`` are documents whose file is at
    another path now.
    """

    files: tuple[Path, ...] = ()
    jobs: list[Job] = field(default_factory=list)
    outcomes: dict[Path, Outcome] = field(default_factory=dict)
    passed_over: tuple[Path, ...] = ()
    moved: dict[str, BuiltDocument] = field(default_factory=dict)


def make_plan(paths: Sequence[Path], ledger: Ledger, *, recognise: bool = False) -> Plan:
    """Decide for every file whether it is new, changed, unchanged, a duplicate, or refused at once.

    A file is known by its path: when its content changes, it replaces its document. Another file of
    the same stem is another document: it is named by its full file name (``x.docx`` beside ``x``), and
    by its content when that name is taken too. A file that was moved is still its document.
    A document once read with recognition is read so again without being asked.
    """
    found = discover(paths)
    plan = Plan(passed_over=found.passed_over)
    for path, error in found.refusals:
        plan.outcomes[path] = refused(path, error, None)
    plan.files = tuple(plan.outcomes) + found.files
    known_paths, known_content = ledger.by_path(), ledger.by_content()
    taken = set(ledger.documents)
    seen: dict[str, str] = {}  # content → name, of this build
    for path in found.files:
        absolute = str(path.absolute())
        known = known_paths.get(absolute)
        sha256 = _hash_or_refusal(path)
        if isinstance(sha256, UnreadableDocument):
            plan.outcomes[path] = refused(path, sha256, known)
            continue
        same = known_content.get(sha256)
        if same is not None and known is None and not Path(same.path).exists():
            known = plan.moved[same.document] = dataclasses.replace(same, path=absolute)
        elif same is not None and (known is None or known.document != same.document):
            plan.outcomes[path] = Outcome(path, "duplicate", same.document, same)
            continue
        if sha256 in seen:
            plan.outcomes[path] = Outcome(path, "duplicate", seen[sha256])
            continue
        name = known.document if known else _free_name(path, sha256, taken)
        taken.add(name)
        seen[sha256] = name
        job = Job(path, name, sha256, recognise or (known is not None and recognises(known.reader)))
        if known and known.sha256 == sha256 and _is_current(known, job.reader):
            plan.outcomes[path] = Outcome(path, "unchanged", name, known)
        else:
            plan.jobs.append(job)
    plan.jobs.sort(key=lambda job: job.recognise)  # the quick ones first
    return plan


def _hash_or_refusal(path: Path) -> str | UnreadableDocument:
    from fiscalgraph.extract.readers.limits import DEFAULT_LIMITS, check_file

    try:
        check_file(path, DEFAULT_LIMITS)
        return content_hash(path)
    except UnreadableDocument as error:
        return error
    except OSError as error:
        return UnreadableDocument(
            path.name, f"it cannot be read to its end ({error.strerror})", "Check the disk it lies on."
        )


def _is_current(entry: BuiltDocument, reader: str) -> bool:
    return entry.reader == reader and entry.mapping == mapping_fingerprint()


def _free_name(path: Path, sha256: str, taken: set[str]) -> str:
    names = (path.stem, path.name, f"{path.stem}~{sha256[:8]}", sha256)
    return next(name for name in names if name not in taken)


def refused(path: Path, error: FiscalgraphError, known: BuiltDocument | None) -> Outcome:
    """The outcome of a file that cannot be used; ``known`` is its document's earlier version."""
    return Outcome(
        path,
        "refused",
        known.document if known else None,
        refusal=Refusal.of(path.absolute(), error),
        kept=known is not None,
    )


def read_planned(
    jobs: Sequence[Job], cache: RecordCache, workers: int | None
) -> Iterator[tuple[Job, DisclosureRecords | FiscalgraphError]]:
    """Yield the records of each job in order: from the cache where they are there, else read and cached."""
    for _, group in groupby(jobs, key=lambda job: job.recognise):
        yield from _read_alike(list(group), cache, workers)


def _read_alike(
    jobs: Sequence[Job], cache: RecordCache, workers: int | None
) -> Iterator[tuple[Job, DisclosureRecords | FiscalgraphError]]:
    from fiscalgraph.extract.readers.limits import DEFAULT_LIMITS, RECOGNITION_LIMITS
    from fiscalgraph.extract.readers.worker import process_many

    limits = RECOGNITION_LIMITS if jobs[0].recognise else DEFAULT_LIMITS
    unread = {job.path: None for job in jobs if not cache.holds(job.sha256, job.reader)}
    results = iter(process_many(unread, TASK, limits, workers))
    for job in jobs:
        records = None
        if job.path in unread:
            _, result = next(results)
        elif (records := cache.get(job.sha256, job.reader)) is None:  # damaged on disk: it is read after all
            _, result = next(iter(process_many([job.path], TASK, limits, workers=1)))
        if records is None:
            if isinstance(result, FiscalgraphError):
                yield job, result
                continue
            records = cache.put(result, job.reader)
        identity = dataclasses.replace(records.identity, document=job.name)
        yield job, dataclasses.replace(records, identity=identity)
