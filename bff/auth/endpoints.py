"""The log-in routes: JSON in, the identity provider, JSON out. No cache may keep an answer with tokens."""

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bff.auth.identity import Identity
from bff.auth.models import (
    ConfirmRequest,
    EnrolmentAnswer,
    EnrolRequest,
    LoginRequest,
    PasswordRequest,
    ProofRequest,
    RecoveryCodesAnswer,
    RefreshRequest,
    TokenAnswer,
)
from bff.auth.tokens import Principal
from bff.reading import model_of
from bff.routing import Route
from bff.services import context_of, services_of

_PRIVATE = {"Cache-Control": "no-store"}


async def login(request: Request) -> Response:
    body = await model_of(request, LoginRequest)
    return _answer(await _identity(request).login(body, context_of(request)))


async def refresh(request: Request) -> Response:
    body = await model_of(request, RefreshRequest)
    return _answer(await _identity(request).refresh(body.refresh_token, context_of(request)))


async def logout(request: Request) -> Response:
    body = await model_of(request, RefreshRequest)
    await _identity(request).logout(body.refresh_token, context_of(request))
    return _done()


async def logout_all(request: Request) -> Response:
    await _identity(request).logout_all(await _principal(request), context_of(request))
    return _done()


async def change_password(request: Request) -> Response:
    principal = await _principal(request)
    body = await model_of(request, PasswordRequest)
    await _identity(request).change_password(principal, body, context_of(request))
    return _done()


async def enrol(request: Request) -> Response:
    principal = await _principal(request)
    body = await model_of(request, EnrolRequest)
    return _answer(await _identity(request).enrol(principal, body, context_of(request)))


async def confirm(request: Request) -> Response:
    principal = await _principal(request)
    body = await model_of(request, ConfirmRequest)
    return _answer(await _identity(request).confirm(principal, body, context_of(request)))


async def disable(request: Request) -> Response:
    principal = await _principal(request)
    body = await model_of(request, ProofRequest)
    await _identity(request).disable(principal, body, context_of(request))
    return _done()


async def recovery_codes(request: Request) -> Response:
    principal = await _principal(request)
    body = await model_of(request, ProofRequest)
    return _answer(await _identity(request).recovery_codes(principal, body, context_of(request)))


async def jwks(request: Request) -> Response:
    return JSONResponse(await _identity(request).jwks(), headers={"Cache-Control": "public, max-age=300"})


def _identity(request: Request) -> Identity:
    return services_of(request).identity


async def _principal(request: Request) -> Principal:
    principal = await _identity(request).authenticate(request.headers.get("authorization"))
    request.state.user_id = principal.user_id
    return principal


def _answer(answer: BaseModel) -> Response:
    return JSONResponse(answer.model_dump(), headers=_PRIVATE)


def _done() -> Response:
    return Response(status_code=204, headers=_PRIVATE)


# 423: the log-in is locked; 429: too many wrong attempts from this address.
_ATTEMPT = (403, 423, 429)

ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/api/auth/login", handler=login, body=LoginRequest, answer=TokenAnswer,
          signed_in=False, problems=(401, *_ATTEMPT),
          tag="identity", summary="Log in with e-mail, password and, where it is set up, a second factor"),
    Route(method="POST", path="/api/auth/refresh", handler=refresh, body=RefreshRequest, answer=TokenAnswer,
          signed_in=False, problems=(401,),
          tag="identity", summary="Exchange a refresh token for new tokens; the old one ends with that"),
    Route(method="POST", path="/api/auth/logout", handler=logout, body=RefreshRequest, status=204,
          signed_in=False, tag="identity", summary="End the session of this refresh token"),
    Route(method="POST", path="/api/auth/logout-all", handler=logout_all, status=204,
          tag="identity", summary="End all sessions of the caller: no refresh token works any more"),
    Route(method="POST", path="/api/auth/password", handler=change_password, body=PasswordRequest, status=204,
          problems=(409, *_ATTEMPT),
          tag="identity", summary="Change the password; ends all other sessions of the caller"),
    Route(method="POST", path="/api/auth/change-password", handler=change_password, body=PasswordRequest,
          status=204, problems=(409, *_ATTEMPT),
          tag="identity", summary="The same as POST /api/auth/password"),
    Route(method="POST", path="/api/auth/totp", handler=enrol, body=EnrolRequest, answer=EnrolmentAnswer,
          problems=(409, *_ATTEMPT),
          tag="identity", summary="Begin to set up an authenticator app"),
    Route(method="POST", path="/api/auth/totp/confirm", handler=confirm, body=ConfirmRequest,
          answer=RecoveryCodesAnswer, problems=(409, *_ATTEMPT),
          tag="identity", summary="Confirm the app with its first code; answers with recovery codes, once"),
    Route(method="DELETE", path="/api/auth/totp", handler=disable, body=ProofRequest, status=204,
          problems=(409, *_ATTEMPT),
          tag="identity", summary="Remove the authenticator app"),
    Route(method="POST", path="/api/auth/totp/recovery-codes", handler=recovery_codes, body=ProofRequest,
          answer=RecoveryCodesAnswer, problems=(409, *_ATTEMPT),
          tag="identity", summary="Make new recovery codes; the old ones end with that"),
    Route(method="GET", path="/.well-known/jwks.json", handler=jwks, signed_in=False,
          tag="identity", summary="The public keys of access tokens, as a JSON Web Key Set"),
)  # fmt: skip
