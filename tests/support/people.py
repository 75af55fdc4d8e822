"""The people of sql_tests/00_fixtures.sql, as tests over HTTP need them."""

from dataclasses import dataclass
from uuid import UUID

import httpx
import psycopg

PASSWORD = "correct horse"
"""Everybody's."""


@dataclass(frozen=True)
class Person:
    email: str
    user_id: UUID
    org_id: UUID
    role_key: str


class People(dict[str, Person]):
    """By short name: `people["sp1"]` is sp1@alpha.test, `people["sp1@beta"]` her namesake elsewhere."""

    def __missing__(self, name: str) -> Person:
        if "@" in name:
            raise KeyError(name)
        return self[f"{name}@alpha"]

    @classmethod
    def read(cls, admin_url: str) -> "People":
        with psycopg.connect(admin_url) as connection:
            rows = connection.execute(
                "select email, user_id, org_id, role_key from app.profiles where email like '%.test'"
            ).fetchall()
        return cls({row[0].removesuffix(".test"): Person(*row) for row in rows})


def logged_in(base_url: str, email: str, password: str = PASSWORD) -> httpx.Client:
    """A client that carries the access token of a new log-in."""
    answer = httpx.post(f"{base_url}/api/auth/login", json={"email": email, "password": password}, timeout=30)
    assert answer.status_code == 200, f"{email} cannot log in: {answer.status_code} {answer.text}"
    token = answer.json()["access_token"]
    return httpx.Client(base_url=base_url, timeout=30, headers={"Authorization": f"Bearer {token}"})
