-- Handing a lead over: the prospect follows, the history keeps who had it, nothing is split, and only those do it who may.

begin;
select plan(64);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');
create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;
create temporary table leads (name text primary key, lead_id text, prospect_id text);
grant all on leads to public;
create function pg_temp.post(p_email text, p_name text, p_company text, p_more jsonb default '{}') returns void
language plpgsql
as $$
begin
    perform tests.become(p_email);
    insert into leads
    select p_name, a ->> 'lead_id', a ->> 'prospect_id' from api.crm_create_lead_bundle(pg_temp.lead(p_company, p_more)) a;
    perform tests.become_owner();
end
$$;
create function pg_temp.assign(p_name text, p_to text, p_notes text default null) returns jsonb
language sql
as $$
    select api.crm_assign_lead(
        coalesce((select l.lead_id from leads l where l.name = p_name), p_name),
        jsonb_strip_nulls(jsonb_build_object('new_owner_user_id', tap.uid(p_to), 'notes', p_notes))
    )
$$;
create function pg_temp.refused(p_name text, p_to text) returns text
language sql
as $$
    select tests.error_of(format('select pg_temp.assign(%L, %L)', p_name, p_to))
$$;
-- What everybody of sales and marketing sees of a lead's company: leads, customers, prospects
create function pg_temp.seen(p_email text) returns text
language plpgsql
as $$
declare
    v_seen text;
begin
    perform tests.become(p_email);
    select format(
        '%s / %s / %s',
        (select string_agg(l.name, ' ' order by l.name) from api.leads a join leads l on l.lead_id = a.lead_id),
        (select string_agg(c.company_name, ' ' order by c.company_name) from api.customers c),
        (select string_agg(coalesce(p.company_name, '?') || ':' || p.current_stage, ' ' order by p.company_name) from api.prospects p)
    ) into v_seen;
    return v_seen;
end
$$;

-- From marketing to sales

select pg_temp.post('mc@alpha.test', 'a', 'PT A', '{
    "need_rfq": true, "rfq_origin_address": "Jl. Satu 1", "rfq_origin_city": "Jakarta", "rfq_origin_country": "Indonesia",
    "rfq_destination_address": "Two Street 2", "rfq_destination_city": "Hamburg", "rfq_destination_country": "Germany",
    "rfq_cargo_category": "Furniture", "rfq_cargo_qty": 12, "rfq_cargo_dimensions": "1x2x3 m", "rfq_cargo_weight": 5,
    "rfq_scope_of_work": "door to port"}');
select tests.become('mm@alpha.test');
select is(
    pg_temp.assign('a', 'sp1@alpha.test', 'knows the customer'),
    (
        select jsonb_build_object(
            'lead_id', l.lead_id, 'previous_owner_user_id', null, 'new_owner_user_id', tap.uid('sp1@alpha.test'),
            'prospect_id', l.prospect_id, 'related_tickets_count', 1
        )
        from leads l where l.name = 'a'
    ),
    'case 38: a marketing manager hands a lead of marketing to a salesperson; its prospect goes along'
);
select results_eq(
    $$ select l.sales_owner_user_id, l.assigned_at, l.assigned_by, l.customer_id is not null, l.prospect_id
       from api.leads l $$,
    $$ select tap.uid('sp1@alpha.test'), app.now(), tap.uid('mm@alpha.test'), true, l.prospect_id from leads l $$,
    'case 38: the lead says so, and still has customer and prospect'
);
select results_eq(
    'select from_user_id, to_user_id, assigned_by, assigned_at, notes from api.lead_assignments',
    $$ values (null::uuid, tap.uid('sp1@alpha.test'), tap.uid('mm@alpha.test'), app.now(), 'knows the customer') $$,
    'case 38: one line of history, with its reason'
);
select is(
    api.crm_get_lead((select l.lead_id from leads l)) #>> '{assignments,0,notes}', 'knows the customer', 'which the lead shows'
);
select results_eq(
    $$ select e.event_type, e.ref_id, e.created_by from api.prospect_events e order by e.event_id desc limit 1 $$,
    $$ select 'HANDOVER', l.lead_id, tap.uid('mm@alpha.test') from leads l $$,
    'the prospect knows of it'
);
select results_eq(
    'select p.owner_user_id, p.current_stage, p.closed_at from api.prospects p',
    $$ values (tap.uid('sp1@alpha.test'), 'Prospect Created', null::timestamptz) $$,
    'case 39, P21: one open prospect of the customer, the new owner''s; none of marketing is left'
);
select is(pg_temp.seen('sp1@alpha.test'), 'a / PT A / PT A:Prospect Created', 'case 40: the new owner sees lead, customer, prospect');
select is(pg_temp.seen('sm@alpha.test'), 'a / PT A / PT A:Prospect Created', 'case 40: so does the manager');
select is(pg_temp.seen(e.email), ' /  / ', 'case 40: ' || e.email || ' sees nothing')
from (values ('sp2@alpha.test'), ('sp3@alpha.test'), ('sm2@alpha.test'), ('sm@beta.test')) as e (email);
select is(pg_temp.seen('mc@alpha.test'), 'a / PT A / ', 'D6, D9: who made it for marketing keeps reading the lead and its customer');
select tests.become('sp1@alpha.test');
select results_eq(
    'select t.related_lead_id from api.tickets t', 'select l.lead_id from leads l', 'case 49, P21: the new owner reads the request for a tariff'
);
select results_eq(
    $$ select n.topic, n.entity_id, n.title ~ 'PT A' from api.notifications n $$,
    $$ select 'lead.assigned', l.lead_id, false from leads l $$,
    'and was told, by id'
);
select tests.become_owner();
select results_eq(
    $$ select a.table_name, a.action, a.changed_by, a.after_data ->> 'sales_owner_user_id'
       from app.audit_logs a
       where a.table_name in ('crm.leads', 'crm.lead_assignments') and a.changed_by = tap.uid('mm@alpha.test')
       order by a.table_name collate "C" $$,
    $$ values
        ('crm.lead_assignments', 'INSERT', tap.uid('mm@alpha.test'), null),
        ('crm.leads', 'UPDATE', tap.uid('mm@alpha.test'), tap.uid('sp1@alpha.test')::text) $$,
    'case 38: both are audited'
);
select is(
    (select count(*) from app.outbox o where o.topic = 'leads.assigned' and o.key = (select l.lead_id from leads l)), 1::bigint,
    'and one event left'
);

-- Once more, the same and another

select tests.become('mm@alpha.test');
select is(
    pg_temp.assign('a', 'sp1@alpha.test') ->> 'previous_owner_user_id', tap.uid('sp1@alpha.test')::text, 'case 46: the same owner again'
);
select is((select count(*) from api.lead_assignments), 1::bigint, 'case 46: is no second line of history');
select tests.become('sm@alpha.test');
select is(
    pg_temp.assign('a', 'sp2@alpha.test') ->> 'prospect_id', (select l.prospect_id from leads l),
    'case 41: within the team the prospect goes along again'
);
select is((select count(*) from api.lead_assignments), 2::bigint, 'case 41: two lines of history');
select is(pg_temp.seen('sp1@alpha.test'), ' /  / ', 'case 41, D6: who had it sees neither lead nor customer any more');
select is(pg_temp.seen('sp2@alpha.test'), 'a / PT A / PT A:Prospect Created', 'case 41: who has it does');

-- One person, one key

select tests.become('mm@alpha.test', '{"idempotency_key": "k1"}');
select is(pg_temp.assign('a', 'sp1@alpha.test') ->> 'previous_owner_user_id', tap.uid('sp2@alpha.test')::text, 'back, with a key');
select is(
    pg_temp.assign('a', 'sp1@alpha.test') ->> 'previous_owner_user_id', tap.uid('sp2@alpha.test')::text, 'a repetition gets the first answer'
);
select is(
    tests.error_of($$ select pg_temp.assign('a', 'sp2@alpha.test') $$), 'PT422 idempotency.payload_mismatch', 'the key is good for one request'
);
select is((select count(*) from api.lead_assignments), 3::bigint, 'and one more line of history');

-- Whoever may not

select pg_temp.post('sp3@alpha.test', 'b', 'PT B', jsonb_build_object('sales_owner_user_id', tap.uid('sp3@alpha.test')));
select tests.become('sm@alpha.test');
select is(pg_temp.refused('a', 'sp3@alpha.test'), 'PT403 lead.owner.not_in_team', 'case 43: a sales manager assigns within the team');
select is(pg_temp.refused('b', 'sp1@alpha.test'), 'PT404 lead.not_found', 'case 43: and leads of the team');
select is(pg_temp.refused('LEADSEM9999', 'sp1@alpha.test'), 'PT404 lead.not_found', 'as if it did not exist');
select tests.become('sm@beta.test');
select is(pg_temp.refused('a', 'sm@beta.test'), 'PT404 lead.not_found', 'another organisation''s manager finds no such lead');
select tests.become_owner();
update app.profiles set is_active = false where email = 'sp2@alpha.test';
select tests.become('mm@alpha.test');
select is(
    tests.faults_of(format('select api.crm_assign_lead((select lead_id from leads where name = %L), %L)', 'a', f.body)),
    array[f.fault], 'case 44: refused: ' || f.why
)
from (
    values
        ('of marketing', jsonb_build_object('new_owner_user_id', tap.uid('mc@alpha.test')), 'new_owner_user_id lead.new_owner_user_id.not_allowed'),
        ('of finance', jsonb_build_object('new_owner_user_id', tap.uid('fin@alpha.test')), 'new_owner_user_id lead.new_owner_user_id.not_allowed'),
        ('inactive', jsonb_build_object('new_owner_user_id', tap.uid('sp2@alpha.test')), 'new_owner_user_id lead.new_owner_user_id.not_allowed'),
        ('of another organisation', jsonb_build_object('new_owner_user_id', tap.uid('sp1@beta.test')), 'new_owner_user_id lead.new_owner_user_id.not_allowed'),
        ('nobody', '{"new_owner_user_id": "00000000-0000-4000-8000-000000000000"}', 'new_owner_user_id lead.new_owner_user_id.not_allowed'),
        ('not named', '{}', 'new_owner_user_id lead.new_owner_user_id.required'),
        ('something else beside', jsonb_build_object('new_owner_user_id', tap.uid('sp1@alpha.test'), 'counts', true), 'counts lead.field.unknown')
) as f (why, body, fault);
select is(
    tests.error_of(format($$
        select tests.become(%L); select api.crm_assign_lead(%L, '{"new_owner_user_id": "%s"}')
    $$, n.name || '@alpha.test', (select l.lead_id from leads l where l.name = 'a'), tap.uid('sp1@alpha.test'))),
    'PT403 permission.denied', 'case 45: ' || n.name || ' assigns nothing'
)
from unnest(array['sp1', 'mc', 'dgo', 'ss', 'dir', 'fin', 'exi', 'trf', 'stf']) as n (name);
select tests.become('sp1@alpha.test');
select is(tests.error_of('update crm.leads set sales_owner_user_id = null'), '42501', 'case 48: nobody sets the owner by hand');
select is(
    tests.error_of($$ insert into crm.lead_assignments (org_id, lead_id, to_user_id, assigned_at) values (app.org_id(), 'x', app.uid(), now()) $$),
    '42501', 'nor writes the history'
);
select tests.become_owner();
update app.profiles set is_active = true where email = 'sp2@alpha.test';

-- Closed

update crm.leads set status = 'Disqualified' where company_name = 'PT B';
select tests.become('mm@alpha.test');
select is(pg_temp.refused('b', 'sp1@alpha.test'), 'PT409 lead.closed', 'case 47: a closed lead is a conflict');

-- Two leads of one customer: what serves one lead alone goes along, what serves another stays

select pg_temp.post('mm@alpha.test', 'c1', 'PT C', jsonb_build_object('sales_owner_user_id', tap.uid('sp1@alpha.test')));
select pg_temp.post('mm@alpha.test', 'c2', 'PT C', jsonb_build_object('sales_owner_user_id', tap.uid('sp1@alpha.test')));
select is((select count(*) from crm.prospects p where p.prospect_id in (select prospect_id from leads where name like 'c_')), 1::bigint, 'two leads, one prospect');
select tests.become('mm@alpha.test');
select isnt(
    pg_temp.assign('c1', 'sp3@alpha.test') ->> 'prospect_id', (select l.prospect_id from leads l where l.name = 'c1'),
    '§3.4: a prospect with another lead of its owner stays; the new owner gets one'
);
select is(pg_temp.seen('sp1@alpha.test'), 'a c2 / PT A PT C / PT A:Prospect Created PT C:Prospect Created', 'both have their lead …');
select is(pg_temp.seen('sp3@alpha.test'), 'b c1 / PT B PT C / PT B:Prospect Created PT C:Prospect Created', '… and see the customer');
select tests.become('mm@alpha.test');
select is(
    pg_temp.assign('c2', 'sp3@alpha.test') ->> 'prospect_id',
    (select a.prospect_id from api.leads a join leads l on l.lead_id = a.lead_id where l.name = 'c1'),
    'case 57: who has a prospect of the customer gets no second one'
);
select is(
    pg_temp.seen('sp1@alpha.test'), 'a / PT A / PT A:Prospect Created ?:Closed Lost',
    'case 39, P21: the prospect that is left is closed and opens the customer no longer'
);
select tests.become('mm@alpha.test');
select lives_ok($$ select pg_temp.assign('c2', 'sp1@alpha.test') $$, 'and back again');
select is(
    pg_temp.seen('sp1@alpha.test'), 'a c2 / PT A PT C / PT A:Prospect Created PT C:Nurturing',
    'takes the prospect up where it was left'
);
select tests.become_owner();
select is_empty(
    $$ select from crm.prospects p group by p.org_id, p.customer_id, p.owner_user_id having count(*) > 1 $$, 'case 57: none is double'
);

-- Leads that do not count (decisions D1, §5.1)

select pg_temp.post('sp1@alpha.test', 'd1', 'PT B');
select is(pg_temp.seen('sp1@alpha.test'), 'a c2 d1 / PT A PT C / PT A:Prospect Created PT C:Nurturing ?:Prospect Created', 'D1: typing a name opens nothing');
select tests.become('sm@alpha.test');
select is(pg_temp.assign('d1', 'sp1@alpha.test') ->> 'previous_owner_user_id', null, 'D1: a manager decides');
select is(
    pg_temp.seen('sp1@alpha.test'), 'a c2 d1 / PT A PT B PT C / PT A:Prospect Created PT B:Prospect Created PT C:Nurturing',
    'D1: and it counts'
);
select pg_temp.post('sm2@alpha.test', 'd2', 'PT A');
select tests.become('sm2@alpha.test');
select is(
    pg_temp.refused('d2', 'sm2@alpha.test'), 'PT403 lead.needs_another_manager',
    'D1: nobody decides about the lead by which they would open a customer themselves'
);
select tests.become('mm@alpha.test');
select lives_ok($$ select pg_temp.assign('d2', 'sm2@alpha.test') $$, 'D1: another manager does');

select * from finish();
rollback;
