"""People who log in, for the tests of identity: made by the administrator, logging in over real HTTP."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import jwt
import psycopg
import pyotp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.credentials import set_password

PASSWORD = "eleven blue herons"


@dataclass
class Person:
    """Somebody of an organisation and at an address of their own: tests cannot get in each other's way.

    The address goes through `X-Forwarded-For`, which uvicorn believes when it comes from this machine.
    """

    admin_url: str
    http: httpx.Client
    org_id: UUID
    user_id: UUID
    email: str
    address: str
    password: str = PASSWORD
    tokens: dict[str, Any] = field(default_factory=dict)

    def post(self, path: str, body: Any) -> httpx.Response:
        """A request of somebody who is not logged in."""
        return self.http.post(path, json=body, headers={"X-Forwarded-For": self.address})

    def login(self, **extra: Any) -> httpx.Response:
        return self.post("/api/auth/login", {"email": self.email, "password": self.password} | extra)

    def logged_in(self, **extra: Any) -> dict[str, Any]:
        """Tokens of a new session."""
        response = self.login(**extra)
        assert response.status_code == 200, response.text
        return response.json()

    def refresh(self, refresh_token: str) -> httpx.Response:
        return self.post("/api/auth/refresh", {"refresh_token": refresh_token})

    def call(self, method: str, path: str, access_token: str, body: Any = None) -> httpx.Response:
        headers = {"X-Forwarded-For": self.address, "Authorization": f"Bearer {access_token}"}
        return self.http.request(method, path, json=body, headers=headers)

    def me(self, access_token: str) -> httpx.Response:
        return self.call("GET", "/api/auth/me", access_token)

    def enrolled(self) -> tuple["Authenticator", list[str]]:
        """An authenticator app that is set up, and its recovery codes."""
        token = self.logged_in()["access_token"]
        answer = self.call("POST", "/api/auth/totp", token, {"password": self.password})
        assert answer.status_code == 200, answer.text
        app = Authenticator(answer.json()["secret"])
        answer = self.call("POST", "/api/auth/totp/confirm", token, {"totp": app.code()})
        assert answer.status_code == 200, answer.text
        return app, answer.json()["recovery_codes"]

    def sql(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        return sql(self.admin_url, query, *arguments)


@dataclass
class Authenticator:
    """An authenticator app that never shows one code twice."""

    secret: str
    step: int = 0

    def code(self) -> str:
        """The present code; asked again, the next, which is good already; then it waits for time to pass."""
        self.step = max(self.step + 1, int(time.time()) // 30)
        while self.step > int(time.time()) // 30 + 1:
            time.sleep(0.2)
        return pyotp.TOTP(self.secret).generate_otp(self.step)

    def wrong(self) -> str:
        """A code that is none of those near the present."""
        now = int(time.time()) // 30
        near = {pyotp.TOTP(self.secret).generate_otp(step) for step in range(now - 3, now + 4)}
        return next(code for code in (str(digit) * 6 for digit in range(10)) if code not in near)


def new_person(admin_url: str, http: httpx.Client, *, must_change: bool = False) -> Person:
    name = secrets.token_hex(5)
    email = f"{name}@people.test"
    with psycopg.connect(admin_url) as connection:
        org_id = one(connection, "select app.create_organization(%s, %s)", f"Org {name}", f"org-{name}")
        user_id = one(
            connection,
            "select app.create_profile(%s, %s, %s, 'salesperson', 'SAL')",
            org_id, email, f"Person {name}",
        )  # fmt: skip
        set_password(connection, user_id, PASSWORD, must_change=must_change)
    address = f"198.18.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
    return Person(admin_url, http, org_id, user_id, email, address)


def one(connection: psycopg.Connection, query: str, *arguments: Any) -> Any:
    row = connection.execute(query, arguments).fetchone()
    assert row is not None
    return row[0]


def sql(admin_url: str, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(admin_url) as connection:
        cursor = connection.execute(query, arguments)
        return cursor.fetchall() if cursor.description else []


def problem(response: httpx.Response) -> tuple[int, str]:
    """Status and code of an answer that is a problem."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    body = response.json()
    assert body["status"] == response.status_code
    return response.status_code, body["code"]


def our_key(admin_url: str) -> tuple[str, Ed25519PrivateKey]:
    """The key that signs at the moment: what a forger would have to steal."""
    [(kid, raw)] = sql(
        admin_url, "select kid, private_key from app.signing_keys order by created_at desc, kid limit 1"
    )
    return kid, Ed25519PrivateKey.from_private_bytes(raw)


def forged(key: Any, algorithm: str | None, kid: str | None, **claims: Any) -> str:
    """A token that is right but for what the caller changes. A claim of None is left out."""
    now = int(time.time())
    full = {"iss": "pgcrm", "aud": "pgcrm", "iat": now, "exp": now + 600} | claims
    headers = {"kid": kid} if kid else None
    return jwt.encode({k: v for k, v in full.items() if v is not None}, key, algorithm, headers)
