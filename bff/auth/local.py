"""pgcrm's own log-in: passwords and codes are compared here, all else is decided by `app.auth_…` in SQL."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString
from uuid import UUID

from pydantic import SecretStr

from bff.auth import totp
from bff.auth.attempts import AttemptQueue
from bff.auth.identity import Context, Identity
from bff.auth.keys import LocalKeys
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
from bff.auth.store import Gateway, call
from bff.auth.tokens import Principal, RefreshToken
from bff.problems import FieldError, Problem, invalid
from db import credentials


class LocalIdentity(Identity):
    """Log-in with e-mail, password and, where it is set up, a second factor."""

    def __init__(self, gateway: Gateway, *, access_seconds: int, refresh_seconds: int) -> None:
        self._signer = LocalKeys(gateway)
        super().__init__(self._signer)
        self._gateway = gateway
        self._access_seconds = access_seconds
        self._refresh_seconds = refresh_seconds
        self._queue = AttemptQueue()
        # Compared with where there is nobody, so that an unknown e-mail takes as long as a wrong password.
        self._nobodys_hash = credentials.hash_password(secrets.token_urlsafe())

    async def login(self, request: LoginRequest, context: Context) -> TokenAnswer:
        new_password = _acceptable(request.new_password, request.password) if request.new_password else None
        token = RefreshToken.new()
        account = request.email.strip().lower()
        async with self._attempt(account, context, 401, "auth_begin", email=request.email) as attempt:
            await attempt.prove(request.password, request)
            session = await attempt.settle(
                "auth_succeed",
                **attempt.second_factor,
                family_hash=token.family_hash,
                token_hash=token.token_hash,
                lifetime_seconds=self._refresh_seconds,
                rehash=attempt.rehash,
                new_password_hash=await _hash(new_password) if new_password else None,
            )
        return await self._tokens(session, token)

    async def refresh(self, refresh_token: str, context: Context) -> TokenAnswer:
        token = RefreshToken.parse(refresh_token)
        if token is None:
            raise _refresh_refusal("unknown")
        salt = secrets.token_bytes(32)
        session = await call(
            self._gateway,
            "auth_refresh",
            family_hash=token.family_hash,
            old_hash=token.token_hash,
            new_hash=token.successor(salt).token_hash,
            salt=salt,
            context=context,
        )
        if session["verdict"] != "ok":
            raise _refresh_refusal(session["verdict"])
        return await self._tokens(session, token.successor(bytes.fromhex(session["salt"])))

    async def logout(self, refresh_token: str, context: Context) -> None:
        token = RefreshToken.parse(refresh_token)
        if token is not None:
            await call(self._gateway, "auth_logout", family_hash=token.family_hash, context=context)

    async def logout_all(self, principal: Principal, context: Context) -> None:
        user_id = principal.user_id
        await call(self._gateway, "auth_logout_all", user_id=user_id, ended_by=user_id, context=context)

    async def change_password(self, principal: Principal, request: PasswordRequest, context: Context) -> None:
        new_password = _acceptable(request.new_password, request.password)
        async with self._recheck(principal, context) as attempt:
            await attempt.prove(request.password, request)
            await attempt.settle(
                "auth_change_password",
                **attempt.second_factor,
                session_id=principal.session_id,
                new_password_hash=await _hash(new_password),
            )

    async def enrol(self, principal: Principal, request: EnrolRequest, context: Context) -> EnrolmentAnswer:
        secret = totp.new_secret()
        async with self._recheck(principal, context) as attempt:
            await attempt.prove(request.password, None)
            await attempt.settle("auth_totp_enrol", secret=secret)
        return EnrolmentAnswer(secret=secret, uri=totp.provisioning_uri(secret, attempt.email))

    async def confirm(
        self, principal: Principal, request: ConfirmRequest, context: Context
    ) -> RecoveryCodesAnswer:
        codes = totp.new_recovery_codes()
        async with self._recheck(principal, context) as attempt:
            await attempt.settle(
                "auth_totp_confirm",
                secret=attempt.totp_secret,
                totp_step=await attempt.step(request.totp),
                code_hashes=[totp.recovery_hash(code) for code in codes],
            )
        return RecoveryCodesAnswer(recovery_codes=codes)

    async def disable(self, principal: Principal, request: ProofRequest, context: Context) -> None:
        async with self._recheck(principal, context) as attempt:
            await attempt.prove(request.password, request)
            await attempt.settle("auth_totp_disable", **attempt.second_factor)

    async def recovery_codes(
        self, principal: Principal, request: ProofRequest, context: Context
    ) -> RecoveryCodesAnswer:
        codes = totp.new_recovery_codes()
        async with self._recheck(principal, context) as attempt:
            await attempt.prove(request.password, request)
            await attempt.settle(
                "auth_recovery_codes",
                **attempt.second_factor,
                code_hashes=[totp.recovery_hash(code) for code in codes],
            )
        return RecoveryCodesAnswer(recovery_codes=codes)

    @asynccontextmanager
    async def _attempt(
        self, account: str, context: Context, status: int, function: LiteralString, **who: Any
    ) -> AsyncIterator["_Attempt"]:
        """An attempt that the database has counted and admitted; refusals are problems of `status`."""
        async with self._queue.turn(account):
            found = await call(self._gateway, function, **who, context=context)
            if found["verdict"] in _WAITS:
                http_status, code, detail = _WAITS[found["verdict"]]
                raise Problem(http_status, code, detail, headers={"Retry-After": str(found["retry_after"])})
            yield _Attempt(self._gateway, context, status, found, self._nobodys_hash)

    @asynccontextmanager
    async def _recheck(self, principal: Principal, context: Context) -> AsyncIterator["_Attempt"]:
        """An attempt of somebody whose access token is good: a refusal is 403, the token is not to blame."""
        user_id = principal.user_id
        async with self._attempt(str(user_id), context, 403, "auth_recheck", user_id=user_id) as attempt:
            yield attempt

    async def _tokens(self, session: dict[str, Any], refresh_token: RefreshToken) -> TokenAnswer:
        now = int(time.time())
        access_token = await self._signer.sign(
            {
                "sub": session["user_id"],
                "sid": session["session_id"],
                "iat": now,
                "exp": now + self._access_seconds,
            }
        )
        return TokenAnswer(
            access_token=access_token, expires_in=self._access_seconds, refresh_token=str(refresh_token)
        )


class _Attempt:
    """One attempt under way: counted as failed until `settle` has come back."""

    def __init__(
        self, gateway: Gateway, context: Context, status: int, found: dict[str, Any], nobodys_hash: str
    ) -> None:
        self._gateway = gateway
        self._context = context
        self._status = status
        self._user_id = UUID(found["user_id"]) if "user_id" in found else None
        self._password_hash: str = found.get("password_hash", nobodys_hash)
        self._password_version: int | None = found.get("password_version")
        self._totp_confirmed: bool = found.get("totp_confirmed", False)
        self.totp_secret: str | None = found.get("totp_secret")
        self.email: str = found.get("email", "")
        self.rehash: str | None = None
        """The password under today's parameters, when those of its hash are older."""
        self.second_factor: dict[str, Any] = {"totp_step": None, "recovery_hash": None}
        """Arguments for functions that judge it."""

    async def prove(self, password: SecretStr, factor: SecondFactor | None) -> None:
        """Compare what was typed, or raise the refusal. `settle` judges whether a code was used before."""
        typed = password.get_secret_value()
        if (
            not await asyncio.to_thread(credentials.verify_password, self._password_hash, typed)
            or not self._user_id
        ):
            raise await self.refuse("refused")
        if credentials.needs_rehash(self._password_hash):
            self.rehash = await _hash(typed)
        if factor is None or not self._totp_confirmed:
            return
        if factor.totp is not None:
            self.second_factor["totp_step"] = await self.step(factor.totp)
        elif factor.recovery_code is not None:
            self.second_factor["recovery_hash"] = totp.recovery_hash(factor.recovery_code)

    async def step(self, code: str) -> int:
        """The step that this code of the authenticator app belongs to; raises the refusal."""
        if self.totp_secret is None:
            raise await self.refuse("not_enrolled")
        step = totp.matching_step(self.totp_secret, code, time.time())
        if step is None:
            raise await self.refuse("totp_refused")
        return step

    async def settle(self, function: LiteralString, **arguments: Any) -> dict[str, Any]:
        """Let the database judge the attempt and act on it: its answer, or the refusal raised."""
        answer: dict[str, Any] = await call(
            self._gateway,
            function,
            user_id=self._user_id,
            password_version=self._password_version,
            **arguments,
            context=self._context,
        )
        if answer["verdict"] != "ok":
            raise await self.refuse(answer["verdict"])
        return answer

    async def refuse(self, verdict: str) -> Problem:
        """The problem for a verdict; failed proofs leave a trace in the audit."""
        if verdict in _STATES:
            return Problem(*_STATES[verdict])
        await call(self._gateway, "auth_fail", user_id=self._user_id, reason=verdict, context=self._context)
        return Problem(self._status, *_REFUSALS[verdict])


_REFUSALS = {
    "refused": ("auth.invalid_credentials", "E-mail or password is wrong."),
    "totp_required": (
        "auth.totp_required",
        "A code of the authenticator app (or a recovery code) is needed.",
    ),
    "totp_refused": ("auth.totp_invalid", "The code is wrong, or was used already."),
    "recovery_code_refused": (
        "auth.recovery_code_invalid",
        "The recovery code is wrong, or was used already.",
    ),
}
_STATES = {
    "must_change": (
        403,
        "auth.password_change_required",
        "This password was given out by an administrator. Log in with it and a `new_password`.",
    ),
    "enabled_already": (409, "auth.totp_enabled", "An authenticator app is set up already; remove it first."),
    "not_enrolled": (
        409,
        "auth.totp_not_enrolled",
        "No authenticator app is waiting to be confirmed, or set up.",
    ),
}
_WAITS = {
    "locked": (423, "auth.locked", "Too many wrong attempts: this log-in is locked for a while."),
    "throttled": (
        429,
        "auth.too_many_attempts",
        "Too many wrong attempts from this address. Try again later.",
    ),
}
_REFRESH_REFUSALS = {
    "unknown": ("auth.refresh_invalid", "The refresh token is not valid."),
    "ended": ("auth.session_ended", "This session has ended. Log in again."),
    "reused": (
        "auth.refresh_reused",
        "This refresh token was replaced before, so it may have been copied. The session was ended.",
    ),
}


def _refresh_refusal(verdict: str) -> Problem:
    return Problem(401, *_REFRESH_REFUSALS[verdict])


def _acceptable(new: SecretStr, old: SecretStr) -> str:
    """The new password as text; raises Problem 422 when it breaks the policy."""
    try:
        credentials.check_password(new.get_secret_value())
    except credentials.WeakPassword as error:
        raise invalid(FieldError("new_password", "password.weak", str(error))) from None
    if new == old:
        raise invalid(FieldError("new_password", "password.unchanged", "This is the password you have."))
    return new.get_secret_value()


async def _hash(password: str) -> str:
    return await asyncio.to_thread(credentials.hash_password, password)
