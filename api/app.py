"""The HTTP interface: the process that listens. It passes requests on to workers and never waits for them.

Routes declared here are answered by this process and must not compute anything; all others are those of
:mod:`fiscalgraph.api.resources_app`, which run in processes that can be killed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import anyio.to_thread
from fastapi import Depends, FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from fiscalgraph.api import errors, health, sparql, upload_routes
from fiscalgraph.api.access import GENERATION, Access
from fiscalgraph.api.admission import Rate
from fiscalgraph.api.cors import ForeignPages
from fiscalgraph.api.downloads import ROWS
from fiscalgraph.api.forwarding import Forwarding
from fiscalgraph.api.keys import ApiKeys
from fiscalgraph.api.metrics import Metrics
from fiscalgraph.api.parameters import known_parameters
from fiscalgraph.api.protection import LOCAL_NAMES, Protection
from fiscalgraph.api.representation import TRUNCATED
from fiscalgraph.api.request_context import REQUEST_ID
from fiscalgraph.api.settings import ServerSettings
from fiscalgraph.api.shelf import Shelf
from fiscalgraph.api.sparql_settings import SparqlSettings
from fiscalgraph.api.uploads import Uploads

__all__ = ["create_app"]

_PAGE = Path(str(files("fiscalgraph.api"))) / "web" / "built"


def create_app(
    home: str | Path,
    *,
    encoder: str | None = None,
    hosts: Iterable[str] = LOCAL_NAMES,
    sparql_settings: SparqlSettings | None = None,
    settings: ServerSettings | None = None,
    loopback: bool = False,
) -> FastAPI:
    """The application for the workspace in ``home``.

    ``hosts`` are the names it answers for (``"*"``: any), ``sparql_settings`` the limits of ``/sparql``,
    ``settings`` all others, by default those of the environment; ``loopback`` says that it listens on this
    computer only, where files can be uploaded if the settings do not forbid it. A new generation is
    served as soon as a build has published it and its workers are warm.

    Raises :class:`~fiscalgraph.api.settings.UnusableSetting`.
    """
    settings = settings or ServerSettings.from_environment()
    keys = ApiKeys.of(settings)
    shelf = Shelf(
        Path(home),
        encoder=encoder,
        sparql=sparql_settings or SparqlSettings.from_environment(),
        settings=settings,
    )

    uploads = Uploads(Path(home), shelf, settings, encoder=encoder)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await anyio.to_thread.run_sync(shelf.open)
        if app.state.uploads_enabled:
            uploads.start()
        yield
        await uploads.stop()
        shelf.close()

    app = FastAPI(
        title="fiscalgraph",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.shelf = shelf
    app.state.settings = settings
    app.state.uploads = uploads
    app.state.uploads_enabled = settings.takes_uploads(loopback=loopback)
    app.state.metrics = Metrics(shelf)
    errors.install(app)
    app.include_router(health.router)
    app.include_router(sparql.router)
    app.include_router(upload_routes.router, dependencies=[Depends(known_parameters)])
    app.mount("/web", StaticFiles(directory=_PAGE), name="web")

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    app.router.default = Forwarding(shelf)
    # The last one added is the outermost.
    app.add_middleware(
        Protection,
        hosts=hosts,
        keys=keys,
        rate=Rate(settings.rate),
        body_bytes=settings.body_bytes,
        upload_bytes=settings.upload_bytes,
        foreign_pages=bool(settings.cors_origins),
    )
    if settings.cors_origins:
        app.add_middleware(
            ForeignPages,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["Authorization", "X-API-Key", REQUEST_ID],
            expose_headers=[REQUEST_ID, GENERATION, TRUNCATED, sparql.SIMILAR, ROWS, "Retry-After"],
        )
    app.add_middleware(
        Access,
        shelf=shelf,
        metrics=app.state.metrics,
        arrival_seconds=settings.arrival_seconds,
        log_queries=settings.log_queries,
    )
    return app
