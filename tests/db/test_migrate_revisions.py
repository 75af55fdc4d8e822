"""Later revisions: the road of an existing database from older files to today's. State only."""

from pathlib import Path

import pytest

from db.migrate import MigrateError
from tests.db.catalog import differences, snapshot
from tests.db.small_tree import Run, SmallTree

TABLES = "00_schema/20_crm/10_tables/10_leads.sql"
KEYS = "00_schema/20_crm/05_keys/10_key.sql"

REVISION = f'''
    """Leads have a source."""

    from alembic import op

    from db.migrate.revision import policies_off, triggers_off, views_off

    revision = "leads_source"
    down_revision = "04_tests"
    files = ("{TABLES}", "{KEYS}")


    def upgrade() -> None:
        views_off()
        policies_off("crm.leads")
        op.execute("alter table crm.leads add column source text not null default 'none'")
        op.execute("alter table crm.leads alter column owner type varchar(200)")
        op.execute(
            "create or replace function crm.key(p_name text) returns text "
            "language sql immutable set search_path = pg_catalog, pg_temp as $$ select upper(p_name) $$"
        )
        with triggers_off("crm.leads"):
            op.execute("insert into crm.leads (owner, name) values ('import', 'Old lead')")
            op.execute("update crm.leads set name = name")
'''


@pytest.fixture
def run(tmp_path: Path, empty_database: str) -> Run:
    return Run(SmallTree(tmp_path / "migrations"), empty_database)


def change_the_files(tree: SmallTree) -> None:
    tree.edit(
        TABLES,
        "(crm.key(name)) stored\n",
        "(crm.key(name)) stored,\n    source text not null default 'none'\n",
    )
    tree.edit(TABLES, "owner text", "owner varchar(200)")
    tree.edit(KEYS, "lower(p_name)", "upper(p_name)")
    tree.edit("03_views/20_crm/leads.sql", "name from", "name, source from")
    tree.write("versions/leads_source.py", REVISION)


def test_an_existing_database_takes_the_road_and_ends_like_a_new_one(run: Run, tmp_path: Path) -> None:
    run()
    run.ask("insert into crm.leads (owner, name) values ('ann', 'One')")
    change_the_files(run.tree)
    report = run()

    assert report.revisions == ("leads_source",)
    assert report.rebuilt
    assert run.ask("select name, name_key, source from crm.leads order by lead_id") == [
        ("One", "ONE", "none"),
        ("Old lead", "OLD LEAD", "none"),
    ]
    assert run.ask("select entry from crm.log") == [("lead 1",)], "a revision fires no trigger"
    assert not run().changed
    old_road = snapshot(run.url)

    run.ask("drop schema app, crm, api, tests cascade")
    assert run().revisions == ("00_schema", "01_seed", "02_rls", "03_views", "04_tests")
    assert run.ask("select version_num from app.alembic_version") == [("leads_source",)]
    assert differences(old_road, snapshot(run.url)) == []


def test_a_revision_runs_as_the_owner_under_a_lock_timeout(run: Run) -> None:
    run()
    run.tree.write(
        "versions/probe.py",
        '''
        """What a revision finds."""

        from alembic import op

        revision = "probe"
        down_revision = "04_tests"
        files = ()


        def upgrade() -> None:
            op.execute(
                "insert into crm.log select concat_ws(' ', current_user, "
                "current_setting('lock_timeout'), current_setting('search_path'))"
            )
        ''',
    )
    run()
    assert run.ask("select entry from crm.log") == [("pgcrm_owner 2s pg_catalog, pg_temp",)]


def test_a_revision_that_fails_leaves_nothing_of_itself(run: Run) -> None:
    run()
    change_the_files(run.tree)
    run.tree.edit(
        "versions/leads_source.py", "update crm.leads set name = name", "update crm.leads set nome = 1"
    )
    before = snapshot(run.url)
    with pytest.raises(MigrateError, match=r'versions/leads_source.py:\d+: column "nome"'):
        run()
    assert differences(before, snapshot(run.url)) == []


def test_a_revision_carries_only_the_files_it_names(run: Run) -> None:
    run()
    change_the_files(run.tree)
    run.tree.edit("versions/leads_source.py", f', "{KEYS}"', ",")
    with pytest.raises(MigrateError, match=f"{KEYS}: changed"):
        run()


def test_a_rebuild_that_failed_after_a_revision_is_made_up_for(run: Run) -> None:
    run()
    change_the_files(run.tree)
    run.tree.edit("03_views/20_crm/leads.sql", "source from", "sauce from")
    with pytest.raises(MigrateError, match="sauce"):
        run()
    run.tree.edit("03_views/20_crm/leads.sql", "sauce from", "source from")
    assert run().rebuilt
    assert run.ask("select count(*) from api.leads") == [(1,)]
    assert {str(name) for (name,) in run.ask("select polname from pg_policy")} == {
        "leads_select",
        "leads_insert",
    }


def test_a_database_newer_than_the_files_is_left_alone(run: Run) -> None:
    run()
    run.ask("update app.alembic_version set version_num = 'tomorrow'")
    with pytest.raises(MigrateError, match=r"at revision tomorrow[\s\S]*newer than this installation"):
        run()
