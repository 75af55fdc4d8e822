-- What the catalog must say whatever the rows are: security on, nothing open to everybody, one door.

begin;
select plan(20);

create view pg_temp.ours as
select n.oid as schema_id, n.nspname as schema
from pg_namespace n
where n.nspname in ('app', 'crm', 'desk', 'ar', 'members', 'ingest', 'api');

select is_empty(
    $$
        select c.oid::regclass
        from pg_class c
        join pg_temp.ours o on o.schema_id = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relrowsecurity
    $$,
    'case 3: every table has row security (customers case 1; not forced: the owner is nobody''s log-in)'
);
select is_empty(
    $$ select p.polname from pg_policy p where p.polroles && array[0::oid, 'anon'::regrole::oid] $$,
    'case 3: no policy lets in anon or everybody'
);
select is_empty(
    $$
        select p.oid::regprocedure
        from pg_proc p
        join pg_temp.ours o on o.schema_id = p.pronamespace
        where not coalesce(p.proconfig, '{}') @> array['search_path=pg_catalog, pg_temp']
    $$,
    'case 3: every function has its search_path pinned'
);
select is_empty(
    $$
        select p.oid::regprocedure
        from pg_proc p
        join pg_temp.ours o on o.schema_id = p.pronamespace
        cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        where a.grantee in (0, 'anon'::regrole) and a.privilege_type = 'EXECUTE'
    $$,
    'case 3, P15: nothing can be executed by everybody or by anon'
);
select is_empty(
    $$
        select c.oid::regclass
        from pg_class c
        where c.relkind = 'v'
          and c.relnamespace = 'api'::regnamespace
          and not coalesce(c.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1']
          and c.oid::regclass::text not in (
              'api.audit_logs', 'api.v_user_directory', 'api.v_ops_rfqs_masked', 'api.v_marketing_cpl_daily',
              'api.v_marketing_leads_by_channel_daily', 'api.v_sales_activities_daily'
          )
    $$,
    'case 4, P9: every view asks its reader''s rights, but those that show less than their tables'
);
select is_empty(
    $$
        select c.oid::regclass
        from pg_class c
        where c.oid in ('api.audit_logs'::regclass, 'api.v_user_directory'::regclass, 'api.v_ops_rfqs_masked'::regclass)
          and not coalesce(c.reloptions, '{}') && array['security_barrier=true', 'security_barrier=on', 'security_barrier=1']
    $$,
    'case 4, P9: and those are barriers'
);
select is_empty(
    $$
        select c.oid::regclass, a.grantee::regrole, a.privilege_type
        from pg_class c
        join pg_temp.ours o on o.schema_id = c.relnamespace
        cross join lateral aclexplode(c.relacl) a
        where c.relkind in ('r', 'p', 'v', 'm')
          and a.grantee <> c.relowner
          and (a.grantee in (0, 'anon'::regrole) or a.privilege_type <> 'SELECT')
    $$,
    'no relation can be inserted into, deleted from or updated whole by anybody but its owner; updates are by column'
);
select results_eq(
    $$
        select distinct a.attrelid::regclass::text
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        join pg_temp.ours o on o.schema_id = c.relnamespace
        cross join lateral aclexplode(a.attacl) g
        where g.privilege_type in ('INSERT', 'UPDATE') and g.grantee <> c.relowner
        order by 1
    $$,
    array[
        'app.notifications', 'app.profiles', 'app.saved_views', 'ar.invoices', 'crm.contacts', 'crm.customers', 'crm.leads',
        'crm.services'
    ],
    'P33: only these tables have columns that people change directly'
);
select is_empty(
    $$
        select a.attrelid::regclass, a.attname
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        join pg_temp.ours o on o.schema_id = c.relnamespace
        cross join lateral aclexplode(a.attacl) g
        where g.privilege_type in ('INSERT', 'UPDATE') and g.grantee <> c.relowner
          and (
              a.attname in (
                  'org_id', 'created_by', 'created_at', 'updated_at', 'deleted_at', 'version', 'role_key', 'dept_code', 'counts',
                  'manager_user_id', 'user_code', 'is_active', 'sales_owner_user_id', 'assigned_at', 'assigned_by',
                  'customer_id', 'prospect_id', 'lead_id', 'owner_ids', 'creator_ids', 'sourced_by', 'primary_channel',
                  'campaign_name', 'merged_into_id', 'credit_limit', 'credit_hold', 'status_changed_at', 'closed_at'
              )
              or (a.attrelid, a.attname) = ('crm.leads'::regclass, 'status')
          )
    $$,
    'P4, P33: and none of them is an id, a link, an owner, an attribution or a stamp (spec §1.6)'
);

-- Who the roles are

select is_empty(
    $$
        select r.rolname
        from pg_roles r
        where r.rolname in (
            'pgcrm_owner', 'pgcrm_gateway', 'pgcrm_bff', 'pgcrm_worker', 'analyst', 'anon', 'authenticated', 'authenticator'
        )
          and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication)
    $$,
    'no role of ours is a superuser or passes row security'
);
select is_empty(
    $$
        select c.oid::regclass::text
        from pg_class c
        join pg_temp.ours o on o.schema_id = c.relnamespace
        where c.relowner <> 'pgcrm_owner'::regrole
        union all
        select p.oid::regprocedure::text
        from pg_proc p
        join pg_temp.ours o on o.schema_id = p.pronamespace
        where p.proowner <> 'pgcrm_owner'::regrole
    $$,
    'everything belongs to the owner, who cannot log in'
);
select ok(
    not pg_has_role('pgcrm_bff', 'pgcrm_owner', 'member') and not pg_has_role('analyst', 'pgcrm_gateway', 'member'),
    'the BFF is not the owner and an analyst is no gateway'
);

-- The internal functions

select is_empty(
    $$
        select p.oid::regprocedure
        from pg_proc p
        where p.pronamespace in ('crm'::regnamespace, 'desk'::regnamespace, 'ingest'::regnamespace)
          and p.proname ~ '^(find_or_create|write_|lock_|match_|open_|take_|record_|refresh_|report_)'
          and has_function_privilege('authenticated', p.oid, 'execute')
    $$,
    'case 142: internal functions cannot be executed by people'
);
select tests.become('sa@alpha.test');
select is(
    tests.error_of($$ select crm.find_or_create_customers(app.org_id(), '{}', '{}') $$), '42501',
    'case 142: find_or_create_customers called by a person is denied'
);
select is(
    tests.error_of($$ select crm.find_or_create_prospects(app.org_id(), '{}', '{}', '{}') $$), '42501',
    'case 142: and find_or_create_prospects'
);
select is(
    tests.error_of($$ select crm.write_leads(app.org_id(), '{}', '{}') $$), '42501', 'case 142: and write_leads'
);
reset role;

-- Errors are raised

select results_eq(
    $$
        select split_part(p.oid::regprocedure::text, '(', 1)
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('app', 'crm', 'desk', 'kpi', 'ar', 'members', 'ingest', 'api') and p.prosrc ~* 'when\s+others'
        order by 1
    $$,
    array['ingest.write_lead_rows', 'ingest.write_module_rows', 'ingest.write_record_rows'],
    'P11: anything is caught in one place only, the halving of an import''s chunk'
);
select is_empty(
    $$ select p.oid::regprocedure from pg_proc p where p.pronamespace = 'api'::regnamespace and p.prosrc ~* '''success''\s*,\s*(false|true)' $$,
    'P11: no function answers with {success: …}'
);
select is_empty(
    $$
        select p.oid::regprocedure
        from pg_proc p
        join pg_temp.ours o on o.schema_id = p.pronamespace
        where p.prosrc ~* '\mexecute\s+(format|''|v_|p_)'
    $$,
    'no function of ours executes text that it builds'
);
select is_empty(
    $$
        select p.oid::regprocedure
        from pg_proc p
        where p.pronamespace = 'api'::regnamespace and p.prosecdef
          and p.prosrc !~ 'app\.require\(|ar\.require_all\(|ingest\.take_import\(|app\.uid\(\) is null'
    $$,
    'P15: every api function that runs as the owner asks for a permission first'
);

select * from finish();
rollback;
