"""Tokens: access tokens (JWT, short, signed) are verified here, refresh tokens (random, rotating) made here.

An access token is believed until it expires, after `PGCRM_ACCESS_TOKEN_SECONDS`. Log-out ends refresh tokens
at once and leaves access tokens their few minutes: looking up the session at each request would cost all
requests for a risk of minutes. A *person* who is deactivated is out at once: `app.enter` looks people up.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from abc import ABC, abstractmethod
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import jwt

from bff.problems import Problem

LEEWAY_SECONDS = 5
"""How far the clocks of two machines may differ."""
KEY_MAX_AGE_SECONDS = 300
"""How long keys are believed without asking again: a key that was withdrawn verifies no longer."""
KEY_MIN_AGE_SECONDS = 10
"""How often an unknown `kid` may make us ask: forged tokens must not become a load on the key source."""
CACHE_SIZE = 8192
TOKEN_MAX_LENGTH = 8192


@dataclass(frozen=True, slots=True)
class Principal:
    """Whose verified access token this is. `expires_at` is Unix time in seconds."""

    user_id: UUID
    session_id: UUID | None
    expires_at: int
    token: str = field(repr=False)


class KeySet(ABC):
    """The public keys of access tokens, by `kid`; re-read when they are old or when one is missing."""

    algorithms: frozenset[str]
    """The values of `alg` that are accepted. `none` is never among them."""
    audience: str
    issuer: str

    def __init__(self) -> None:
        self._published: list[dict[str, Any]] = []
        self._keys: dict[str, jwt.PyJWK] = {}
        self._loaded_at = float("-inf")
        self._loading = asyncio.Lock()
        self.version = 0
        """Grows whenever the keys change: what was verified with the old ones has to be verified again."""

    @abstractmethod
    async def _fetch(self) -> list[dict[str, Any]]:
        """The public keys that verify at this moment, as JSON Web Keys with `kid` and `alg`."""

    async def refresh(self, max_age: float = KEY_MAX_AGE_SECONDS) -> None:
        """Re-read the keys unless that was done less than `max_age` seconds ago."""
        if time.monotonic() - self._loaded_at < max_age:
            return
        async with self._loading:
            if time.monotonic() - self._loaded_at < max_age:
                return
            published = await self._fetch()
            self._loaded_at = time.monotonic()
            if published != self._published:
                self._published = published
                self._keys = {key["kid"]: jwt.PyJWK(key) for key in published}
                self.version += 1

    async def find(self, algorithm: str, kid: str | None) -> jwt.PyJWK | None:
        """The key that may have signed a token with this header, if any."""
        if kid is None:
            return None
        if kid not in self._keys:
            await self.refresh(KEY_MIN_AGE_SECONDS)
        key = self._keys.get(kid)
        # The key says which algorithm it is for, not the token.
        return key if key is not None and key.algorithm_name == algorithm else None

    async def jwks(self) -> dict[str, Any]:
        """The public keys as a JSON Web Key Set (RFC 7517)."""
        await self.refresh()
        return {"keys": self._published}


class Verifier:
    """Checks access tokens, and remembers the verified ones by hash until they expire.

    A signature costs some 100 µs, and the same token comes with a hundred requests. Keeps CACHE_SIZE at most.
    """

    def __init__(self, keys: KeySet) -> None:
        self.keys = keys
        self._verified: OrderedDict[bytes, Principal] = OrderedDict()
        self._version = keys.version

    async def verify(self, token: str) -> Principal:
        """Whose token this is. Raises Problem 401 `token.invalid` or `token.expired`."""
        if len(token) > TOKEN_MAX_LENGTH:
            raise invalid_token("The access token is too long.")
        await self.keys.refresh()
        if self.keys.version != self._version:
            self._verified.clear()
            self._version = self.keys.version
        digest = hashlib.sha256(token.encode()).digest()
        principal = self._verified.get(digest)
        if principal is None:
            principal = await self._check(token)
            self._verified[digest] = principal
            if len(self._verified) > CACHE_SIZE:
                self._verified.popitem(last=False)
        elif principal.expires_at + LEEWAY_SECONDS <= time.time():
            del self._verified[digest]
            raise expired_token()
        else:
            self._verified.move_to_end(digest)
        return principal

    async def _check(self, token: str) -> Principal:
        try:
            header = jwt.get_unverified_header(token)
            algorithm, kid = header.get("alg"), header.get("kid")
            if algorithm not in self.keys.algorithms:
                raise invalid_token("The access token is not signed in a way that is accepted here.")
            key = await self.keys.find(algorithm, kid)
            if key is None:
                raise invalid_token("The access token is signed with a key that is not ours.")
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self.keys.audience,
                issuer=self.keys.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
            session_id = claims.get("sid") or claims.get("session_id")
            return Principal(
                UUID(claims["sub"]), UUID(session_id) if session_id else None, int(claims["exp"]), token
            )
        except jwt.ExpiredSignatureError:
            raise expired_token() from None
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError):
            # Which check failed is nobody's business but the log's.
            raise invalid_token("The access token is not valid.") from None


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """64 random bytes: the half of the family stays, the secret half is replaced at each refresh.

    The successor is derived, not drawn: whoever refreshes the same token twice within the grace (two tabs, a
    double click, an answer that got lost) gets the same successor, so nobody is left with a dead token. The
    salt comes from the database; without it an old token tells nothing about the new one.
    """

    family: bytes = field(repr=False)
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        return cls(secrets.token_bytes(32), secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The token, or None for a text that is none."""
        try:
            raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except ValueError:
            return None
        return cls(raw[:32], raw[32:]) if len(raw) == 64 else None

    def __str__(self) -> str:
        return urlsafe_b64encode(self.family + self.secret).rstrip(b"=").decode()

    @property
    def family_hash(self) -> bytes:
        return hashlib.sha256(self.family).digest()

    @property
    def token_hash(self) -> bytes:
        return hashlib.sha256(self.secret).digest()

    def successor(self, salt: bytes) -> Self:
        return type(self)(self.family, hmac.digest(self.secret, salt, "sha256"))


def missing_token() -> Problem:
    return Problem(401, "token.missing", "This needs an access token: `Authorization: Bearer …`.")


def invalid_token(detail: str) -> Problem:
    return Problem(401, "token.invalid", detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


def expired_token() -> Problem:
    return Problem(
        401,
        "token.expired",
        "The access token has expired; refresh it.",
        headers={"WWW-Authenticate": 'Bearer error="invalid_token", error_description="expired"'},
    )
