"""Supabase as the identity provider: its tokens are verified by its keys, its refusals become our problems.

A small HTTP server of our own speaks the part of Supabase Auth that is used; nothing leaves this machine.
"""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from pydantic import SecretStr

from bff.auth import tokens
from bff.auth.models import EnrolRequest, LoginRequest, PasswordRequest
from bff.auth.supabase import SupabaseIdentity, SupabaseKeys
from bff.problems import Problem
from db.settings import Settings

PASSWORD = "eleven blue herons"
SECRET = "a shared secret of at least 32 bytes"


@dataclass
class FakeSupabase:
    """One person with an e-mail and a password; what was asked of it is remembered."""

    url: str = ""
    user_id: str = field(default_factory=lambda: str(uuid4()))
    password: str = PASSWORD
    totp: str | None = None
    keys: dict[str, Any] = field(default_factory=dict)
    generation: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False
    too_many: bool = False
    session_id: str = field(default_factory=lambda: str(uuid4()))
    refresh_tokens: set[str] = field(default_factory=set)

    def rotate(self) -> str:
        """A new signing key; returns its kid."""
        self.generation += 1
        kid = f"key-{self.generation}"
        self.keys[kid] = generate_private_key(SECP256R1())
        return kid

    def token(
        self, kid: str | None = None, *, key: Any = None, algorithm: str = "ES256", **claims: Any
    ) -> str:
        now = int(time.time())
        full = {
            "iss": f"{self.url}/auth/v1", "aud": "authenticated", "sub": self.user_id, "iat": now,
            "exp": now + 3600, "session_id": self.session_id, "role": "authenticated",
        } | claims  # fmt: skip
        kid = kid or next(reversed(self.keys))
        return jwt.encode(full, key or self.keys[kid], algorithm, {"kid": kid})

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        if self.down:
            return 503, {"msg": "away"}
        if self.too_many:
            return 429, {"code": "over_request_rate_limit", "msg": "slow down"}
        match method, path, query.get("grant_type"):
            case "GET", "/.well-known/jwks.json", _:
                return 200, {"keys": [self._jwk(kid) for kid in self.keys]}
            case "POST", "/token", "password":
                if body["email"] != "ada@supabase.test" or body["password"] != self.password:
                    return 400, {"code": "invalid_credentials", "msg": "Invalid login credentials"}
                return 200, self._session()
            case "POST", "/token", "refresh_token":
                if body["refresh_token"] not in self.refresh_tokens:
                    return 400, {"code": "refresh_token_already_used", "msg": "Already Used"}
                self.refresh_tokens.remove(body["refresh_token"])
                return 200, self._session()
            case "POST", "/factors/app/challenge", _:
                return 200, {"id": "challenge", "expires_at": int(time.time()) + 60, "type": "totp"}
            case "POST", "/factors/app/verify", _:
                if body["code"] != self.totp:
                    return 422, {"code": "mfa_verification_failed", "msg": "Invalid TOTP code"}
                return 200, self._session(aal="aal2")
            case "GET", "/user", _:
                return 200, self._user()
            case "PUT", "/user", _:
                if len(body["password"]) < 8:
                    return 422, {
                        "code": "weak_password",
                        "msg": "Password should be longer",
                        "weak_password": {},
                    }
                self.password = body["password"]
                return 200, self._user()
            case "POST", "/logout", _:
                return 204, None
        return 404, {"msg": path}

    def _session(self, **claims: Any) -> dict[str, Any]:
        refresh = uuid4().hex
        self.refresh_tokens.add(refresh)
        return {
            "access_token": self.token(**claims), "token_type": "bearer", "expires_in": 3600,
            "expires_at": int(time.time()) + 3600, "refresh_token": refresh, "user": self._user(),
        }  # fmt: skip

    def _user(self) -> dict[str, Any]:
        at = "2026-03-02T02:00:00Z"
        app = {"id": "app", "factor_type": "totp", "status": "verified", "created_at": at, "updated_at": at}
        return {
            "id": self.user_id, "aud": "authenticated", "email": "ada@supabase.test", "app_metadata": {},
            "user_metadata": {}, "created_at": at, "factors": [app] if self.totp else [],
        }  # fmt: skip

    def _jwk(self, kid: str) -> dict[str, Any]:
        public = jwt.algorithms.ECAlgorithm.to_jwk(self.keys[kid].public_key(), as_dict=True)
        return {**public, "kid": kid, "alg": "ES256", "use": "sig"}


@pytest.fixture
def supabase() -> Iterator[FakeSupabase]:
    fake = FakeSupabase()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/auth/v1")
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            fake.asked.append((self.command, path + (f"?{parts.query}" if parts.query else "")))
            status, answer = fake.answer(self.command, path, query, body)
            content = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.send_header("x-supabase-api-version", "2024-01-01")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = _handle  # noqa: N815 - names of the standard library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    fake.rotate()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


def settings(supabase: FakeSupabase, **more: Any) -> Settings:
    return Settings.load(
        auth="supabase",
        supabase_url=supabase.url,
        supabase_anon_key=SecretStr("anon"),
        supabase_service_role_key=SecretStr("service"),
        **more,
    )


@pytest_asyncio.fixture
async def identity(supabase):
    identity = SupabaseIdentity(settings(supabase))
    yield identity
    await identity.close()


async def refusal(awaitable: Any) -> tuple[int, str]:
    with pytest.raises(Problem) as problem:
        await awaitable
    return problem.value.status, problem.value.code


def login_request(**more: Any) -> LoginRequest:
    return LoginRequest.model_validate({"email": "ada@supabase.test", "password": PASSWORD} | more)


async def test_a_person_logs_in_refreshes_and_is_known(supabase, identity):
    session = await identity.login(login_request(), {})
    assert (session.token_type, session.expires_in) == ("Bearer", 3600)
    principal = await identity.authenticate(f"Bearer {session.access_token}")
    assert principal.user_id == UUID(supabase.user_id)
    assert principal.session_id == UUID(supabase.session_id)
    again = await identity.refresh(session.refresh_token, {})
    assert again.refresh_token != session.refresh_token
    assert await refusal(identity.refresh(session.refresh_token, {})) == (401, "auth.session_ended")


async def test_a_wrong_password_is_refused_like_ours(identity):
    assert await refusal(identity.login(login_request(password="wrong"), {})) == (
        401,
        "auth.invalid_credentials",
    )


async def test_the_second_factor_of_supabase_is_asked_for(supabase, identity):
    supabase.totp = "123456"
    assert await refusal(identity.login(login_request(), {})) == (401, "auth.totp_required")
    assert await refusal(identity.login(login_request(totp="654321"), {})) == (401, "auth.totp_invalid")
    session = await identity.login(login_request(totp="123456"), {})
    claims = jwt.decode(session.access_token, options={"verify_signature": False})
    assert claims["aal"] == "aal2"


async def test_the_second_factor_is_managed_in_supabase(identity, supabase):
    session = await identity.login(login_request(), {})
    principal = await identity.authenticate(f"Bearer {session.access_token}")
    request = EnrolRequest(password=SecretStr(PASSWORD))
    assert await refusal(identity.enrol(principal, request, {})) == (409, "auth.managed_elsewhere")


async def test_logging_out_ends_the_session_at_supabase(supabase, identity):
    session = await identity.login(login_request(), {})
    await identity.logout(session.refresh_token, {})
    assert ("POST", "/logout?scope=local") in supabase.asked
    await identity.logout(session.refresh_token, {})
    principal = await identity.authenticate(f"Bearer {session.access_token}")
    await identity.logout_all(principal, {})
    assert supabase.asked[-1] == ("POST", "/logout?scope=global")


async def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(supabase, identity):
    session = await identity.login(login_request(), {})
    principal = await identity.authenticate(f"Bearer {session.access_token}")

    def change(old: str, new: str) -> Any:
        request = PasswordRequest(password=SecretStr(old), new_password=SecretStr(new))
        return identity.change_password(principal, request, {})

    assert await refusal(change("wrong", "another long password")) == (403, "auth.invalid_credentials")
    assert await refusal(change(PASSWORD, "short")) == (422, "password.weak")
    await change(PASSWORD, "another long password")
    assert supabase.password == "another long password"
    assert supabase.asked[-1] == ("POST", "/logout?scope=others")


async def test_supabase_being_away_or_busy_is_said_so(supabase, identity):
    session = await identity.login(login_request(), {})
    principal = await identity.authenticate(f"Bearer {session.access_token}")
    supabase.down = True
    assert await refusal(identity.logout(session.refresh_token, {})) == (503, "auth.unavailable")
    assert await refusal(identity.logout_all(principal, {})) == (503, "auth.unavailable")
    assert await refusal(identity.login(login_request(), {})) == (503, "auth.unavailable")
    assert await refusal(identity.refresh(session.refresh_token, {})) == (503, "auth.unavailable")
    supabase.down, supabase.too_many = False, True
    assert await refusal(identity.login(login_request(), {})) == (429, "auth.too_many_attempts")


async def test_known_keys_go_on_while_supabase_is_away(supabase):
    async with httpx.AsyncClient() as http:
        keys = SupabaseKeys(supabase.url, None, http)
        await keys.refresh()
        supabase.down = True
        await keys.refresh(0)
        assert await keys.find("ES256", "key-1") is not None


async def test_without_any_key_nobody_is_believed(supabase, identity):
    supabase.down = True
    assert await refusal(identity.authenticate(f"Bearer {supabase.token()}")) == (503, "auth.unavailable")


async def test_a_new_key_is_found_and_a_withdrawn_one_forgotten(supabase, identity, monkeypatch):
    monkeypatch.setattr(tokens, "KEY_MIN_AGE_SECONDS", 0)
    old = supabase.token()
    await identity.authenticate(f"Bearer {old}")
    supabase.rotate()
    await identity.authenticate(f"Bearer {supabase.token()}")
    del supabase.keys["key-1"]
    supabase.rotate()
    await identity.authenticate(f"Bearer {supabase.token()}")
    assert await refusal(identity.authenticate(f"Bearer {old}")) == (401, "token.invalid")


async def test_invented_key_names_do_not_become_requests(supabase, identity):
    await identity.authenticate(f"Bearer {supabase.token()}")
    before = len(supabase.asked)
    stranger = generate_private_key(SECP256R1())
    for number in range(20):
        forged = supabase.token(f"invented-{number}", key=stranger)
        assert await refusal(identity.authenticate(f"Bearer {forged}")) == (401, "token.invalid")
    assert len(supabase.asked) == before


@pytest.mark.parametrize(
    "claims",
    [{"aud": "anon"}, {"iss": "https://other.supabase.co/auth/v1"}, {"sub": "service"}, {"iat": 4102444800}],
    ids=str,
)
async def test_wrong_claims_are_refused(supabase, identity, claims):
    assert await refusal(identity.authenticate(f"Bearer {supabase.token(**claims)}")) == (
        401,
        "token.invalid",
    )


async def test_an_expired_token_says_so(supabase, identity):
    token = supabase.token(exp=int(time.time()) - 60)
    assert await refusal(identity.authenticate(f"Bearer {token}")) == (401, "token.expired")


async def test_tokens_of_a_shared_secret_are_believed_only_where_the_secret_is_set(supabase, identity):
    token = supabase.token(key=SECRET, algorithm="HS256")
    assert await refusal(identity.authenticate(f"Bearer {token}")) == (401, "token.invalid")
    legacy = SupabaseIdentity(settings(supabase, supabase_jwt_secret=SecretStr(SECRET)))
    try:
        assert (await legacy.authenticate(f"Bearer {token}")).user_id == UUID(supabase.user_id)
        other = supabase.token(key="another secret of at least 32 bytes", algorithm="HS256")
        assert await refusal(legacy.authenticate(f"Bearer {other}")) == (401, "token.invalid")
        assert (await legacy.authenticate(f"Bearer {supabase.token()}")).user_id == UUID(supabase.user_id)
    finally:
        await legacy.close()


async def test_a_published_key_is_never_read_as_a_shared_secret(supabase):
    """A token signed HS256 with the text of the public key: the classical confusion of algorithms."""
    legacy = SupabaseIdentity(settings(supabase, supabase_jwt_secret=SecretStr(SECRET)))
    try:
        public = json.dumps(supabase._jwk("key-1")).encode()
        # PyJWT itself refuses to sign so; an attacker does not ask it.
        content, _, _ = supabase.token(key=SECRET, algorithm="HS256").rpartition(".")
        signature = urlsafe_b64encode(hmac.digest(public, content.encode(), "sha256")).rstrip(b"=")
        token = f"{content}.{signature.decode()}"
        assert await refusal(legacy.authenticate(f"Bearer {token}")) == (401, "token.invalid")
    finally:
        await legacy.close()
