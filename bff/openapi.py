"""OpenAPI 3.1, made from the route table and the pydantic models: what is not in the table does not exist."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bff import exports, models
from bff.download_tokens import PARAMETER
from bff.problems import MEDIA_TYPE
from bff.routing import JSON, MULTIPART, Route
from bff.uploads.received import MIME_TYPES

_REF = "#/components/schemas/{model}"
_TAGS = {
    "identity": "Log-in, tokens, and who one is.",
    "leads": "Leads, with the customers and prospects that belong to them.",
    "imports": "Files that come in, row by row.",
    "members": "Products, databases of members, and the records that staff work on.",
    "reservations": "Customers whom one staff owns for a product, and conflicts with others' records.",
    "repair": "What is wrong with batches that came from the previous system.",
    "data sync": "How healthy the data are, and what can be repaired.",
    "files": "Stored files.",
    "events": "What readers should read again.",
    "operation": "For operators and their machines.",
}
_HEADERS = {
    "X-Request-ID": {"description": "Handle into the log.", "schema": {"type": "string"}},
    "ETag": {
        "description": "Send it as If-None-Match to get 304 while nothing changed.",
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "`true` when this is the stored answer to a repeated request.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


def document(routes: Iterable[Route], version: str) -> dict[str, Any]:
    """The whole description, as JSON-able data."""
    routes = tuple(routes)
    schemas = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "pgcrm",
            "version": version,
            "description": "Errors are RFC 9457 problems with a stable `code` and, for fields, `errors`. "
            "Lists page by `cursor`. Changes with an `Idempotency-Key` can be repeated safely for 24 hours.",
            "license": {"name": "See the repository", "identifier": "LicenseRef-pgcrm"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": _HEADERS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "link": {
                    "type": "apiKey",
                    "in": "query",
                    "name": PARAMETER,
                    "description": "Of `POST /api/download-tokens`: once, for one file.",
                },
            },
        },
    }


def _schemas(routes: tuple[Route, ...]) -> dict[str, Any]:
    described: list[tuple[type[BaseModel], Any]] = [(models.ProblemDocument, "serialization")]
    described += [(body, "validation") for route in routes for body in (route.body, route.json_body) if body]
    described += [(route.answer, "serialization") for route in routes if route.answer]
    _, definitions = models_json_schema(
        sorted(set(described), key=lambda d: d[0].__name__), ref_template=_REF
    )
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        # A function that serves several paths does not name them.
        "operationId": _operation_id(route) if route.fixed or not route.function else route.function,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": [
            *_parameters(route.path_model, "path"),
            *_parameters(route.query, "query"),
            *_parameters(exports.Selection if route.export else None, "query"),
        ],
        "responses": _responses(route),
        "security": _security(route),
    }
    if route.permission:
        operation["description"] = f"Needs the permission `{route.permission}`."
        operation["x-permission"] = route.permission
    if route.takes_key:
        operation["parameters"].append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "The same key and request again: the same answer, and no second effect.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
            }
        )
    if route.body is not None:
        content: dict[str, Any] = {"schema": {"$ref": _REF.format(model=route.body.__name__)}}
        if route.body_type == MULTIPART:
            content["encoding"] = {"file": {"contentType": ", ".join(MIME_TYPES.values())}}
        operation["requestBody"] = {
            "required": not route.body_is_optional,
            "content": {route.body_type: content},
        }
        if route.json_body is not None:
            model = route.json_body.__name__
            operation["requestBody"]["content"][JSON] = {"schema": {"$ref": _REF.format(model=model)}}
    return operation


def _operation_id(route: Route) -> str:
    return re.sub(r"[^a-z0-9]+", "_", f"{route.method}_{route.path}".lower()).strip("_")


def _parameters(model: type[BaseModel] | None, place: str) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema(ref_template=_REF)
    required = set(schema.get("required", ()))
    parameters = []
    for name, rules in schema["properties"].items():
        # A parameter is absent, never null.
        choices = [choice for choice in rules.pop("anyOf", []) if choice != {"type": "null"}]
        rules = {k: v for k, v in (rules | (choices[0] if choices else {})).items() if k != "title"}
        if rules.get("default", ...) is None:
            del rules["default"]
        parameters.append({"name": name, "in": place, "required": name in required, "schema": rules})
    return parameters


def _responses(route: Route) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done.", "headers": _response_headers(route)}
    if route.answer is not None:
        success["content"] = {JSON: {"schema": {"$ref": _REF.format(model=route.answer.__name__)}}}
        if route.export is not None:
            success["content"] |= {
                media_type.partition(";")[0]: {"schema": {"type": "string"}}
                for media_type in exports.MEDIA_TYPES.values()
            }
    elif route.status != HTTPStatus.NO_CONTENT:
        success["content"] = {
            route.answer_type: {"schema": {"type": "string"} if route.answer_type.startswith("text/") else {}}
        }
    responses = {str(status): success for status in (route.status, *route.other_statuses)}
    for status in sorted(_problem_statuses(route)):
        content = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="ProblemDocument")}}}
        responses[str(status)] = {"description": HTTPStatus(status).phrase, "content": content}
    if _revalidates(route):
        responses["304"] = {"description": "Unchanged since the ETag that was sent."}
    return responses


def _security(route: Route) -> list[dict[str, list[str]]]:
    """An access token; for exports a link's token does as well."""
    if not route.signed_in:
        return []
    return [{"token": []}, {"link": []}] if route.export else [{"token": []}]


def _revalidates(route: Route) -> bool:
    return route.method == "GET" and route.function is not None


def _response_headers(route: Route) -> dict[str, Any]:
    names = ["X-Request-ID"]
    if _revalidates(route):
        names.append("ETag")
    if route.takes_key:
        names.append("Idempotency-Replayed")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem_statuses(route: Route) -> set[int]:
    """What can go wrong follows from what a route does."""
    statuses = set(route.problems)
    if route.tag != "operation":
        statuses |= {422, 503, 504}
    if route.signed_in:
        statuses |= {401, 403}
    if route.path_model is not None:
        statuses.add(404)
    if route.body is not None:
        statuses |= {400, 408, 413, 415}
    if route.method != "GET" and route.signed_in:
        statuses.add(409)
    return statuses
