"""Errors as RFC 9457 `application/problem+json`, and the one table from SQLSTATE to HTTP.

SQL raises (design §5): errcode PTnnn or a standard SQLSTATE, message for people, hint = stable code, detail =
facts or a JSON list of {field, code, message}. What carries such a hint was written for people and is passed
on. Any other error is Postgres' own: its text can quote rows and ids that the caller must not see, so only
the name of the violated constraint is used, and only for the field it names.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import asyncpg
from starlette.responses import Response

from bff.storage.errors import StorageUnavailable
from db.session import DatabaseUnavailable, OutcomeUnknown

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field. `field` is a path such as `email` or `lines[2].amount`."""

    field: str
    code: str
    message: str


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it so
    """An answer that is not a success. `code` is stable and for programs, `detail` is for people."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        if status == HTTPStatus.UNAUTHORIZED:
            self.headers.setdefault("WWW-Authenticate", "Bearer")


def invalid(*errors: FieldError) -> Problem:
    """A request whose fields are wrong: 422, all of them together."""
    return Problem(422, "request.invalid", "The request is not valid.", errors=errors)


def response(problem: Problem, request_id: str) -> Response:
    """The problem as an HTTP response; the request id is the handle into the log."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request_id,
        "code": problem.code,
    }
    if problem.errors:
        body["errors"] = [asdict(error) for error in problem.errors]
    return Response(json.dumps(body, ensure_ascii=False), problem.status, problem.headers, MEDIA_TYPE)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a class of errors of Postgres itself is answered."""

    status: int
    code: str
    detail: str
    retry_after: int | None = None


_BUSY = _Kind(503, "database.busy", "The database is busy. Try again.", retry_after=1)
_AWAY = _Kind(503, "database.unavailable", "The database is not available. Try again.", retry_after=2)
_NO_FILES = _Kind(503, "storage.unavailable", "The file storage is not available. Try again.", retry_after=5)
_VALUE = _Kind(422, "value.invalid", "A value is not valid.")
_OLD = _Kind(503, "database.not_migrated", "The database is not at this version's schema.", retry_after=30)
_BUG = _Kind(500, "internal", "Something went wrong on our side.")

# Looked up by the whole SQLSTATE, then by its class (the first two characters).
_SQLSTATES: dict[str, _Kind] = {
    "08": _AWAY,
    "21": _VALUE,
    "22": _VALUE,
    "22003": _Kind(422, "value.out_of_range", "A number is out of range."),
    "22021": _Kind(422, "value.encoding", "A text has a character that cannot be stored."),
    "22P05": _Kind(422, "value.encoding", "A text has a character that cannot be stored."),
    "23": _VALUE,
    "23502": _Kind(422, "value.required", "A required value is missing."),
    "23503": _Kind(
        409, "reference.conflict", "This refers to something that does not exist, or is still referred to."
    ),
    "23505": _Kind(409, "value.duplicate", "This exists already."),
    "23514": _VALUE,
    "23P01": _Kind(409, "value.overlap", "This overlaps with something that exists."),
    "25006": _Kind(405, "request.read_only", "This can only read."),
    "25P03": _AWAY,
    "28": _AWAY,
    "40": _BUSY,
    "42501": _Kind(403, "permission.denied", "You may not do this."),
    "42883": _OLD,
    "42P01": _OLD,
    "3F000": _OLD,
    "44000": _Kind(403, "permission.denied", "You may not do this."),
    "53": _BUSY,
    "54": _Kind(422, "value.too_large", "A value is too large or too complex."),
    "55P03": _BUSY,
    "57": _AWAY,
    "57014": _Kind(504, "database.timeout", "This took too long and was stopped; nothing was changed."),
    "P0002": _Kind(404, "not_found", "There is no such thing."),
}

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_CONSTRAINT_SUFFIX = {
    "_key": "duplicate",
    "_idx": "duplicate",
    "_excl": "overlap",
    "_fkey": "unknown",
    "_check": "invalid",
}


def from_exception(error: BaseException) -> Problem:
    """The problem that an exception is answered with. What is not foreseen is a 500 without its text."""
    match error:
        case Problem():
            return error
        case asyncpg.PostgresError():
            return _from_postgres(error)
        case OutcomeUnknown():
            return Problem(
                503,
                "database.outcome_unknown",
                "The connection was lost while saving. Repeat the request with the same Idempotency-Key.",
                headers={"Retry-After": "2"},
            )
        case DatabaseUnavailable():
            return _problem(_AWAY)
        case StorageUnavailable():
            return _problem(_NO_FILES)
        case asyncpg.InterfaceError() if isinstance(error, ValueError):
            # asyncpg could not encode an argument: a number or date outside of its type.
            return _problem(_VALUE)
        case TimeoutError():
            return _problem(_SQLSTATES["57014"])
        case _:
            return _problem(_BUG)


def _problem(kind: _Kind, errors: Sequence[FieldError] = ()) -> Problem:
    headers = {"Retry-After": str(kind.retry_after)} if kind.retry_after else {}
    return Problem(kind.status, kind.code, kind.detail, errors=errors, headers=headers)


def _from_postgres(error: asyncpg.PostgresError) -> Problem:
    state = error.sqlstate or "XX000"
    kind = _SQLSTATES.get(state) or _SQLSTATES.get(state[:2], _BUG)
    hint = getattr(error, "hint", None)
    written_for_people = hint is not None and _CODE.fullmatch(hint) is not None
    if not written_for_people:
        return _problem(kind, _violations(error))
    status = int(state[2:]) if state.startswith("PT") else kind.status
    message, fact = str(error.args[0]), getattr(error, "detail", None)
    if status == HTTPStatus.TOO_MANY_REQUESTS and fact and fact.isdigit():  # the seconds to wait
        return Problem(status, str(hint), message, headers={"Retry-After": fact})
    detail, errors = _facts(message, fact)
    headers = {"Retry-After": str(kind.retry_after)} if kind.retry_after and status == kind.status else {}
    return Problem(status, str(hint), detail, errors=errors, headers=headers)


def _facts(message: str, detail: str | None) -> tuple[str, tuple[FieldError, ...]]:
    """The text for people, and the fields when the detail is a list of them."""
    if not detail:
        return message, ()
    try:
        found = json.loads(detail)
        return message, tuple(FieldError(str(f["field"]), str(f["code"]), str(f["message"])) for f in found)
    except (ValueError, TypeError, KeyError):
        return f"{message} ({detail})", ()


def _violations(error: asyncpg.PostgresError) -> tuple[FieldError, ...]:
    """The field behind a violated constraint, by its name (design §11): leads_email_check → email."""
    table = getattr(error, "table_name", None)
    if column := getattr(error, "column_name", None):
        return (FieldError(column, f"{table}.{column}.required", "This is required."),)
    name = getattr(error, "constraint_name", None)
    if not name or not table or not name.startswith(f"{table}_"):
        return ()
    for suffix, what in _CONSTRAINT_SUFFIX.items():
        if name.endswith(suffix):
            field = name.removeprefix(f"{table}_").removesuffix(suffix)
            return (
                (FieldError(field, f"{table}.{field}.{what}", f"This is {_WORDS[what]}."),) if field else ()
            )
    return ()


_WORDS = {
    "duplicate": "in use already",
    "overlap": "overlapping with something that exists",
    "unknown": "not known or still referred to",
    "invalid": "not valid",
}
