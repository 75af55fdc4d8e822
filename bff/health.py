"""What operators and their machines ask: alive, ready, how busy."""

import json

from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from bff.problems import Problem
from bff.services import services_of
from db.session import DatabaseUnavailable


async def alive(_: Request) -> Response:
    """GET /healthz: the process answers. Silent about the database: restarting us would not help that."""
    return _ok("alive")


async def ready(request: Request) -> Response:
    """GET /readyz: the database is there and has every function that a route calls."""
    try:
        missing = await services_of(request).database.missing_functions(request.app.state.functions)
    except DatabaseUnavailable as error:
        raise Problem(503, "database.unavailable", str(error), headers={"Retry-After": "2"}) from None
    if missing:
        raise Problem(503, "database.not_migrated", f"Run `pgcrm migrate`; missing: {', '.join(missing)}.")
    return _ok("ready")


async def metrics(request: Request) -> Response:
    """GET /metrics, in Prometheus' text format."""
    return Response(
        request.app.state.metrics.render(services_of(request).database), media_type=CONTENT_TYPE_LATEST
    )


def _ok(status: str) -> Response:
    return Response(json.dumps({"status": status}), media_type="application/json")
