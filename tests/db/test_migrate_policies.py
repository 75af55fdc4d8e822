"""Policies change gently: only what differs is touched, and readers go on reading."""

import threading
import time
from pathlib import Path

import psycopg
import pytest

from db.migrate import MigrateError
from tests.db.small_tree import Run, SmallTree, holding

POLICIES = "02_rls/20_crm/leads.policies.sql"


@pytest.fixture
def run(tmp_path: Path, empty_database: str) -> Run:
    run = Run(SmallTree(tmp_path / "migrations"), empty_database)
    run()
    run.ask("insert into crm.leads (owner, name) values ('ann', 'One'), ('bob', 'Two')")
    return run


def names_seen(run: Run, *, me: str = "ann", role: str = "authenticated") -> set[str]:
    with psycopg.connect(run.url) as connection:
        connection.execute("select set_config('app.me', %s, true)", [me])
        connection.execute(f"set local role {role}".encode())
        return {str(name) for (name,) in connection.execute("select name from api.leads")}


def policy_oids(run: Run) -> dict[object, object]:
    return dict(run.ask("select polname, oid from pg_policy"))


def test_another_spelling_of_the_same_policy_touches_nothing(run: Run) -> None:
    before = policy_oids(run)
    run.tree.edit(POLICIES, "using (owner = (select crm.me()))", "USING ((leads.owner) =\n(select crm.me()))")
    run.tree.edit(POLICIES, "to authenticated, analyst", "to analyst, authenticated")
    report = run()
    assert (report.policies, report.rebuilt) == ((), False)
    assert policy_oids(run) == before


def test_only_the_policy_that_differs_is_made_anew_and_nothing_else_is_applied(run: Run) -> None:
    before = policy_oids(run)
    run.tree.edit(POLICIES, "using (owner = (select crm.me()))", "using (owner <> (select crm.me()))")
    report = run()
    after = policy_oids(run)

    assert report.policies == ("policy leads_select on crm.leads",)
    assert not report.rebuilt
    assert after["leads_insert"] == before["leads_insert"]
    assert after["leads_select"] != before["leads_select"]
    assert names_seen(run) == {"Two"}
    assert not run().changed


def test_every_part_of_a_policy_counts(run: Run) -> None:
    for old, new in [
        ("for select to", "as restrictive for select to"),
        ("as restrictive for select to authenticated, analyst", "for select to authenticated"),
        ("for select to authenticated\n", "for all to authenticated\n"),
        ("with check (leads.owner", "with check (leads.name"),
    ]:
        run.tree.edit(POLICIES, old, new)
        assert len(run().policies) == 1, new


def test_a_policy_removed_from_its_file_is_gone(run: Run) -> None:
    text = (run.tree.root / POLICIES).read_text()
    run.tree.write(POLICIES, text[: text.index("create policy leads_insert")])
    assert run().policies == ("policy leads_insert on crm.leads",)
    assert set(policy_oids(run)) == {"leads_select"}
    assert not run().changed


def test_a_removed_file_takes_its_policies_with_it(run: Run) -> None:
    run.tree.remove(POLICIES)
    run()
    assert policy_oids(run) == {}
    assert names_seen(run) == set()
    assert not run().changed


def test_a_policy_may_move_to_another_file_untouched(run: Run) -> None:
    before = policy_oids(run)
    text = (run.tree.root / POLICIES).read_text()
    run.tree.remove(POLICIES)
    run.tree.write("02_rls/20_crm/all_leads.policies.sql", text)
    assert run().policies == ()
    assert policy_oids(run) == before
    assert not run().changed


def test_a_policy_that_names_its_table_with_the_schema_is_simply_made_anew(run: Run) -> None:
    run.tree.edit(POLICIES, "using (owner =", "using (crm.leads.owner =")
    assert run().policies == ("policy leads_select on crm.leads", "policy leads_insert on crm.leads")
    assert names_seen(run) == {"One"}


def test_no_shadow_is_left(run: Run) -> None:
    run.tree.edit(POLICIES, "using (owner =", "using (name =")
    run()
    assert run.ask("select nspname from pg_namespace where nspname like 'pgcrm_shadow%'") == []


def test_readers_never_wait_a_second_while_a_policy_changes(run: Run) -> None:
    """A long report holds its lock all the while, so the change has to queue, give up and come again."""
    stop = threading.Event()
    slowest = [0.0] * 4
    reads = [0] * 4

    def read(reader: int) -> None:
        with psycopg.connect(run.url) as connection:
            while not stop.is_set():
                began = time.monotonic()
                with connection.transaction():
                    connection.execute("set local role authenticated; select count(*) from crm.leads")
                slowest[reader] = max(slowest[reader], time.monotonic() - began)
                reads[reader] += 1

    readers = [threading.Thread(target=read, args=[number]) for number in range(4)]
    run.tree.edit(POLICIES, "using (owner =", "using (owner <>")
    with holding(run.url, "select from crm.leads") as report:
        pid = report.info.backend_pid
        for thread in readers:
            thread.start()
        timer = threading.Timer(2, report.rollback)
        timer.start()
        changed = run().policies
        stop.set()
        for thread in readers:
            thread.join()
        timer.join()

    assert changed == ("policy leads_select on crm.leads",)
    assert any(f"waiting for process {pid}" in line for line in run.said)
    assert min(reads) > 50
    assert max(slowest) < 1


def test_a_table_that_stays_locked_ends_the_attempt_and_changes_nothing(run: Run) -> None:
    before = policy_oids(run)
    run.tree.edit(POLICIES, "using (owner =", "using (owner <>")
    with (
        holding(run.url, "select from crm.leads"),
        pytest.raises(MigrateError, match=r"policies of crm\.leads: gave up after 1 s"),
    ):
        run(patience=1)
    assert policy_oids(run) == before
    assert run().policies == ("policy leads_select on crm.leads",)


def test_a_renamed_policy_leaves_no_moment_without_it(run: Run) -> None:
    """Dropped and created in one transaction: a reader who looks all the time always sees the row."""
    seen: set[frozenset[str]] = set()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            seen.add(frozenset(names_seen(run)))

    looker = threading.Thread(target=look)
    looker.start()
    for number in range(5):
        run.tree.edit(POLICIES, f"leads_select{number or ''} on", f"leads_select{number + 1} on")
        run()
    stop.set()
    looker.join()
    assert seen == {frozenset({"One"})}


def test_a_policy_that_postgres_refuses_is_named_with_its_file(run: Run) -> None:
    run.tree.edit(POLICIES, "using (owner =", "using (ownr =")
    with pytest.raises(MigrateError, match=rf'{POLICIES}: column "ownr" does not exist'):
        run()
