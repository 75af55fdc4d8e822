"""The ASGI application: the route table made callable, with what all routes share around it."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial

import starlette.routing
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from bff import calls, docs, openapi, problems
from bff.auth import make_identity
from bff.cursors import Cursors
from bff.observe import Metrics, Observe
from bff.problems import Problem
from bff.routes import ROUTES
from bff.routing import Handler, Route
from bff.services import Services
from bff.storage import make_storage
from db import __version__
from db.server.secrets import secret
from db.session import Database
from db.settings import Settings

FORM_OVERHEAD = 64 * 1024
"""Bytes that a form may have beside the file in it."""

_HTTP_CODES = {404: "not_found", 405: "request.method", 400: "request.malformed"}


def create_app(settings: Settings) -> Starlette:
    """The application over `settings.database_url`. Opens connections when it starts to serve."""
    if settings.database_url is None:
        raise ValueError("DATABASE_URL is not set: the BFF does not start a database of its own")
    metrics = Metrics()
    app = Starlette(
        routes=[*_starlette_routes(ROUTES), *docs.routes(json.dumps(openapi.document(ROUTES, __version__)))],
        middleware=[Middleware(Observe, metrics=metrics)],
        exception_handlers={Problem: _on_problem, HTTPException: _on_http_exception},
        lifespan=partial(_lifespan, settings),
    )
    # A trailing slash is another path, not a redirect that loses the body of a POST.
    app.router.redirect_slashes = False
    app.state.metrics = metrics
    app.state.functions = sorted(
        {name for route in ROUTES for name in (route.function, *route.calls) if name}
    )
    return app


@asynccontextmanager
async def _lifespan(settings: Settings, app: Starlette) -> AsyncIterator[None]:
    assert settings.database_url is not None
    database = Database(
        settings.database_url, pool_size=settings.pool_size, statement_cache_size=settings.statement_cache
    )
    key = (
        settings.cursor_secret.get_secret_value()
        if settings.cursor_secret
        else secret(settings.home, "cursors")
    )
    storage = make_storage(settings)
    identity = make_identity(settings, database)
    await database.open()
    app.state.services = Services(
        settings=settings,
        database=database,
        replica=database,
        cursors=Cursors(key.encode()),
        storage=storage,
        identity=identity,
    )
    try:
        yield
    finally:
        await identity.close()
        await storage.close()
        await database.close()


def _starlette_routes(routes: Iterable[Route]) -> list[starlette.routing.Route]:
    """One Starlette route for each path, so that 405 can name every method that the path has."""
    by_path: dict[str, dict[str, Route]] = {}
    for route in routes:
        by_path.setdefault(route.path, {})[route.method] = route
    return [
        starlette.routing.Route(path, _endpoint(path, methods), methods=list(methods))
        for path, methods in by_path.items()
    ]


def _endpoint(path: str, methods: dict[str, Route]) -> Handler:
    async def endpoint(request: Request) -> Response:
        request.scope["pgcrm.route"] = path
        route = methods["GET" if request.method == "HEAD" else request.method]
        max_body = route.max_body or request.app.state.services.settings.max_upload_bytes + FORM_OVERHEAD
        limited = Request(request.scope, _limited(request, max_body))
        if route.handler is not None:
            return await route.handler(limited)
        return await calls.handle(limited, route)

    return endpoint


def _limited(request: Request, limit: int) -> Receive:
    """The body, up to `limit` bytes, whether its length was announced or not. Raises Problem 413."""
    too_large = Problem(413, "request.too_large", f"The body is larger than {limit} bytes.")
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise too_large
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise too_large
        return message

    return receive


async def _on_problem(request: Request, problem: Exception) -> Response:
    return problems.response(problems.from_exception(problem), request.state.request_id)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    """What Starlette itself refuses: unknown paths, methods, malformed forms."""
    assert isinstance(error, HTTPException)
    code = _HTTP_CODES.get(error.status_code, "request.refused")
    problem = Problem(error.status_code, code, error.detail, headers=error.headers)
    return problems.response(problem, request.state.request_id)
