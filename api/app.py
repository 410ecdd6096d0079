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
from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from fiscalgraph.api import errors, health, sparql
from fiscalgraph.api.access import GENERATION, Access
from fiscalgraph.api.admission import Rate
from fiscalgraph.api.forwarding import Forwarding
from fiscalgraph.api.keys import ApiKeys
from fiscalgraph.api.metrics import Metrics
from fiscalgraph.api.protection import LOCAL_NAMES, Protection
from fiscalgraph.api.request_context import REQUEST_ID
from fiscalgraph.api.settings import ServerSettings
from fiscalgraph.api.shelf import Shelf
from fiscalgraph.api.sparql_settings import SparqlSettings

__all__ = ["create_app"]

_WEB = Path(str(files("fiscalgraph.api"))) / "web"


def create_app(
    home: str | Path,
    *,
    encoder: str | None = None,
    hosts: Iterable[str] = LOCAL_NAMES,
    sparql_settings: SparqlSettings | None = None,
    settings: ServerSettings | None = None,
) -> FastAPI:
    """The application for the workspace in ``home``.

    ``hosts`` are the names it answers for (``"*"``: any), ``sparql_settings`` the limits of ``/sparql``,
    ``settings`` all others, by default those of the environment. A new generation is served as soon as a
    build has published it and its workers are warm.

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

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await anyio.to_thread.run_sync(shelf.open)
        yield
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
    app.state.metrics = Metrics(shelf)
    errors.install(app)
    app.include_router(health.router)
    app.include_router(sparql.router)
    app.mount("/web", StaticFiles(directory=_WEB), name="web")

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_WEB / "index.html")

    app.router.default = Forwarding(shelf)
    # The last one added is the outermost.
    app.add_middleware(
        Protection,
        hosts=hosts,
        keys=keys,
        rate=Rate(settings.rate),
        body_bytes=settings.body_bytes,
        foreign_pages=bool(settings.cors_origins),
    )
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["Authorization", "X-API-Key", REQUEST_ID],
            expose_headers=[REQUEST_ID, GENERATION, sparql.TRUNCATED, sparql.SIMILAR, "Retry-After"],
        )
    app.add_middleware(
        Access,
        shelf=shelf,
        metrics=app.state.metrics,
        arrival_seconds=settings.arrival_seconds,
        log_queries=settings.log_queries,
    )
    return app
