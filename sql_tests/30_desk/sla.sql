-- By when tickets are due: working hours, pauses, breaches.

begin;
select plan(44);

insert into app.clock (frozen_at) values ('2031-03-03 02:00:00+00');
create function pg_temp.at(p_time text) returns void language sql security definer
as $$ update app.clock set frozen_at = p_time::timestamptz $$;
create function pg_temp.hours(p_zone text, p_opens text, p_closes text, p_holidays jsonb default '[]') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'time_zone', p_zone, 'holidays', p_holidays,
        'periods', (
            select jsonb_agg(jsonb_build_object('weekday', d, 'opens', p_opens, 'closes', p_closes)) from generate_series(1, 7) d
        )
    )
$$;
grant execute on all functions in schema pg_temp to public;

-- Business seconds

select is(desk.business_seconds(c.calendar, c.begins::timestamptz, c.ends::timestamptz), c.seconds, c.what)
from (values
    (pg_temp.hours('Asia/Jakarta', '08:00', '17:00'), '2031-03-03 00:00+07', '2031-03-04 00:00+07', 32400::bigint, 'a day from eight to five has nine hours'),
    (pg_temp.hours('Asia/Jakarta', '08:00', '17:00'), '2031-03-03 16:59:30+07', '2031-03-04 08:00:10+07', 40, 'the night between does not count'),
    (pg_temp.hours('Asia/Jakarta', '08:00', '17:00', '["2031-03-04"]'), '2031-03-03 16:00+07', '2031-03-05 09:00+07', 7200, 'nor does a holiday'),
    (pg_temp.hours('Europe/Berlin', '00:00', '24:00'), '2031-03-30 00:00+01', '2031-03-31 00:00+02', 82800, 'the day on which an hour is skipped has 23'),
    (pg_temp.hours('Europe/Berlin', '00:00', '24:00'), '2031-10-26 00:00+02', '2031-10-27 00:00+01', 90000, 'the day on which one comes twice has 25'),
    (pg_temp.hours('Europe/Berlin', '02:00', '03:00'), '2031-03-30 00:00+01', '2031-03-31 00:00+02', 0, 'from two to three is never, where it is skipped'),
    (pg_temp.hours('Europe/Berlin', '02:00', '03:00'), '2031-10-26 00:00+02', '2031-10-27 00:00+01', 7200, 'and twice, where it comes twice'),
    (pg_temp.hours('Europe/Berlin', '02:30', '09:00'), '2031-03-30 00:00+01', '2031-03-30 12:00+02', 21600, 'what begins within the skipped hour begins after it'),
    (pg_temp.hours('America/Santiago', '00:00', '24:00'), '2031-09-07 00:00-04', '2031-09-08 00:00-03', 82800, 'also where the hour after midnight is skipped'),
    (null, '2031-03-03 00:00+07', '2031-03-03 00:01+07', 60, 'without a calendar every second counts'),
    (pg_temp.hours('Asia/Jakarta', '08:00', '17:00'), '2031-03-04 00:00+07', '2031-03-03 00:00+07', 0, 'backwards there is none')
) as c (calendar, begins, ends, seconds, what);
select results_eq(
    $$
        select d.due_at
        from desk.business_deadlines(
            pg_temp.hours('Asia/Jakarta', '08:00', '17:00', '["2031-03-04"]'),
            array['2031-03-03 16:00+07', '2031-03-03 18:00+07', '2031-03-03 08:00+07', '2031-03-04 12:00+07', '2031-03-03 12:00+07']::timestamptz[],
            array[7200, 60, 32400, 1, 0]
        ) d
        order by d.n
    $$,
    $$
        values
            ('2031-03-05 09:00+07'::timestamptz), ('2031-03-05 08:01+07'), ('2031-03-03 17:00+07'), ('2031-03-05 08:00:01+07'),
            ('2031-03-03 12:00+07')
    $$,
    'what is due is due when it is open, and at closing time rather than next morning'
);
select is(
    (select count(d.due_at) from desk.business_deadlines('{"time_zone": "UTC", "periods": []}', array[now()], array[1::bigint]) d), 0::bigint,
    'where nobody ever works nothing is ever due'
);

-- Setting hours and targets

select tests.become('sp1@alpha.test');
select is(tests.error_of($$ select api.desk_set_calendar('{}') $$), 'PT403 permission.denied', 'not everybody sets working hours');
select is(tests.error_of($$ select api.desk_set_sla_target('{}') $$), 'PT403 permission.denied', 'or targets');
select tests.become('sa@alpha.test');
select is(
    tests.faults_of($$
        select api.desk_set_calendar('{"name": " ", "time_zone": "Mars/Phobos", "periods": [
            {"weekday": 1, "opens": "08:00", "closes": "12:00"}, {"weekday": 1, "opens": "11:00", "closes": "13:00"}
        ], "holidays": ["2031-02-30"], "days": 5}')
    $$),
    array[
        'days calendar.field.unknown', 'holidays calendar.holidays.format', 'name calendar.name.required',
        'periods calendar.periods.overlap', 'time_zone calendar.time_zone.unknown'
    ],
    'everything that is wrong with working hours is said at once'
);
select is(
    tests.faults_of(format('select api.desk_set_calendar(%L)', jsonb_build_object('name', 'n', 'time_zone', 'UTC', 'periods', c.periods))),
    array['periods calendar.periods.format'], 'no period: ' || c.periods::text
)
from (values
    ('[{"weekday": 8, "opens": "08:00", "closes": "12:00"}]'::jsonb), ('[{"weekday": 1, "opens": "12:00", "closes": "08:00"}]'),
    ('[{"weekday": 1, "opens": "8", "closes": "12:00"}]'), ('[5]'), ('{}')
) as c (periods);
select is(
    api.desk_set_calendar('{"name": "office", "time_zone": "Asia/Jakarta", "holidays": ["2031-03-05"], "periods": [
        {"weekday": 1, "opens": "13:00", "closes": "17:00"}, {"weekday": 1, "opens": "08:00", "closes": "12:00"},
        {"weekday": 2, "opens": "08:00", "closes": "12:00"}, {"weekday": 4, "opens": "08:00", "closes": "12:00"}
    ]}') ->> 'name', 'office', 'two periods on a day, and a holiday'
);
select is(
    (api.desk_set_sla_target(jsonb_build_object(
        'ticket_type', 'inquiry tariff', 'calendar_id', k.calendar_id, 'first_response_minutes', 60, 'resolution_minutes', 480
    )) ->> 'resolution_minutes')::integer,
    480, 'an hour until the first response, eight until it is closed'
)
from api.calendars k;
select is(
    tests.error_of($$ select api.desk_set_sla_target('{"ticket_type": "inquiry tariff", "calendar_id": 999999999}') $$),
    'PT404 calendar.not_found', 'by hours that are not there'
);

-- A ticket's clock: Monday 3 March 2031, 09:00 in Jakarta

select tests.become('sp1@alpha.test');
select is(
    api.ticket_create('{"ticket_type": "inquiry tariff", "dept_target": "EXI", "subject": "S"}') ->> 'ticket_id', 'RFQEXI0303310001', 'opened on Monday at nine'
);
select results_eq(
    'select first_response_due_at, resolution_due_at, is_paused from api.tickets',
    $$ values ('2031-03-03 10:00+07'::timestamptz, '2031-03-04 09:00+07'::timestamptz, false) $$,
    'due after an hour, and after eight: seven on Monday, one on Tuesday'
);
select is(
    api.desk_list_tickets() -> 'items' -> 0 ->> 'resolution_due_at', '2031-03-04T02:00:00+00:00', 'lists say when'
);
select is(api.ticket_create('{"ticket_type": "request pickup", "dept_target": "EXI", "subject": "S"}') ->> 'status', 'OPEN', 'another type has no target');
select is(
    (select t.resolution_due_at from api.tickets t where t.ticket_type = 'request pickup'), null, 'and is never due'
);
reset role;
select pg_temp.at('2031-03-03 10:30+07');
select is(app.do_scheduled_job('tickets.breaches', null, 100), 1, 'half an hour too late the job finds one');
select is(desk.record_breaches(null, null, 100), 0, 'once');
select results_eq(
    $$ select event_type, event_at, metadata from desk.sla_events where event_type = 'BREACH' $$,
    $$ values ('BREACH', '2031-03-03 10:00+07'::timestamptz, '{"target": "first_response"}'::jsonb) $$,
    'BREACH: late since it was due'
);
select is(
    (select string_agg(n.title, ' ') from app.notifications n where n.user_id = tap.uid('exi@alpha.test') and n.topic = 'tickets.breached'),
    'Ticket RFQEXI0303310001 is late: first response', 'the department hears of it'
);
select tests.become('exi@alpha.test');
select isnt(api.ticket_post_message('RFQEXI0303310001', '{"message": "M"}'), null, 'an answer after all');
select isnt(api.ticket_transition('RFQEXI0303310001', 'WAITING RESPON'), null, 'a rate is looked for');
select isnt(api.ticket_transition('RFQEXI0303310001', 'WAITING CUSTOMER'), null, 'the customer is asked');
select results_eq(
    'select is_paused, resolution_due_at, is_first_response_late, is_resolution_late from api.tickets where ticket_type = ''inquiry tariff''',
    $$ values (true, null::timestamptz, true, false) $$,
    'while we wait for the customer nothing is due'
);
reset role;
select pg_temp.at('2031-03-04 10:00+07');
select is(desk.record_breaches(null, null, 100), 0, 'nor late');
select tests.become('exi@alpha.test');
select isnt(api.ticket_transition('RFQEXI0303310001', 'WAITING RESPON'), null, 'the customer answers on Tuesday at ten');
select is(
    (select t.resolution_due_at from api.tickets t where t.ticket_type = 'inquiry tariff'), '2031-03-10 08:30+07'::timestamptz,
    'six and a half business hours later: two on Tuesday, Wednesday is a holiday, four on Thursday, and then Monday'
);
select tests.become_owner();
update desk.calendars set hours = jsonb_set(hours, '{holidays}', '[]');
select is(desk.refresh_calendar(k.org_id, k.calendar_id), false, 'the job follows when working hours change') from desk.calendars k;
select is(
    (select t.resolution_due_at from desk.ticket_clocks t), '2031-03-10 08:30+07'::timestamptz, 'which here is all the same: nobody works on a Wednesday'
);
reset role;
select pg_temp.at('2031-03-10 08:15+07');
select tests.become('exi@alpha.test');
select isnt(api.ticket_transition('RFQEXI0303310001', 'CLOSED'), null, 'closed in time');
reset role;
select pg_temp.at('2031-04-10 09:00+07');
select is(desk.record_breaches(null, null, 100), 0, 'it stays so');

select * from finish();
rollback;
