-- A lead with its customer and prospect: all or nothing, by whom it may be made, with every fault named at once.
-- (Requests for a tariff: 30_desk/rfq.sql. Repetition: 10_app/idempotency.sql.)

begin;
select plan(90);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');

create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic of ' || p_company, 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;
create function pg_temp.post(p_payload jsonb) returns jsonb
language sql
as $$
    select api.crm_create_lead_bundle(p_payload)
$$;
-- What has been written so far, whoever asks
create function pg_temp.written() returns text
language sql
security definer
as $$
    select format(
        'leads %s customers %s contacts %s prospects %s tickets %s sla_events %s audit %s outbox %s',
        (select count(*) from crm.leads), (select count(*) from crm.customers), (select count(*) from crm.contacts),
        (select count(*) from crm.prospects), (select count(*) from desk.tickets), (select count(*) from desk.sla_events),
        (select count(*) from app.audit_logs), (select count(*) from app.outbox)
    )
$$;
create function pg_temp.fail_on_boom() returns trigger
language plpgsql
as $$
begin
    if new.company_name = 'PT Boom' then
        raise exception 'boom';
    end if;
    return new;
end
$$;
create temporary table before as select pg_temp.written() as written;
grant all on before to public;
create temporary table refused (who text, error text);
grant all on refused to public;

-- Bad input: each fault by its field, nothing written

select tests.become('mc@alpha.test');
select is(
    tests.faults_of(format('select pg_temp.post(pg_temp.lead(%L) - %L)', 'PT X', f.name)),
    array[f.name || ' lead.' || f.name || '.required'],
    'case 22: without ' || f.name
)
from (values
    ('company_name'), ('pic_name'), ('contact_phone'), ('email'), ('city_area'), ('service_code'), ('primary_channel')
) as f (name);
select is(
    tests.faults_of(format('select pg_temp.post(pg_temp.lead(%L, %L))', 'PT X', jsonb_build_object(f.name, f.value))),
    array[f.name || ' lead.' || f.name || '.required'],
    format('case 22: with a blank %s (%s)', f.name, f.value::text)
)
from (values
    ('company_name', '"   "'::jsonb), ('pic_name', '""'), ('contact_phone', 'null'), ('email', '"\t\r\n"'),
    ('city_area', '"\u00a0"'), ('service_code', '" "'), ('primary_channel', 'null')
) as f (name, value);
select is(
    tests.faults_of(format('select pg_temp.post(pg_temp.lead(%L, %L))', 'PT X', jsonb_build_object(f.name, f.value))),
    array[f.name || ' lead.' || f.name || '.' || f.code],
    format('case 23: %s %s', f.name, left(f.value::text, 30))
)
from (values
    ('service_code', '"NO_SUCH"'::jsonb, 'unknown'),
    ('primary_channel', '"sem"', 'unknown'),
    ('sourced_by', '"marketing"', 'unknown'),
    ('next_step', '"Wait"', 'unknown'),
    ('email', '"budi"', 'format'),
    ('email', '"budi@maju"', 'format'),
    ('email', '"budi@@maju.co"', 'format'),
    ('email', '"bu di@maju.co"', 'format'),
    ('email', to_jsonb(repeat('a', 300) || '@x.co'), 'too_long'),
    ('contact_phone', '"12345"', 'format'),
    ('contact_phone', '8123456789', 'type'),
    ('npwp', '"123"', 'format'),
    ('npwp', '12345678901000', 'type'),
    ('company_name', to_jsonb(repeat('x', 256)), 'too_long'),
    ('company_name', to_jsonb(repeat('x', 1000000)), 'too_long'),
    ('company_name', '{"a": 1}', 'type'),
    ('company_name', '["PT"]', 'type'),
    ('company_name', 'true', 'type'),
    ('lead_date', '"2031-02-29"', 'format'),
    ('lead_date', '"01/03/2031"', 'format'),
    ('lead_date', '"2031-03-02"', 'future'),
    ('due_date', '"soon"', 'format'),
    ('est_volume_value', '-1', 'format'),
    ('est_volume_value', '"1,5"', 'format'),
    ('est_volume_value', '1e300', 'too_long'),
    ('est_volume_value', '"NaN"', 'format'),
    ('notes', to_jsonb(repeat('x', 5001)), 'too_long'),
    ('sales_owner_user_id', '"sp1"', 'format'),
    ('need_rfq', '"yes"', 'type'),
    ('need_rfq', '1', 'type')
) as f (name, value, code);
select is(
    tests.faults_of(format('select pg_temp.post(pg_temp.lead(%L, %L))', 'PT X', jsonb_build_object(f.name, f.value))),
    array[f.name || ' lead.field.unknown'],
    'P33: ' || f.name || ' is no field of a lead'
)
from (values
    ('status', '"Closed Won"'::jsonb), ('created_by', to_jsonb(tap.uid('sp1@alpha.test'))), ('counts', 'true'),
    ('org_id', '"b0000000-0000-4000-8000-000000000000"'), ('assigned_by', 'null'), ('Company_Name', '"PT Y"')
) as f (name, value);
select is(
    tests.faults_of($$
        select pg_temp.post('{"company_name": " ", "email": "x", "lead_date": "2031-02-30", "extra": 1, "city_area": "J"}')
    $$),
    array[
        'company_name lead.company_name.required', 'contact_phone lead.contact_phone.required', 'email lead.email.format',
        'extra lead.field.unknown', 'lead_date lead.lead_date.format', 'pic_name lead.pic_name.required',
        'primary_channel lead.primary_channel.required', 'service_code lead.service_code.required'
    ],
    'every bad field is named at once'
);
select is(tests.error_of(format('select pg_temp.post(%L)', p.payload)), 'PT422 request.not_an_object', p.payload || ' is no lead')
from (values ('[]'), ('"lead"'), ('1'), ('null'), ('[{"company_name": "PT X"}]')) as p (payload);
select is(tests.error_of('select pg_temp.post(null)'), 'PT422 request.not_an_object', 'nothing is no lead');
select is(
    (select b.written from before b), pg_temp.written(), 'case 22, 23: after all this not a row is written anywhere'
);

-- Who may not (case 32)

do $$
declare
    v_who text;
begin
    foreach v_who in array array['dir', 'exi', 'dom', 'dtd', 'trf', 'fin'] loop
        perform tests.become(v_who || '@alpha.test');
        insert into refused
        select v_who, tests.error_of($q$ select pg_temp.post(pg_temp.lead('PT Not Mine')) $q$);
    end loop;
end
$$;
select results_eq(
    'select who, error from refused order by who',
    $$
        values
            ('dir', 'PT403 permission.denied'), ('dom', 'PT403 permission.denied'), ('dtd', 'PT403 permission.denied'),
            ('exi', 'PT403 permission.denied'), ('fin', 'PT403 permission.denied'), ('trf', 'PT403 permission.denied')
    $$,
    'case 32, P15: a director, operations and finance create no lead'
);
select tests.become_nobody();
select is(
    tests.error_of($$ select pg_temp.post(pg_temp.lead('PT Nobody')) $$), 'PT401 auth.required', 'case 32: nor does nobody'
);
select is((select b.written from before b), pg_temp.written(), 'case 32: and nothing of it is left behind');

-- A lead (case 13)

select tests.become('mc@alpha.test');
select is(
    pg_temp.post(pg_temp.lead('PT Satu', '{"npwp": "01.234.567.8-901.000", "notes": " warm ", "est_volume_value": 12.5}')),
    '{"lead_id": "LEADSEM0103310001", "customer_id": "CUST0103310001", "prospect_id": "ACT0103310001", "ticket_id": null}',
    'case 13: marketing staff create a lead with customer and prospect, without ticket'
);
select results_eq(
    $$
        select l.customer_id, l.prospect_id, l.sales_owner_user_id, l.created_by, l.status, l.lead_date, l.sourced_by,
            l.next_step, l.due_date, l.notes, l.est_volume_value, l.npwp, l.assigned_at
        from api.leads l
    $$,
    $$
        values (
            'CUST0103310001', 'ACT0103310001', null::uuid, tap.uid('mc@alpha.test'), 'New', '2031-03-01'::date, 'Marketing',
            'Call', '2031-03-08'::date, 'warm', 12.5, '01.234.567.8-901.000', null::timestamptz
        )
    $$,
    'case 13: the lead has both links, no owner yet, and its defaults: today, Call, in seven days'
);
select results_eq(
    'select customer_id, company_name, status, customer_type, version, npwp, city, pic_name, pic_email from api.customers',
    $$
        values (
            'CUST0103310001', 'PT Satu', 'prospect', 'business', 1, '01.234.567.8-901.000', 'Jakarta', 'Pic of PT Satu',
            left(md5('PT Satu'), 12) || '@mail.example'
        )
    $$,
    'the customer is what was typed, its primary contact the PIC'
);
select results_eq(
    'select prospect_id, owner_user_id, current_stage from api.prospects',
    $$ values ('ACT0103310001', tap.uid('mc@alpha.test'), 'Prospect Created') $$,
    'the prospect is the creator''s while nobody owns the lead'
);
select results_eq(
    'select from_stage, to_stage, changed_by from api.prospect_stage_history',
    $$ values (null::text, 'Prospect Created', tap.uid('mc@alpha.test')) $$,
    'case 51: and has its first stage'
);
select tests.become_owner();
select results_eq(
    'select o.topic, o.key, o.payload, o.cache_tags from app.outbox o',
    $$ values ('leads.created', 'LEADSEM0103310001', '{}'::jsonb, '{leads,customers,prospects}'::text[]) $$,
    'one event goes out, without a word of whom it is about'
);

-- Who creates (spec §3.3)

do $$
declare
    v_who text;
begin
    foreach v_who in array array['sa', 'mm', 'mc', 'dgo', 'macx', 'vsdo', 'sm', 'sp1', 'ss', 'adm', 'stf', 'mad'] loop
        perform tests.become(v_who || '@beta.test');
        perform pg_temp.post(pg_temp.lead('PT of ' || v_who));
    end loop;
end
$$;
select tests.become('mad@beta.test');
select results_eq(
    $$
        select l.company_name, split_part(u.email, '@', 1), l.sourced_by, l.sales_owner_user_id
        from api.leads l
        join api.profiles u on u.user_id = l.created_by
        order by 1
    $$,
    $$
        select 'PT of ' || w.who, w.who, w.sourced_by, null::uuid
        from (values
            ('adm', 'Sales'), ('dgo', 'Marketing'), ('macx', 'Marketing'), ('mad', 'Marketing'), ('mc', 'Marketing'),
            ('mm', 'Marketing'), ('sa', 'Marketing'), ('sm', 'Sales'), ('sp1', 'Sales'), ('ss', 'Sales'), ('stf', 'Sales'),
            ('vsdo', 'Marketing')
        ) as w (who, sourced_by)
        order by 1
    $$,
    'case 35: all others create leads, of sales where they belong to sales, of marketing elsewhere; stamped with who did (P5)'
);
select tests.become('sp1@alpha.test');
select isnt(pg_temp.post(pg_temp.lead('PT Fair', '{"sourced_by": "Marketing"}')), null, 'a salesperson met somebody at a fair');
select results_eq(
    $$ select sourced_by from api.leads where company_name = 'PT Fair' $$, array['Marketing'], 'case 35: unless they say otherwise'
);

-- Whose it is

select tests.become('mc@alpha.test');
select is(
    tests.faults_of(format(
        'select pg_temp.post(pg_temp.lead(%L, %L))', 'PT Owned', jsonb_build_object('sales_owner_user_id', tap.uid('sp1@alpha.test'))
    )),
    array['sales_owner_user_id lead.sales_owner_user_id.not_allowed'],
    'case 33: marketing staff name no owner'
);
select tests.become('sp1@alpha.test');
select is(
    tests.faults_of(format(
        'select pg_temp.post(pg_temp.lead(%L, %L))', 'PT Owned', jsonb_build_object('sales_owner_user_id', tap.uid('sp2@alpha.test'))
    )),
    array['sales_owner_user_id lead.sales_owner_user_id.not_allowed'],
    'case 34: a salesperson names nobody else'
);
select isnt(
    pg_temp.post(pg_temp.lead('PT Self', jsonb_build_object('sales_owner_user_id', upper(tap.uid('sp1@alpha.test')::text)))), null,
    'case 34: but themselves'
);
select results_eq(
    $$ select sales_owner_user_id, assigned_by, assigned_at is not null from api.leads where company_name = 'PT Self' $$,
    $$ values (tap.uid('sp1@alpha.test'), tap.uid('sp1@alpha.test'), true) $$,
    'and the lead says who assigned it'
);
select tests.become('sm@alpha.test');
select is(
    tests.faults_of(format(
        'select pg_temp.post(pg_temp.lead(%L, %L))', 'PT Team', jsonb_build_object('sales_owner_user_id', tap.uid(o.email))
    )),
    o.faults,
    format('case 43, 44: a sales manager names %s', o.email)
)
from (values
    ('sp2@alpha.test', null::text[]),
    ('sp3@alpha.test', array['sales_owner_user_id lead.sales_owner_user_id.not_allowed'])
) as o (email, faults);
select tests.become_owner();
update app.profiles set is_active = false where email = 'stf2@alpha.test';
select tests.become('mm@alpha.test');
select is(
    tests.faults_of(format(
        'select pg_temp.post(pg_temp.lead(%L, %L))', 'PT Any', jsonb_build_object('sales_owner_user_id', tap.uid(o.email))
    )),
    array['sales_owner_user_id lead.sales_owner_user_id.not_allowed'],
    'case 44: nobody owns a lead who is ' || o.what
)
from (values
    ('mc@alpha.test', 'marketing staff'), ('fin@alpha.test', 'finance'), ('ss@alpha.test', 'sales support'),
    ('stf2@alpha.test', 'inactive'), ('sp1@beta.test', 'of another organisation')
) as o (email, what);

-- Nothing half done

reset role;
create trigger leads_99_boom before insert on crm.leads for each row execute function pg_temp.fail_on_boom();
truncate before;
insert into before select pg_temp.written();
grant select on before to public;
select tests.become('mc@alpha.test', '{"idempotency_key": "boom"}');
select is(
    tests.error_of($$ select pg_temp.post(pg_temp.lead('PT Boom')) $$), 'P0001',
    'case 36, P11: an error after the customer is written is raised, not answered'
);
select is((select b.written from before b), pg_temp.written(), 'case 36: and nothing is left behind');
reset role;
select is_empty($$ select from app.idempotency_keys where key = 'boom' $$, 'case 36: nor is the failure remembered');

select tests.become('mc@alpha.test');
select is(
    tests.error_of($$
        do $q$
        begin
            perform api.crm_create_lead_bundle(pg_temp.lead('PT Outer'));
            perform 1 / 0;
        end
        $q$
    $$),
    '22012',
    'case 37, P11: a lead whose caller fails afterwards'
);
select is((select b.written from before b), pg_temp.written(), 'case 37: was never there');

-- The bundle is the only way in (case 134)

reset role;
do $$
declare
    v_who text;
begin
    delete from refused;
    for v_who in select p.email from app.profiles p where p.email like '%@alpha.test' and p.is_active order by 1 loop
        perform tests.become(v_who);
        insert into refused
        select v_who, tests.error_of($q$
            insert into crm.leads (
                org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code, sourced_by,
                primary_channel, next_step, due_date, customer_id, prospect_id, created_by
            )
            select
                app.org_id(), 'LEAD-MINE', '2031-03-01', 'PT Direct', 'T', '081234567', 't@t.example', 'J', 'EXI_AF', 'Sales',
                'SEM', 'Call', '2031-03-08', 'CUST0103310001', 'ACT0103310001', app.uid()
        $q$);
    end loop;
    reset role;
end
$$;
select results_eq(
    'select error, count(*)::integer from refused group by 1', $$ values ('42501', 21) $$,
    'case 134, P5: no role inserts a lead directly'
);
select is_empty(
    $$ select from crm.leads where customer_id is null or prospect_id is null $$, 'P5: no lead is without customer or prospect'
);
select col_not_null('crm', 'leads', 'customer_id', 'P5: nor can one be');
select col_not_null('crm', 'leads', 'prospect_id', 'P5: or without prospect');

select * from finish();
rollback;
