"""`?token=…` of an export: who asks, where a browser's plain download cannot send an Authorization header."""

import hashlib
import json
from uuid import UUID

from starlette.requests import Request

from bff import exports
from bff.auth.store import call
from bff.problems import Problem
from bff.reading import parameters_of
from bff.routing import Route
from bff.services import services_of

PARAMETER = "token"


def by_token(request: Request, route: Route) -> bool:
    """Whether a token says who asks. A request with an Authorization header is its bearer's."""
    if route.export is None or "authorization" in request.headers:
        return False
    return any(name == PARAMETER for name, _ in parameters_of(request))


async def person_of(request: Request) -> UUID:
    """The person whose token this is; the token ends with that. Raises Problem 401 `download.token`, 503."""
    exports.refuse_if_busy()  # before the token is used up
    tokens = [value for name, value in parameters_of(request) if name == PARAMETER]
    answer = await call(
        services_of(request).database,
        "auth_redeem_download",
        token_hash=digest(tokens[0]),
        target_hash=target_of(request),
    )
    if answer["verdict"] != "ok":
        message = "This link is none, has been used, has expired or is for something else. Ask for another."
        raise Problem(401, "download.token", message)
    user_id = UUID(answer["user_id"])
    request.state.user_id = user_id
    return user_id


def target_of(request: Request) -> bytes:
    """SHA-256 of what is asked for: path and parameters without the token, however they are spelt."""
    asked = sorted(pair for pair in parameters_of(request) if pair[0] != PARAMETER)
    return digest(json.dumps([request.scope["path"], asked]))


def digest(text: str) -> bytes:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).digest()
