"""Links that download one export once, within a minute, without an Authorization header."""

import json
import secrets
from datetime import datetime
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bff import exports
from bff.calls import call
from bff.download_tokens import PARAMETER, digest, target_of
from bff.models import Answer
from bff.models import Request as RequestModel
from bff.problems import FieldError, invalid
from bff.reading import model_of, query_of
from bff.routing import Export, Route
from bff.services import caller_of, context_of, services_of


class NewDownload(RequestModel):
    path: Annotated[
        str,
        Field(
            pattern=r'^/[!"$-~]*$',
            max_length=4000,
            description="Path and query of the export: `/api/leads?format=csv&status=New`.",
        ),
    ]


class Download(Answer):
    path: Annotated[str, Field(description="What was asked for, with the token: good once, for that alone.")]
    expires_at: datetime


async def create(request: Request) -> Response:
    """POST /api/download-tokens. Raises Problem 422 for what is no export, 403 to whoever may not have it."""
    services = services_of(request)
    sub = await caller_of(request)
    query_of(request, None)
    path = (await model_of(request, NewDownload)).path
    wanted, export = _wanted(request, path)
    token = secrets.token_urlsafe(32)
    made = await services.database.run(
        sub,
        context_of(request),
        lambda connection: call(
            connection,
            "app_create_download_token",
            p_resource=export.resource or export.view,
            p_action=export.action,
            p_token_hash=digest(token),
            p_target_hash=target_of(wanted),
        ),
    )
    link = {"path": f"{path}&{PARAMETER}={token}", **json.loads(made.body)}
    return JSONResponse(link, 201, {"Cache-Control": "no-store"})


def _wanted(request: Request, path: str) -> tuple[Request, Export]:
    """The request that the link will make, checked as far as it can be without reading."""
    address, _, query = path.partition("?")
    routes: dict[str, Route] = request.app.state.exports
    route = routes.get(address)
    if route is None or route.export is None:
        raise invalid(FieldError("path", "download.not_an_export", "There is no export at this path."))
    wanted = Request({"type": "http", "path": address, "query_string": query.encode("ascii"), "headers": []})
    selection = query_of(wanted, exports.Selection, only=exports.Selection.model_fields)
    if selection is None or selection.format == "json":
        raise invalid(FieldError("path", "download.not_a_file", "Ask for format=csv or format=xlsx."))
    exports.fields_of(route, selection)
    query_of(wanted, route.query, apart=exports.Selection.model_fields)
    return wanted, route.export


ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/api/download-tokens", handler=create, calls=("app_create_download_token",),
          body=NewDownload, answer=Download, status=201, problems=(429,),
          tag="files", summary="A link that downloads one export without an Authorization header, once"),
)  # fmt: skip
