"""What the routes need of whoever checks passwords and signs tokens: pgcrm itself, or Supabase Auth."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from bff.auth.models import (
    ConfirmRequest,
    EnrolmentAnswer,
    EnrolRequest,
    LoginRequest,
    PasswordRequest,
    ProofRequest,
    RecoveryCodesAnswer,
    TokenAnswer,
)
from bff.auth.tokens import KeySet, Principal, Verifier, invalid_token, missing_token

Context = Mapping[str, str]
"""About the request: `ip`, `user_agent`, `request_id`; each may be absent."""


class Identity(ABC):
    """A provider. What it refuses it raises as Problem: 401, 403, 409, 422, 423 (locked), 429 or 503."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys
        self._verifier = Verifier(keys)

    async def authenticate(self, authorization: str | None) -> Principal:
        """Whose request this is by its `Authorization` header.

        Raises Problem 401 `token.missing`, `token.invalid` or `token.expired`. Whether the person is still
        somebody here is decided by `app.enter`.
        """
        if not authorization:
            raise missing_token()
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise invalid_token("The Authorization header is not `Bearer` and a token.")
        return await self._verifier.verify(token.strip())

    async def jwks(self) -> dict[str, Any]:
        """The public keys of our access tokens, as a JSON Web Key Set."""
        return await self._keys.jwks()

    async def close(self) -> None:  # noqa: B027 - only some have something to close
        """Release connections of its own."""

    @abstractmethod
    async def login(self, request: LoginRequest, context: Context) -> TokenAnswer: ...

    @abstractmethod
    async def refresh(self, refresh_token: str, context: Context) -> TokenAnswer: ...

    @abstractmethod
    async def logout(self, refresh_token: str, context: Context) -> None: ...

    @abstractmethod
    async def logout_all(self, principal: Principal, context: Context) -> None: ...

    @abstractmethod
    async def change_password(
        self, principal: Principal, request: PasswordRequest, context: Context
    ) -> None: ...

    @abstractmethod
    async def enrol(
        self, principal: Principal, request: EnrolRequest, context: Context
    ) -> EnrolmentAnswer: ...

    @abstractmethod
    async def confirm(
        self, principal: Principal, request: ConfirmRequest, context: Context
    ) -> RecoveryCodesAnswer: ...

    @abstractmethod
    async def disable(self, principal: Principal, request: ProofRequest, context: Context) -> None: ...

    @abstractmethod
    async def recovery_codes(
        self, principal: Principal, request: ProofRequest, context: Context
    ) -> RecoveryCodesAnswer: ...
