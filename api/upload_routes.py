"""``/uploads``: files for the workspace, and what became of them."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Path, Query, Request, Response

from fiscalgraph.api import request_context
from fiscalgraph.api.coverage_words import unread_in_chinese
from fiscalgraph.api.errors import RequestRefused
from fiscalgraph.api.library import UnknownThing
from fiscalgraph.api.resources.addresses import document_url
from fiscalgraph.api.resources.models import Words
from fiscalgraph.api.resources.uploads import Upload, UploadedDocument, UploadError, UploadList
from fiscalgraph.api.upload_names import safe_name, suffix_of
from fiscalgraph.api.uploads import UploadRecord, Uploads

__all__ = ["PATH", "router"]

PATH: Final = "/uploads"
router = APIRouter(prefix=PATH)

# What a page of another origin may send without asking first.
_SIMPLE: Final = frozenset({"text/plain", "multipart/form-data", "application/x-www-form-urlencoded"})
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_PROGRESS: Final = {
    "waiting": Words(zh="等待读入", en="waiting to be read"),
    "reading": Words(zh="正在读取", en="being read"),
    "publishing": Words(
        zh="已读完，正在更新图谱和索引", en="read; the graph and the index are being renewed"
    ),
    "done": Words(zh="已读入", en="read in"),
    "refused": Words(zh="无法使用", en="cannot be used"),
    "failed": Words(zh="没有读完", en="was not read to its end"),
}


@router.post("", status_code=202, response_model=Upload, summary="Upload a file", openapi_extra=_BODY)
async def upload(
    request: Request,
    name: Annotated[str, Query(min_length=1, max_length=500, description="The file's name")],
) -> Response:
    """A file for the workspace, as the body, with `Content-Type: application/octet-stream`. It is read by a
    process of its own, one after the other; the answer's `url` tells how far it is. Only where uploads are
    enabled, and not from pages of other origins."""
    uploads, settings = _uploads(request), request.app.state.settings
    _check_enabled(request)
    _check_origin(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind or kind in _SIMPLE:
        raise RequestRefused(
            PATH,
            f"a body of the type {kind or '(none)'} is not taken here",
            "Send the file itself, with Content-Type: application/octet-stream",
            status=415,
            code="unknown_body_type",
        )
    plain = safe_name(name)
    if suffix_of(plain) not in settings.upload_types:
        raise RequestRefused(
            f"the file {plain or name[:100]!r}",
            "files of this type are not read",
            f"Upload one of {', '.join(settings.upload_types)}",
            status=415,
            code="unknown_file_type",
        )
    if uploads.unfinished >= settings.uploads_waiting:
        raise RequestRefused(
            PATH,
            f"{settings.uploads_waiting} uploads are waiting, and no more are taken on",
            "Wait for one of them to end.",
            status=503,
            code="busy",
        )
    if uploads.free_bytes() < 2 * int(request.headers.get("content-length", "0")):
        raise RequestRefused(
            PATH, "the disk of the workspace is full", "Make room on it", status=503, code="no_space"
        )
    record = await uploads.receive(plain, request.stream())
    answer = _shown(uploads, record)
    return Response(
        answer.model_dump_json(),
        status_code=202,
        media_type="application/json",
        headers={"Location": answer.url},
    )


@router.head("", include_in_schema=False)
@router.get("", response_model=UploadList, summary="The last uploads")
async def latest(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200, description="Uploads at most")] = 50,
) -> UploadList:
    """The last uploads, the newest first, and whether and which files can be uploaded here."""
    uploads, settings = _uploads(request), request.app.state.settings
    return UploadList(
        enabled=request.app.state.uploads_enabled,
        most_bytes=settings.upload_bytes,
        types=settings.upload_types,
        items=tuple(_shown(uploads, record) for record in uploads.latest(limit)),
        total=uploads.total,
    )


@router.head("/{name}", include_in_schema=False)
@router.get("/{name}", response_model=Upload, summary="One upload")
async def one(request: Request, name: Annotated[str, Path(max_length=100, description="Its id")]) -> Upload:
    """How far an upload is; when it has ended what was read, or why it was refused and what to do."""
    uploads = _uploads(request)
    record = uploads.get(name)
    if record is None:
        raise UnknownThing(f"upload {name}", "there is none of that id", "GET /uploads lists them")
    return _shown(uploads, record)


def _uploads(request: Request) -> Uploads:
    uploads: Uploads = request.app.state.uploads
    return uploads


def _check_enabled(request: Request) -> None:
    if not request.app.state.uploads_enabled:
        raise RequestRefused(
            PATH,
            "this server takes no uploads",
            "Run: fiscalgraph build FILE, or set FISCALGRAPH_SERVE_UPLOADS=1",
            status=403,
            code="uploads_off",
        )


def _check_origin(request: Request) -> None:
    """A page of another origin must not fill the workspace through the browser of who visits it."""
    headers = request.headers
    origin = headers.get("origin")
    site = headers.get("sec-fetch-site", "same-origin")
    foreign = origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    if foreign or site not in ("same-origin", "none"):
        raise RequestRefused(
            PATH,
            "pages of other origins may not upload",
            "Upload from the page of this server, or by a program",
            status=403,
            code="cross_site",
        )


def _shown(uploads: Uploads, record: UploadRecord) -> Upload:
    return Upload(
        id=record.id,
        url=f"{PATH}/{record.id}",
        name=record.name,
        bytes=record.bytes,
        received=record.received,
        state=record.state,
        progress=_PROGRESS[record.state],
        ahead=uploads.ahead_of(record.id) if record.state == "waiting" else None,
        document=None if record.report is None else _document(record.report),
        error=None if record.error is None else _error(record.error),
    )


def _document(report: dict[str, Any]) -> UploadedDocument:
    summary = report["summary"] or {}
    return UploadedDocument(
        document=report["document"],
        url=document_url(report["document"]),
        status=report["status"],
        issuer=summary.get("issuer"),
        kind=summary.get("kind"),
        fiscal_year=summary.get("fiscal_year"),
        pages=summary.get("pages"),
        counts=summary.get("counts", {}),
        coverage=summary.get("coverage", {}),
        contradictions=summary.get("contradictions"),
        problems=tuple(map(_said, summary.get("problems", ()))),
    )


def _said(sentence: str) -> str:
    return unread_in_chinese(sentence) if request_context.current().language == "zh" else sentence


def _error(error: dict[str, str]) -> UploadError:
    what, why, cure = error["what"], error["why"], error["cure"]
    if request_context.current().language == "zh":
        from fiscalgraph.api.error_words import parts_in_chinese

        what, why, cure = parts_in_chinese(what, why, cure)
    return UploadError(what=what, why=why, cure=cure)
