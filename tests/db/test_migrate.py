"""`pgcrm migrate`: files are the current schema, and a database is brought to them."""

import threading
from pathlib import Path

import pytest

from db.migrate import MigrateError, MigrateReport
from tests.db.catalog import differences, snapshot
from tests.db.small_tree import Run, SmallTree, holding


@pytest.fixture
def run(tmp_path: Path, empty_database: str) -> Run:
    return Run(SmallTree(tmp_path / "migrations"), empty_database)


def test_an_empty_database_is_built_and_a_second_run_applies_nothing(run: Run) -> None:
    first = run()
    before = snapshot(run.url)
    at = run.ask("select path, applied_at from app.applied_files order by path")
    second = run()

    assert first.revisions == ("00_schema", "01_seed", "02_rls", "03_views", "04_tests")
    assert not first.rebuilt
    assert not second.changed
    assert differences(before, snapshot(run.url)) == []
    assert run.ask("select path, applied_at from app.applied_files order by path") == at


def test_everything_belongs_to_pgcrm_owner(run: Run) -> None:
    run()
    others = run.ask(
        """
        select c.oid::regclass::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('app', 'crm', 'api', 'tests') and c.relowner <> 'pgcrm_owner'::regrole
        union all
        select p.oid::regprocedure::text from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
        where n.nspname in ('app', 'crm', 'api', 'tests') and p.proowner <> 'pgcrm_owner'::regrole
        union all
        select nspname from pg_namespace
        where nspname in ('app', 'crm', 'api', 'tests') and nspowner <> 'pgcrm_owner'::regrole
        """
    )
    assert others == []


def test_two_at_once_both_succeed_and_the_second_applies_nothing(run: Run) -> None:
    reports: list[MigrateReport] = []
    failures: list[Exception] = []

    def go() -> None:
        try:
            reports.append(run())
        except Exception as error:
            failures.append(error)

    both = [threading.Thread(target=go) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert failures == []
    assert sorted(report.changed for report in reports) == [False, True]


def test_a_reworded_comment_is_no_change(run: Run) -> None:
    run()
    run.tree.edit("00_schema/20_crm/10_tables/10_leads.sql", "-- Leads.", "-- Leads, from all channels.\n\n")
    run.tree.edit("00_schema/20_crm/20_functions/10_me.sql", "-- Who is asking.", "/* Who asks. */")
    assert not run().changed


def test_a_changed_function_is_there_after_migrate_and_the_rest_is_as_before(run: Run) -> None:
    run()
    before = snapshot(run.url)
    file = "00_schema/20_crm/90_api/crm_count_leads.sql"
    run.tree.edit(file, "select count(*) from", "select count(*) + 1 from")
    assert run().rebuilt
    assert run.ask("select api.crm_count_leads()") == [(1,)]
    run.tree.edit(file, "select count(*) + 1 from", "select count(*) from")
    assert run().rebuilt
    assert differences(before, snapshot(run.url)) == []


def test_what_the_files_lose_the_database_loses(run: Run) -> None:
    run()
    run.tree.remove("03_views/20_crm/leads_names.sql")
    run.tree.remove("00_schema/20_crm/90_api/crm_count_leads.sql")
    run.tree.remove("00_schema/20_crm/30_triggers/10_leads.sql")
    run.tree.edit("02_rls/20_crm/leads.grants.sql", "select, insert on", "select on")
    run.tree.edit("00_schema/20_crm/20_functions/10_me.sql", "authenticated, analyst", "authenticated")
    run.tree.edit(
        "00_schema/00_base/00_admin/10_schemas.sql",
        "api, crm to authenticated, analyst",
        "api, crm to authenticated",
    )
    run.tree.edit("01_seed/20_crm/10_stages.sql", ", ('won', 'Won')", "")
    run.tree.edit("04_tests/10_tables_without_rls.sql", "('crm.none')", "('crm.some')")
    report = run()

    assert set(report.dropped) == {
        "view api.lead_names",
        "function api.crm_count_leads()",
        "trigger leads_write_log on crm.leads",
        "function crm.leads_write_log()",
    }
    assert run.ask("select to_regclass('api.lead_names'), to_regprocedure('api.crm_count_leads()')") == [
        (None, None)
    ]
    assert run.ask("select has_table_privilege('authenticated', 'crm.leads', 'insert')") == [(False,)]
    assert run.ask("select has_function_privilege('analyst', 'crm.me()', 'execute')") == [(False,)]
    assert run.ask("select has_schema_privilege('analyst', 'crm', 'usage')") == [(False,)]
    assert run.ask("select stage from crm.stages") == [("new",)]
    assert run.ask("select name from tests.exempt") == [("crm.some",)]
    assert not run().changed


def test_a_removed_grants_file_takes_all_rights_with_it(run: Run) -> None:
    run()
    run.tree.remove("02_rls/20_crm/leads.grants.sql")
    run()
    assert run.ask("select has_any_column_privilege('authenticated', 'crm.leads', 'select, update')") == [
        (False,)
    ]


def test_a_right_given_by_hand_does_not_outlive_a_rebuild(run: Run) -> None:
    run()
    run.ask("grant select on crm.log to analyst")
    run.tree.edit("03_views/20_crm/leads.sql", "'Leads.'", "'All leads.'")
    run()
    assert run.ask("select has_table_privilege('analyst', 'crm.log', 'select')") == [(False,)]


def test_a_function_may_change_its_result_and_its_parameters_names(run: Run) -> None:
    run()
    run.tree.edit("00_schema/20_crm/90_api/crm_count_leads.sql", "returns bigint", "returns jsonb")
    run.tree.edit("00_schema/20_crm/90_api/crm_count_leads.sql", "count(*)", "to_jsonb(count(*))")
    run()
    assert run.ask("select pg_typeof(api.crm_count_leads())::text") == [("jsonb",)]


def test_a_function_with_other_parameter_types_leaves_no_old_overload(run: Run) -> None:
    run()
    file = "00_schema/20_crm/90_api/crm_count_leads.sql"
    run.tree.edit(file, "crm_count_leads()", "crm_count_leads(p_owner text default null)")
    run.tree.edit(
        file,
        "on function api.crm_count_leads(p_owner text default null)",
        "on function api.crm_count_leads(text)",
    )
    assert run().dropped == ("function api.crm_count_leads()",)
    assert run.ask("select api.crm_count_leads()") == [(0,)]


def test_a_function_that_a_policy_uses_keeps_its_shape(run: Run) -> None:
    run()
    before = snapshot(run.url)
    run.tree.edit("00_schema/20_crm/20_functions/10_me.sql", "returns text", "returns varchar")
    with pytest.raises(
        MigrateError, match=r"policy leads_select on table crm.leads uses crm.me\(\)[\s\S]*write a revision"
    ):
        run()
    assert differences(before, snapshot(run.url)) == []


def test_a_function_goes_when_the_policy_that_used_it_changes_with_it(run: Run) -> None:
    run()
    run.tree.remove("00_schema/20_crm/20_functions/10_me.sql")
    run.tree.write(
        "00_schema/20_crm/20_functions/10_asking.sql",
        """
        -- Who is asking.
        create or replace function crm.asking() returns text
        language sql stable set search_path = pg_catalog, pg_temp
        as $$ select current_setting('app.me', true) $$;
        grant execute on function crm.asking() to authenticated, analyst;
        """,
    )
    with pytest.raises(MigrateError, match=r"no file makes function crm\.me"):
        run()
    run.tree.edit("02_rls/20_crm/leads.policies.sql", "crm.me()", "crm.asking()")
    report = run()
    assert report.dropped == ("function crm.me()",)
    assert set(report.policies) == {"policy leads_select on crm.leads", "policy leads_insert on crm.leads"}
    assert not run().changed


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("00_schema/20_crm/10_tables/10_leads.sql", "entry text", "entry text not null"),
        ("00_schema/20_crm/05_keys/10_key.sql", "lower(p_name)", "upper(p_name)"),
    ],
)
def test_a_table_or_key_is_not_changed_by_its_file(run: Run, file: str, old: str, new: str) -> None:
    run()
    before = snapshot(run.url)
    run.tree.edit(file, old, new)
    with pytest.raises(MigrateError) as refusal:
        run()
    assert f"{file}: changed" in str(refusal.value)
    assert "pgcrm reset" in str(refusal.value)
    assert differences(before, snapshot(run.url)) == []


def test_new_and_removed_tables_are_named_too(run: Run) -> None:
    run()
    run.tree.remove("00_schema/20_crm/05_keys/10_key.sql")
    run.tree.write(
        "00_schema/20_crm/10_tables/20_notes.sql", "-- Notes.\ncreate table crm.notes (note text);"
    )
    with pytest.raises(MigrateError, match=r"10_key.sql: removed[\s\S]*20_notes.sql: new"):
        run()


def test_a_table_file_may_move(run: Run) -> None:
    run()
    before = snapshot(run.url)
    text = (run.tree.root / "00_schema/20_crm/10_tables/10_leads.sql").read_text(encoding="utf-8")
    run.tree.remove("00_schema/20_crm/10_tables/10_leads.sql")
    run.tree.write("00_schema/20_crm/10_tables/40_leads.sql", text)
    run()
    assert differences(before, snapshot(run.url)) == []
    assert not run().changed


def test_the_comment_on_a_table_may_change_without_a_revision(run: Run) -> None:
    run()
    run.tree.edit("00_schema/20_crm/10_tables/10_leads.sql", "is 'Leads.'", "is 'What came in.'")
    assert run().rebuilt
    assert run.ask("select obj_description('crm.leads'::regclass)") == [("What came in.",)]


def test_a_function_that_stored_values_came_from_belongs_to_the_keys(run: Run) -> None:
    run.tree.write("00_schema/20_crm/05_keys/20_size.sql", "-- Nothing.\n")
    run()
    run.ask(
        """
        create function crm.size(text) returns integer language sql immutable as 'select length($1)';
        create index on crm.leads (crm.size(name));
        """
    )
    run.tree.write(
        "00_schema/20_crm/20_functions/20_size.sql",
        """
        -- How long a name is.
        create or replace function crm.size(text) returns integer language sql immutable as 'select 1';
        """,
    )
    with pytest.raises(MigrateError, match=r"crm.size\(text\) is used by index crm.leads_size_idx"):
        run()


def test_errors_name_file_and_line(run: Run) -> None:
    file = "03_views/20_crm/leads.sql"
    run.tree.edit(file, "lead_id, owner", "lead_id,\n    ownr")
    with pytest.raises(MigrateError, match=rf'{file}:3: column "ownr" does not exist'):
        run()
    run.tree.edit(file, "ownr", "owner")
    run.tree.edit(file, "grant select", "\ncreate schema app;\ngrant select")  # an error without a position
    with pytest.raises(
        MigrateError, match=rf"{file}:6: schema \"app\" already exists|{file}:6: permission denied"
    ):
        run()
    run.tree.edit(file, "create schema app;", "selec 1;")
    with pytest.raises(MigrateError, match=rf'{file}:6: syntax error at or near "selec"'):
        run()


def test_a_build_that_failed_half_way_goes_on_where_it_stopped(run: Run) -> None:
    run.tree.edit("03_views/20_crm/leads.sql", "lead_id, owner", "lead_id, ownr")
    with pytest.raises(MigrateError):
        run()
    assert run.ask("select version_num from app.alembic_version") == [("02_rls",)]
    run.tree.edit("03_views/20_crm/leads.sql", "lead_id, ownr", "lead_id, owner")
    assert run().revisions == ("03_views", "04_tests")
    assert not run().changed


def test_a_file_goes_to_the_server_untouched(run: Run) -> None:
    run.tree.write(
        "00_schema/20_crm/20_functions/30_odd.sql",
        """
        -- 100 % of :names, {braces} and \\d stay as they are.
        create or replace function crm.odd() returns text language sql immutable
        as $$ select '%s %% :name %(x)s {0} \\d $1 é' $$;
        """,
    )
    run()
    assert run.ask("select crm.odd()") == [("%s %% :name %(x)s {0} \\d $1 é",)]


def test_a_file_in_no_known_place_is_refused(run: Run) -> None:
    run.tree.write("00_schema/20_crm/15_types/10_kind.sql", "-- Kinds.\ncreate type crm.kind as enum ('a');")
    with pytest.raises(MigrateError, match=r"15_types/10_kind\.sql: not a place that migrate knows"):
        run()


def test_policy_files_hold_policies_only(run: Run) -> None:
    run.tree.edit(
        "02_rls/20_crm/leads.policies.sql",
        "create policy leads_insert",
        "select 1;\ncreate policy leads_insert",
    )
    with pytest.raises(
        MigrateError, match=r"leads.policies.sql:4: a policies file holds only `create policy"
    ):
        run()


def test_views_of_others_on_ours_are_named_and_left_alone(run: Run) -> None:
    run()
    run.ask("create view public.mine as select * from api.leads")
    run.tree.edit("03_views/20_crm/leads.sql", "'Leads.'", "'All leads.'")
    with pytest.raises(MigrateError, match=r"view public\.mine depends on view api\.leads"):
        run()
    assert run.ask("select count(*) from public.mine") == [(0,)]


def test_migrate_says_whom_it_waits_for(run: Run) -> None:
    run()
    run.tree.edit("03_views/20_crm/leads.sql", "'Leads.'", "'All leads.'")
    with holding(run.url, "select * from api.leads -- a long report") as reader:
        with pytest.raises(MigrateError, match="rebuild: gave up after 1 s"):
            run(patience=1)
        assert any(
            f"process {reader.info.backend_pid}" in line and "a long report" in line for line in run.said
        )
    assert run().rebuilt


def test_a_database_whose_schema_app_is_another_programs_is_left_alone(run: Run) -> None:
    run.ask("create schema app")
    with pytest.raises(MigrateError, match='schema "app" of this database belongs to something else'):
        run()
