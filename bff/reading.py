"""What a request says, checked: JSON bodies, query strings, path parameters and headers.

Every fault is a `Problem` that names the field and the rule; faults of one part are reported together.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import ClientDisconnect, Request

from bff.problems import FieldError, Problem, invalid

M = TypeVar("M", bound=BaseModel)

BODY_SECONDS = 30
"""How long a client may take to send a JSON body."""
MAX_TEXT = 10_000
"""Characters of the longest text in a JSON body."""
MAX_DEPTH = 16
MAX_DIGITS = 30
"""Digits of the longest number, and the largest exponent: far beyond numeric(18,2), far below overflow."""

MAX_FAULTS = 100
"""Faults of one body that are reported."""

_UNSTORABLE = re.compile("[\\0\\ud800-\\udfff]")
_KEY = re.compile(r"[\x20-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands in a parsed body for a value that was refused, until its place in the body is known."""

    code: str
    message: str


class _DuplicateKeyError(ValueError):
    """An object has the same key twice; the argument is the key."""


_TOO_LARGE = _Fault("request.number_too_large", f"A number has more than {MAX_DIGITS} digits.")
_TOO_LONG = _Fault("request.string_too_long", f"Longer than {MAX_TEXT} characters.")
_NUL = _Fault("request.nul", "Contains the character NUL, which cannot be stored.")
_HALF_PAIR = _Fault("request.encoding", "Contains half of a surrogate pair, which cannot be stored.")


def media_type_of(request: Request) -> str:
    """What the body is said to be: `application/json`; empty when nothing is said."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def body_of(request: Request) -> str:
    """The text of a JSON body. Raises Problem 415 for another type, 408 when too slow, 400 if not UTF-8."""
    if media_type_of(request) != "application/json":
        raise Problem(415, "request.media_type", "Send the body as application/json.")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            raw = await request.body()
    except TimeoutError:
        raise Problem(408, "request.slow", "The body did not arrive in time.") from None
    except ClientDisconnect:
        raise Problem(400, "request.incomplete", "The body ended early.") from None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Problem(400, "request.encoding", "The body is not valid UTF-8.") from None


async def object_of(request: Request, *, exact: bool = False) -> tuple[str, dict[str, Any]]:
    """The JSON object in the body, as sent and as parsed; `exact`: numbers with a point are Decimals.

    Refused are: what is no JSON (400) or no object, keys that occur twice, NaN and Infinity, numbers, texts
    and nesting beyond the limits above, and characters that Postgres cannot store (422, naming the field).
    """
    text = await body_of(request)
    try:
        return text, parsed_object(text, exact=exact)
    except ValueError as fault:
        raise Problem(400, "request.json_invalid", f"The body is not valid JSON: {fault}.") from None


def parsed_object(text: str, name: str = "", *, exact: bool = False) -> dict[str, Any]:
    """The JSON object that is a body, or the field `name` of a form. Raises Problem 422 as `object_of` says,
    and ValueError for what is no JSON."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique_keys,
            parse_constant=lambda name: _Fault("request.not_a_number", f"{name} is not a JSON number."),
            parse_int=_bounded_int,
            parse_float=partial(_bounded_float, number=Decimal if exact else float),
        )
    except _DuplicateKeyError as fault:
        path = path_to((name, fault.args[0]) if name else (fault.args[0],))
        raise invalid(FieldError(path, "request.duplicate", "Given more than once.")) from None
    except RecursionError:
        raise invalid(
            FieldError(name, "request.too_deep", f"Nested deeper than {MAX_DEPTH} levels.")
        ) from None
    if not isinstance(value, dict):
        raise invalid(
            FieldError(name, "request.not_an_object", f"The {name or 'body'} must be a JSON object.")
        )
    if faults := list(islice(_unstorable(value, (name,) if name else ()), MAX_FAULTS)):
        raise invalid(*faults)
    return value


async def model_of(request: Request, model: type[M]) -> M:
    """The body as `model`; every bad field is reported."""
    _, value = await object_of(request)
    return validated(model, value)


def query_of(
    request: Request, model: type[M] | None, *, only: Collection[str] = (), apart: Collection[str] = ()
) -> M | None:
    """The query string as `model`. Parameters that are unknown or occur twice are 422, naming them.

    With `only` these parameters alone are looked at; those `apart` are somebody else's.
    """
    given = [
        (name, value)
        for name, value in parameters_of(request)
        if name not in apart and (not only or name in only)
    ]
    if twice := [name for name, count in Counter(name for name, _ in given).items() if count > 1]:
        raise invalid(*(FieldError(name, "request.duplicate", "Given more than once.") for name in twice))
    if model is None:
        if given:
            raise invalid(
                *(FieldError(name, "request.extra_forbidden", "Not a parameter here.") for name, _ in given)
            )
        return None
    return validated(model, dict(given))


def path_of(request: Request, model: type[M]) -> M:
    """The parameters in the path as `model`."""
    return validated(model, request.path_params)


def validated(model: type[M], value: Any) -> M:
    """`value` as `model`, or 422 with every fault: code `request.<type>`, or the code a validator raised."""
    try:
        return model.model_validate(value)
    except ValidationError as fault:
        errors = fault.errors(include_url=False, include_context=False, include_input=False)
        raise invalid(*(_field_error(error) for error in errors[:MAX_FAULTS])) from None


def idempotency_key_of(request: Request) -> str | None:
    """The Idempotency-Key header: 1 to 255 printable ASCII characters, once."""
    given = request.headers.getlist("idempotency-key")
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        message = "One value of 1 to 255 printable ASCII characters."
        raise invalid(FieldError("Idempotency-Key", "request.idempotency_key", message))
    return given[0]


def parameters_of(request: Request) -> list[tuple[str, str]]:
    """Names and values of the query string, as sent. Raises Problem 422 for a malformed one."""
    try:
        raw = request.scope["query_string"].decode("ascii")
        return parse_qsl(
            raw, keep_blank_values=True, strict_parsing=bool(raw), errors="strict", max_num_fields=50
        )
    except ValueError:
        raise Problem(422, "request.query", "The query string is malformed.") from None


def _field_error(error: ErrorDetails) -> FieldError:
    code = error["type"] if "." in error["type"] else f"request.{error['type']}"
    return FieldError(path_to(error["loc"]), code, error["msg"])


def path_to(parts: tuple[int | str, ...]) -> str:
    """`("lines", 2, "amount")` as `lines[2].amount`."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{_printable(part)}" if path else _printable(part)
    return path


def _printable(key: str) -> str:
    """A client's own key, fit to be quoted in an answer."""
    return _UNSTORABLE.sub("\ufffd", key[:100])


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _DuplicateKeyError(
            next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        )
    return found


def _bounded_int(digits: str) -> int | _Fault:
    return int(digits) if len(digits) <= MAX_DIGITS else _TOO_LARGE


def _bounded_float(digits: str, number: type[float | Decimal]) -> float | Decimal | _Fault:
    mantissa, _, exponent = digits.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > MAX_DIGITS:
        return _TOO_LARGE
    return number(digits)


def _unstorable(container: dict[str, Any] | list[Any], parts: tuple[int | str, ...]) -> Iterator[FieldError]:
    """What in a body the parser refused, is too deep or too long, or has characters nobody can store."""
    if len(parts) == MAX_DEPTH:
        yield FieldError(path_to(parts), "request.too_deep", f"Nested deeper than {MAX_DEPTH} levels.")
        return
    for part, value in container.items() if isinstance(container, dict) else enumerate(container):
        fault = _text_fault(part) if isinstance(part, str) else None
        if fault is None and isinstance(value, str):
            fault = _text_fault(value)
        elif isinstance(value, _Fault):
            fault = value
        elif isinstance(value, dict | list):
            yield from _unstorable(value, (*parts, part))
        if fault is not None:
            yield FieldError(path_to((*parts, part)), fault.code, fault.message)


def _text_fault(text: str) -> _Fault | None:
    if len(text) > MAX_TEXT:
        return _TOO_LONG
    if _UNSTORABLE.search(text):
        return _NUL if "\0" in text else _HALF_PAIR
    return None
