"""Cursors of lists: opaque to clients, signed, and good only for the list and the filters they came from."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from bff.problems import FieldError, Problem

_MAC_BYTES = 16
MAX_LENGTH = 2048
"""Characters of the longest cursor that is looked at."""


class Cursors:
    """Signs and checks cursors with a key derived from the installation's secret."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"pgcrm cursor 1", "sha256")

    def sign(self, position: str, path: str, filters: Mapping[str, Any]) -> str:
        """The cursor for `position` (JSON text from SQL) in the list at `path` with these filters."""
        content = position.encode()
        return base64.urlsafe_b64encode(self._mac(content, path, filters) + content).decode().rstrip("=")

    def read(self, cursor: str, path: str, filters: Mapping[str, Any]) -> str:
        """The position in a cursor. Raises Problem 422 for one not made for this list and these filters."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _invalid() from None
        mac, content = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(content, path, filters)):
            raise _invalid()
        return content.decode()

    def _mac(self, content: bytes, path: str, filters: Mapping[str, Any]) -> bytes:
        scope = json.dumps([path, dict(filters)], sort_keys=True, separators=(",", ":")).encode()
        return hmac.digest(self._key, hashlib.sha256(scope).digest() + content, "sha256")[:_MAC_BYTES]


def _invalid() -> Problem:
    message = "This cursor is not from this list with these filters."
    return Problem(422, "cursor.invalid", message, errors=[FieldError("cursor", "cursor.invalid", message)])
