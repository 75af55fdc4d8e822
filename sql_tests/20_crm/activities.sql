-- Activities: what is written down, proven where it must be, never changed but by being done, and counted by day.

begin;
select plan(87);

insert into app.clock (frozen_at) values ('2031-03-01 18:30:00+00');  -- 2 March in Jakarta
create temporary table found (name text primary key, lead_id text, customer_id text, prospect_id text);
grant all on found to public;
create function pg_temp.post(p_email text, p_name text, p_company text, p_owner text default null) returns void
language plpgsql
as $$
begin
    perform tests.become(p_email);
    insert into found
    select p_name, a ->> 'lead_id', a ->> 'customer_id', a ->> 'prospect_id'
    from api.crm_create_lead_bundle(jsonb_strip_nulls(jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', md5(p_company) || '@mail.example', 'sales_owner_user_id', tap.uid(p_owner)
    ))) a;
    perform set_config('role', 'none', true);
end
$$;
create function pg_temp.body(p_name text, p_type text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'prospect_id', (select f.prospect_id from found f where f.name = p_name), 'activity_type', p_type, 'notes', 'what happened'
    ) || p_more
$$;
create function pg_temp.log(p_name text, p_type text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select api.crm_log_activity(pg_temp.body(p_name, p_type, p_more))
$$;
create function pg_temp.faults(p_name text, p_type text, p_more jsonb default '{}') returns text[]
language sql
as $$
    select tests.faults_of(format('select api.crm_log_activity(%L)', pg_temp.body(p_name, p_type, p_more)))
$$;
create function pg_temp.error(p_name text, p_type text, p_more jsonb default '{}') returns text
language sql
as $$
    select tests.error_of(format('select api.crm_log_activity(%L)', pg_temp.body(p_name, p_type, p_more)))
$$;
create function pg_temp.error_as(p_email text, p_body jsonb) returns text
language sql
as $$
    select tests.error_of(format('select tests.become(%L); select api.crm_log_activity(%L)', p_email, p_body))
$$;

select pg_temp.post('mm@alpha.test', 'one', 'PT One', 'sp1@alpha.test');
select pg_temp.post('sp3@alpha.test', 'three', 'PT Three');
select pg_temp.post('mc@alpha.test', 'market', 'PT Market');
select pg_temp.post('sp1@alpha.test', 'blind', 'PT Three');
select pg_temp.post('mc@beta.test', 'elsewhere', 'PT Elsewhere');

-- What a visit needs (case 53)

select tests.become('sp1@alpha.test');
select is(
    pg_temp.faults('one', 'visit', v.more), v.faults, 'case 53: a visit with ' || v.more::text || ' is refused'
)
from (
    values
        ('{}'::jsonb, array[
            'evidence_photo_url activity.evidence_photo_url.required', 'gps_lat activity.gps_lat.required', 'gps_lng activity.gps_lng.required'
        ]),
        ('{"gps_lat": -6.2, "gps_lng": 106.8}', array['evidence_photo_url activity.evidence_photo_url.required']),
        ('{"evidence_photo_url": "https://photos.example/p.jpg", "gps_lat": -6.2}', array['gps_lng activity.gps_lng.required']),
        ('{"evidence_photo_url": " ", "gps_lat": 0, "gps_lng": 0}', array['evidence_photo_url activity.evidence_photo_url.required']),
        ('{"evidence_photo_url": "https://photos.example/p.jpg", "gps_lat": 90.1, "gps_lng": -181}', array['gps_lat activity.gps_lat.range', 'gps_lng activity.gps_lng.range']),
        ('{"evidence_photo_url": "https://photos.example/p.jpg", "gps_lat": "0", "gps_lng": 0}', array['gps_lat activity.gps_lat.type']),
        ('{"evidence_photo_url": "p.jpg", "gps_lat": 91, "gps_lng": 0}', array['evidence_photo_url activity.evidence_photo_url.format', 'gps_lat activity.gps_lat.range'])
) as v (more, faults);
select is(
    pg_temp.log('one', 'visit', '{"evidence_photo_url": "https://photos.example/p.jpg", "gps_lat": 0, "gps_lng": 0}') @> '{"gps_lat": 0, "gps_lng": 0, "direction": "outbound"}',
    true, 'case 53: with a photo and a position it is accepted, 0 and 0 being one'
);
select is(pg_temp.log('one', t.type) ->> 'activity_type', t.type, 'case 53: a ' || t.type || ' needs none of them')
from (values ('call'), ('online_meeting'), ('email'), ('whatsapp'), ('meeting'), ('note')) as t (type);
select is(pg_temp.log('one', n.name) ->> 'activity_type', n.type, 'as screens call it: ' || n.name)
from (values ('Call', 'call'), ('Online Meeting', 'online_meeting'), ('WhatsApp/Chat Outbound', 'whatsapp')) as n (name, type);
select is(
    pg_temp.faults('one', 'system', '{"notes": " ", "direction": "up", "created_by": "x", "lead_id": "L"}'),
    array['created_by activity.field.unknown', 'notes activity.notes.required'], 'P5, P33: what is missing or unknown is named'
);
select is(
    pg_temp.faults('one', 'system', '{"direction": "up", "lead_id": "L", "scheduled_on": "2031-03-01"}'),
    array[
        'activity_type activity.activity_type.unknown', 'direction activity.direction.unknown', 'prospect_id activity.about.one',
        'scheduled_on activity.scheduled_on.past'
    ], 'so is what is wrong: nobody logs for the system, about two things, or for yesterday (of Jakarta)'
);
select is(pg_temp.log('one', 'call') ->> 'created_by', tap.uid('sp1@alpha.test')::text, 'case 80, P5: who wrote it is who asked');

-- What it hangs on

select is(
    (select array[l ->> 'customer_id', l ->> 'lead_id', l ->> 'prospect_id'] from api.crm_log_activity((select jsonb_build_object('lead_id', f.lead_id) from found f where f.name = 'one') || '{"activity_type": "note", "notes": "n"}') l),
    (select array[f.customer_id, f.lead_id, f.prospect_id] from found f where f.name = 'one'), 'a lead brings its prospect and customer'
);
select is(
    (select array[l ->> 'customer_id', l ->> 'lead_id', l ->> 'prospect_id'] from api.crm_log_activity((select jsonb_build_object('customer_id', f.customer_id) from found f where f.name = 'one') || '{"activity_type": "note", "notes": "n"}') l),
    (select array[f.customer_id, null, null] from found f where f.name = 'one'), 'a customer stands alone'
);
select is(
    pg_temp.log('blind', 'note') -> 'customer_id', 'null', 'D1: a prospect that does not count tells nothing of its customer'
);
select is(
    pg_temp.error('one', 'call', jsonb_build_object('contact_id', (select c.contact_id from api.contacts c where c.full_name = 'Pic' limit 1))),
    null, 'a person of the customer may be named'
);
reset role;
insert into crm.contacts (org_id, customer_id, full_name)
select 'a0000000-0000-4000-8000-000000000000', l.customer_id, 'Other Pic' from crm.leads l where l.company_name = 'PT Three' limit 1;
create temporary table contact as select c.contact_id from crm.contacts c where c.full_name = 'Other Pic';
grant select on contact to public;
select tests.become('sp1@alpha.test');
select is(
    pg_temp.faults('one', 'call', jsonb_build_object('contact_id', (select contact_id from contact))),
    array['contact_id activity.contact_id.other_customer'], 'customers case 39: one of another customer not'
);
select is(pg_temp.error_as(w.who || '@alpha.test', pg_temp.body(w.name, 'call')), w.error, w.why)
from (
    values
        ('sp2', 'one', 'PT404 activity.about.not_found', 'nobody logs for another''s prospect'),
        ('sm', 'one', null, 'a manager does for the team''s'),
        ('sm2', 'one', 'PT404 activity.about.not_found', 'and not for another team''s'),
        ('ss', 'three', null, 'support for any'),
        ('mm', 'one', 'PT403 permission.denied', 'marketing logs none'),
        ('mc', 'market', 'PT403 permission.denied', 'not even about its own'),
        ('dir', 'one', 'PT403 permission.denied', 'P5: nor does a director'),
        ('exi', 'one', 'PT403 permission.denied', 'nor operations')
) as w (who, name, error, why);

select is(pg_temp.error_as('sa@beta.test', pg_temp.body('market', 'call')), 'PT404 activity.about.not_found', 'and nobody for another organisation''s');

-- Once (with a key), and never changed

select tests.become('sp2@alpha.test', '{"idempotency_key": "a1"}');
select pg_temp.post('sp2@alpha.test', 'two', 'PT Two');
select tests.become('sp2@alpha.test', '{"idempotency_key": "a1"}');
select is(pg_temp.log('two', 'call'), pg_temp.log('two', 'call'), 'a repetition gets the first answer');
select is((select count(*) from api.activities), 1::bigint, 'and logs nothing');
select tests.become('sa@alpha.test');
select is(tests.error_of($$ update crm.activities set notes = 'other' $$), '42501', 'nobody rewrites an activity');
select is(tests.error_of('delete from crm.activities'), '42501', 'or removes one');
select tests.become_owner();
select is(
    tests.error_of(format('update crm.activities set %s', c.change)), 'PT409 activity.append_only', 'decisions §1.4: not even the owner of the table: ' || c.change
)
from (values ('notes = ''other'''), ('completed_at = null'), ('outcome = ''better''')) as c (change);

-- Planned, and done

select tests.become('sp2@alpha.test');
select is(pg_temp.log('two', 'visit', '{"scheduled_on": "2031-03-02"}') -> 'completed_at', 'null', 'a visit that is planned needs no proof yet');
select is(
    (select to_jsonb(array_agg(i ->> 'activity_type')) from jsonb_array_elements(api.crm_list_activities('{"is_open": true}') -> 'items') i),
    '["visit"]', 'and stands among what is to be done'
);
reset role;
create temporary table planned as select a.activity_id from crm.activities a where a.completed_at is null;
grant select on planned to public;
select tests.become('sp2@alpha.test');
select is(
    tests.error_of(format('select api.crm_complete_activity(%s, %L)', (select activity_id from planned), '{"outcome": "met"}')),
    'PT422 activity.visit.proof', 'case 53: done, it needs it'
);
select is(
    api.crm_complete_activity((select activity_id from planned), '{"outcome": "met", "evidence_photo_url": "https://photos.example/p.jpg", "gps_lat": 1, "gps_lng": 2}') ->> 'outcome',
    'met', 'and has it'
);
select is(
    tests.error_of(format('select api.crm_complete_activity(%s, %L)', (select activity_id from planned), '{}')),
    'PT409 activity.completed', 'customers case 38: once'
);
select tests.become('sm@alpha.test');
select is(
    tests.error_of(format('select api.crm_complete_activity(%s, %L)', (select activity_id from planned), '{}')),
    'PT404 activity.not_found', 'and by whoever planned it'
);

-- Counted (v_sales_activities_daily)

select tests.become_owner();
insert into crm.activities (org_id, activity_type, direction, prospect_id, notes, completed_at, created_by)
select 'a0000000-0000-4000-8000-000000000000', t.type, t.direction, f.prospect_id, 'n', t.at::timestamptz, tap.uid('sp2@alpha.test')
from (
    values
        ('call', 'inbound', '2031-03-02 03:00:00+00'), ('whatsapp', 'inbound', '2031-03-02 03:00:00+00'),
        ('note', 'outbound', '2031-03-02 03:00:00+00'), ('email', 'outbound', '2031-03-02 16:59:59+00'),
        ('email', 'outbound', '2031-03-02 17:00:00+00')
) as t (type, direction, at)
cross join (select prospect_id from found where name = 'two') f;
select tests.become('sp2@alpha.test');
select results_eq(
    'select day::text, activity_type, activity_count, user_id from api.v_sales_activities_daily order by 1, 2',
    $$ values
        ('2031-03-02', 'call', 1::bigint, tap.uid('sp2@alpha.test')),
        ('2031-03-02', 'email', 1, tap.uid('sp2@alpha.test')),
        ('2031-03-02', 'visit', 1, tap.uid('sp2@alpha.test')),
        ('2031-03-03', 'email', 1, tap.uid('sp2@alpha.test')) $$,
    'P8: what sales did, by the day of Jakarta; notes and what came in do not count'
);
select is(
    (
        select sum(v.activity_count) from api.v_sales_activities_daily v
        join (select api.crm_create_lead_bundle('{
            "company_name": "PT Two", "pic_name": "Pic", "city_area": "Jakarta", "service_code": "EXI_AF", "primary_channel": "SEM",
            "contact_phone": "0812-777-111", "email": "two@mail.example", "need_rfq": true,
            "rfq_origin_address": "Jl. Satu 1", "rfq_origin_city": "Jakarta", "rfq_origin_country": "Indonesia",
            "rfq_destination_address": "Two Street 2", "rfq_destination_city": "Hamburg", "rfq_destination_country": "Germany",
            "rfq_cargo_category": "Furniture", "rfq_cargo_qty": 12, "rfq_cargo_dimensions": "1x2x3 m", "rfq_cargo_weight": 5,
            "rfq_scope_of_work": "door to port"}') as made) m on m.made ->> 'ticket_id' is not null
    ), 4::numeric, 'case 56: a request for a tariff is no activity'
);

-- In Havana clocks go back from one to midnight: half past midnight comes twice, both times on the third.
select tests.become_owner();
insert into app.settings (org_id, key, value) values ('a0000000-0000-4000-8000-000000000000', 'time_zone', '"America/Havana"')
on conflict (org_id, key) do update set value = excluded.value;
insert into crm.activities (org_id, activity_type, direction, prospect_id, notes, completed_at, created_by)
select 'a0000000-0000-4000-8000-000000000000', 'call', 'outbound', f.prospect_id, 'n', t.at, tap.uid('sp2@alpha.test')
from unnest('{2030-11-03 03:59:59+00,2030-11-03 04:30:00+00,2030-11-03 05:30:00+00,2030-11-04 05:00:00+00}'::timestamptz[]) as t (at)
cross join (select prospect_id from found where name = 'two') f;
select tests.become('sp2@alpha.test');
select results_eq(
    $$ select day::text, activity_count from api.v_sales_activities_daily where day between '2030-11-02' and '2030-11-04' order by 1 $$,
    $$ values ('2030-11-02', 1::bigint), ('2030-11-03', 2), ('2030-11-04', 1) $$, 'P8: a day begins when its first hour comes first'
);
select tests.become_owner();
delete from app.settings where org_id = 'a0000000-0000-4000-8000-000000000000' and key = 'time_zone';

-- One number, wherever it is read, and whatever became of the prospect (§5.1)

update crm.prospects p
set owner_user_id = tap.uid('sp3@alpha.test')
from found f
where f.name = 'two' and p.prospect_id = f.prospect_id and p.org_id = 'a0000000-0000-4000-8000-000000000000';
select tests.become('sp2@alpha.test');
select is_empty($$ select from api.activities a where a.activity_type = 'email' $$, 'a prospect that goes on takes what was done along');
select is(
    (select sum(v.activity_count) from api.v_sales_activities_daily v where v.activity_type = 'email' and v.user_id = app.uid()), 2::numeric,
    'P10: who did it keeps the number'
);
select is(
    (api.kpi_actual('SALES_ACTIVITY_EMAIL', '2031-03-01', '2031-03-31', app.uid()) ->> 'value')::numeric, 2::numeric,
    '§5.1: which is what the metric says'
);
select is(
    (select (i ->> 'activity_count')::numeric from jsonb_array_elements(api.app_dashboard('2031-03-01', '2031-03-31') #> '{blocks,activities,items}') i where i ->> 'activity_type' = 'email'),
    2::numeric, 'and the dashboard'
);
select tests.become('sm@alpha.test');
select is(
    (select sum(v.activity_count) from api.v_sales_activities_daily v where v.activity_type = 'email' and v.user_id = tap.uid('sp2@alpha.test')),
    (api.kpi_actual('SALES_ACTIVITY_EMAIL', '2031-03-01', '2031-03-31', tap.uid('sp2@alpha.test')) ->> 'value')::numeric, 'for their manager, too'
);
select tests.become('sp3@alpha.test');
select is_empty('select from api.v_sales_activities_daily', 'the new owner sees what was done, and it is no number of theirs');

-- Handed over: what was done keeps the prospect with who did it (§3.4)

select tests.become('mm@alpha.test');
select isnt(
    api.crm_assign_lead((select lead_id from found where name = 'one'), jsonb_build_object('new_owner_user_id', tap.uid('sp3@alpha.test'))) ->> 'prospect_id',
    (select prospect_id from found where name = 'one'), '§3.4: the new owner gets a prospect where the old one has work in it'
);
select tests.become('sp3@alpha.test');
select is(
    (select count(*) from jsonb_array_elements(api.crm_list_activities(jsonb_build_object('lead_id', (select lead_id from found where name = 'one'))) -> 'items')),
    1::bigint, 'and sees what was done for the lead'
);
-- Where a photo may be that is kept elsewhere

select tests.become('sp3@alpha.test');
select is(
    pg_temp.faults('three', 'note', jsonb_build_object('evidence_photo_url', a.address)), array['evidence_photo_url activity.evidence_photo_url.' || a.fault],
    left(to_json(a.address)::text, 60) || ' is no address of a photo'
)
from (
    values
        ('p.jpg', 'format'), ('/api/files/1', 'format'), ('//photos.example/p.jpg', 'format'), ('javascript:alert(1)', 'format'),
        ('data:image/png;base64,AA==', 'format'), ('ftp://photos.example/p.jpg', 'format'), ('https://', 'format'),
        ('https://name:word@photos.example/p.jpg', 'format'), ('https://name@photos.example', 'format'),
        (E'https://photos.example/p\n.jpg', 'format'), (E'https://photos.example/\u0007', 'format'), ('https://photos.example/a b', 'format'),
        (E'x\nhttps://photos.example/p.jpg', 'format'), ('https://photos.example\p.jpg', 'format'),
        ('https://photos.example/' || repeat('x', 1978), 'too_long')
) as a (address, fault);
select is(
    pg_temp.log('three', 'note', jsonb_build_object('evidence_photo_url', a.address)) ->> 'evidence_photo_url', btrim(a.address), left(to_json(a.address)::text, 60) || ' is one'
)
from (
    values
        ('http://photos.example'), ('HTTPS://Photos.Example:8443/a/b%20c?x=1&y=@2#three'), ('https://[2001:db8::1]/p.jpg'),
        (' https://photos.example/p.jpg '), ('https://photos.example/' || repeat('x', 1977))
) as a (address);
select is(
    pg_temp.faults('three', 'note', '{"evidence_photo_url": 5}'), array['evidence_photo_url activity.evidence_photo_url.type'], 'nor is a number'
);
select tests.become('sp2@alpha.test');
insert into found (name, prospect_id) select 'new', api.crm_create_lead_bundle('{
    "company_name": "PT New", "pic_name": "Pic", "city_area": "Jakarta", "service_code": "EXI_AF", "primary_channel": "SEM",
    "contact_phone": "0812-777-222", "email": "new@mail.example"}') ->> 'prospect_id';
select is(pg_temp.log('new', 'visit', '{"scheduled_on": "2031-03-02"}') ->> 'evidence_photo_url', null, 'a visit to come has none');
select is(
    tests.faults_of(format('select api.crm_complete_activity(%s, %L)', a.activity_id, '{"evidence_photo_url": "javascript:alert(1)", "gps_lat": 0, "gps_lng": 0}')),
    array['evidence_photo_url activity.evidence_photo_url.format'], 'when a visit is done it is asked as well'
)
from api.activities a
where a.completed_at is null;
select tests.become_owner();
select throws_ok(
    format('update crm.activities set completed_at = app.now(), gps_lat = 0, gps_lng = 0, evidence_photo_url = %L where activity_id = %s', w.address, a.activity_id), '23514',
    'new row for relation "activities" violates check constraint "activities_evidence_photo_url_check"', 'nor does the table take ' || w.address
)
from crm.activities a
cross join unnest(array['p.jpg', '/api/files/', '/api/leads', 'javascript:alert(1)', 'https://name:word@photos.example/']) as w (address)
where a.completed_at is null;

select tests.become('fin@alpha.test');
select is(tests.error_of('select api.crm_list_activities()'), 'PT403 permission.denied', 'finance has no activities');

select * from finish();
rollback;
