"""From a request to its route: one look-up, however many routes there are (Starlette tries each in turn)."""

import re
from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from bff.problems import Problem
from bff.reading import media_type_of
from bff.routing import JSON, MAX_JSON, Route
from bff.services import services_of

FORM_OVERHEAD = 1024 * 1024
"""Bytes that a form may have beside the file in it."""

_Methods = dict[str, Route]


class Dispatcher:
    """Finds the route of a path and method, and runs its handler, or `call` where it has none of its own."""

    def __init__(
        self, routes: Iterable[Route], call: Callable[[Request, Route], Awaitable[Response]]
    ) -> None:
        self._call = call
        self._plain: dict[str, _Methods] = {}
        self._templates: dict[tuple[str, int], list[tuple[re.Pattern[str], _Methods]]] = {}
        by_path: dict[str, _Methods] = {}
        for route in routes:
            by_path.setdefault(route.path, {})[route.method] = route
        for path, methods in by_path.items():
            if "{" in path:
                pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))
                self._templates.setdefault(_key(path), []).append((pattern, methods))
            else:
                self._plain[path] = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        methods = self._plain.get(scope["path"]) or self._match(scope)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        route = methods.get(method)
        if route is None:
            allowed = sorted({*methods, *(("HEAD",) if "GET" in methods else ())})
            raise Problem(
                405,
                "request.method",
                f"This takes {', '.join(allowed)}.",
                headers={"Allow": ", ".join(allowed)},
            )
        scope["pgcrm.route"] = route.path
        request = Request(scope, receive if method == "GET" else _limited(Request(scope, receive), route))
        response = await (route.handler(request) if route.handler else self._call(request, route))
        await response(scope, receive, send)

    def _match(self, scope: Scope) -> _Methods:
        path = scope["path"]
        for pattern, methods in self._templates.get(_key(path), ()):
            if found := pattern.fullmatch(path):
                scope["path_params"] = found.groupdict()
                return methods
        raise Problem(404, "not_found", "There is nothing at this address.")


def _key(path: str) -> tuple[str, int]:
    """What narrows templates down: `/api/leads/{lead_id}` and `/api/leads/4711` are both ("leads", 3)."""
    parts = path.split("/", 3)
    return parts[2] if len(parts) > 2 else "", path.count("/")


def _limited(request: Request, route: Route) -> Receive:
    """The body, up to its limit, whether its length was announced or not. Raises Problem 413."""
    limit = route.max_body or services_of(request).settings.max_upload_bytes + FORM_OVERHEAD
    if route.json_body is not None and media_type_of(request) == JSON:
        limit = MAX_JSON
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
