"""The application that answers from one generation: what a worker process runs.

A module of resources has a ``router``; to offer one, add it to :data:`ROUTERS`.
"""

from __future__ import annotations

from typing import Final

from fastapi import Depends, FastAPI

from fiscalgraph.api import (
    checks,
    classification,
    departments,
    description,
    documents,
    errors,
    find,
    identifiers,
    indicators,
    issues,
    laws,
    named_queries,
    overview,
    passages,
    projects,
    sums,
    things,
)
from fiscalgraph.api.downloads import MOST_ROWS
from fiscalgraph.api.library import Library
from fiscalgraph.api.parameters import known_parameters
from fiscalgraph.api.wire import PlainRequests

__all__ = ["ROUTERS", "resources_app"]

ROUTERS: Final = (
    checks.router,
    classification.router,
    departments.router,
    description.router,
    documents.router,
    find.router,
    identifiers.router,
    indicators.router,
    issues.router,
    laws.router,
    named_queries.router,
    overview.router,
    passages.router,
    projects.router,
    sums.router,
    things.router,
)


def resources_app(library: Library, *, table_rows: int = MOST_ROWS) -> FastAPI:
    """All resources over one library; lists as tables have at most ``table_rows`` rows."""
    # The interactive pages of FastAPI load scripts from elsewhere: they are off.
    app = FastAPI(title="fiscalgraph", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.library = library
    app.state.table_rows = table_rows
    errors.install(app)
    for router in ROUTERS:
        # A named query has parameters of its own, and refuses all others itself.
        own = router is named_queries.router
        app.include_router(router, dependencies=[] if own else [Depends(known_parameters)])
    app.add_middleware(PlainRequests)
    return app
