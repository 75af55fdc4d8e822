"""Commands about people: users, analysts, `psql --as`; and `doctor`, which looks at all of it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from db.cli import app
from db.credentials import verify_password
from db.installation import DATABASE
from db.server import Cluster
from db.settings import Settings
from tests.db.installations import CHECKOUT, temporary_home

Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Installed:
    """An installation with one organisation, Acme, and two people: Ada sells, Mara leads marketing."""

    cluster: Cluster

    def ask(self, query: str, *values: object) -> Rows:
        with psycopg.connect(self.cluster.admin_url(DATABASE)) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def tell(self, statement: str) -> None:
        with psycopg.connect(self.cluster.admin_url(DATABASE)) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


def pgcrm(*words: str) -> tuple[int, str]:
    """Exit code, and everything the command printed, as one line."""
    result = CliRunner().invoke(app, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture(scope="module")
def crm() -> Iterator[Installed]:
    with temporary_home() as home, pytest.MonkeyPatch.context() as environment:
        for field in Settings.model_fields.values():
            environment.delenv(str(field.validation_alias), raising=False)
        environment.setenv("PGCRM_HOME", str(home))
        environment.setenv("PGCRM_PORT", "0")
        with Cluster(home) as cluster:
            for words in (["migrate"], ["organizations", "add", "Acme", "--slug", "acme"]):
                code, said = pgcrm(*words)
                assert code == 0, said
            for email, name, role, department in [
                ("ada@acme.test", "Ada", "salesperson", "SAL"),
                ("mara@acme.test", "Mara", "marketing_manager", "MKT"),
            ]:
                code, said = add_user(email, name=name, role=role, department=department)
                assert code == 0, said
            yield Installed(cluster)


def add_user(email: str, **options: str) -> tuple[int, str]:
    given = {"name": "Somebody", "role": "salesperson", "department": "SAL"} | options
    return pgcrm(
        "users", "add", email, *(part for key, value in given.items() for part in (f"--{key}", value))
    )


def is_there(crm: Installed, login: str) -> bool:
    return bool(crm.ask("select from pg_roles where rolname = %s", login))


# users


def test_a_person_added_without_a_terminal_gets_a_password_that_is_printed_once(crm: Installed) -> None:
    code, said = add_user("Bob@Acme.test", name="Bob")
    assert code == 0
    password = said.rsplit(maxsplit=1)[-1]
    [(kept,)] = crm.ask(
        "select c.password_hash from app.credentials c join app.profiles p using (user_id)"
        " where p.email = 'bob@acme.test'"
    )
    assert verify_password(str(kept), password)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"role": "king"}, "There is no role king; there are: admin,"),
        ({"department": "HRD"}, "There is no department HRD; there are:"),
        ({"org": "other"}, "--org is one of: acme"),
        ({"password": "short"}, "at least 10 characters"),
        ({"name": " "}, "profiles_full_name_check"),
    ],
)
def test_a_wrong_word_is_answered_with_what_there_is(
    crm: Installed, options: dict[str, str], message: str
) -> None:
    code, said = add_user("eve@acme.test", **options)
    assert code == 1
    assert message in said
    assert "Traceback" not in said
    assert crm.ask("select from app.profiles where email = 'eve@acme.test'") == []


def test_an_email_that_is_taken_is_refused(crm: Installed) -> None:
    code, said = add_user("ada@acme.test")
    assert code == 1
    assert "ada@acme.test" in said


def test_the_list_shows_everybody(crm: Installed) -> None:
    said = pgcrm("users", "list")[1]
    assert "ada@acme.test" in said
    assert "marketing_manager" in said


# analysts


def url_in(said: str) -> str:
    found = re.search(r"postgresql://\S+", said)
    assert found, said
    return found[0]


def test_an_analyst_reads_as_the_person_and_cannot_write(crm: Installed) -> None:
    code, said = pgcrm("analysts", "add", "mara@acme.test")
    assert code == 0
    with psycopg.connect(url_in(said), autocommit=True) as connection:
        rows = connection.execute("select count(*) from api.leads").fetchone()
        assert rows is not None
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("create table api.x (y int)")
        connection.execute("set default_transaction_read_only = off")
        for forbidden in (
            "create table api.x (y int)",
            "create temporary table x (y int)",
            "delete from crm.leads",
            "select * from app.credentials",
            "set role pgcrm_owner",
            "set role authenticated",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)  # type: ignore[arg-type]
    assert crm.ask(
        "select rolsuper, rolcreaterole, rolbypassrls from pg_roles where rolname like 'analyst\\_%%'"
    ) == [(False, False, False)]


def test_adding_an_analyst_again_renews_the_password(crm: Installed) -> None:
    first, second = (url_in(pgcrm("analysts", "add", "ada@acme.test")[1]) for _ in range(2))
    assert first.split(":")[1] == second.split(":")[1], "the same log-in"
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(first)
    psycopg.connect(second).close()


def test_removing_an_analyst_ends_the_session_too(crm: Installed) -> None:
    url = url_in(pgcrm("analysts", "add", "ada@acme.test")[1])
    with psycopg.connect(url, autocommit=True) as connection:
        assert pgcrm("analysts", "remove", "ada@acme.test")[0] == 0
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select pg_sleep(10)")
    assert not is_there(crm, "analyst_ada_acme_test")
    assert pgcrm("analysts", "remove", "ada@acme.test") == (1, "ada@acme.test has no analyst log-in.")


def test_two_people_whose_emails_look_alike_get_two_log_ins(crm: Installed) -> None:
    for email in ("d.vo@acme.test", "d-vo@acme.test"):
        assert add_user(email)[0] == 0
    users = {
        url_in(pgcrm("analysts", "add", email)[1]).split(":")[1]
        for email in ("d.vo@acme.test", "d-vo@acme.test")
    }
    assert users == {"//analyst_d_vo_acme_test", "//analyst_d_vo_acme_test_2"}


def test_nobody_gets_a_log_in_who_is_not_here_or_not_active(crm: Installed) -> None:
    assert add_user("gone@acme.test")[0] == 0
    crm.tell("update app.profiles set is_active = false where email = 'gone@acme.test'")
    for email in ("gone@acme.test", "nobody@acme.test"):
        for words in (("analysts", "add", email), ("psql", "--as", email)):
            assert pgcrm(*words) == (1, f"Nobody active has the e-mail {email}.")


# psql --as


@pytest.mark.skipif(shutil.which("psql") is None, reason="no psql on the path")
def test_psql_as_somebody_is_read_only_and_leaves_no_log_in(crm: Installed) -> None:
    query = "select session_user, current_setting('transaction_read_only'), (select count(*) from api.leads)"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from db.cli import app; app()",
            "psql",
            "--as",
            "mara@acme.test",
            "-Atc",
            query,
        ],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    login, read_only, count = done.stdout.strip().split("|")
    assert login.startswith("psql_")
    assert read_only == "on"
    assert count.isdigit()
    assert not is_there(crm, login)
    assert crm.ask("select from app.db_logins where kind = 'psql'") == []


def test_what_a_killed_psql_left_behind_goes_with_the_next(crm: Installed) -> None:
    crm.tell("create role psql_left login in role analyst")
    crm.tell(
        "insert into app.db_logins (login, user_id, kind, expires_at)"
        " select 'psql_left', user_id, 'psql', now() - interval '1 minute'"
        " from app.profiles where email = 'ada@acme.test'"
    )
    pgcrm("psql", "--as", "nobody@acme.test")
    assert is_there(crm, "psql_left"), "nothing is done for somebody who is not here"
    pgcrm("psql", "--as", "ada@acme.test", "--version")
    assert not is_there(crm, "psql_left")


# doctor


def test_doctor_is_content_with_a_sound_installation(crm: Installed) -> None:
    code, said = pgcrm("doctor")
    assert code == 0, said
    assert "fault" not in said


@pytest.mark.parametrize(
    ("harm", "cure", "words"),
    [
        ("alter role pgcrm_bff bypassrls", "alter role pgcrm_bff nobypassrls", "is above row security"),
        ("alter role pgcrm_owner login", "alter role pgcrm_owner nologin", "pgcrm_owner can log in"),
        (
            "update app.applied_files set checksum = 'x' || checksum",
            "update app.applied_files set checksum = substr(checksum, 2)",
            "SQL files differ from the database",
        ),
    ],
)
def test_doctor_names_what_is_wrong(crm: Installed, harm: str, cure: str, words: str) -> None:
    crm.tell(harm)
    try:
        code, said = pgcrm("doctor")
        assert code == 1
        assert words in said
    finally:
        crm.tell(cure)


def test_migrate_gives_the_bff_its_password_back(crm: Installed) -> None:
    crm.tell("alter role pgcrm_bff password 'other'")
    code, said = pgcrm("doctor")
    assert code == 1
    assert "The BFF cannot log in" in said
    assert pgcrm("migrate")[0] == 0
    assert pgcrm("doctor")[0] == 0


def test_doctor_tells_wrong_settings(crm: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCRM_WORKERS", "many")
    code, said = pgcrm("doctor")
    assert code == 1
    assert "PGCRM_WORKERS" in said


def test_doctor_says_when_the_server_cannot_be_reached(
    crm: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://pgcrm_bff:x@127.0.0.1:1/crm")
    code, said = pgcrm("doctor")
    assert code == 1
    assert "The BFF cannot log in" in said


# somebody else's database


def test_migrate_on_a_server_of_ones_own_prints_the_url_for_the_bff(
    crm: Installed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with psycopg.connect(crm.cluster.admin_url(), autocommit=True) as connection:
        connection.execute("create database elsewhere")
    monkeypatch.setenv("PGCRM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_ADMIN_URL", crm.cluster.admin_url("elsewhere"))
    try:
        code, said = pgcrm("migrate")
        assert code == 0, said
        url = said.split("DATABASE_URL=")[1].split()[0]
        with psycopg.connect(url) as bff:
            assert bff.execute("select session_user").fetchone() == ("pgcrm_bff",)
        worker_url = said.split("DATABASE_WORKER_URL=")[1].split()[0]
        with psycopg.connect(worker_url) as worker:
            assert worker.execute("select app.take_lease('jobs', 'somebody')").fetchone() == (True,)
        assert "DATABASE_URL" not in pgcrm("migrate")[1].split("keep them secret")[0], "the same again"
        psycopg.connect(url).close()
    finally:
        monkeypatch.undo()
        assert pgcrm("migrate")[0] == 0  # one role for all databases of a cluster: give it back its password


def test_commands_for_the_administrator_say_that_they_need_one(
    crm: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", crm.cluster.url("pgcrm_bff", DATABASE))
    for words in (["migrate"], ["users", "list"], ["analysts", "add", "ada@acme.test"]):
        code, said = pgcrm(*words)
        assert code == 1
        assert "DATABASE_ADMIN_URL is not set" in said
