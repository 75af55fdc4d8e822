"""Everything that somebody of operations can reach, as text: not a word of ten customers is in it.

Views and functions of `api` are found in the catalog, routes in the route table: what is new is tried too.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from uuid import UUID

import psycopg
import pytest
from organisation import LEAD, Organisation, Person
from pydantic import BaseModel
from test_tickets_http import RFQ

from bff.routes import ROUTES
from bff.routing import Route

SYLLABLES = ("quor", "vex", "zyl", "wumb", "krax", "plof", "gniv", "yorp", "squeb", "dwarn")
COMBINATIONS = 12
"""Calls of one function, or requests to one route."""
EXEMPT_ROUTES = {"/metrics", "/healthz", "/readyz"}
"""Routes without a caller, and without data."""


@dataclass
class Planted:
    """A customer whose words nobody else uses, and the rows it left."""

    number: int
    ids: list[str] = field(default_factory=list)
    ticket_ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        stem = SYLLABLES[self.number]
        self.company = f"PT {stem.title()}tara {stem.upper()}mas"
        self.pic = f"{stem.title()}wan {stem.title()}hadi"
        self.local, self.domain = f"{stem}box", f"{stem}firma.example"
        self.phone = f"0813-4{self.number}71-95{self.number}3"
        self.npwp = f"8{self.number}.731.64{self.number}.2-501.000"

    @property
    def tokens(self) -> list[str]:
        """Every one of them is the customer's alone."""
        digits = "".join(c for c in self.phone if c.isdigit()).removeprefix("0")
        words = [*self.company.split()[1:], *self.pic.split(), self.local, self.domain]
        numbers = [digits, "".join(c for c in self.npwp if c.isdigit())]
        return [word.lower() for word in (*words, *numbers, *self.ids)]

    @property
    def sentence(self) -> str:
        """All that somebody might type about them."""
        return (
            f"{self.company}: {self.pic}, {self.local}@{self.domain}, {self.phone}, "
            f"+62 {self.phone[1:]}, {self.npwp}, {' '.join(self.ids)}"
        )


@pytest.fixture(scope="module")
def organisation(database, bff) -> Iterator[Organisation]:
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def author(organisation) -> Person:
    return organisation.person("marcomm", "MKT")


@pytest.fixture(scope="module")
def planted(organisation, author) -> list[Planted]:
    """Ten customers in leads, tickets, messages, names of files, reasons and notes."""
    operator = organisation.person("exim_ops", "EXI")
    customers = [Planted(number) for number in range(len(SYLLABLES))]
    for customer in customers:
        _plant(author, operator, customer)
    return customers


def _plant(author: Person, operator: Person, customer: Planted) -> None:
    lead = (
        LEAD
        | RFQ
        | {
            "service_code": "EXI_AF",
            "company_name": customer.company,
            "pic_name": customer.pic,
            "contact_phone": customer.phone,
            "email": f"{customer.local}@{customer.domain}",
            "npwp": customer.npwp,
            "notes": customer.sentence,
            "rfq_origin_address": f"Store of {customer.company}",
            "rfq_scope_of_work": f"Call {customer.pic}",
        }
    )
    made = author.http.post("/api/leads", json=lead).json()
    customer.ids = [made["lead_id"], made["customer_id"], made["prospect_id"]]
    request = {"ticket_type": "general request", "dept_target": "EXI", "subject": customer.sentence[:400]}
    other = author.http.post("/api/tickets", json=request | {"related_lead_id": made["lead_id"]}).json()
    customer.ticket_ids = [made["ticket_id"], other["ticket_id"]]
    for ticket_id in customer.ticket_ids:
        path = f"/api/tickets/{ticket_id}"
        words = {"subject": customer.sentence[:400], "description": customer.sentence}
        assert author.http.patch(path, json=words).status_code == 200
        assert operator.http.post(f"{path}/messages", json={"message": "how many?"}).status_code == 201
        assert author.http.post(f"{path}/messages", json={"message": customer.sentence}).status_code == 201
        name = f"{customer.company} {customer.pic} {customer.phone}.csv"
        file = {"file": (name, customer.sentence.encode())}
        assert author.http.post(f"{path}/attachments", files=file).status_code == 201
    lost = {"status": "CLOSED LOST", "close_reason": f"Other: {customer.sentence}"}
    assert author.http.patch(f"/api/tickets/{made['ticket_id']}", json=lost).status_code == 200


def told(text: str, planted: list[Planted], *given: Any) -> set[str]:
    """Words of the customers in an answer, but those that the caller had said."""
    text = text.lower()
    for value in given:
        if isinstance(value, str):
            text = text.replace(value.lower(), " ").replace(json.dumps(value).lower(), " ")
    numbers = re.sub(r"(?<=\d)[ .()-]+(?=\d)", "", text)
    return {token for customer in planted for token in customer.tokens if token in text or token in numbers}


class Session:
    """What a person gets from the database itself, as a request does."""

    def __init__(self, connection: psycopg.Connection, user_id: UUID) -> None:
        self._connection = connection
        self._user_id = user_id

    def ask(self, statement: str, *values: Any) -> str:
        """The answer or the error, whatever stands in it; nothing stays."""
        try:
            with self._connection.transaction(force_rollback=True):
                self._connection.execute("set local statement_timeout = '10s'")
                self._connection.execute("select app.enter(%s)", [self._user_id])
                self._connection.execute("set local role authenticated")
                rows = self._connection.execute(statement.encode(), values).fetchall()
                return " ".join(str(row[0]) for row in rows)
        except psycopg.Error as error:
            found = error.diag
            return " ".join(
                str(part)
                for part in (found.message_primary, found.message_detail, found.message_hint, found.context)
            )


@pytest.fixture(scope="module")
def catalog(organisation) -> Iterator[psycopg.Connection]:
    with psycopg.connect(organisation.admin_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def operator(organisation, planted) -> Person:
    return organisation.person("exim_ops", "EXI")


def values_for(catalog: psycopg.Connection, organisation: Organisation, planted: list[Planted]) -> dict:
    """By type: what to try as an argument. The ids of everything that the ten left, and their words."""
    some = planted[:3]
    numbers = catalog.execute(
        "select array_agg(distinct i.id) from (select file_id from app.files where org_id = %(org)s"
        " union all select message_id from desk.ticket_messages where org_id = %(org)s"
        " union all select attachment_id from desk.ticket_attachments where org_id = %(org)s"
        " union all select contact_id from crm.contacts where org_id = %(org)s) i (id)",
        {"org": organisation.org_id},
    ).fetchone()
    assert numbers is not None
    people = catalog.execute("select user_id from app.profiles where org_id = %s", [organisation.org_id])
    names = [c.company for c in some] + [c.pic.split()[0] for c in some]
    payloads: list[dict[str, Any]] = [{}, {"message": "m"}, {"status": "WAITING RESPON"}]
    for customer in some:
        lead_id, customer_id, prospect_id = customer.ids
        ticket = {"ticket_type": "general request", "dept_target": "EXI", "subject": "s"}
        payloads += [
            ticket | {"related_lead_id": lead_id, "related_customer_id": customer_id},
            {"lead_id": lead_id, "customer_id": customer_id, "prospect_id": prospect_id},
            {"q": customer.company},
        ]
    return {
        "text": [*(t for c in some for t in c.ticket_ids), *(i for c in some for i in c.ids), *names],
        "bigint": numbers[0][:30],
        "integer": [50, 1],
        "uuid": [str(row[0]) for row in people],
        "jsonb": [json.dumps(payload) for payload in payloads],
        "date": ["2026-01-01"],
        "boolean": [True],
        "numeric": [1],
        "timestamp with time zone": ["2026-01-01T00:00:00Z"],
    }


def combined(options: list[list[Any]]) -> list[tuple[Any, ...]]:
    """Some of all the combinations, the same each time."""
    size = 1
    for option in options:
        size *= len(option)
    if size <= COMBINATIONS:
        return list(product(*options))
    chance = random.Random(7)
    return [tuple(chance.choice(option) for option in options) for _ in range(COMBINATIONS)]


FUNCTIONS = """
    select
        p.proname,
        array(
            select jsonb_build_array(p.proargnames[k.n], format_type(k.type, null))
            from unnest(p.proargtypes::oid[]) with ordinality as k (type, n)
        )
    from pg_proc p
    where p.pronamespace = 'api'::regnamespace and has_function_privilege('authenticated', p.oid, 'execute')
    order by 1
"""


def read_views(catalog: psycopg.Connection, person: Person, planted: list[Planted]) -> dict[str, set[str]]:
    """What each view tells the person of the customers."""
    session = Session(catalog, person.user_id)
    views = catalog.execute(
        "select relname from pg_class where relnamespace = 'api'::regnamespace and relkind = 'v'"
        " and has_table_privilege('authenticated', oid, 'select')"
    ).fetchall()
    assert views
    return {
        f"api.{view}": told(session.ask(f"select to_jsonb(v)::text from api.{view} v"), planted)
        for (view,) in views
    }


def call_functions(
    catalog: psycopg.Connection, organisation: Organisation, person: Person, planted: list[Planted]
) -> dict[str, set[str]]:
    """What each function tells the person of the customers."""
    session = Session(catalog, person.user_id)
    found: dict[str, set[str]] = {}
    values = values_for(catalog, organisation, planted)
    functions = catalog.execute(FUNCTIONS).fetchall()
    assert functions
    for function, parameters in functions:
        options = [values.get(type_, [None]) for _, type_ in parameters]
        arguments = ", ".join(f"{name} => %s::{type_}" for name, type_ in parameters)
        name = f"api.{function}({', '.join(type_ for _, type_ in parameters)})"
        for chosen in combined(options):
            answer = session.ask(f"select f::text from api.{function}({arguments}) f", *chosen)
            found.setdefault(name, set()).update(told(answer, planted, *chosen))
    return found


def get_all(
    organisation: Organisation, catalog: psycopg.Connection, person: Person, planted: list[Planted]
) -> dict[str, set[str]]:
    """What each GET route tells the person of the customers."""
    values = values_for(catalog, organisation, planted)
    found: dict[str, set[str]] = {}
    for route in ROUTES:
        if route.method != "GET" or route.answer_type == "text/event-stream" or route.path in EXEMPT_ROUTES:
            continue
        for path, query in _requests(route, values):
            answer = person.http.get(path, params=query)
            assert answer.status_code < 500, (path, query, answer.text)
            heard = f"{answer.text} {' '.join(answer.headers.values())}"
            found.setdefault(route.path, set()).update(
                told(heard, planted, *path.split("/"), *query.values())
            )
    return found


def _requests(route: Route, values: dict[str, list[Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Paths with ids of every kind in the places of their parameters, and queries that ask for a name."""
    names = list(_fields(route.path_model))
    options = [
        [str(value) for value in values["bigint" if "int" in str(kind) else "text"]]
        for kind in _fields(route.path_model).values()
    ]
    for chosen in combined(options):
        path = route.path
        for name, value in zip(names, chosen, strict=True):
            path = path.replace(f"{{{name}}}", value)
        yield path, {"limit": "100"} if "limit" in _fields(route.query) else {}
    asking = [name for name, kind in _fields(route.query).items() if name != "cursor" and "str" in str(kind)]
    for name, value in product(asking, values["text"]):
        if "{" not in route.path:
            yield route.path, {name: value}


def _fields(model: type[BaseModel] | None) -> dict[str, Any]:
    return {} if model is None else {name: f.annotation for name, f in model.model_fields.items()}


def leaks(found: dict[str, set[str]]) -> dict[str, set[str]]:
    return {name: words for name, words in found.items() if words}


def test_no_view_tells_operations_who_the_customer_is(catalog, operator, planted):
    """P13, cases 62, 153."""
    assert leaks(read_views(catalog, operator, planted)) == {}


def test_no_function_tells_operations_who_the_customer_is(catalog, organisation, operator, planted):
    """P13, cases 62, 152, 153: neither in answers nor in errors."""
    assert leaks(call_functions(catalog, organisation, operator, planted)) == {}


def test_no_route_tells_operations_who_the_customer_is(catalog, organisation, operator, planted):
    """P13, cases 62, 153."""
    assert leaks(get_all(organisation, catalog, operator, planted)) == {}


def test_the_same_search_finds_every_word_where_there_is_no_mask(catalog, author, planted):
    everything = {token for customer in planted for token in customer.tokens}
    assert everything - set().union(*read_views(catalog, author, planted).values()) == set()
    page = author.http.get("/api/tickets", params={"limit": 100}).text
    assert everything - told(page, planted) == set()
