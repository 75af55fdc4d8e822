"""/openapi.json, and /docs: a page to read and try it, served from here alone (no other host is asked)."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from bff.routing import Route

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def routes(openapi: str) -> list[Route]:
    """The routes of the description itself, which is JSON text. They are not part of what it describes."""
    assets = files("bff") / "static"
    page, script, style = ((assets / name).read_bytes() for name in ("docs.html", "docs.js", "docs.css"))
    return [
        _static("/openapi.json", openapi.encode(), "application/json"),
        _static("/docs", page, "text/html"),
        _static("/docs/docs.js", script, "text/javascript"),
        _static("/docs/docs.css", style, "text/css"),
    ]


def _static(path: str, content: bytes, media_type: str) -> Route:
    async def serve(_: Request) -> Response:
        headers = {"Content-Security-Policy": _CSP, "Cache-Control": "no-cache"}
        return Response(content, headers=headers, media_type=media_type)

    return Route(method="GET", path=path, handler=serve, tag="operation", summary="The description")
