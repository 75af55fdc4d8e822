"""The ASGI application: the route table made callable, with what all routes share around it."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TextIO

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from bff import calls, docs, openapi, problems
from bff.auth import make_identity
from bff.cursors import Cursors
from bff.dispatch import Dispatcher
from bff.events.background import events
from bff.observe import Metrics, Observe
from bff.problems import Problem
from bff.routes import ROUTES
from bff.services import Services
from bff.storage import make_storage
from db import __version__
from db.server.secrets import secret
from db.session import Database
from db.settings import Settings


def create_app(settings: Settings, log: TextIO | None = None) -> Starlette:
    """The application over `settings.database_url`, with its access log. Connects when it starts to serve."""
    if settings.database_url is None:
        raise ValueError("DATABASE_URL is not set: the BFF does not start a database of its own")
    metrics = Metrics()
    app = Starlette(
        middleware=[Middleware(Observe, metrics=metrics, log=log)],
        exception_handlers={Problem: _on_problem, HTTPException: _on_http_exception},
        lifespan=partial(_lifespan, settings),
    )
    description = json.dumps(openapi.document(ROUTES, __version__))
    app.router.default = Dispatcher((*ROUTES, *docs.routes(description)), calls.handle)
    # A trailing slash is another path, not a redirect that loses the body of a POST.
    app.router.redirect_slashes = False
    app.state.metrics = metrics
    app.state.exports = {route.path: route for route in ROUTES if route.export}
    app.state.functions = sorted(
        {name for route in ROUTES for name in (route.function, *route.calls) if name}
    )
    return app


@asynccontextmanager
async def _lifespan(settings: Settings, app: Starlette) -> AsyncIterator[None]:
    """What lives as long as the process, closed in reverse order."""
    async with AsyncExitStack() as stack:

        async def opened(url: str) -> Database:
            database = Database(
                url, pool_size=settings.pool_size, statement_cache_size=settings.statement_cache
            )
            await database.open()
            stack.push_async_callback(database.close)
            return database

        assert settings.database_url is not None
        database = await opened(settings.database_url)
        replica = await opened(settings.database_url_ro) if settings.database_url_ro else database
        storage = make_storage(settings)
        stack.push_async_callback(storage.close)
        identity = make_identity(settings, database)
        stack.push_async_callback(identity.close)
        app.state.services = Services(
            settings=settings,
            database=database,
            replica=replica,
            cursors=Cursors(_cursor_secret(settings)),
            storage=storage,
            identity=identity,
            hub=await stack.enter_async_context(events(settings)),
        )
        yield


def _cursor_secret(settings: Settings) -> bytes:
    if settings.cursor_secret is not None:
        return settings.cursor_secret.get_secret_value().encode()
    settings.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    return secret(settings.home, "cursors").encode()


async def _on_problem(request: Request, problem: Exception) -> Response:
    return problems.response(problems.from_exception(problem), request.state.request_id)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    """What Starlette itself refuses: malformed forms."""
    assert isinstance(error, HTTPException)
    problem = Problem(error.status_code, "request.malformed", error.detail, headers=error.headers)
    return problems.response(problem, request.state.request_id)
