-- Prospects: which stages follow which, what their history keeps, and who sees and moves them.

begin;
select plan(37);

create temporary table found (name text primary key, lead_id text, prospect_id text);
create temporary table stages (name text primary key, position integer);
insert into stages
values
    ('Prospect Created', 1), ('Initial Contact', 2), ('Need Analysis', 3), ('Proposal Sent', 4), ('Negotiation', 5),
    ('Closed Won', null), ('Closed Lost', null), ('Nurturing', null);
grant all on found, stages to public;
create function pg_temp.post(p_email text, p_name text, p_owner text default null) returns void
language plpgsql
as $$
begin
    perform tests.become(p_email);
    insert into found
    select p_name, a ->> 'lead_id', a ->> 'prospect_id'
    from api.crm_create_lead_bundle(jsonb_strip_nulls(jsonb_build_object(
        'company_name', 'PT ' || p_name, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_name), 10), 'abcdef', '012345'),
        'email', p_name || '@mail.example', 'sales_owner_user_id', tap.uid(p_owner)
    ))) a;
    perform set_config('role', 'none', true);
end
$$;
create function pg_temp.move(p_name text, p_stage text, p_expected text default null) returns jsonb
language sql
as $$
    select api.crm_move_prospect(
        (select f.prospect_id from found f where f.name = p_name),
        jsonb_strip_nulls(jsonb_build_object('current_stage', p_stage, 'expected_stage', p_expected))
    )
$$;
create function pg_temp.error(p_name text, p_stage text, p_expected text default null) returns text
language sql
as $$
    select tests.error_of(format('select pg_temp.move(%L, %L, %L)', p_name, p_stage, p_expected))
$$;
create function pg_temp.error_as(p_email text, p_name text) returns text
language sql
as $$
    select tests.error_of(format(
        'select tests.become(%L); select api.crm_move_prospect(%L, ''{"current_stage": "Need Analysis"}'')',
        p_email, (select f.prospect_id from found f where f.name = p_name)
    ))
$$;
create function pg_temp.direct(p_from text, p_to text) returns text
language plpgsql
as $$
declare
    v_id text := (select f.prospect_id from found f where f.name = 'pairs');
begin
    set local session_replication_role = replica;
    update crm.prospects set current_stage = p_from where prospect_id = v_id;
    set local session_replication_role = origin;
    return tests.error_of(format('update crm.prospects set current_stage = %L where prospect_id = %L', p_to, v_id));
end
$$;

select pg_temp.post('mm@alpha.test', 'one', 'sp1@alpha.test');
select pg_temp.post('mm@alpha.test', 'pairs', 'sp1@alpha.test');
select pg_temp.post('sp3@alpha.test', 'three');
select pg_temp.post('mc@alpha.test', 'market');
select pg_temp.post('mc@beta.test', 'elsewhere');

-- History (case 51)

select tests.become('sp1@alpha.test');
select results_eq(
    $$ select h.from_stage, h.to_stage, h.changed_by from api.prospect_stage_history h join found f on f.prospect_id = h.prospect_id where f.name = 'one' $$,
    $$ values (null::text, 'Prospect Created', tap.uid('mm@alpha.test')) $$, 'case 51: a prospect begins with a line of history'
);
select is(pg_temp.move('one', 'Initial Contact') ->> 'current_stage', 'Initial Contact', 'case 51: its owner moves it');
select is(pg_temp.move('one', 'Initial Contact') ->> 'current_stage', 'Initial Contact', 'the same stage again');
select results_eq(
    $$ select h.from_stage, h.to_stage, h.changed_by from api.prospect_stage_history h join found f on f.prospect_id = h.prospect_id
       where f.name = 'one' order by h.history_id $$,
    $$ values
        (null, 'Prospect Created', tap.uid('mm@alpha.test')),
        ('Prospect Created', 'Initial Contact', tap.uid('sp1@alpha.test')) $$,
    'case 51: one line for one move, none for the same stage'
);
select is(pg_temp.move('one', 'Proposal Sent') ->> 'current_stage', 'Proposal Sent', 'forward over stages');
select is(pg_temp.move('one', 'Need Analysis') ->> 'current_stage', 'Need Analysis', 'one back');
select is(pg_temp.error('one', 'Prospect Created'), 'PT409 prospect.stage.transition', 'not two');
select isnt(pg_temp.move('one', 'Closed Lost') ->> 'closed_at', null, 'closed');
select is(pg_temp.move('one', 'Nurturing') ->> 'closed_at', null, 'and taken up again');
select is(pg_temp.error('one', 'Dreaming'), 'PT422 request.invalid', 'a stage that there is not');
select is(pg_temp.error('one', 'Need Analysis', 'Proposal Sent'), 'PT409 prospect.stage.stale', 'whoever looks at an old stage is told');
select is(pg_temp.move('one', 'Need Analysis', 'Nurturing') ->> 'current_stage', 'Need Analysis', 'whoever does not, moves it');
select is(
    tests.faults_of(format('select api.crm_move_prospect(%L, %L)', (select f.prospect_id from found f where f.name = 'one'), '{"current_stage": "Negotiation", "owner_user_id": "x", "counts": true}')),
    array['counts prospect.field.unknown', 'owner_user_id prospect.field.unknown'], 'P33: nothing else comes in with it'
);
select is(
    (select array_agg(e ->> 'ref_id') from jsonb_array_elements(api.crm_get_prospect((select f.prospect_id from found f where f.name = 'one')) -> 'events') e),
    array['Initial Contact', 'Proposal Sent', 'Need Analysis', 'Closed Lost', 'Nurturing', 'Need Analysis'], 'each move is an event'
);
select is(
    jsonb_array_length(api.crm_get_prospect((select f.prospect_id from found f where f.name = 'one')) -> 'stage_history'), 7, 'and a line of history'
);
select is(
    api.crm_get_prospect((select f.prospect_id from found f where f.name = 'one')) #>> '{leads,0,lead_id}',
    (select f.lead_id from found f where f.name = 'one'), 'a prospect shows its leads'
);
reset role;
select is_empty(
    $$ select f.name, t.name
       from stages f
       join stages t on t.name <> f.name
       where (pg_temp.direct(f.name, t.name) is null) is distinct from (
           (f.position is not null and (t.position > f.position or t.position = f.position - 1 or t.position is null))
           or (f.name, t.name) in (
               ('Nurturing', 'Initial Contact'), ('Nurturing', 'Need Analysis'), ('Nurturing', 'Closed Lost'), ('Closed Lost', 'Nurturing')
           )
       ) $$,
    '§2.5: of all 56 pairs, also written directly, exactly those that are listed pass'
);
select is((select count(*) from crm.prospect_transitions), 33::bigint, 'which are 33');

-- Events (case 56)

select tests.become('sp1@alpha.test');
select api.crm_create_lead_bundle('{
    "company_name": "PT one", "pic_name": "Pic", "city_area": "Jakarta", "service_code": "EXI_AF", "primary_channel": "SEM",
    "contact_phone": "0812-777-111", "email": "one@mail.example", "need_rfq": true,
    "rfq_origin_address": "Jl. Satu 1", "rfq_origin_city": "Jakarta", "rfq_origin_country": "Indonesia",
    "rfq_destination_address": "Two Street 2", "rfq_destination_city": "Hamburg", "rfq_destination_country": "Germany",
    "rfq_cargo_category": "Furniture", "rfq_cargo_qty": 12, "rfq_cargo_dimensions": "1x2x3 m", "rfq_cargo_weight": 5,
    "rfq_scope_of_work": "door to port"}');
select results_eq(
    $$ select e.event_type, t.ticket_id, e.created_by from api.prospect_events e join api.tickets t on t.ticket_id = e.ref_id $$,
    $$ select 'RFQ_CREATED', t.ticket_id, tap.uid('sp1@alpha.test') from api.tickets t $$, 'case 56: a request for a tariff is an event of the prospect, once'
);
reset role;
insert into desk.tickets (org_id, ticket_type, dept_target, related_lead_id, subject, created_by)
select 'a0000000-0000-4000-8000-000000000000', 'request pickup', 'TRF', f.lead_id, 'Pick up', tap.uid('sp1@alpha.test') from found f where f.name = 'one';
select is(
    (select count(*) from crm.prospect_events e join desk.tickets t on t.ticket_id = e.ref_id and t.ticket_type = 'request pickup' where e.event_type = 'TICKET_CREATED'),
    1::bigint, 'case 56: and so is any other ticket about its lead, however it is made'
);

-- Who moves and sees what

select is(pg_temp.error_as(w.who || '@alpha.test', w.name), w.error, w.why)
from (
    values
        ('sp2', 'one', 'PT404 prospect.not_found', 'not another salesperson'),
        ('sm2', 'one', 'PT404 prospect.not_found', 'nor another team''s manager'),
        ('sm', 'pairs', 'PT409 prospect.stage.transition', 'a manager moves the team''s'),
        ('ss', 'three', null, 'support any'),
        ('mc', 'market', 'PT403 permission.denied', 'marketing staff none, not even their own'),
        ('dir', 'one', 'PT403 permission.denied', 'a director none'),
        ('exi', 'one', 'PT403 permission.denied', 'operations none'),
        ('sp3', 'elsewhere', 'PT404 prospect.not_found', 'nobody another organisation''s')
) as w (who, name, error, why);
reset role;
update crm.prospects set current_stage = 'Nurturing' where prospect_id = (select f.prospect_id from found f where f.name = 'three');
select tests.become('sp1@alpha.test');
select is(
    (select count(*) from jsonb_array_elements(api.crm_list_prospects() -> 'items')), 2::bigint, 'a list has one''s own'
);
select is(
    (select array_agg(i ->> 'company_name') from jsonb_array_elements(api.crm_list_prospects('{"current_stage": "Need Analysis"}') -> 'items') i),
    array['PT one'], 'filtered by stage'
);
select is(tests.error_of(format('select api.crm_get_prospect(%L)', (select f.prospect_id from found f where f.name = 'three'))), 'PT404 prospect.not_found', 'somebody else''s is not there');
select tests.become('mm@alpha.test');
select is(
    (select array_agg(i ->> 'company_name') from jsonb_array_elements(api.crm_list_prospects(jsonb_build_object('owner_user_id', tap.uid('sp3@alpha.test'))) -> 'items') i),
    array['PT three'], 'filtered by owner'
);
select is(
    (select count(*) from jsonb_array_elements(api.crm_list_prospects(jsonb_build_object('customer_id', api.crm_list_prospects('{}', 1) #>> '{items,0,customer_id}')) -> 'items')),
    1::bigint, 'filtered by customer'
);
select is(
    (
        with recursive page (number, answer) as (
            select 1, api.crm_list_prospects('{}', 1)
            union all
            select p.number + 1, api.crm_list_prospects('{}', 1, p.answer -> 'next') from page p where p.answer -> 'next' <> 'null'
        )
        select array_agg(p.answer #>> '{items,0,prospect_id}') from page p
    ),
    (select array_agg(p.prospect_id order by p.created_at desc, p.prospect_id desc) from api.prospects p), 'pages have each once, newest first'
);
select tests.become('fin@alpha.test');
select is(tests.error_of('select api.crm_list_prospects()'), 'PT403 permission.denied', 'case 136: finance has no prospects');
select tests.become('exi@alpha.test');
select is(tests.error_of('select api.crm_list_prospects()'), 'PT403 permission.denied', 'case 137: nor have operations');
select tests.become('sp1@alpha.test');
select is(
    tests.error_of($$ insert into crm.prospect_events (org_id, prospect_id, event_type) values (app.org_id(), 'X', 'HANDOVER') $$),
    '42501', 'nobody writes events by hand'
);

select * from finish();
rollback;
