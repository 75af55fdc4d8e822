"""Whatever people do one after the other with members of all three modules.

Counts are exact, no record is in two places, each replacement stands for one invalid record of its batch and
product, and who is reserved is not handed out.

`PGCRM_LONG=1` tries 2,000 sequences of 30 operations.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.support.member_promises import broken_promises
from tests.support.people import People, Person

SEQUENCES = 2000 if os.environ.get("PGCRM_LONG") else 15
STEPS = 30
MODULES = ("normal", "member_wd", "bonanza")
STAFF = ("stf", "stf2", "sp1")
CUSTOMERS = 14

DATABASES = """
    with made as (
        insert into members.databases (org_id, module, name, product_id, file_name, columns)
        select %(org)s, m.module, m.module || p.name, p.product_id, 'f.csv', '{username}'
        from unnest(%(modules)s::text[]) m (module)
        cross join members.products p
        where p.org_id = %(org)s
        returning org_id, database_id, module
    )
    insert into members.records (org_id, module, database_id, row_number, row_data, customer_id, match_keys)
    select m.org_id, m.module, m.database_id, n, jsonb_build_object('username', 'c' || n), 'c' || n,
        members.match_keys(array['c' || n])
    from made m
    cross join generate_series(1, %(customers)s) n
"""


class Office:
    """One organisation's members, and people who do one thing after the other with them."""

    def __init__(self, connection: psycopg.Connection, people: People) -> None:
        self.connection = connection
        self.people = people
        self.org_id: UUID = people["adm"].org_id
        self.done: list[str] = []
        self.tally: Counter[str] = Counter()

    def rows(self, query: str, *values: Any) -> list[Any]:
        return [row[0] for row in self.connection.execute(query.encode(), values)]

    def call(self, who: Person, function: str, *values: Any) -> None:
        """One call; a refusal (PT4..) undoes itself and is as good as an effect."""
        marks = ", ".join(["%s"] * len(values))
        try:
            with self.connection.transaction():
                self.connection.execute("select app.enter(%s)", [who.user_id])
                self.connection.execute("set local role authenticated")
                self.connection.execute(f"select api.{function}({marks})".encode(), values)
                self.connection.execute("reset role")
                self.tally[function] += 1
                self.done.append(f"{who.email} {function} {values}")
        except psycopg.Error as error:
            if not str(error.sqlstate).startswith("PT4"):
                raise AssertionError(f"{function}{values}: {error}") from error

    def staff(self, chance: random.Random) -> Person:
        return self.people[chance.choice(STAFF)]

    def owner(self, chance: random.Random, status: str, mark: str | None = None) -> tuple[str, Person] | None:
        """A module, and somebody who has such records of it."""
        found = self.connection.execute(
            "select distinct module, assigned_to from members.records where org_id = %s and status = %s"
            " and (%s::text is null or validation_status = %s) order by 1, 2",
            [self.org_id, status, mark, mark],
        ).fetchall()
        if not found:
            return None
        module, user_id = chance.choice(found)
        return module, next(self.people[name] for name in STAFF if self.people[name].user_id == user_id)

    def records(self, module: str, status: str, staff: Person | None = None) -> list[int]:
        return self.rows(
            "select record_id from members.records where org_id = %s and module = %s and status = %s"
            " and (%s::uuid is null or assigned_to = %s) order by record_id",
            self.org_id, module, status, *([staff and staff.user_id] * 2),
        )  # fmt: skip

    def reservations(self, status: str) -> list[int]:
        return self.rows(
            "select reservation_id from members.reservations where org_id = %s and status = %s order by 1",
            self.org_id, status,
        )  # fmt: skip


def some(chance: random.Random, found: list[int]) -> list[int]:
    """A few of them."""
    return chance.sample(found, min(len(found), chance.randrange(1, 5)))


def hand_out(office: Office, chance: random.Random, module: str) -> None:
    databases = office.rows(
        "select database_id from members.databases where org_id = %s and module = %s order by 1",
        office.org_id, module,
    )  # fmt: skip
    database_id, staff, count = chance.choice(databases), office.staff(chance), chance.randrange(1, 6)
    if module == "normal":
        wish = {"database_id": database_id, "record_count": count}
        office.call(staff, "members_request_records", Jsonb(wish))
    else:
        wanted = {"database_id": database_id, "staff_id": str(staff.user_id), "quantity": count}
        office.call(office.people["adm"], "members_assign_random", module, Jsonb(wanted))


def hand_out_chosen(office: Office, chance: random.Random, module: str) -> None:
    if module == "normal":
        return decide(office, chance, module)
    if ids := some(chance, office.records(module, "available")):
        wanted = {"record_ids": ids, "staff_id": str(office.staff(chance).user_id)}
        office.call(office.people["adm"], "members_assign_records", module, Jsonb(wanted))
    return None


def decide(office: Office, chance: random.Random, module: str) -> None:
    ids = office.rows(
        "select request_id from members.download_requests"
        " where org_id = %s and status = 'pending' order by 1",
        office.org_id,
    )
    if ids:
        verdict = chance.choice(["approve", "approve", "reject"])
        wanted = Jsonb({"request_ids": some(chance, ids)})
        office.call(office.people["adm"], f"members_{verdict}_requests", wanted)


def validate(office: Office, chance: random.Random, module: str) -> None:
    if found := office.owner(chance, "assigned"):
        module, staff = found
        ids = some(chance, office.records(module, "assigned", staff))
        wanted = {"record_ids": ids, "is_valid": chance.random() < 0.2}
        office.call(staff, "members_validate", module, Jsonb(wanted))


def process(office: Office, chance: random.Random, module: str) -> None:
    if found := office.owner(chance, "assigned", "invalid"):
        module, staff = found
        replace = chance.random() < 0.8
        office.call(office.people["mad"], "process_invalid_batch", staff.user_id, module, replace)


def recall(office: Office, chance: random.Random, module: str) -> None:
    if found := office.owner(chance, "assigned"):
        ids = some(chance, office.records(found[0], "assigned"))
        office.call(office.people["adm"], "members_recall", found[0], Jsonb({"record_ids": ids}))


def restore(office: Office, chance: random.Random, module: str) -> None:
    if found := office.owner(chance, "invalid_archived"):
        ids = some(chance, office.records(found[0], "invalid_archived"))
        function = chance.choice(["members_restore", "members_restore", "members_delete_archived"])
        office.call(office.people["adm"], function, found[0], Jsonb({"record_ids": ids}))


def reserve(office: Office, chance: random.Random, module: str) -> None:
    products = office.rows(
        "select product_id from members.products where org_id = %s order by 1", office.org_id
    )
    wanted = {
        "customer_id": f"C{chance.randrange(CUSTOMERS) + 1}",
        "product_id": chance.choice(products),
        "phone_number": "0812",
    }
    staff = office.staff(chance)
    if chance.random() < 0.6:
        wanted["staff_id"] = str(staff.user_id)
        staff = office.people["adm"]
    office.call(staff, "members_reserve", Jsonb(wanted))


def approve_reservation(office: Office, chance: random.Random, module: str) -> None:
    for i in some(chance, office.reservations("pending"))[:1]:
        verdict = chance.choice(["approve", "approve", "reject"])
        office.call(office.people["adm"], f"members_{verdict}_reservation", i)


def move(office: Office, chance: random.Random, module: str) -> None:
    for i in some(chance, office.reservations("approved"))[:1]:
        wanted = Jsonb({"new_staff_id": str(office.staff(chance).user_id)})
        office.call(office.people["adm"], "members_move_reservation", i, wanted)


def end(office: Office, chance: random.Random, module: str) -> None:
    for i in some(chance, office.reservations("approved"))[:1]:
        office.call(office.people["adm"], "members_delete_reservation", i)


def expire(office: Office, chance: random.Random, module: str) -> None:
    """Some days go by, and the job of the night does its work."""
    days = chance.choice([1, 10, 31])
    office.connection.execute("update app.clock set frozen_at = frozen_at + %s * interval '1 day'", [days])
    office.call(office.people["adm"], "members_run_expiry")


def switch(office: Office, chance: random.Random, module: str) -> None:
    wanted = {
        "auto_replace_invalid": chance.random() < 0.6,
        "max_replacements_per_batch": chance.randrange(1, 4),
    }
    office.call(office.people["adm"], "members_set_settings", module, Jsonb(wanted))
    enabled = Jsonb({"enabled": chance.random() < 0.5})
    office.call(office.people["adm"], "members_set_request_settings", enabled)


OPERATIONS: dict[str, Callable[[Office, random.Random, str], None]] = {
    operation.__name__: operation
    for operation in (
        hand_out, hand_out_chosen, decide, validate, process, recall, restore, reserve, approve_reservation,
        move, end, expire, switch,
    )
}  # fmt: skip
# What makes the others possible comes more often.
NAMES = [
    *OPERATIONS,
    "hand_out",
    "hand_out",
    "validate",
    "validate",
    "process",
    "process",
    "decide",
    "restore",
    "restore",
]


@pytest.fixture(scope="module")
def office(connection: psycopg.Connection, people: People) -> Office:
    org_id = people["adm"].org_id
    connection.execute("insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00')")
    connection.execute(
        "insert into members.products (org_id, name) values (%s, 'P1'), (%s, 'P2')", [org_id] * 2
    )
    values = {"org": org_id, "modules": list(MODULES), "customers": CUSTOMERS}
    connection.execute(DATABASES.encode(), values)
    return Office(connection, people)


def test_every_promise_holds_after_every_step(office: Office):
    for seed in range(SEQUENCES):
        chance = random.Random(seed)
        office.done.clear()
        with office.connection.transaction(force_rollback=True):
            for _ in range(STEPS):
                office.connection.execute("update app.clock set frozen_at = frozen_at + interval '1 minute'")
                before = len(office.done)
                OPERATIONS[chance.choice(NAMES)](office, chance, chance.choice(MODULES))
                if len(office.done) > before:
                    office.connection.execute("select app.enter(%s)", [office.people["adm"].user_id])
                    broken = broken_promises(office.connection, office.org_id, in_turn=True)
                    assert not broken, "\n".join([f"sequence {seed}", *office.done, "->", *broken])
            office.tally["replaced"] += len(office.rows(REPLACED, office.org_id))

    # Refusals alone would keep every promise, too.
    for function in ("members_validate", "process_invalid_batch", "members_recall", "members_restore",
                     "members_approve_requests", "members_move_reservation", "members_run_expiry",
                     "replaced"):  # fmt: skip
        assert office.tally[function] > SEQUENCES // 20, office.tally


REPLACED = "select 1 from members.assignments where org_id = %s and replaces_assignment_id is not null"
