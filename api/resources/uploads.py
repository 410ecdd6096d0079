"""Files that were uploaded (上传), what became of them, and what was read."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fiscalgraph.api.resources.models import Resource, Words

__all__ = ["Upload", "UploadError", "UploadList", "UploadState", "UploadedDocument"]

UploadState = Literal["waiting", "reading", "publishing", "done", "refused", "failed"]


class UploadError(Resource):
    """Why a file was refused, or was not read to its end, and what to do about it."""

    what: str
    why: str
    cure: str


class UploadedDocument(Resource):
    """What was read of a file. ``status``: ``built``, or ``unchanged`` or ``duplicate`` where the
    workspace had it already. ``counts`` are records by kind, ``coverage`` is what there is and what was
    read of it."""

    document: str
    url: str
    status: Literal["built", "replaced", "unchanged", "duplicate"]
    issuer: str | None
    kind: str | None
    fiscal_year: int | None
    pages: int | None
    counts: dict[str, int]
    coverage: dict[str, int | None]
    contradictions: int | None
    problems: tuple[str, ...]


class Upload(Resource):
    """A file that was uploaded. ``waiting`` (``ahead`` counts those before it), ``reading``, ``publishing``,
    then ``done``, ``refused`` (the file cannot be used) or ``failed`` (it was not read to its end)."""

    id: str
    url: str
    name: str
    bytes: int
    received: str = Field(description="When it arrived (ISO 8601, UTC)")
    state: UploadState
    progress: Words
    ahead: int | None
    document: UploadedDocument | None
    error: UploadError | None


class UploadList(Resource):
    """The last uploads, the newest first; whether files can be uploaded here, and which."""

    enabled: bool
    most_bytes: int
    types: tuple[str, ...]
    items: tuple[Upload, ...]
    total: int
