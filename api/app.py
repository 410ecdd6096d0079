"""The HTTP interface: one application over the library of one workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from fiscalgraph.api import checks, documents, errors, named_queries, passages, sparql, sums, things
from fiscalgraph.api.protection import LOCAL_NAMES, Protection
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
) -> FastAPI:
    """The application for the workspace in ``home``.

    ``hosts`` are the names it answers for (``"*"``: any), ``sparql_settings`` the limits of ``/sparql``,
    by default those of the environment. A new generation is served as soon as a build has published it.

    Raises :class:`~fiscalgraph.api.sparql_settings.UnusableLimit`.
    """
    settings = sparql_settings or SparqlSettings.from_environment()
    shelf = Shelf(Path(home), encoder=encoder, sparql=settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        shelf.close()

    # The interactive pages of FastAPI load scripts from elsewhere: they are off.
    app = FastAPI(title="fiscalgraph", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.shelf = shelf
    errors.install(app)
    for module in (checks, documents, named_queries, passages, sparql, sums, things):
        app.include_router(module.router)
    app.mount("/web", StaticFiles(directory=_WEB), name="web")

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(_WEB / "index.html")

    app.add_middleware(Protection, hosts=hosts)
    return app
