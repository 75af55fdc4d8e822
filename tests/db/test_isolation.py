"""Nobody sees what is not theirs: not by what they set or make, not by who used the connection before."""

import asyncio
import gc
import json
import random
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from db.analysts import Login, add_analyst
from db.logins import url_for
from db.session import Connection, Database, DatabaseUnavailable
from tests.support.people import People, Person, logged_in
from tests.support.servers import Server
from tests.support.serving import serving

EVERYBODY = ["sp1@alpha", "mc@alpha", "sa@alpha", "sp1@beta", "mm@beta", "sp1@gamma", "dgo@gamma", "sa@gamma"]
"""Eight people of three organisations: some see their own leads, some all of their organisation."""

POOL = 4
AT_ONCE = 64
ROUNDS = 4

_numbers = count(1)


def lead(person: Person) -> dict[str, str]:
    """A lead like no other, that says in its company's name whose it is."""
    number = next(_numbers)
    return {
        "company_name": f"{person.email} {number}",
        "pic_name": "Ana",
        "contact_phone": f"08123{number:07}",
        "email": f"pic{number}@{person.email.partition('@')[2]}",
        "city_area": "Jakarta",
        "service_code": "EXI_AF",
        "primary_channel": "SEM",
    }


@pytest.fixture(scope="module", autouse=True)
def leads(database: str, people: People) -> None:
    """Two leads of each of the eight, and one of a stranger to sp1 in her own organisation."""
    with psycopg.connect(database) as connection:
        for name in [*EVERYBODY, *EVERYBODY, "sp3@alpha"]:
            connection.execute("select app.enter(%s)", [people[name].user_id])
            connection.execute("set local role authenticated")
            connection.execute("select api.crm_create_lead_bundle(%s)", [Jsonb(lead(people[name]))])
            connection.execute("reset role")


def may_see(person: Person, company_name: str) -> bool:
    """Whether a lead made by `lead` is one of those the person sees."""
    creator = company_name.partition(" ")[0]
    if person.role_key in ("super_admin", "marketing_manager"):
        return creator.endswith(person.email.partition("@")[2])
    return creator == person.email


# An analyst, who sends whatever SQL she likes


@pytest.fixture
def analyst(database: str) -> Iterator[psycopg.Connection]:
    """A session of sp1@alpha's own log-in, outside of any transaction."""
    login: Login = add_analyst(database, "sp1@alpha.test")
    with psycopg.connect(url_for(database, login.name, login.password), autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")
        yield connection


def sees(connection: psycopg.Connection) -> dict[str, str]:
    """Everything that the views of `api` show, as text by view."""
    views = connection.execute(
        "select c.relname from pg_class c where c.relnamespace = 'api'::regnamespace and c.relkind = 'v'"
    ).fetchall()
    shown = {}
    for (view,) in views:
        query = sql.SQL("select jsonb_agg(v order by v::text)::text from api.{} v").format(
            sql.Identifier(view)
        )
        shown[view] = connection.execute(query).fetchone()[0]  # type: ignore[index]
    return shown


def test_an_analyst_sees_what_her_person_sees(analyst: psycopg.Connection, people: People) -> None:
    mine = analyst.execute("select company_name, created_by from api.leads").fetchall()
    assert len(mine) == 2
    assert {created_by for _, created_by in mine} == {people["sp1"].user_id}


CLAIMS = """set request.jwt.claims = '{{"sub": "{sa}", "role": "authenticated"}}'"""
PRETENCES = [
    CLAIMS,
    "set request.jwt.claim.sub = '{sa}'",
    "set pgcrm.uid = '{sa}'",
    "set pgcrm.org_id = '{beta}'",
    "set pgcrm.role_key = 'super_admin'",
    "set pgcrm.dept_code = 'DIR'",
    "set pgcrm.team_ids = '{{{sa},{sp3}}}'",
    "set pgcrm.permissions = ' leads:select:all customers:select:all audit_logs:select:all '",
    'set pgcrm.context = \'{{"idempotency_key": "x"}}\'',
    "set pgcrm.replayed = 'true'",
    "set pgcrm.import_id = '1'",
    "set role authenticated",
    "set role analyst",
    "set role pgcrm_owner",
    "set role pgcrm_bff",
    "set role service_role",
    "set session authorization pgcrm_bff",
    "set search_path = pg_temp, app, api, public",
    "set session_replication_role = replica",
    "set plan_cache_mode = force_generic_plan",
    "select app.enter('{sa}')",
]


@pytest.mark.parametrize("pretence", [*PRETENCES, "all of them"])
def test_what_an_analyst_sets_changes_nothing(
    pretence: str, analyst: psycopg.Connection, people: People
) -> None:
    before = sees(analyst)
    assert before["leads"].count("sp1@alpha.test") >= 2
    names = {
        "sa": people["sa"].user_id,
        "sp3": people["sp3"].user_id,
        "beta": people["sa@beta"].org_id,
    }
    for statement in PRETENCES if pretence == "all of them" else [pretence]:
        with suppress(psycopg.Error):  # refused is as good as ignored
            analyst.execute(statement.format(**names).encode())
    assert sees(analyst) == before


TEMPORARY = [
    "create temporary table profiles (user_id uuid)",
    "create temporary view leads as select 1",
    "create domain pg_temp.text as pg_catalog.text check (value is not null)",
    "create type pg_temp.uuid as enum ('x')",
    "create function pg_temp.now() returns timestamptz language sql as 'select null::timestamptz'",
    "create operator pg_temp.= (leftarg = pg_catalog.uuid, rightarg = pg_catalog.uuid, function = uuid_ne)",
]
LASTING = [
    "create table public.leads (x int)",
    "create function public.org_id() returns uuid language sql as 'select null::uuid'",
    "create table api.leads2 (x int)",
    "create schema mine",
    "create role mine",
]


@pytest.mark.parametrize("statement", [*TEMPORARY, *LASTING])
def test_an_analyst_can_make_nothing(statement: str, analyst: psycopg.Connection) -> None:
    before = sees(analyst)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        analyst.execute(statement.encode())
    assert sees(analyst) == before


def test_temporary_objects_would_change_nothing_either(analyst: psycopg.Connection, database: str) -> None:
    """The second lock: where an administrator gave the right away, functions still do not look there."""
    before = sees(analyst)
    right = sql.SQL("temporary on database {}").format(sql.Identifier(analyst.info.dbname))
    with psycopg.connect(database, autocommit=True) as administrator:
        administrator.execute(sql.SQL("grant {} to public").format(right))
        try:
            for statement in TEMPORARY:
                analyst.execute(statement.encode())
            analyst.execute("set search_path = pg_temp, app, api, public")
            assert sees(analyst) == before
        finally:
            administrator.execute(sql.SQL("revoke {} from public").format(right))


def test_switching_row_security_off_shows_nothing(analyst: psycopg.Connection) -> None:
    analyst.execute("set row_security = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        analyst.execute("select * from api.leads")


def test_an_analyst_reaches_no_table_and_no_function_but_who_she_is_and_dso_of_a_day(
    analyst: psycopg.Connection, database: str
) -> None:
    with psycopg.connect(database) as administrator:
        tables = administrator.execute(
            "select c.oid::regclass::text from pg_class c"
            " join tests.v_our_schemas s on s.oid = c.relnamespace where c.relkind in ('r', 'S')"
        ).fetchall()
        functions = administrator.execute(
            "select f.name from tests.v_our_functions f where f.nspname <> 'tests'"
            " and has_schema_privilege('analyst', f.nspname, 'usage')"
            " and has_function_privilege('analyst', f.oid, 'execute')"
        ).fetchall()
    for (table,) in tables:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            analyst.execute(f"select * from {table}".encode())
    assert sorted(functions) == [("api.app_me()",), ("api.dso_as_of(date)",)]


def test_a_log_in_that_has_expired_sees_nothing(analyst: psycopg.Connection, database: str) -> None:
    with psycopg.connect(database) as administrator:
        administrator.execute("update app.db_logins set expires_at = now() - interval '1 second'")
    try:
        assert set(sees(analyst).values()) == {None}
    finally:
        with psycopg.connect(database) as administrator:
            administrator.execute("update app.db_logins set expires_at = null")
    assert sees(analyst)["leads"] is not None


def test_the_log_in_of_a_person_who_is_deactivated_is_nobody_at_once_and_for_good(
    analyst: psycopg.Connection, database: str
) -> None:
    def activate(yes: bool) -> None:
        with psycopg.connect(database) as administrator:
            administrator.execute(
                "update app.profiles set is_active = %s where email = 'sp1@alpha.test'", [yes]
            )

    with psycopg.connect(database) as administrator:
        ties = administrator.execute(
            "select l.login, l.user_id, l.kind, l.expires_at from app.db_logins l"
            " join app.profiles p using (user_id) where p.email = 'sp1@alpha.test'"
        ).fetchall()
    activate(False)
    try:
        assert set(sees(analyst).values()) == {None}
        activate(True)
        assert set(sees(analyst).values()) == {None}, "a log-in comes back by `pgcrm analysts add` alone"
    finally:
        activate(True)
        with psycopg.connect(database) as administrator:
            for tie in ties:
                administrator.execute(
                    "insert into app.db_logins (login, user_id, kind, expires_at) values (%s, %s, %s, %s)",
                    tie,
                )
    assert sees(analyst)["leads"] is not None


# The BFF's log-in, which speaks for whoever has entered


def test_the_bff_s_log_in_is_nobody_until_it_has_entered(server: Server, database: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    with psycopg.connect(server.url("pgcrm_bff", str(name)), autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from api.leads")
        connection.execute("set role authenticated")
        assert set(sees(connection).values()) == {None}
        connection.execute("set role anon")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from api.leads")


async def test_parallel_requests_with_cancellations_never_see_a_foreign_row(
    server: Server, database: str, people: People
) -> None:
    """The pool as the BFF has it: four connections, eight people, and requests that end at any moment."""
    name = str(psycopg.conninfo.conninfo_to_dict(database)["dbname"])
    pool = Database(server.url("pgcrm_bff", name), pool_size=POOL)
    await pool.open()

    async def read(person: Person) -> list[str]:
        async def work(connection: Connection) -> list[str]:
            assert await connection.fetchval("select app.uid()") == person.user_id
            page = json.loads(await connection.fetchval("select api.crm_list_leads('{}', 100, null)"))
            return [item["company_name"] for item in page["items"]]

        return await pool.run(person.user_id, {}, work, read_only=True)

    async def write(person: Person) -> list[str]:
        made = lead(person)

        async def work(connection: Connection) -> list[str]:
            await connection.fetchval("select api.crm_create_lead_bundle($1::text::jsonb)", json.dumps(made))
            return [made["company_name"]]

        return await pool.run(person.user_id, {}, work)

    try:
        await storm([people[key] for key in EVERYBODY], read, write)
    finally:
        await pool.close()
    nothing_is_left_behind(database)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
async def test_parallel_http_requests_of_clients_who_hang_up_never_see_a_foreign_row(
    server: Server, database: str, people: People, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = str(psycopg.conninfo.conninfo_to_dict(database)["dbname"])
    home = tmp_path_factory.mktemp("home")
    with serving(server.url("pgcrm_bff", name), home, PGCRM_POOL_SIZE=str(POOL)) as url:
        tokens = {}
        for key in EVERYBODY:
            with logged_in(url, people[key].email) as client:
                tokens[people[key].email] = client.headers["Authorization"]

        async def call(method: str, person: Person, **content: Any) -> Any:
            headers = {"Authorization": tokens[person.email]}
            answer = await clients.request(method, "/api/leads", headers=headers, **content)
            if answer.status_code == 503:  # no connection became free in time
                raise DatabaseUnavailable
            assert answer.status_code < 300, answer.text
            return answer.json()

        async def read(person: Person) -> list[str]:
            page = await call("GET", person, params={"limit": 100})
            return [item["company_name"] for item in page["items"]]

        async def write(person: Person) -> list[str]:
            made = lead(person)
            await call("POST", person, json=made)
            return [made["company_name"]]

        limits = httpx.Limits(max_connections=AT_ONCE)
        async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as clients:
            await storm([people[key] for key in EVERYBODY], read, write)
    # A client that is cancelled while it connects leaves its socket to the garbage collector.
    gc.collect()
    nothing_is_left_behind(database)


Request = Callable[[Person], Coroutine[Any, Any, list[str]]]


async def storm(everybody: list[Person], read: Request, write: Request) -> None:
    """Rounds of parallel requests, of which some are cancelled at a random moment; fails on a foreign row."""
    dice = random.Random(20260302)
    finished = cancelled = 0
    for _ in range(ROUNDS):
        tasks = []
        for number in range(AT_ONCE):
            person = everybody[number % len(everybody)]
            tasks.append((person, asyncio.create_task((write if dice.random() < 0.3 else read)(person))))
        for _, task in tasks:
            if dice.random() < 0.4:
                asyncio.get_running_loop().call_later(dice.uniform(0, 0.3), task.cancel)
        for person, task in tasks:
            try:
                shown = await task
            except asyncio.CancelledError:
                cancelled += 1
                continue
            except DatabaseUnavailable:
                continue
            finished += 1
            foreign = [company_name for company_name in shown if not may_see(person, company_name)]
            assert foreign == [], person.email
            assert shown, f"{person.email} has leads"
    assert finished > AT_ONCE
    assert cancelled > AT_ONCE / 4


def nothing_is_left_behind(database: str) -> None:
    """Every lead belongs to the person and the organisation it says, and no transaction is open."""
    with psycopg.connect(database) as connection:
        wrong = connection.execute(
            "select l.company_name, p.email from crm.leads l"
            " left join app.profiles p on p.org_id = l.org_id and p.user_id = l.created_by"
            " where split_part(l.company_name, ' ', 1) is distinct from p.email"
        ).fetchall()
        assert wrong == []
        open_transactions = connection.execute(
            "select query from pg_stat_activity where datname = current_database() and xact_start is not null"
            " and usename = 'pgcrm_bff'"
        ).fetchall()
        assert open_transactions == []
