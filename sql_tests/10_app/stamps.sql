-- Stamps that no client decides: created_at and created_by stay, updated_at and version advance.

begin;
select plan(15);

-- The statement changes something and tries to set the stamps as well.
create function pg_temp.stamps_after(p_table regclass, p_change text, p_where text) returns text
language plpgsql
as $$
declare
    v_old jsonb;
    v_new jsonb;
begin
    execute format('select to_jsonb(t) from %s t where %s', p_table, p_where) into v_old;
    execute format(
        'update %s t set %s, created_at = ''2000-01-01'', updated_at = ''2000-01-01'' %s where %s returning to_jsonb(t)',
        p_table, p_change,
        case when v_old ? 'created_by' then ', created_by = ' || quote_literal(tap.uid('sp1@alpha.test')) else '' end,
        p_where
    ) into v_new;
    return concat_ws(
        ', ',
        case when v_new -> 'created_at' = v_old -> 'created_at' then 'created_at stays' end,
        case when v_new -> 'created_by' = v_old -> 'created_by' then 'created_by stays' end,
        case when (v_new ->> 'updated_at')::timestamptz > (v_old ->> 'updated_at')::timestamptz then 'updated_at advances' end,
        case when (v_new ->> 'version')::integer = (v_old ->> 'version')::integer + 1 then 'version advances' end
    );
end
$$;

-- Every table with the column has the trigger, so that a new one is not forgotten.
select is_empty(
    $$
        select c.oid::regclass::text
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'updated_at' and not a.attisdropped
        where c.relkind = 'r'
          and c.relnamespace in ('app'::regnamespace, 'crm'::regnamespace, 'desk'::regnamespace, 'ingest'::regnamespace)
          -- Its own trigger stamps it.
          and c.oid <> 'app.settings'::regclass
          and not exists (
              select
              from pg_trigger t
              join pg_proc p on p.oid = t.tgfoid
              where t.tgrelid = c.oid and p.proname like 'stamp%row'
          )
    $$,
    'case 149: every table with updated_at stamps it'
);

select tests.become_owner();
insert into crm.customers (org_id, customer_id, company_name, created_by)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-T', 'PT T', tap.uid('mc@alpha.test'));
insert into crm.contacts (org_id, customer_id, full_name, created_by)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-T', 'T', tap.uid('mc@alpha.test'));
insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id, created_by)
values ('a0000000-0000-4000-8000-000000000000', 'ACT-T', 'CUST-T', tap.uid('mc@alpha.test'), tap.uid('mc@alpha.test'));
insert into crm.leads (
    org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code, sourced_by,
    primary_channel, next_step, due_date, customer_id, prospect_id, created_by
)
values (
    'a0000000-0000-4000-8000-000000000000', 'LEAD-T', '2031-03-01', 'PT T', 'T', '081234567', 't@t.example', 'J', 'EXI_AF',
    'Sales', 'SEM', 'Call', '2031-03-08', 'CUST-T', 'ACT-T', tap.uid('mc@alpha.test')
);
insert into desk.tickets (org_id, ticket_id, ticket_type, dept_target, subject, created_by)
values ('a0000000-0000-4000-8000-000000000000', 'GEN-T', 'general request', 'FIN', 'T', tap.uid('mc@alpha.test'));
insert into app.saved_views (org_id, module, view_name, created_by)
values ('a0000000-0000-4000-8000-000000000000', 'crm', 'T', tap.uid('mc@alpha.test'));

select is(
    pg_temp.stamps_after(t.name::regclass, t.change, t.row),
    'created_at stays, ' || case when t.has_author then 'created_by stays, ' else '' end || 'updated_at advances'
        || case when t.has_version then ', version advances' else '' end,
    'case 149: ' || t.name
)
from (values
    ('crm.customers', $$ city = 'B' $$, $$ customer_id = 'CUST-T' $$, true, true),
    ('crm.contacts', $$ title = 'B' $$, $$ customer_id = 'CUST-T' $$, true, true),
    ('crm.prospects', $$ current_stage = 'Negotiation' $$, $$ prospect_id = 'ACT-T' $$, true, false),
    ('crm.leads', $$ notes = 'B' $$, $$ lead_id = 'LEAD-T' $$, true, false),
    ('desk.tickets', $$ subject = 'B' $$, $$ ticket_id = 'GEN-T' $$, true, false),
    ('app.saved_views', $$ view_name = 'B' $$, $$ view_name = 'T' $$, true, false),
    ('app.profiles', $$ full_name = 'B' $$, $$ email = 'sp1@alpha.test' $$, true, false),
    ('app.organizations', $$ name = 'B' $$, $$ slug = 'alpha' $$, false, false)
) as t (name, change, row, has_author, has_version);

select results_eq(
    $$
        with old as (select t.updated_at from crm.leads t where t.lead_id = 'LEAD-T'),
        new as (update crm.leads t set notes = 'B' where t.lead_id = 'LEAD-T' returning t.updated_at)
        select new.updated_at = old.updated_at from new, old
    $$,
    array[true],
    'case 149: an update that changes nothing advances nothing: leads'
);
select results_eq(
    $$
        with old as (select c.updated_at, c.version from crm.customers c where c.customer_id = 'CUST-T'),
        new as (update crm.customers c set city = 'B' where c.customer_id = 'CUST-T' returning c.updated_at, c.version)
        select (new.updated_at, new.version) = (old.updated_at, old.version) from new, old
    $$,
    array[true],
    'case 149: an update that changes nothing advances nothing: customers'
);
select is(
    tests.error_of($$
        update crm.customers set org_id = 'b0000000-0000-4000-8000-000000000000' where customer_id = 'CUST-T'
    $$),
    'PT422 org_id.immutable',
    'a row never moves to another organisation'
);

-- What nobody may set at all (spec §1.6)

select tests.become('sa@alpha.test');
select is(
    tests.error_of(format('update crm.leads set %s', c.change)), '42501', 'P33: not even a super admin sets ' || c.change
)
from (values
    ('created_by = sales_owner_user_id'), ('lead_id = lead_id'), ('sales_owner_user_id = created_by')
) as c (change);

select * from finish();
rollback;
