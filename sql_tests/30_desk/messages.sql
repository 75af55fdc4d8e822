-- Messages, first responses, files: what is on record, for whom.

begin;
select plan(32);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');
create function pg_temp.at(p_time text) returns void language sql security definer
as $$ update app.clock set frozen_at = p_time::timestamptz $$;
create function pg_temp.open(p_dept text default 'EXI') returns text
language sql
as $$ select api.ticket_create(jsonb_build_object('ticket_type', 'general request', 'dept_target', p_dept, 'subject', 'S')) ->> 'ticket_id' $$;
create function pg_temp.say(p_ticket_id text, p_message text default 'M') returns jsonb
language sql
as $$ select api.ticket_post_message(p_ticket_id, jsonb_build_object('message', p_message)) $$;
create temporary table made (ticket_id text, lead_id text) on commit drop;
grant all on made to public;

-- The first response (cases 69–71)

select tests.become('sp1@alpha.test');
select is(pg_temp.open(), 'GENEXI0103310001', 'a ticket');
select results_eq(
    'select first_response_at, first_response_minutes from api.v_ticket_first_response', $$ values (null::timestamptz, null::numeric) $$,
    'case 69: without a reply there is no first response'
);
select is(pg_temp.say('GENEXI0103310001') -> 'is_first_response', 'false', 'case 70: nor is the author''s own message');
select is_empty($$ select from api.sla_events where event_type = 'FIRST_RESPONSE' $$, 'case 70: one');
reset role;
select pg_temp.at('2031-03-01 05:07:30+00');
select tests.become('exi@alpha.test');
select is(pg_temp.say('GENEXI0103310001') -> 'is_first_response', 'true', 'case 71: the first of somebody else is');
reset role;
select pg_temp.at('2031-03-01 06:00:00+00');
select tests.become('sa@alpha.test');
select is(pg_temp.say('GENEXI0103310001') -> 'is_first_response', 'false', 'case 71: the second is not');
select results_eq(
    'select first_response_at, first_response_minutes from api.v_ticket_first_response',
    $$ values ('2031-03-01 05:07:30+00'::timestamptz, 7.50) $$,
    'case 71: minutes from opening to the first message of somebody else'
);
select is((select count(*) from api.sla_events where event_type = 'FIRST_RESPONSE'), 1::bigint, 'case 71: on record once');
select tests.become_owner();
select is(
    tests.error_of($$
        insert into desk.sla_events (org_id, ticket_id, event_type)
        select org_id, ticket_id, 'FIRST_RESPONSE' from desk.tickets
    $$),
    '23505', 'P26: and cannot be twice'
);
select tests.become('sp1@alpha.test');
select isnt(pg_temp.open(), null, 'another ticket');
select is(api.ticket_transition('GENEXI0103310002', 'CLOSED') ->> 'status', 'CLOSED', 'is closed');
select tests.become('exi@alpha.test');
select is(
    pg_temp.say('GENEXI0103310002', 'well') -> 'is_first_response', 'false', 'a closed ticket can be talked about, and that answers nobody'
);

-- Who may (case 82)

reset role;
create temporary table tried (who text, outcome text) on commit drop;
grant all on tried to public;
do $$
declare
    v_who text;
begin
    for v_who in select split_part(p.email, '@', 1) from app.profiles p where p.email like '%@alpha.test' order by p.user_id loop
        perform tests.become(v_who || '@alpha.test');
        insert into tried
        select
            v_who,
            tests.error_of($q$ do $d$ begin perform pg_temp.say('GENEXI0103310001'); raise sqlstate 'ZZ000'; end $d$ $q$)
            || ' ' || tests.error_of($q$ do $d$ begin
                perform api.ticket_add_attachment('GENEXI0103310001', 'f.pdf', 'application/pdf', 1, repeat('a', 64),
                    'ticket-attachments', 'GENEXI0103310001/f');
                raise sqlstate 'ZZ000';
            end $d$ $q$);
        perform set_config('role', 'none', true);
    end loop;
end
$$;
select results_eq(
    $$ select outcome, string_agg(who, ' ' order by who) from tried group by 1 order by 1 $$,
    $$
        values
            ('PT403 permission.denied PT403 permission.denied', 'dir'),
            ('PT404 ticket.not_found PT404 ticket.not_found', 'adm dgo dom dtd fin macx mc mm sm2 sp2 sp3 ss stf stf2 trf vsdo'),
            ('ZZ000 ZZ000', 'exi mad sa sm sp1')
    $$,
    'case 82: who does not see a ticket neither writes nor adds a file; who only reads does not either'
);
select tests.become('sp1@alpha.test');
select is(
    tests.faults_of($$ select api.ticket_post_message('GENEXI0103310001', '{"message": "  ", "created_by": "x"}') $$),
    array['created_by ticket.field.unknown', 'message ticket.message.required'], 'a message has words, and its author is the caller'
);
select is(
    tests.faults_of(format(
        $q$ select api.ticket_add_attachment('GENEXI0103310001', 'f.pdf', 'application/pdf', 1, repeat('a', 64), %L, %L) $q$, c.bucket, c.path
    )),
    array['file ticket.file.path'], 'P36: a file outside of the ticket''s folder is not taken over: ' || c.bucket || '/' || c.path
)
from (values ('import-files', 'GENEXI0103310001/f'), ('ticket-attachments', 'GENEXI0103310009/f')) as c (bucket, path);
select tests.become('sp1@alpha.test', '{"idempotency_key": "once"}');
select is(pg_temp.say('GENEXI0103310001', 'once'), pg_temp.say('GENEXI0103310001', 'once'), 'repeated with its key it is said once');
select is((select count(*) from api.ticket_messages m where m.message = 'once'), 1::bigint, 'which is once');

-- Medians (case 81)

select tests.become_owner();
delete from desk.tickets;
insert into desk.tickets (org_id, ticket_id, ticket_type, dept_target, subject, created_by, created_at)
select 'a0000000-0000-4000-8000-000000000000', 'GEN' || n, 'general request', 'EXI', 'S', tap.uid('sp1@alpha.test'), t.at
from unnest(array[
    -- 00:30 and 23:30 of one day in Jakarta; the last is never answered.
    '2031-03-01 17:30+00', '2031-03-02 10:00+00', '2031-03-02 16:30+00', '2031-03-02 16:31+00'
]::timestamptz[]) with ordinality as t (at, n);
insert into desk.ticket_messages (org_id, ticket_id, message, created_by, created_at)
select t.org_id, t.ticket_id, 'M', tap.uid('exi@alpha.test'), t.created_at + m.wait
from desk.tickets t
join (values ('GEN1', interval '1 minute'), ('GEN2', interval '3 minutes'), ('GEN3', interval '100 minutes')) as m (id, wait)
    on m.id = t.ticket_id;
select tests.become('sp1@alpha.test');
select results_eq(
    $$
        select day, ticket_type, dept_target, median_first_response_minutes, ticket_count, total_count, unanswered
        from api.v_ticket_first_response_median_daily
    $$,
    $$ values ('2031-03-02'::date, 'general request', 'EXI', 3.00, 3::bigint, 4::bigint, 1::bigint) $$,
    'case 81: of 1, 3 and 100 minutes the median is 3; days are those of Jakarta; who waits still is not counted'
);
select tests.become('sp2@alpha.test');
select is_empty('select from api.v_ticket_first_response_median_daily', 'of tickets that one does not see there is none');

-- Masked (P12, P13)

select tests.become('mc@alpha.test');
insert into made
select b ->> 'ticket_id', b ->> 'lead_id'
from api.crm_create_lead_bundle('{
    "company_name": "PT Rahasia Dagang", "pic_name": "Budi Tan", "contact_phone": "0812-9999-7771",
    "email": "budi@kilauan.example", "city_area": "Surabaya", "service_code": "EXI_AF",
    "primary_channel": "SEM", "need_rfq": true, "rfq_origin_address": "a", "rfq_origin_city": "b",
    "rfq_origin_country": "c", "rfq_destination_address": "d", "rfq_destination_city": "e",
    "rfq_destination_country": "f", "rfq_cargo_category": "g", "rfq_cargo_qty": 12, "rfq_cargo_dimensions": "h",
    "rfq_cargo_weight": "1250.5", "rfq_scope_of_work": "i"
}') b;
select isnt(pg_temp.say(m.ticket_id, 'For rahasia dagang (Budi_Tan, 081299997771)'), null, 'its author names the customer') from made m;
select isnt(
    api.ticket_add_attachment(
        m.ticket_id, 'offer_Budi_RahasiaDagang.pdf', 'application/pdf', 1, repeat('a', 64), 'ticket-attachments', m.ticket_id || '/1'
    ),
    null, 'and a file after it'
)
from made m;
select tests.become('exi@alpha.test');
select is(pg_temp.say(m.ticket_id, 'Is it Rahasia?') -> 'is_first_response', 'true', 'case 67, P12: operations answer') from made m;
select isnt(
    api.ticket_add_attachment(m.ticket_id, 'rates.csv', 'text/csv', 1, repeat('b', 64), 'ticket-attachments', m.ticket_id || '/2'),
    null, 'and add their rates'
)
from made m;
select results_eq(
    format(
        $q$ select i ->> 'message', i ->> 'created_by' from jsonb_array_elements(api.desk_list_messages(%L) -> 'items') i $q$, m.ticket_id
    ),
    $$
        values ('Is it Rahasia?', tap.uid('exi@alpha.test')::text), ('For [masked] ([masked], [masked])', null)
    $$,
    'P13: what sales write is masked; what operations write is not, or it would confirm what they guess'
)
from made m;
select results_eq(
    format(
        $q$ select i ->> 'file_name', i -> 'file_id' <> 'null' from jsonb_array_elements(api.desk_get_ticket(%L) -> 'attachments') i $q$,
        m.ticket_id
    ),
    $$ values ('offer_[masked]_[masked].pdf', false), ('rates.csv', true) $$,
    'P13: names of files are masked, and the bytes of others'' files are not for them'
)
from made m;
select results_eq('select file_name from api.ticket_attachments', array['rates.csv'], 'P13: nor in the view');
select is((select string_agg(f.file_name, ' ') from app.files f), 'rates.csv', 'P13: nor to download');
select results_eq(
    $$ select ticket_id, created_by, first_response_minutes from api.v_ticket_first_response where ticket_id like 'RFQ%' $$,
    'select ticket_id, null::uuid, 0.00 from made', 'P12: they see how long it waited, not who wrote it'
);
select is_empty(
    'select from api.ticket_messages m join made on made.ticket_id = m.ticket_id', 'P13: messages of a masked ticket are not in the view'
);
select is_empty(
    $$ select from api.notifications n where n::text ~* 'rahasia|budi|kilauan|LEADSEM' $$, 'case 153: no notification names the customer'
);
select tests.become('dom@alpha.test');
select is(
    tests.error_of(format('select api.desk_list_messages(%L)', m.ticket_id)), 'PT404 ticket.not_found', 'case 68: another department reads nothing'
)
from made m;

select * from finish();
rollback;
