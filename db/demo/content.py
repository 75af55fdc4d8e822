"""What stands in seeds/demo.yaml."""

from dataclasses import dataclass
from typing import Any

import yaml

from db.paths import SEEDS


@dataclass(frozen=True)
class LogIn:
    """A way into the demo: for front ends, with a password that everybody may know."""

    email: str
    password: str
    role: str
    """Key of the role."""


@dataclass(frozen=True)
class Person(LogIn):
    name: str
    department: str
    manager: str | None
    """E-mail; stands earlier in the list."""


@dataclass(frozen=True)
class Lead:
    creator: str
    """E-mail of the person who creates it."""
    owner: str | None
    """E-mail of the person who is named as its owner."""
    payload: dict[str, Any]
    """For api.crm_create_lead_bundle, but for the owner."""


@dataclass(frozen=True)
class Organization:
    name: str
    slug: str
    people: tuple[Person, ...]
    leads: tuple[Lead, ...]


def _read() -> tuple[Organization, ...]:
    content = yaml.safe_load((SEEDS / "demo.yaml").read_text(encoding="utf-8"))
    password = content["defaults"]["password"]
    return tuple(
        Organization(
            name=found["name"],
            slug=found["slug"],
            people=tuple(Person(**{"password": password, "manager": None, **p}) for p in found["people"]),
            leads=tuple(_lead(lead) for lead in found["leads"]),
        )
        for found in content["organizations"]
    )


def _lead(found: dict[str, Any]) -> Lead:
    payload = {name: value for name, value in found.items() if name not in ("as", "owner")}
    return Lead(found["as"], found.get("owner"), payload)


ORGANIZATIONS = _read()
LOG_INS: tuple[LogIn, ...] = ORGANIZATIONS[0].people
"""Everybody of the organisation Demo, the best known first."""
