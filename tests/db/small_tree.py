"""A migrations folder of a few files, which tests change as a developer would."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import psycopg

from db import paths
from db.migrate import MigrateReport, migrate

FILES = {
    "00_schema/00_base/00_admin/10_schemas.sql": """
        -- Roles and schemas of the small tree.
        do $$
        begin
            create role authenticated nologin;
        exception when duplicate_object or unique_violation then null;
        end
        $$;
        do $$
        begin
            create role analyst nologin;
        exception when duplicate_object or unique_violation then null;
        end
        $$;
        create schema if not exists crm authorization pgcrm_owner;
        create schema if not exists api authorization pgcrm_owner;
        create schema if not exists tests authorization pgcrm_owner;
        grant usage on schema api, crm to authenticated, analyst;
    """,
    "00_schema/20_crm/05_keys/10_key.sql": """
        -- The comparable form of a name.
        create or replace function crm.key(p_name text) returns text
        language sql immutable set search_path = pg_catalog, pg_temp
        as $$ select lower(p_name) $$;
    """,
    "00_schema/20_crm/10_tables/10_leads.sql": """
        -- Leads.
        create table crm.leads (
            lead_id bigint generated always as identity primary key,
            owner text not null,
            name text not null,
            name_key text generated always as (crm.key(name)) stored
        );
        create table crm.log (entry text);
        create table crm.stages (stage text primary key, label text not null);
        alter table crm.leads enable row level security;
        alter table crm.log enable row level security;
        alter table crm.stages enable row level security;
        comment on table crm.leads is 'Leads.';
    """,
    "00_schema/20_crm/20_functions/10_me.sql": """
        -- Who is asking.
        create or replace function crm.me() returns text
        language sql stable set search_path = pg_catalog, pg_temp
        as $$ select coalesce(nullif(current_setting('app.me', true), ''), 'nobody') $$;
        revoke all on function crm.me() from public;
        grant execute on function crm.me() to authenticated, analyst;
    """,
    "00_schema/20_crm/30_triggers/10_leads.sql": """
        -- Every new lead is written down.
        create or replace function crm.leads_write_log() returns trigger
        language plpgsql set search_path = pg_catalog, pg_temp
        as $$ begin insert into crm.log select 'lead ' || n.lead_id from new_rows as n; return null; end $$;
        revoke all on function crm.leads_write_log() from public;
        create or replace trigger leads_write_log after insert on crm.leads
            referencing new table as new_rows for each statement execute function crm.leads_write_log();
    """,
    "00_schema/20_crm/90_api/crm_count_leads.sql": """
        -- How many leads the caller sees.
        create or replace function api.crm_count_leads() returns bigint
        language sql stable set search_path = pg_catalog, pg_temp
        as $$ select count(*) from crm.leads $$;
        revoke all on function api.crm_count_leads() from public;
        grant execute on function api.crm_count_leads() to authenticated;
    """,
    "01_seed/20_crm/10_stages.sql": """
        -- Stages.
        with wanted (stage, label) as (values ('new', 'New'), ('won', 'Won')),
        gone as (delete from crm.stages as s where not exists (select from wanted as w
            where w.stage = s.stage))
        insert into crm.stages select * from wanted on conflict (stage) do update set label = excluded.label;
    """,
    "02_rls/20_crm/leads.grants.sql": """
        -- Rights to crm.leads.
        revoke all on table crm.leads from public, authenticated, analyst;
        grant select, insert on table crm.leads to authenticated;
        grant update (name) on table crm.leads to authenticated;
        grant select on table crm.leads to analyst;
    """,
    "02_rls/20_crm/leads.policies.sql": """
        -- Who sees which lead.
        create policy leads_select on crm.leads for select to authenticated, analyst
            using (owner = (select crm.me()));
        create policy leads_insert on crm.leads for insert to authenticated
            with check (leads.owner = (select crm.me()));
    """,
    "03_views/20_crm/leads.sql": """
        -- Leads, for people.
        create view api.leads with (security_invoker = true) as select lead_id, owner, name from crm.leads;
        comment on view api.leads is 'Leads.';
        grant select on api.leads to authenticated, analyst;
    """,
    "03_views/20_crm/leads_names.sql": """
        -- A view on a view.
        create view api.lead_names with (security_invoker = true) as select name from api.leads;
        grant select on api.lead_names to analyst;
    """,
    "04_tests/10_tables_without_rls.sql": """
        -- Tables that anybody with a grant would read whole.
        create table tests.exempt (name text primary key);
        insert into tests.exempt values ('crm.none');
        create or replace function tests.tables_without_rls() returns setof text
        language sql stable set search_path = pg_catalog, pg_temp
        as $$ select oid::regclass::text from pg_class where relkind = 'r' and not relrowsecurity $$;
    """,
}

OURS = (
    "env.py",
    "script.py.mako",
    "00_schema/00_base/00_admin/00_owner.sql",
    "00_schema/10_app/10_tables/00_applied_files.sql",
)


class SmallTree:
    """A copy of the small tree that a test may edit; what migrate itself stands on is the real thing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path in OURS:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(paths.MIGRATIONS / path, root / path)
        (root / "versions").mkdir()
        for stage in ("00_schema", "01_seed", "02_rls", "03_views", "04_tests"):
            shutil.copy(paths.MIGRATIONS / "versions" / f"{stage}.py", root / "versions")
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(dedent(text).lstrip("\n"), encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces text that must be there."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text, f"{path} has no {old!r}"
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def remove(self, path: str) -> None:
        (self.root / path).unlink()


class Run:
    """migrate on one database, and questions to it as its administrator."""

    def __init__(self, tree: SmallTree, url: str) -> None:
        self.tree = tree
        self.url = url
        self.said: list[str] = []

    def __call__(self, *, patience: float = 20) -> MigrateReport:
        return migrate(self.url, log=self.said.append, root=self.tree.root, patience=patience)

    def ask(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def holding(url: str, query: str) -> Iterator[psycopg.Connection]:
    """A connection amid a transaction that has run the query."""
    with psycopg.connect(url) as connection:
        connection.execute(query.encode())
        yield connection
        connection.rollback()
