"""Forms with a file in them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request

from bff.problems import FieldError, Problem, invalid
from bff.reading import media_type_of, parsed_object
from bff.routing import MULTIPART

UPLOAD_SECONDS = 600
"""How long a client may take to send a form."""
MAX_PART = 256 * 1024
"""Bytes of the longest part that is no file."""


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of a form: one file, and texts by name."""

    file: UploadFile
    texts: Mapping[str, str]

    def object_of(self, name: str) -> dict[str, Any] | None:
        """A text that is a JSON object; None where it was not given. Raises Problem 422."""
        text = self.texts.get(name)
        if text is None:
            return None
        try:
            return parsed_object(text, name)
        except ValueError as fault:
            raise invalid(FieldError(name, "request.json_invalid", f"Not valid JSON: {fault}.")) from None

    def truth_of(self, name: str) -> bool:
        """A text that is `true` or `false`; false where it was not given. Raises Problem 422."""
        text = self.texts.get(name, "false")
        if text not in ("true", "false"):
            raise invalid(FieldError(name, "request.bool", "Must be true or false."))
        return text == "true"


@asynccontextmanager
async def form_of(
    request: Request, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> AsyncIterator[Form]:
    """The form, with a part `file` and texts of these names; every fault of its shape is reported.

    The file is on disk as soon as it is longer than 1 MB, and gone when the block ends. Raises Problem 400,
    408, 415, 422.
    """
    form = await _received(request)
    try:
        yield _parts(form, required, optional)
    finally:
        await form.close()


async def _received(request: Request) -> FormData:
    if media_type_of(request) != MULTIPART:
        raise Problem(415, "request.media_type", f"Send the file as {MULTIPART}.")
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await request.form(max_files=2, max_fields=10, max_part_size=MAX_PART)
    except TimeoutError:
        raise Problem(408, "request.slow", "The body did not arrive in time.") from None
    except ClientDisconnect:
        raise Problem(400, "request.incomplete", "The body ended early.") from None


def _parts(form: FormData, required: tuple[str, ...], optional: tuple[str, ...]) -> Form:
    faults = [
        FieldError(name[:100], "request.extra_forbidden", "Not a field here.")
        for name in form
        if name not in (*required, *optional, "file")
    ]
    faults += [
        FieldError(name[:100], "request.duplicate", "Given more than once.")
        for name in form
        if len(form.getlist(name)) > 1
    ]
    for name in (*required, *optional, "file"):
        value, kind = form.get(name), UploadFile if name == "file" else str
        if value is None:
            if name not in optional:
                faults.append(FieldError(name, "request.missing", "Field required."))
        elif not isinstance(value, kind):
            faults.append(FieldError(name, "request.type", f"Must be a {'text' if kind is str else 'file'}."))
        elif isinstance(value, str) and "\0" in value:
            faults.append(FieldError(name, "request.nul", "Contains the character NUL."))
    file = form.get("file")
    if faults or not isinstance(file, UploadFile):
        raise invalid(*faults)
    return Form(file, {name: value for name, value in form.items() if isinstance(value, str)})
