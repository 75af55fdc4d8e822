"""An organisation of a test's own, with people of any role, each with an HTTP client that is logged in."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import psycopg

from db.credentials import set_password

PASSWORD = "seven grey otters"

LEAD = {
    "company_name": "PT Laut Biru",
    "pic_name": "Sari Dewi",
    "contact_phone": "+62 812 3456 7890",
    "email": "sari@laut-biru.test",
    "city_area": "Surabaya",
    "service_code": "DOM_LTL",
    "primary_channel": "SEM",
}


@dataclass
class Organisation:
    admin_url: str
    bff: str
    name: str = field(default_factory=lambda: f"org-{secrets.token_hex(5)}")
    clients: list[httpx.Client] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.org_id: UUID = self.sql("select app.create_organization(%s, %s)", self.name, self.name)[0][0]

    def person(self, role: str = "super_admin", dept: str = "MKT") -> "Person":
        """Somebody new, logged in."""
        email = f"{secrets.token_hex(5)}@{self.name}.test"
        with psycopg.connect(self.admin_url) as connection:
            row = connection.execute(
                "select app.create_profile(%s, %s, %s, %s, %s)", (self.org_id, email, email, role, dept)
            ).fetchone()
            assert row is not None
            set_password(connection, row[0], PASSWORD, must_change=False)
        # An address of one's own: wrong attempts of other tests from this machine do not count against it.
        address = f"198.18.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
        http = httpx.Client(base_url=self.bff, timeout=60, headers={"X-Forwarded-For": address})
        self.clients.append(http)
        tokens = http.post("/api/auth/login", json={"email": email, "password": PASSWORD})
        assert tokens.status_code == 200, tokens.text
        http.headers["Authorization"] = f"Bearer {tokens.json()['access_token']}"
        return Person(row[0], http)

    def sql(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """A statement of the administrator's."""
        with psycopg.connect(self.admin_url) as connection:
            cursor = connection.execute(query, arguments)
            return cursor.fetchall() if cursor.description else []

    def count(self, table: str) -> int:
        """Rows of this organisation in a table."""
        return self.sql(f"select count(*) from {table} where org_id = %s", self.org_id)[0][0]

    def close(self) -> None:
        for client in self.clients:
            client.close()


@dataclass(frozen=True)
class Person:
    user_id: UUID
    http: httpx.Client

    def upload(self, content: str | bytes, name: str = "leads.csv", module: str = "leads", **headers: str):
        """Upload a file for import."""
        return self.http.post(
            "/api/imports",
            data={"module": module},
            files={"file": (name, content, "text/csv")},
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )


def problem(response: httpx.Response) -> dict[str, Any]:
    """The problem that an answer is."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    body = response.json()
    assert body["status"] == response.status_code
    assert body["instance"] == response.headers["x-request-id"]
    assert body["title"]
    assert body["detail"]
    return body


def codes(response: httpx.Response) -> dict[str, str]:
    """Field to code of an answer that reports fields."""
    return {error["field"]: error["code"] for error in problem(response)["errors"]}
