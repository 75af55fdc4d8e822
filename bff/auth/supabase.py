"""Log-in by Supabase Auth, through the `supabase` client: the same routes and answers as our own.

Lock-out, hashing and second factors are Supabase's here. Who a person is and whether they are active stays
ours: `app.enter` looks up the profile whose `user_id` is the token's `sub`.
"""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeGuard

import httpx
import jwt
from supabase import AsyncClient, AsyncClientOptions
from supabase_auth.errors import AuthApiError, AuthError, CustomAuthError
from supabase_auth.types import Session

from bff.auth.identity import Context, Identity
from bff.auth.models import (
    ConfirmRequest,
    EnrolmentAnswer,
    EnrolRequest,
    LoginRequest,
    PasswordRequest,
    ProofRequest,
    RecoveryCodesAnswer,
    SecondFactor,
    TokenAnswer,
)
from bff.auth.tokens import KeySet, Principal
from bff.problems import Problem
from db.settings import Settings

logger = logging.getLogger("pgcrm.auth")

TIMEOUT_SECONDS = 10


class SupabaseKeys(KeySet):
    """The project's published keys; and its shared secret, where one is set, for tokens that say HS256."""

    audience = "authenticated"

    def __init__(self, url: str, jwt_secret: str | None, http: httpx.AsyncClient) -> None:
        super().__init__()
        self.issuer = f"{url}/auth/v1"
        self._http = http
        self._secret = None
        # HS256 goes with the secret alone, published keys with the others: no key is ever read both ways.
        self._asymmetric = frozenset({"ES256", "RS256", "EdDSA"})
        self.algorithms = self._asymmetric
        if jwt_secret:
            encoded = urlsafe_b64encode(jwt_secret.encode()).rstrip(b"=").decode()
            self._secret = jwt.PyJWK({"kty": "oct", "k": encoded, "alg": "HS256"})
            self.algorithms |= {"HS256"}

    async def find(self, algorithm: str, kid: str | None) -> jwt.PyJWK | None:
        if algorithm == "HS256":
            return self._secret
        return await super().find(algorithm, kid)

    async def _fetch(self) -> list[dict[str, Any]]:
        try:
            answer = await self._http.get(f"{self.issuer}/.well-known/jwks.json")
            answer.raise_for_status()
            keys = answer.json()["keys"]
            return [
                key for key in keys if key.get("alg") in self._asymmetric and isinstance(key.get("kid"), str)
            ]
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            if self._published or self._secret:
                # Known keys go on being good while Supabase is away.
                logger.warning("the signing keys of %s cannot be read: %s", self.issuer, type(error).__name__)
                return self._published
            raise _unavailable() from error


class SupabaseIdentity(Identity):
    """Each operation has a client of its own, because a client remembers who logged in last."""

    def __init__(self, settings: Settings) -> None:
        if settings.supabase_url is None or settings.supabase_anon_key is None:
            raise ValueError("Supabase Auth needs SUPABASE_URL and SUPABASE_ANON_KEY")
        self._url = settings.supabase_url
        self._key = settings.supabase_anon_key.get_secret_value()
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS)
        secret = settings.supabase_jwt_secret
        super().__init__(SupabaseKeys(self._url, secret.get_secret_value() if secret else None, self._http))

    async def close(self) -> None:
        await self._http.aclose()

    async def login(self, request: LoginRequest, context: Context) -> TokenAnswer:
        client = self._client()
        with _refusals(401, "auth.invalid_credentials", "E-mail or password is wrong."):
            session = await _sign_in(client, request.email, request.password.get_secret_value(), request, 401)
            if request.new_password is not None:
                await client.auth.update_user({"password": request.new_password.get_secret_value()})
        return _tokens(session)

    async def refresh(self, refresh_token: str, context: Context) -> TokenAnswer:
        with _refusals(401, "auth.refresh_invalid", "The refresh token is not valid."):
            answer = await self._client().auth.refresh_session(refresh_token)
        return _tokens(answer.session)

    async def logout(self, refresh_token: str, context: Context) -> None:
        client = self._client()
        try:
            # Supabase ends sessions by access token; whoever logs out may have none that is still good.
            answer = await client.auth.refresh_session(refresh_token)
        except AuthError as error:
            if not _is_refusal(error):
                raise _unavailable() from error
            return  # not a session any more
        await self._sign_out(client, _tokens(answer.session).access_token, "local")

    async def logout_all(self, principal: Principal, context: Context) -> None:
        await self._sign_out(self._client(), principal.token, "global")

    async def change_password(self, principal: Principal, request: PasswordRequest, context: Context) -> None:
        client = self._client()
        with _refusals(403, "auth.invalid_credentials", "E-mail or password is wrong."):
            found = await client.auth.get_user(principal.token)
            if found is None or not found.user.email:
                raise Problem(
                    409, "auth.no_password", "This person does not log in with e-mail and password."
                )
            await _sign_in(client, found.user.email, request.password.get_secret_value(), request, 403)
            await client.auth.update_user({"password": request.new_password.get_secret_value()})
        await self._sign_out(client, principal.token, "others")

    async def enrol(self, principal: Principal, request: EnrolRequest, context: Context) -> EnrolmentAnswer:
        raise _elsewhere()

    async def confirm(
        self, principal: Principal, request: ConfirmRequest, context: Context
    ) -> RecoveryCodesAnswer:
        raise _elsewhere()

    async def disable(self, principal: Principal, request: ProofRequest, context: Context) -> None:
        raise _elsewhere()

    async def recovery_codes(
        self, principal: Principal, request: ProofRequest, context: Context
    ) -> RecoveryCodesAnswer:
        raise _elsewhere()

    def _client(self) -> AsyncClient:
        options = AsyncClientOptions(persist_session=False, auto_refresh_token=False, httpx_client=self._http)
        return AsyncClient(self._url, self._key, options)

    async def _sign_out(
        self, client: AsyncClient, access_token: str, scope: Literal["global", "local", "others"]
    ) -> None:
        try:
            await client.auth.admin.sign_out(access_token, scope)
        except AuthError as error:
            if not _is_refusal(error):
                raise _unavailable() from error


async def _sign_in(
    client: AsyncClient, email: str, password: str, factor: SecondFactor, status: int
) -> Session | None:
    """A session, of both factors where there are two. Raises Problem `auth.totp_required` of `status`."""
    answer = await client.auth.sign_in_with_password({"email": email, "password": password})
    factors = (answer.user.factors if answer.user else None) or []
    app = next((one for one in factors if one.factor_type == "totp" and one.status == "verified"), None)
    if app is None:
        return answer.session
    if factor.totp is None:
        raise Problem(status, "auth.totp_required", "A code of the authenticator app is needed.")
    with _refusals(status, "auth.totp_invalid", "The code is wrong, or was used already."):
        await client.auth.mfa.challenge_and_verify({"factor_id": app.id, "code": factor.totp})
    return await client.auth.get_session()


def _tokens(session: Session | None) -> TokenAnswer:
    if session is None:
        raise Problem(401, "auth.invalid_credentials", "Supabase Auth opened no session.")
    return TokenAnswer(
        access_token=session.access_token, expires_in=session.expires_in, refresh_token=session.refresh_token
    )


@contextmanager
def _refusals(status: int, code: str, detail: str) -> Iterator[None]:
    """Supabase's refusals as our problems: `code` where it says no, 422 for a weak password, 429, 503."""
    try:
        yield
    except AuthError as error:
        if not _is_refusal(error):
            raise _unavailable() from error
        if error.code in ("weak_password", "same_password"):
            raise Problem(422, "password.weak", error.message) from None
        if error.code in ("refresh_token_already_used", "session_expired", "session_not_found"):
            raise Problem(status, "auth.session_ended", "This session has ended. Log in again.") from None
        if error.status == 429:
            text = "Too many attempts. Try again later."
            raise Problem(429, "auth.too_many_attempts", text, headers={"Retry-After": "60"}) from None
        raise Problem(status, code, detail) from None


def _is_refusal(error: AuthError) -> TypeGuard[AuthApiError | CustomAuthError]:
    """Whether Supabase said no, rather than nothing or nonsense."""
    return isinstance(error, AuthApiError | CustomAuthError) and 400 <= error.status < 500


def _unavailable() -> Problem:
    return Problem(503, "auth.unavailable", "Supabase Auth does not answer.", headers={"Retry-After": "5"})


def _elsewhere() -> Problem:
    return Problem(409, "auth.managed_elsewhere", "Second factors are set up in Supabase Auth here.")
