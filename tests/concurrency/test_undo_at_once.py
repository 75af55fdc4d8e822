"""Imports that are taken back while people work on what they brought: no edit is lost, nothing goes twice."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from callers import Caller, at_once, callers, lead
from files import imported
from members import MODULE, assignment, member

from tests.support.people import People, Person


@dataclass(frozen=True)
class Case:
    """A file, and how somebody works on what its first row became."""

    module: str
    rows: list[dict[str, str]]
    function: str
    """What edits, with the id of the row in question as its first argument."""
    argument: str
    payload: dict[str, Any]
    reason: str = "changed"
    gone: str = "not_found"
    """How the refusal ends that meets whoever comes too late."""
    target: str | None = None
    """Reads the id of what is edited, where it is not what the row became."""


def company(name: str) -> dict[str, str]:
    made = lead(name)
    return {
        "company_name": made["company_name"],
        "pic_name": made["pic_name"],
        "pic_phone": made["contact_phone"],
        "pic_email": made["email"],
    }


def entry(day: int, value: str) -> dict[str, str]:
    return {"metric_key": "DGO_REACH", "entry_date": f"2026-01-{day:02}", "value": value}


def spend(day: int) -> dict[str, str]:
    return {"channel": "SEM", "spend_date": f"2026-01-{day:02}", "amount": "10"}


NOTE = {"notes": "by hand"}
BILL = {"invoice_date": "2026-01-01", "due_date": "2026-01-31", "invoice_amount": "100"}
CASES = {
    case.module + (" by contact" if case.target else ""): case
    for case in (
        Case("leads", [lead("Undo lead")], "crm_update_lead", "p_lead_id", NOTE),
        Case(
            "customers", [company("Undo customer")], "crm_update_customer", "p_customer_id", {"city": "Medan"}
        ),
        Case(
            *("customers", [company("Undo person")], "crm_update_contact", "p_contact_id", NOTE),
            target="select max(contact_id) from crm.contacts where customer_id = $1",
        ),
        Case(
            "contacts",
            [{"customer_id": "U1", "full_name": "Budi"}],
            "crm_update_contact",
            "p_contact_id",
            NOTE,
        ),
        Case(
            "invoices",
            [{**BILL, "customer_id": "U1", "external_no": "U/1"}],
            *("ar_update_invoice", "p_invoice_id", NOTE),
        ),
        Case(
            "payments",
            [{"invoice_id": "U/0", "payment_date": "2026-01-02", "amount": "5"}],
            *("ar_reverse_payment", "p_payment_id", {"reason": "wrong"}, "in_use"),
        ),
        Case("kpi_entries", [entry(1, "5")], "kpi_update_entry", "p_entry_id", NOTE),
        Case("marketing_spend", [spend(1)], "kpi_update_spend", "p_spend_id", NOTE),
        Case(
            "marketing_activities",
            [{"activity_name": "Booth", "activity_date": "2026-01-01", "quantity": "1"}],
            *("kpi_update_marketing_activity", "p_activity_id", NOTE),
        ),
    )
}


@asynccontextmanager
async def scene(database: str, person: Person) -> AsyncIterator[asyncpg.Connection]:
    """The administrator's connection; a customer U1 with an invoice U/0 is there."""
    admin = await asyncpg.connect(database)
    try:
        await admin.execute(
            "insert into crm.customers (org_id, customer_id, company_name)"
            f" values ('{person.org_id}', 'U1', 'PT Undo') on conflict do nothing;"
            "insert into ar.invoices"
            " (org_id, customer_id, invoice_date, due_date, invoice_amount, currency, external_no)"
            f" values ('{person.org_id}', 'U1', '2026-01-01', '2026-01-31', 100, 'IDR', 'U/0')"
            " on conflict do nothing"
        )
        yield admin
    finally:
        await admin.close()


class Held(Caller):
    """All calls are one transaction."""

    async def call(self, person: Person, function: str, *, key: str | None = None, **arguments: Any) -> str:
        body = await super().call(person, function, key=key, **arguments)
        await self._connection.execute("reset role")  # so that it can enter again
        return body


@asynccontextmanager
async def held(url: str) -> AsyncIterator[Held]:
    """Somebody whose work is committed at the end: until then others wait for it."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            yield Held(connection)
    finally:
        await connection.close()


async def waits(admin: asyncpg.Connection, pid: int) -> None:
    """Return when the server process waits for another one."""
    for _ in range(500):
        if await admin.fetchval("select cardinality(pg_blocking_pids($1)) > 0", pid):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it waits for nobody")


async def undo(caller: Caller, person: Person, import_id: int, chunk: int = 500) -> dict[str, Any]:
    while True:
        body = await caller.call(person, "undo_import", p_import_id=import_id, p_limit=chunk)
        done: dict[str, Any] = json.loads(body)
        if done["status"] == "undone":
            return done


async def edit(caller: Caller, person: Person, case: Case, target: Any) -> str | None:
    """The code of the refusal, None when there was none."""
    arguments = {case.argument: target, "payload": json.dumps(case.payload)}
    try:
        await caller.call(person, case.function, **arguments)
    except asyncpg.PostgresError as error:
        if not str(error.sqlstate).startswith("PT4"):
            raise
        return str(error.hint)
    return None


async def target_of(admin: asyncpg.Connection, case: Case, import_id: int) -> Any:
    target = await admin.fetchval(
        "select target_id from ingest.import_rows where import_id = $1 order by row_no limit 1", import_id
    )
    if case.target:
        return await admin.fetchval(case.target, target)
    return target if case.argument in ("p_lead_id", "p_customer_id", "p_invoice_id") else int(target)


@pytest.mark.parametrize("name", CASES)
async def test_an_undo_waits_for_who_is_editing_and_leaves_that_row_alone(
    name: str, database: str, bff_url: str, people: People
) -> None:
    case, person = CASES[name], people["sa"]
    async with scene(database, person) as admin, callers(bff_url, 1) as (undoer,):
        import_id = await imported(undoer, person, case.module, case.rows, f"first {name}")
        target = await target_of(admin, case, import_id)
        async with held(bff_url) as editor:
            assert await edit(editor, person, case, target) is None
            undoing = asyncio.create_task(undo(undoer, person, import_id))
            await waits(admin, undoer.pid)
        done = await undoing
        assert done["removed_rows"] == 0 or case.module == "leads", done
        reasons = {
            row["reason"]
            for row in await admin.fetch(
                "select reason from ingest.undo_refusals where import_id = $1", import_id
            )
        }
        assert reasons == {case.reason} or reasons == {case.reason, "in_use"}, reasons
        # It is there to be edited again, or was reversed before.
        assert await edit(undoer, person, case, target) in (None, "payment.reversed")


@pytest.mark.parametrize("name", CASES)
async def test_who_edits_what_is_being_undone_finds_it_gone(
    name: str, database: str, bff_url: str, people: People
) -> None:
    case, person = CASES[name], people["sa@beta"]
    async with scene(database, person) as admin, callers(bff_url, 1) as (editor,):
        import_id = await imported(editor, person, case.module, case.rows, f"second {name}")
        target = await target_of(admin, case, import_id)
        async with held(bff_url) as undoer:
            done = await undo(undoer, person, import_id)
            assert (done["refused_rows"], done["removed_rows"] > 0) == (0, True)
            editing = asyncio.create_task(edit(editor, person, case, target))
            await waits(admin, editor.pid)
        assert str(await editing).endswith(case.gone)


async def test_who_edits_an_entry_that_is_being_put_back_edits_what_was_there_before(
    database: str, bff_url: str, people: People
) -> None:
    person = people["sa@gamma"]
    case = Case("kpi_entries", [entry(1, "5")], "kpi_update_entry", "p_entry_id", NOTE)
    async with scene(database, person) as admin, callers(bff_url, 1) as (editor,):
        first = await imported(editor, person, "kpi_entries", [entry(1, "5")], "before")
        second = await imported(editor, person, "kpi_entries", [entry(1, "6")], "after")
        target = await target_of(admin, case, first)
        async with held(bff_url) as undoer:
            assert (await undo(undoer, person, second))["restored_rows"] == 1
            editing = asyncio.create_task(edit(editor, person, case, target))
            await waits(admin, editor.pid)
        assert await editing is None
        assert await admin.fetch(
            "select trim_scale(value)::text, notes from kpi.kpi_entries where entry_id = $1", target
        ) == [("5", "by hand")]


async def test_two_who_undo_one_import_at_once_take_each_row_back_once(
    database: str, bff_url: str, people: People
) -> None:
    person = people["sa"]
    rows = [{**BILL, "customer_id": "U1", "external_no": f"T/{n}"} for n in range(200)]
    async with scene(database, person) as admin, callers(bff_url, 3) as (uploader, *undoers):
        import_id = await imported(uploader, person, "invoices", rows, "two")
        ends = await at_once(*(undo(caller, person, import_id, 7) for caller in undoers))
        assert ends[0] == ends[1]
        assert (ends[0]["removed_rows"], ends[0]["refused_rows"]) == (200, 0)
        gone = "select count(*) from app.audit_logs where table_name = 'ar.invoices' and action = 'DELETE'"
        assert (
            await admin.fetchval(f"{gone} and before_data ->> 'source_import_id' = $1", str(import_id)) == 200
        )


async def test_many_who_correct_spend_beside_its_undo_lose_nothing(
    database: str, bff_url: str, people: People
) -> None:
    person = people["sa"]
    rows = [{**spend(1 + n % 28), "notes": str(n)} for n in range(300)]
    async with scene(database, person) as admin, callers(bff_url, 6) as (undoer, uploader, *editors):
        import_id = await imported(uploader, person, "marketing_spend", rows, "storm")
        ids = [
            int(row["target_id"])
            for row in await admin.fetch(
                "select target_id from ingest.import_rows where import_id = $1", import_id
            )
        ]
        written: dict[int, str] = {}
        undone = asyncio.Event()

        async def correct(caller: Caller, number: int) -> None:
            # Each of them has rows of its own, so that the last correction is known.
            chance, own = random.Random(number), ids[number :: len(editors)]
            turn = 0
            while not undone.is_set():
                turn += 1
                spend_id, note = chance.choice(own), f"{number} {turn}"
                case = Case("", [], "kpi_update_spend", "p_spend_id", {"notes": note})
                refusal = await edit(caller, person, case, spend_id)
                if refusal is None:
                    written[spend_id] = note
                else:
                    assert refusal == "spend.not_found"
                    assert spend_id not in written, "what was corrected is gone"
                await asyncio.sleep(0.002)

        async def take_back() -> dict[str, Any]:
            try:
                return await undo(undoer, person, import_id, 10)
            finally:
                undone.set()

        done, *_ = await at_once(take_back(), *(correct(c, n) for n, c in enumerate(editors)))
        left = {
            row["spend_id"]: row["notes"]
            for row in await admin.fetch(
                "select spend_id, notes from kpi.marketing_spend where source_import_id = $1", import_id
            )
        }
        assert done["removed_rows"] > 0
        assert left == written, "what is left is what was corrected, as it was corrected last"
        assert done["removed_rows"] + done["refused_rows"] == len(ids)


async def members_of(caller: Caller, admin: asyncpg.Connection, person: Person, name: str, count: int) -> Any:
    """Import and database of a file of members."""
    body = await caller.call(person, "members_create_product", payload=json.dumps({"name": name}))
    options = {"record_module": MODULE, "product_id": json.loads(body)["product_id"], "name": name}
    rows = [member(name, n) for n in range(count)]
    import_id = await imported(caller, person, "member_records", rows, name, options)
    database_id = await admin.fetchval(
        "select database_id from members.databases where import_id = $1", import_id
    )
    return import_id, database_id


MISCOUNTED = """
    select r.n, c.available, c.assigned
    from (
        select count(*) filter (where status = 'available') as available,
            count(*) filter (where status = 'assigned') as n
        from members.records where database_id = $1
    ) r
    cross join (
        select coalesce(sum(available), 0) as available, coalesce(sum(assigned), 0) as assigned
        from members.record_counts where database_id = $1
    ) c
    where (r.available, r.n) <> (c.available, c.assigned)
"""


SOME = """
    select record_id from api.records where database_id = $1 and status = $2 order by random() limit 3
"""


async def test_records_that_are_being_handed_out_stay_and_the_others_go(
    database: str, bff_url: str, people: People
) -> None:
    person, staff = people["sa"], people["stf"]
    async with scene(database, person) as admin, callers(bff_url, 1) as (undoer,):
        import_id, database_id = await members_of(undoer, admin, person, "Held", 20)
        async with held(bff_url) as admins:
            body = assignment(database_id, staff, 3)
            await admins.call(person, "members_assign_random", p_module=MODULE, payload=body)
            undoing = asyncio.create_task(undo(undoer, person, import_id))
            await waits(admin, undoer.pid)
        done = await undoing
        assert (done["removed_rows"], done["refused_rows"]) == (17, 3)
        states = "select status, count(*) from members.records where database_id = $1 group by 1"
        assert [tuple(row) for row in await admin.fetch(states, database_id)] == [("assigned", 3)]
        assert await admin.fetch(MISCOUNTED, database_id) == []


async def test_who_hands_out_records_that_are_being_undone_finds_none(
    database: str, bff_url: str, people: People
) -> None:
    person, staff = people["sa"], people["stf"]
    async with scene(database, person) as admin, callers(bff_url, 1) as (admins,):
        import_id, database_id = await members_of(admins, admin, person, "Gone", 20)
        async with held(bff_url) as undoer:
            assert (await undo(undoer, person, import_id))["removed_rows"] == 21
            body = assignment(database_id, staff, 3)
            handing = asyncio.create_task(
                admins.call(person, "members_assign_random", p_module=MODULE, payload=body)
            )
            await waits(admin, admins.pid)
        with pytest.raises(asyncpg.PostgresError) as refused:
            await handing
        assert refused.value.hint == "database.not_found"  # type: ignore[attr-defined]


async def test_a_storm_of_assignments_and_recalls_beside_an_undo(
    database: str, bff_url: str, people: People
) -> None:
    """Nobody meets a deadlock; what was ever handed out is there, and the counts are exact."""
    person, staff = people["sa"], people["stf"]
    async with scene(database, person) as admin, callers(bff_url, 6) as (undoer, *admins):
        import_id, database_id = await members_of(undoer, admin, person, "Storm", 1500)
        undone = asyncio.Event()
        handed_out: set[int] = set()

        async def work(caller: Caller, number: int) -> None:
            chance = random.Random(number)
            while not undone.is_set():
                try:
                    if chance.random() < 0.4:
                        body = assignment(database_id, staff, chance.randrange(1, 6))
                        await caller.call(person, "members_assign_random", p_module=MODULE, payload=body)
                    elif chance.random() < 0.6:
                        mine = await caller.read(person, SOME, database_id, "available")
                        body = json.dumps(
                            {"record_ids": [row[0] for row in mine] or [1], "staff_id": str(staff.user_id)}
                        )
                        await caller.call(person, "members_assign_records", p_module=MODULE, payload=body)
                    else:
                        mine = await caller.read(person, SOME, database_id, "assigned")
                        handed_out.update(row[0] for row in mine)
                        body = json.dumps({"record_ids": [row[0] for row in mine] or [1]})
                        await caller.call(person, "members_recall", p_module=MODULE, payload=body)
                except asyncpg.PostgresError as error:
                    if not str(error.sqlstate).startswith("PT4"):
                        raise

        async def take_back() -> dict[str, Any]:
            try:
                return await undo(undoer, person, import_id, 40)
            finally:
                undone.set()

        done, *_ = await at_once(take_back(), *(work(c, n) for n, c in enumerate(admins)))
        left = {
            row["record_id"]
            for row in await admin.fetch(
                "select record_id from members.records where database_id = $1", database_id
            )
        }
        ever = {
            row["record_id"]
            for row in await admin.fetch(
                "select record_id from members.assignments where database_id = $1", database_id
            )
        }
        assert handed_out <= left
        assert left == ever, "what stays was handed out, and nothing that was is gone"
        assert (done["removed_rows"], done["refused_rows"]) == (1500 - len(left), len(left))
        assert await admin.fetch(MISCOUNTED, database_id) == []
