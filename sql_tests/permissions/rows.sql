-- Who sees and changes which rows: every role × table × command, and every view, as a request and as an analyst, with rows
-- in every scope (_rows.psql), against what the specification says (_expected.psql).

begin;
\ir _rows.psql
\ir _expected.psql

-- What is tried. name: what a row is called. changed: a column that may be changed, null where none may. has_view: whether
-- the api view of that name shows the same rows. base: where the rows are.
create temporary table tried (
    resource text, base text, name text, changed text, has_view boolean, first_column text
) on commit drop;

insert into tried (resource, base, name, changed, has_view)
values
    ('leads', 'crm.leads', 'lead_id', 'notes', true),
    ('lead_assignments', 'crm.lead_assignments', 'lead_id', null, true),
    ('customers', 'crm.customers', 'customer_id', 'city', true),
    ('contacts', 'crm.contacts', 'full_name', 'title', true),
    ('customer_documents', 'crm.customer_documents', 'customer_id', null, true),
    ('prospects', 'crm.prospects', 'prospect_id', null, true),
    ('prospect_stage_history', 'crm.prospect_stage_history', 'prospect_id', null, true),
    ('prospect_events', 'crm.prospect_events', 'prospect_id', null, true),
    ('services', 'crm.services', 'service_code', 'scope_group', true),
    ('lead_channels', 'crm.lead_channels', 'primary_channel', null, false),
    ('activities', 'crm.activities', 'subject', null, true),
    ('activity_photos', 'crm.activity_photos', 'to_char(uploaded_at, ''fmmonth'')', null, true),
    ('lead_transitions', 'crm.lead_transitions', 'from_status || to_status', null, false),
    ('prospect_transitions', 'crm.prospect_transitions', 'from_stage || to_stage', null, false),
    ('tickets', 'desk.tickets', 'ticket_id', null, true),
    ('sla_events', 'desk.sla_events', 'ticket_id', null, true),
    ('invoices', 'ar.invoices', 'invoice_id', 'notes', true),
    ('payments', 'ar.payments', 'invoice_id', null, true),
    ('kpi_metric_definitions', 'kpi.kpi_metric_definitions', 'metric_key', null, true),
    ('kpi_targets', 'kpi.kpi_targets', 'metric_key', 'target_value', true),
    ('kpi_entries', 'kpi.kpi_entries', 'metric_key', 'value', true),
    ('kpi_evidence', 'kpi.kpi_evidence', 'metric_key', null, true),
    ('ticket_messages', 'desk.ticket_messages', 'ticket_id', null, true),
    ('ticket_attachments', 'desk.ticket_attachments', 'ticket_id', null, true),
    ('calendars', 'desk.calendars', 'name', null, true),
    ('sla_targets', 'desk.sla_targets', 'first_response_minutes::text', null, true),
    ('ticket_clocks', 'desk.ticket_clocks', 'ticket_id', null, false),
    ('ticket_types', 'desk.ticket_types', 'ticket_type', null, false),
    ('ticket_statuses', 'desk.ticket_statuses', 'concat_ws('':'', machine, status)', null, false),
    ('ticket_transitions', 'desk.ticket_transitions', 'concat_ws('':'', machine, from_status, to_status)', null, false),
    ('close_reasons', 'desk.close_reasons', 'reason', null, false),
    ('marketing_spend', 'kpi.marketing_spend', 'campaign_name', 'amount', true),
    ('marketing_activity_events', 'kpi.marketing_activity_events', 'activity_name', 'quantity', true),
    ('imports', 'ingest.imports', 'file_name', null, true),
    ('import_rows', 'ingest.import_rows', 'row_data ->> ''name''', null, true),
    ('import_undos', 'ingest.import_undos', 'row_no::text', null, true),
    ('undo_refusals', 'ingest.undo_refusals', 'target_id', null, true),
    ('import_modules', 'ingest.import_modules', 'module', null, false),
    ('import_columns', 'ingest.import_columns', 'module || column_name', null, false),
    ('column_synonyms', 'ingest.column_synonyms', 'concat_ws('':'', module, synonym)', null, false),
    ('saved_mappings', 'ingest.saved_mappings', 'mapping ->> ''whose''', null, false),
    ('products', 'members.products', 'name', null, true),
    ('databases', 'members.databases', 'name', null, true),
    ('records', 'members.records', 'row_data ->> ''name''', null, true),
    ('batches', 'members.batches', 'custom_name', null, true),
    ('assignments', 'members.assignments', 'record_id::text', null, true),
    ('reservations', 'members.reservations', 'customer_id', null, true),
    ('deleted_reservations', 'members.deleted_reservations', 'customer_id', null, true),
    ('conflicts', 'members.conflicts', 'customer_id', null, true),
    ('system_logs', 'members.system_logs', 'payload ->> ''name''', null, true),
    ('reservation_grace', 'members.reservation_grace', 'grace_days::text', null, true),
    ('download_requests', 'members.download_requests', 'request_id::text', null, true),
    ('batch_titles', 'members.batch_titles', 'custom_title', null, false),
    ('page_views', 'members.page_views', 'to_char(viewed_at at time zone ''UTC'', ''HH24:MI'')', null, false),
    ('user_activity', 'app.user_activity', 'to_char(last_active_at at time zone ''UTC'', ''HH24:MI'')', null, false),
    ('files', 'app.files', 'file_name', null, false),
    ('organizations', 'app.organizations', 'slug', null, false),
    ('departments', 'app.departments', 'dept_code', null, true),
    -- Its view shows the defaults as well.
    ('settings', 'app.settings', 'key', null, false),
    ('profiles', 'app.profiles', 'split_part(email, ''@'', 1)', 'full_name', true),
    ('notifications', 'app.notifications', 'title', 'read_at', true),
    ('saved_views', 'app.saved_views', 'view_name', 'filter_json', true),
    ('webhooks', 'app.webhooks', 'description', null, true),
    ('webhook_deliveries', 'app.webhook_deliveries', 'topic', null, true),
    ('roles', 'app.roles', 'role_key', null, false),
    ('scopes', 'app.scopes', 'scope', null, false),
    ('role_permissions', 'app.role_permissions', 'concat_ws('':'', role_key, resource, action, scope)', null, false),
    ('menus', 'app.menus', 'menu_key', null, false),
    ('role_menus', 'app.role_menus', 'role_key || menu_key', null, false),
    ('setting_definitions', 'app.setting_definitions', 'key', null, false);

update tried t
set first_column = a.attname
from pg_attribute a
where a.attrelid = t.base::regclass and a.attnum = 1;

create temporary table views (resource text, base text, name text) on commit drop;

insert into views
select t.resource, t.base, t.name from tried t where t.has_view
union all
values
    -- These have no table of their name that anybody may read.
    ('v_kpi_progress', 'kpi.kpi_targets', 'metric_key'),
    ('v_invoice_outstanding', 'ar.invoices', 'invoice_id'),
    ('v_invoice_aging', 'ar.invoices', 'invoice_id'),
    ('v_ar_aging', 'ar.invoices', 'customer_id'),
    ('v_my_customers_ar', 'ar.invoices', 'customer_id'),
    ('v_dso_rolling_30', 'ar.invoices', 'currency'),
    -- Numbers of a day.
    ('v_marketing_spend_daily', 'kpi.marketing_spend', 'trim_scale(spend_idr)::text'),
    ('v_marketing_leads_by_channel_daily', 'crm.leads', 'leads_count::text'),
    ('v_marketing_cpl_daily', 'crm.leads', 'leads_count::text'),
    ('v_sales_revenue_daily', 'ar.invoices', 'active_customers::text'),
    ('v_sales_new_logos_daily', 'ar.invoices', 'new_logos::text'),
    ('v_customer_primary_lead_owner', 'crm.customers', 'customer_id'),
    ('v_database_counts', 'members.record_counts', 'database_id::text'),
    ('v_assigned_records', 'members.records', 'row_data ->> ''name'''),
    ('v_leads_pipeline_stats', '(select distinct l.org_id, l.status from crm.leads l) l', 'status'),
    ('v_sales_activities_daily', 'crm.activities', 'activity_type'),
    ('v_ops_rfqs_masked', 'desk.tickets', 'ticket_id'),
    ('v_ticket_first_response', 'desk.tickets', 'ticket_id'),
    ('v_ticket_first_response_median_daily', 'desk.tickets', 'concat_ws('':'', dept_target, ticket_type, total_count)'),
    ('v_user_directory', 'app.profiles', 'lower(split_part(full_name, '' '', 1))'),
    ('audit_logs', 'app.audit_logs', 'audit_id::text');

create temporary table people on commit drop as
select split_part(p.email, '@', 1) as who
from app.profiles p
where p.email like '%@alpha.test';

-- What they get ------------------------------------------------------------------------------------------------------------

create temporary table results (via text, resource text, command text, who text, got text) on commit drop;
grant select on tried, views, people to public;
grant insert on results to public;

-- The one text that a statement returns, `refused`, or another SQLSTATE; whatever it did is undone.
create function pg_temp.outcome(p_sql text) returns text
language plpgsql
as $$
declare
    v_answer text;
begin
    execute p_sql into v_answer;
    raise exception using errcode = 'ZZ000', message = coalesce(v_answer, ' ');
exception
    when sqlstate 'ZZ000' then return btrim(sqlerrm);
    -- The second: a view of several tables takes no rows from anybody.
    when insufficient_privilege or object_not_in_prerequisite_state then return 'refused';
    when others then return sqlstate;
end
$$;

create function pg_temp.names(p_name text, p_from text) returns text
language sql
as $$ select format('select string_agg(%1$s, '' '' order by %1$s collate "C") from %2$s', p_name, p_from) $$;

create function pg_temp.try_tables(p_who text) returns void
language sql
as $$
    insert into pg_temp.results
    select 'table', t.resource, c.command, p_who, pg_temp.outcome(c.statement)
    from pg_temp.tried t
    cross join lateral (
        values
            ('select', pg_temp.names(t.name, t.base)),
            (
                'update',
                case
                    when t.changed is null then format('update %s set %s = null', t.base, t.first_column)
                    else format(
                        'with changed as (update %1$s set %2$s = %2$s returning *) %3$s',
                        t.base, t.changed, pg_temp.names(t.name, 'changed')
                    )
                end
            ),
            ('insert', format('insert into %s default values', t.base)),
            ('delete', format('delete from %s', t.base))
    ) as c (command, statement)
$$;

create function pg_temp.try_views(p_via text, p_who text) returns void
language sql
as $$
    insert into pg_temp.results
    select p_via, v.resource, c.command, p_who, pg_temp.outcome(c.statement)
    from pg_temp.views v
    cross join lateral (
        values
            ('select', pg_temp.names(v.name, 'api.' || v.resource)),
            ('update', format('update api.%s set org_id = null', v.resource)),
            ('insert', format('insert into api.%s default values', v.resource)),
            ('delete', format('delete from api.%s', v.resource))
    ) as c (command, statement)
$$;

-- By name: whoever is asked about them need not see them.
create temporary table lead_names on commit drop as select l.org_id, l.lead_id as name from crm.leads l;
grant select on lead_names to public;

do $$
declare
    v_who text;
begin
    for v_who in select p.who from people p loop
        perform tests.become(v_who || '@alpha.test');
        perform pg_temp.try_tables(v_who);
        perform pg_temp.try_views('view', v_who);
        -- Definer code asks this instead of the policy (decisions §5.7).
        insert into pg_temp.results
        select
            'app.may_select_customers', 'customers', 'select', v_who, coalesce(string_agg(c.id, ' ' order by c.id collate "C"), '')
        from unnest(string_to_array(
            'adm_adm deleted dgo_open macx_open mc_open mc_open_elsewhere mc_sp1 mc_sp3 mm_open sm2_open sm_open sm_sm sp1_open '
            'sp1_sp1 sp1_sp1_elsewhere sp1_sp2 sp1_sp3 sp2_open sp2_sp2 sp3_open sp3_sp3 ss_open stf2_stf2 stf_open stf_stf '
            'vsdo_open',
            ' '
        )) as c (id)
        cross join (
            values ('a0000000-0000-4000-8000-000000000000'::uuid), ('b0000000-0000-4000-8000-000000000000')
        ) as o (org_id)
        where app.may_select_customers(o.org_id, c.id);
        insert into pg_temp.results
        select
            'app.may_update_customers', 'customers', 'update', v_who,
            coalesce(string_agg(n.name, ' ' order by n.name collate "C") filter (where app.may_update_customers(n.org_id, n.name)), '')
        from pg_temp.lead_names n;
        insert into pg_temp.results
        select
            'app.may_update_leads', 'leads', 'update', v_who,
            coalesce(string_agg(n.name, ' ' order by n.name collate "C") filter (where app.may_update_leads(n.org_id, n.name)), '')
        from pg_temp.lead_names n;

        reset role;
        perform tests.become_analyst(v_who || '@alpha.test');
        perform pg_temp.try_views('analyst', v_who);
        reset session authorization;
    end loop;

    perform tests.become_nobody();
    perform pg_temp.try_tables('nobody');
    perform pg_temp.try_views('view', 'nobody');
    perform tests.become_anonymous();
    perform pg_temp.try_tables('anonymous');
    perform pg_temp.try_views('view', 'anonymous');
    reset role;
end
$$;

-- And what they should -----------------------------------------------------------------------------------------------------

-- All there is for `*`: rules are everybody's, the rest the organisation's.
create temporary table everything on commit drop as
select
    t.resource,
    pg_temp.outcome(
        pg_temp.names(t.name, t.base) || case
            when exists (select from tests.v_global_tables g where g.object = t.base and t.resource <> 'organizations') then ''
            else format(' where org_id = %L and %s <> ''deleted''', 'a0000000-0000-4000-8000-000000000000', t.name)
        end
    ) as rows
from (select resource, base, name from tried union select resource, base, name from views) t;

create temporary table compared on commit drop as
select
    r.via, r.resource, r.command, r.who, r.got,
    case
        when r.who = 'anonymous' then 'refused'
        when r.command <> 'select' and (r.command <> 'update' or t.changed is null or (r.via <> 'table' and r.via not like 'app.%')) then 'refused'
        when e.rows = '*' then a.rows
        else coalesce(e.rows, '')
    end as should
from results r
left join tried t on t.resource = r.resource
left join expected e
    on e.resource = r.resource and e.command = r.command and r.who <> 'nobody'
    and (e.who = 'everybody' or r.who = any (string_to_array(e.who, ' ')))
left join everything a on a.resource = r.resource;

select plan((select count(distinct (c.via, c.resource, c.command))::integer + 4 from compared c));

select is(
    (select count(*) from compared),
    (
        -- 22 people: tables, views, views as analysts, the functions; then nobody and a visitor
        select 22 * (4 * t.n + 2 * 4 * v.n + 3) + 2 * (4 * t.n + 4 * v.n)
        from (select count(*) as n from tried) t, (select count(*) as n from views) v
    ),
    'everything was tried, and each once'
);
select is_empty(
    $$ select c.oid::regclass
       from pg_class c
       join tests.v_our_schemas s on s.oid = c.relnamespace
       where c.relkind in ('r', 'p')
         and c.oid::regclass::text not in (select base from tried)
         and c.oid::regclass::text not in (select object from tests.v_internal_tables) $$,
    'no table is left out but the internal ones'
);
select is_empty(
    $$ select c.oid::regclass
       from pg_class c
       where c.relnamespace = 'api'::regnamespace
         and c.relkind = 'v'
         and c.relname not in (select resource from views)
         and c.relname <> 'settings' $$,
    'no view is left out but settings'
);
select is_empty(
    $$ select r.rolname, i.object
       from tests.v_internal_tables i
       cross join pg_roles r
       cross join (values ('select'), ('insert'), ('update'), ('delete')) as p (privilege)
       where r.rolname in ('anon', 'authenticated', 'analyst', 'service_role', 'pgcrm_gateway', 'pgcrm_bff', 'pgcrm_worker')
         and has_table_privilege(r.oid, i.object, p.privilege) $$,
    'internal tables are nobody''s'
);

select is(
    string_agg(format('%s gets [%s], not [%s]', c.who, c.got, c.should), '; ' order by c.who)
        filter (where c.got is distinct from c.should),
    null,
    format('%s: %s (%s)', c.resource, c.command, c.via)
)
from compared c
group by c.resource, c.command, c.via
order by c.resource, c.via, c.command;

select * from finish();
rollback;
