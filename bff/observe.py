"""Around every request: its id, its line in the log, its place in the metrics, headers that browsers obey."""

import json
import logging
import os
import re
import time
from typing import TextIO
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bff import problems
from db.session import Database

error_log = logging.getLogger("pgcrm.error")

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"cache-control", b"no-store"),
)
"""What every answer carries unless its handler said otherwise."""


class Metrics:
    """Counters of one process; of all processes where PROMETHEUS_MULTIPROC_DIR is set (several workers)."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("pgcrm_requests", "Requests answered", labels, registry=self._registry)
        self.seconds = Histogram(
            "pgcrm_request_seconds",
            "Time from the first byte to the last of the answer",
            ("method", "route"),
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
            registry=self._registry,
        )
        self._pool = Gauge(
            "pgcrm_pool_connections",
            "Database connections by state; waiting are requests without one",
            ("state",),
            registry=self._registry,
            multiprocess_mode="livesum",
        )

    def observe_pool(self, database: Database) -> None:
        """Take down how busy the pool is."""
        self._pool.labels("idle").set(database.idle)
        self._pool.labels("used").set(database.size - database.idle)
        self._pool.labels("waiting").set(database.waiting)

    def render(self, database: Database) -> bytes:
        """Everything, in Prometheus' text format."""
        self.observe_pool(database)
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self._registry)
        everybody = CollectorRegistry()
        multiprocess.MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
        return generate_latest(everybody)


class Observe:
    """The outermost layer. Whatever escapes the others becomes a problem here, with its id in the log."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: TextIO | None) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = message["headers"]
                names = {name for name, _ in given}
                missing = [header for header in _HEADERS if header[0] not in names]
                message["headers"] = [*given, *missing, (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            problem = problems.from_exception(error)
            if problem.status == 500 or status:
                error_log.exception("request %s failed", request_id)
            if status:
                raise  # the answer has begun: breaking it off is the only honest end
            await problems.response(problem, request_id)(scope, receive, send_with_headers)
        finally:
            self._record(scope, request_id, status, time.perf_counter() - started)

    def _record(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        method, route = scope["method"], scope.get("pgcrm.route", "unmatched")
        if route == "unmatched":
            method = "other"  # anybody can make up methods; labels must stay few
        self._metrics.requests.labels(method, route, status).inc()
        self._metrics.seconds.labels(method, route).observe(seconds)
        if self._log is None:
            return
        user_id = scope["state"].get("user_id")
        line = {
            "time": time.time(),
            "request_id": request_id,
            "method": scope["method"],
            "path": scope["path"],
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 2),
            "user_id": user_id and str(user_id),
        }
        # One write for each line, so those of several processes do not mix; `logging` costs five times this.
        self._log.write(json.dumps(line) + "\n")
        self._log.flush()


def _request_id(scope: Scope) -> str:
    """The client's X-Request-ID when it is a plain word of 8 to 64 characters, otherwise one of our own."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return str(value.decode())
    return uuid4().hex
