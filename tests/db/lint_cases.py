"""One thing done wrong at a time, and what the lints say of it: (lint, object, problem)."""

ORG = "org_id uuid not null references app.organizations (org_id)"
SAFE = "set search_path = pg_catalog, pg_temp"
POLICY = "create policy t_select on crm.t for select to authenticated, analyst using"
ORG_IS = "org_id = (select app.org_id())"
MAY = "insert into app.role_permissions values ('director', 't', 'select', '{scope}')"

# A table that breaks no rule, to which each test does one thing that it must not.
TABLE = f"""
    create table crm.t ({ORG}, t_id bigint not null, name text, created_by uuid, primary key (org_id, t_id));
    alter table crm.t enable row level security;
"""
SCOPED = f"""
    {TABLE}
    {MAY.format(scope="all")};
    {POLICY} ({ORG_IS} and (select app.can('t', 'select', 'all')));
"""
FUNCTION = f"""
    create function crm.f() returns integer language sql stable {SAFE} as 'select 1';
    comment on function crm.f() is 'One.';
    revoke all on function crm.f() from public;
"""

Finding = tuple[str, str, str]

CASES: dict[str, tuple[str, list[Finding]]] = {
    "a table and a function that keep the rules": (SCOPED + FUNCTION, []),
    # Tables
    "row level security is off": (
        f"{SCOPED} alter table crm.t disable row level security",
        [("tables_without_rls", "crm.t", "row level security is off")],
    ),
    "no policy": (
        TABLE,
        [("tables_without_policy", "crm.t", "has no policy and is not on tests.v_internal_tables")],
    ),
    "a policy on an internal table": (
        f"""
        insert into app.role_permissions values ('director', 'outbox', 'select', 'all');
        create policy outbox_select on app.outbox for select to authenticated
            using ({ORG_IS} and (select app.can('outbox', 'select', 'all')))
        """,
        [("tables_without_policy", "app.outbox", "is internal and has the policy outbox_select")],
    ),
    "a right on an internal table": (
        "grant select on app.credentials to authenticated",
        [("tables_without_policy", "app.credentials", "is internal and grants select to authenticated")],
    ),
    "a right on a column of an internal table": (
        "grant update (last_seq) on app.id_sequences to authenticated",
        [("tables_without_policy", "app.id_sequences", "is internal and grants update to authenticated")],
    ),
    "no organisation": (
        "create table crm.t (t_id bigint primary key); alter table crm.t enable row level security",
        [
            ("tables_without_org_id", "crm.t", "crm.t_pkey does not begin with org_id"),
            ("tables_without_org_id", "crm.t", "has no column org_id uuid not null"),
            ("tables_without_policy", "crm.t", "has no policy and is not on tests.v_internal_tables"),
        ],
    ),
    "no primary key": (
        f"{SCOPED} alter table crm.t drop constraint t_pkey; create index on crm.t (org_id)",
        [("tables_without_org_id", "crm.t", "has no primary key")],
    ),
    "a unique key across organisations": (
        f"{SCOPED} alter table crm.t add constraint t_name_key unique (name)",
        [("tables_without_org_id", "crm.t", "crm.t_name_key does not begin with org_id")],
    ),
    "an index across organisations": (
        f"{SCOPED} create index t_name_idx on crm.t (name, org_id)",
        [("tables_without_org_id", "crm.t", "crm.t_name_idx does not begin with org_id")],
    ),
    "a reference across organisations": (
        f"""
        {SCOPED}
        alter table crm.t add constraint t_created_by_fkey foreign key (created_by)
            references app.profiles (user_id)
        """,
        [
            (
                "tables_without_org_id",
                "crm.t",
                "foreign key t_created_by_fkey does not begin with org_id on both sides",
            )
        ],
    ),
    "a reference that nulls the organisation": (
        f"""
        {SCOPED}
        alter table crm.t add constraint t_created_by_fkey foreign key (org_id, created_by)
            references app.profiles (org_id, user_id) on delete set null
        """,
        [("tables_without_org_id", "crm.t", "foreign key t_created_by_fkey would change org_id")],
    ),
    "a reference without an index": (
        f"""
        {SCOPED}
        alter table crm.t add constraint t_lead_fkey foreign key (org_id, name)
            references crm.leads (org_id, lead_id)
        """,
        [("unindexed_foreign_keys", "crm.t", "foreign key t_lead_fkey has no index")],
    ),
    "a reference whose index leaves rows out": (
        f"""
        {SCOPED}
        alter table crm.t add constraint t_lead_fkey foreign key (org_id, name)
            references crm.leads (org_id, lead_id);
        create index on crm.t (org_id, name) where t_id > 0
        """,
        [("unindexed_foreign_keys", "crm.t", "foreign key t_lead_fkey has no index")],
    ),
    "a right to insert": (
        "grant insert on crm.leads to authenticated",
        [("table_rights", "crm.leads", "grants insert to authenticated")],
    ),
    "a right to update everything": (
        "grant update on crm.leads to authenticated",
        [("table_rights", "crm.leads", "grants update to authenticated")],
    ),
    "a right to update a column for analysts": (
        "grant update (notes) on crm.leads to analyst",
        [("table_rights", "crm.leads.notes", "grants update to analyst")],
    ),
    "a right for everybody": (
        "grant select on crm.leads to public",
        [("table_rights", "crm.leads", "grants select to public")],
    ),
    "a right that can be passed on": (
        "grant select on crm.leads to authenticated with grant option",
        [("table_rights", "crm.leads", "grants select to authenticated")],
    ),
    "a right on a counter": (
        "grant usage on sequence app.notifications_notification_id_seq to authenticated",
        [
            (
                "table_rights",
                "app.notifications_notification_id_seq",
                "grants usage to authenticated",
            )
        ],
    ),
    # Functions
    "a function without a path": (
        f"{FUNCTION} alter function crm.f() reset search_path",
        [("function_paths", "crm.f()", "search_path is not pg_catalog, pg_temp")],
    ),
    "a function with an empty path": (
        f"{FUNCTION} alter function crm.f() set search_path = ''",
        [("function_paths", "crm.f()", "search_path is not pg_catalog, pg_temp")],
    ),
    "a function for everybody": (
        f"{FUNCTION} grant execute on function crm.f() to public",
        [("public_functions", "crm.f()", "may be executed by public")],
    ),
    "a function for visitors": (
        f"{FUNCTION} grant execute on function crm.f() to anon",
        [("public_functions", "crm.f()", "may be executed by anon")],
    ),
    "a definer function off the list": (
        f"{FUNCTION} alter function crm.f() security definer",
        [("definer_functions", "crm.f()", "is security definer and not on tests.v_definer_functions")],
    ),
    "a function that executes text": (
        f"""
        create function crm.f(p_name text) returns void language plpgsql {SAFE} as 'begin
            execute ''select '' || p_name;
        end';
        comment on function crm.f(text) is 'Does it.';
        revoke all on function crm.f(text) from public
        """,
        [("text_executing_functions", "crm.f(text)", "executes built text")],
    ),
    "a function that only talks of execute": (
        f"""
        create function crm.f() returns void language plpgsql {SAFE} as 'begin
            -- We do not execute anything.
            return; /* nor execute
            here */
        end';
        comment on function crm.f() is 'Nothing.';
        revoke all on function crm.f() from public
        """,
        [],
    ),
    "a function without a comment": (
        f"{FUNCTION} comment on function crm.f() is null",
        [("functions_without_comment", "crm.f()", "has no comment")],
    ),
    "a public function that returns a view's rows": (
        f"""
        create function api.f() returns setof api.leads language sql stable {SAFE}
        as 'select * from api.leads';
        comment on function api.f() is 'Leads.';
        revoke all on function api.f() from public
        """,
        [("api_results", "api.f()", "returns api.leads, not jsonb or table (…)")],
    ),
    # Views
    "a view with its owner's rights": (
        "create view api.v as select lead_id from crm.leads",
        [("view_rights", "api.v", "is not security_invoker and not on tests.v_owner_views")],
    ),
    "a view that lost security_invoker": (
        "alter view api.leads set (security_invoker = false)",
        [("view_rights", "api.leads", "is not security_invoker and not on tests.v_owner_views")],
    ),
    "a masking view without a barrier": (
        "alter view api.v_user_directory reset (security_barrier)",
        [("view_rights", "api.v_user_directory", "runs as its owner without security_barrier")],
    ),
    "a view to write through": (
        "grant update on api.leads to authenticated",
        [("view_rights", "api.leads", "grants update to authenticated")],
    ),
    # Policies
    "a policy without the organisation": (
        f"{TABLE} {MAY.format(scope='all')}; {POLICY} ((select app.can('t', 'select', 'all')))",
        [
            (
                "policy_shapes",
                "t_select on crm.t",
                "does not begin with org_id = (select app.org_id()) and …",
            )
        ],
    ),
    "a policy that or-s the organisation away": (
        f"{TABLE} {MAY.format(scope='all')}; {POLICY} ({ORG_IS} or (select app.can('t', 'select', 'all')))",
        [
            (
                "policy_shapes",
                "t_select on crm.t",
                "does not begin with org_id = (select app.org_id()) and …",
            )
        ],
    ),
    "a policy that asks once per row": (
        f"{TABLE} {MAY.format(scope='all')}; {POLICY} ({ORG_IS} and app.can('t', 'select', 'all'))",
        [
            (
                "policy_shapes",
                "t_select on crm.t",
                "has a line that does not begin with (select app.can('t', 'select', …))",
            ),
            ("policy_shapes", "t_select on crm.t", "scope all of app.role_permissions has no line"),
        ],
    ),
    "a policy with another table's permission": (
        f"{TABLE} {POLICY} ({ORG_IS} and (select app.can('leads', 'select', 'all')))",
        [
            (
                "policy_shapes",
                "t_select on crm.t",
                "has a line that does not begin with (select app.can('t', 'select', …))",
            )
        ],
    ),
    "a policy that calls a function for each row": (
        f"""
        {TABLE} {MAY.format(scope="own")};
        {POLICY} ({ORG_IS} and (select app.can('t', 'select', 'own')) and lower(name) = 'x')
        """,
        [("policy_shapes", "t_select on crm.t", "scope own: (lower(name) = 'x'::text)")],
    ),
    "a policy that asks who it is once per row": (
        f"""
        {TABLE} {MAY.format(scope="own")};
        {POLICY} ({ORG_IS} and (select app.can('t', 'select', 'own')) and created_by = app.uid())
        """,
        [("policy_shapes", "t_select on crm.t", "scope own: (created_by = app.uid())")],
    ),
    "a policy that reads a parent by something else than its key": (
        f"""
        {TABLE} {MAY.format(scope="parent")};
        {POLICY} ({ORG_IS} and (select app.can('t', 'select', 'parent')) and exists (
            select from crm.leads l where l.org_id = t.org_id and l.company_name = t.name
        ))
        """,
        [
            (
                "policy_shapes",
                "t_select on crm.t",
                "scope parent: (EXISTS ( SELECT FROM crm.leads l"
                " WHERE ((l.org_id = t.org_id) AND (l.company_name = t.name))))",
            )
        ],
    ),
    "a policy that follows a parent's key": (
        f"""
        {TABLE} {MAY.format(scope="parent")};
        {POLICY} ({ORG_IS} and (select app.can('t', 'select', 'parent')) and exists (
            select from crm.leads l where l.org_id = t.org_id and l.lead_id = t.name
        ))
        """,
        [],
    ),
    "a policy with a scope but no condition": (
        f"{TABLE} {MAY.format(scope='own')}; {POLICY} ({ORG_IS} and (select app.can('t', 'select', 'own')))",
        [("policy_shapes", "t_select on crm.t", "scope own has no condition")],
    ),
    "a policy that lacks a scope": (
        f"{SCOPED} {MAY.format(scope='own')}",
        [("policy_shapes", "t_select on crm.t", "scope own of app.role_permissions has no line")],
    ),
    "a policy with a scope that nobody has": (
        f"{SCOPED} delete from app.role_permissions where resource = 't'",
        [("policy_shapes", "t_select on crm.t", "scope all is nobody's")],
    ),
    "reference data that are an organisation's": (
        f"{TABLE} {POLICY} ((select app.org_id()) is not null)",
        [("policy_shapes", "t_select on crm.t", "shows every organisation's rows")],
    ),
    "a policy for everybody": (
        f"{SCOPED} alter policy t_select on crm.t to public",
        [("policy_shapes", "t_select on crm.t", "is for -")],
    ),
    "a policy by which analysts write": (
        f"""
        {SCOPED}
        insert into app.role_permissions values ('director', 't', 'update', 'all');
        create policy t_update on crm.t for update to authenticated, analyst
            using ({ORG_IS} and (select app.can('t', 'update', 'all')))
        """,
        [("policy_shapes", "t_update on crm.t", "is for analyst, authenticated")],
    ),
    "a policy with another name": (
        f"{SCOPED} alter policy t_select on crm.t rename to everybody",
        [("policy_shapes", "everybody on crm.t", "is not called t_select")],
    ),
    "an update that checks less than it reads": (
        f"""
        {SCOPED}
        insert into app.role_permissions values ('director', 't', 'update', 'all');
        create policy t_update on crm.t for update to authenticated
            using ({ORG_IS} and (select app.can('t', 'update', 'all'))) with check (true)
        """,
        [
            (
                "policy_shapes",
                "t_update on crm.t",
                "does not begin with org_id = (select app.org_id()) and …",
            )
        ],
    ),
    # The database
    "a database where everybody makes temporary objects": (
        """
        reset role;
        do 'begin execute format(''grant temporary on database %I to public'', current_database()); end'
        """,
        [("database_rights", "database {database}", "grants temporary to public")],
    ),
    "a schema in which people can create": (
        "grant create on schema api to authenticated",
        [("database_rights", "schema api", "grants create to authenticated")],
    ),
    # Roles
    "a role that bypasses row security": (
        "reset role; alter role authenticated bypassrls",
        [("role_powers", "authenticated", "is bypassrls")],
    ),
    "an owner who is superuser": (
        "reset role; alter role pgcrm_owner superuser",
        [("role_powers", "pgcrm_owner", "is superuser")],
    ),
    "a gateway that can become the owner": (
        "reset role; grant pgcrm_owner to pgcrm_bff",
        [("role_powers", "pgcrm_bff", "can become pgcrm_owner")],
    ),
    "an analyst who may speak for others": (
        "reset role; create role lint_analyst login in role analyst; grant pgcrm_gateway to lint_analyst",
        [("role_powers", "lint_analyst", "may speak for others")],
    ),
    "an analyst who owns something": (
        """
        reset role; create role lint_analyst login in role analyst;
        create schema lint_analyst authorization lint_analyst
        """,
        [("role_powers", "lint_analyst", "owns schema lint_analyst")],
    ),
    "an object of ours that is somebody else's": (
        "reset role; alter view api.leads owner to current_user",
        [("role_powers", "api.leads", "belongs to {admin}, not to pgcrm_owner")],
    ),
    "a function that names a role": (
        f"""
        create or replace function crm.f() returns boolean language sql stable {SAFE}
        as 'select ''salesperson'' = any (array[''x''])';
        comment on function crm.f() is 'Wrong.';
        revoke all on function crm.f() from public
        """,
        [("roles_named", "crm.f()", "names the role 'salesperson'")],
    ),
    "a policy that asks for the role": (
        f"""
        {TABLE} {MAY.format(scope="own")};
        {POLICY} (
            {ORG_IS} and (select app.can('t', 'select', 'own')) and (select app.role_key()) = 'super_admin'
        )
        """,
        [
            (
                "policy_shapes",
                "t_select on crm.t",
                "scope own: (( SELECT app.role_key() AS role_key) = 'super_admin'::text)",
            ),
            ("roles_named", "t_select on crm.t", "asks for the role itself (app.role_key)"),
            ("roles_named", "t_select on crm.t", "names the role 'super_admin'"),
        ],
    ),
    "a check that names a role": (
        f"{SCOPED} alter table crm.t add constraint t_name_check check (name <> 'master_admin')",
        [("roles_named", "t_name_check on crm.t", "names the role 'master_admin'")],
    ),
    # Exemptions
    "an exemption whose function is gone": (
        f"""
        {FUNCTION}
        alter view tests.v_text_executing_functions rename to before;
        create view tests.v_text_executing_functions with (security_invoker = true) as
        select * from tests.before union all values ('crm.f()', 'no reason at all')
        """,
        [
            (
                "stale_exemptions",
                "crm.f()",
                "is on tests.v_text_executing_functions and does not exist, or needs no exemption",
            )
        ],
    ),
}
