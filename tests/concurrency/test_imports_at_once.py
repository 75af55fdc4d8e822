"""Files of leads at work at the same moment, beside single leads, and killed in the middle."""

import asyncio
import contextlib
import json
import random
from typing import Any

import asyncpg
from callers import Caller, at_once, callers, lead, npwp

from tests.support.people import People, Person


async def rows(url: str, query: str, *arguments: Any) -> list[Any]:
    """What a superuser reads."""
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


def file_of(name: str, count: int, companies: int) -> list[dict[str, str]]:
    """`count` rows about `companies` companies: some wrong, some doubled, with chains of shared keys."""
    chance = random.Random(name)
    own = chance.randrange(100, 1000)  # so that files share no company unless they share their name
    made: list[dict[str, str]] = []
    for number in range(count):
        if made and chance.random() < 0.05:
            made.append(dict(chance.choice(made)))
            continue
        company = chance.randrange(companies)
        row = lead(
            f"{name} {company}",
            notes=str(number),
            email=f"{name}{chance.randrange(companies * 2)}@file.example",
            contact_phone=f"0813{own}{chance.randrange(companies * 2):05d}",
        )
        if chance.random() < 0.3:
            row["npwp"] = npwp(own * 1_000_000 + company)
        if chance.random() < 0.04:
            row["email"] = "nobody"
        made.append(row)
    return made


OUTCOME = """
    select r.row_no, r.status, r.errors::text, l.company_name, l.notes, l.counts,
        min(r.row_no) over (partition by l.customer_id) as first_row_of_customer,
        min(r.row_no) over (partition by l.prospect_id) as first_row_of_prospect,
        c.npwp_key, c.company_name,
        (select count(*) from crm.contacts t where t.org_id = c.org_id and t.customer_id = c.customer_id)
    from ingest.import_rows r
    left join crm.leads l on l.org_id = r.org_id and l.lead_id = r.target_id
    left join crm.customers c on c.org_id = l.org_id and c.customer_id = l.customer_id
    where r.org_id = $1 and r.import_id = $2
    order by r.row_no
"""
"""What became of each row, in words that do not depend on ids: one line for each."""


async def test_two_who_process_one_import_at_once_do_no_row_twice(
    database: str, bff_url: str, people: People
) -> None:
    person = people["mm"]
    async with callers(bff_url, 3) as (uploader, *workers):
        import_id = await uploader.upload(person, file_of("two", 1200, 150), "two")
        ends = await at_once(*(worker.process(person, import_id, 100) for worker in workers))
    assert [end["status"] for end in ends] == ["completed", "completed"]
    counts = await rows(
        database,
        "select status, count(*) from ingest.import_rows where import_id = $1 group by 1 order by 1",
        import_id,
    )
    assert dict(counts) == {
        status: ends[0][f"{status}_rows"]
        for status in ("success", "error", "duplicate")
        if ends[0][f"{status}_rows"]
    }
    assert sum(n for _, n in counts) == 1200
    leads = await rows(
        database,
        "select count(*), count(distinct source_row_no) from crm.leads where source_import_id = $1",
        import_id,
    )
    assert leads == [(ends[0]["success_rows"], ends[0]["success_rows"])]


async def test_one_file_registered_by_eight_connections_is_one_import(
    database: str, bff_url: str, people: People
) -> None:
    person = people["mc"]
    async with callers(bff_url, 8) as connections:
        answers = await at_once(*(c.register(person, [lead("one file")], "one file") for c in connections))
    assert len({a["import_id"] for a in answers}) == 1
    assert sorted(a["duplicate_of"] is None for a in answers) == [False] * 7 + [True]
    found = await rows(
        database,
        "select count(*), (select count(*) from app.files f where f.file_name = 'one file.csv')"
        " from ingest.imports where file_name = 'one file.csv'",
    )
    assert found == [(1, 1)]


async def test_a_file_beside_single_leads_of_the_same_companies(
    database: str, bff_url: str, people: People
) -> None:
    """The chunk takes the organisation's customers alone, the singles in between; nobody meets an error."""
    uploader = people["mm"]
    file = file_of("beside", 1000, 40)
    done = asyncio.Event()

    async def single(caller: Caller, number: int) -> int:
        chance = random.Random(number)
        written = 0
        while not done.is_set():
            row = dict(chance.choice(file))
            row["email"] = f"single{chance.randrange(40)}@file.example"
            await caller.create(people[("mm", "mc", "sp1", "sm")[number]], row)
            written += 1
        return written

    async def the_file(caller: Caller, import_id: int) -> int:
        try:
            return int((await caller.process(uploader, import_id, 200))["success_rows"])
        finally:
            done.set()

    async with callers(bff_url, 5) as (worker, *others):
        import_id = await worker.upload(uploader, file, "beside")
        written = await at_once(
            the_file(worker, import_id), *(single(c, number) for number, c in enumerate(others))
        )
    assert min(written) > 0
    assert (
        await rows(
            database,
            "select npwp_key from crm.customers where npwp_key is not null"
            " group by org_id, npwp_key having count(*) > 1",
        )
        == []
    )
    assert await rows(database, "select count(*) from crm.leads where source_import_id = $1", import_id) == [
        (written[0],)
    ]


async def test_files_of_two_people_and_two_organisations_at_once(
    database: str, bff_url: str, people: People
) -> None:
    who = [people["mm"], people["mc"], people["mm@beta"], people["ss@beta"]]
    async with callers(bff_url, 4) as connections:
        imports = [
            await c.upload(person, file_of("four", 400, 60), "four")
            for c, person in zip(connections, who, strict=True)
        ]
        ends = await at_once(
            *(
                c.process(person, import_id, 50)
                for c, person, import_id in zip(connections, who, imports, strict=True)
            )
        )
    for end in ends:
        assert end["status"] == "completed"
        assert end["total_rows"] == sum(
            end[f"{s}_rows"] for s in ("success", "error", "skipped", "duplicate")
        )
    for first, second in ((0, 1), (2, 3)):
        made = ends[first]["success_rows"] + ends[second]["success_rows"]
        unique = {json.dumps(row) for row in file_of("four", 400, 60) if row["email"] != "nobody"}
        assert made == len(unique), "a row that both files hold is one lead"


async def test_a_process_killed_in_the_middle_ends_like_one_that_was_not(
    database: str, bff_url: str, people: People
) -> None:
    file = file_of("killed", 1500, 300)
    undisturbed, killed = people["mm@gamma"], people["mm@alpha"]
    chance = random.Random(4)

    async with callers(bff_url, 1) as (worker,):
        quiet_id = await worker.upload(undisturbed, file, "killed")
        quiet = await worker.process(undisturbed, quiet_id, 300)
        hunted_id = await worker.upload(killed, file, "killed")

    deaths = 0
    for _ in range(8):
        if await _process_and_kill(database, bff_url, killed, hunted_id, chance.uniform(0.02, 0.3)):
            deaths += 1
    assert deaths >= 2, "it was never killed at work"

    async with callers(bff_url, 1) as (worker,):
        hunted = await worker.process(killed, hunted_id, 300)
    for count in ("total_rows", "success_rows", "error_rows", "skipped_rows", "duplicate_rows", "status"):
        assert hunted[count] == quiet[count], count
    expected = await rows(database, OUTCOME, undisturbed.org_id, quiet_id)
    found = await rows(database, OUTCOME, killed.org_id, hunted_id)
    assert len(found) == len(file)
    assert found == expected
    # The import itself has an entry for each chunk; what the chunks wrote is the same.
    entries = """
        select table_name, action, count(*)
        from app.audit_logs
        where org_id = $1 and import_id = $2 and table_name <> 'ingest.imports'
        group by 1, 2
        order by 1, 2
    """
    assert await rows(database, entries, killed.org_id, hunted_id) == await rows(
        database, entries, undisturbed.org_id, quiet_id
    )


async def _process_and_kill(
    database: str, bff_url: str, person: Person, import_id: int, after: float
) -> bool:
    """Process one chunk on a connection that is ended after so many seconds; whether it died of it."""
    admin = await asyncpg.connect(database)
    try:
        victim = await asyncpg.connect(bff_url)
        work = asyncio.create_task(
            Caller(victim).call(person, "process_import_leads", p_import_id=import_id, p_limit=300)
        )
        await asyncio.sleep(after)
        await admin.execute("select pg_terminate_backend($1, 5000)", victim.get_server_pid())
        try:
            await work
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return True
        else:
            return False
        finally:
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                victim.terminate()
    finally:
        await admin.close()
