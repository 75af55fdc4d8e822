-- The audit trail: one entry for each change, by whom, with what it was before and is after; written by nobody's hand.

begin;
select plan(35);

create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF', 'primary_channel', 'SEM',
        'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;

-- Entries since the last call: table, action, who, and which images there are.
create temporary table mark as select coalesce(max(audit_id), 0) as audit_id from app.audit_logs;
grant all on mark to public;
create function pg_temp.entries() returns setof text
language plpgsql
security definer
as $$
begin
    return query
    select concat_ws(
        ' ', a.table_name, a.action, coalesce(p.email, 'system'),
        case when a.before_data is not null then 'before' end, case when a.after_data is not null then 'after' end
    )
    from app.audit_logs a
    left join app.profiles p on p.user_id = a.changed_by
    where a.audit_id > (select m.audit_id from mark m)
    order by a.audit_id;
    update mark set audit_id = (select max(a.audit_id) from app.audit_logs a);
end
$$;

-- What people do

select tests.become('mc@alpha.test', '{"request_id": "r-1", "ip": "192.0.2.7", "user_agent": "pgTAP"}');
select isnt(api.crm_create_lead_bundle(pg_temp.lead('PT One', '{"npwp": "01.234.567.8-901.000"}')), null, 'mc creates a lead');
select results_eq(
    'select e from pg_temp.entries() e order by 1',
    $$
        values
            ('crm.contacts INSERT mc@alpha.test after'), ('crm.customers INSERT mc@alpha.test after'),
            ('crm.leads INSERT mc@alpha.test after'), ('crm.prospect_stage_history INSERT mc@alpha.test after'),
            ('crm.prospects INSERT mc@alpha.test after')
    $$,
    'case 128: one entry for each row, by the person, with the row after; what triggers derive makes none'
);
select tests.become('sa@alpha.test');
select results_eq(
    $$
        select a.record_id, a.after_data ->> 'company_name', a.request_id, host(a.ip_address), a.user_agent
        from api.audit_logs a
        where a.table_name = 'crm.leads'
    $$,
    $$ select l.lead_id, 'PT One', 'r-1', '192.0.2.7', 'pgTAP' from api.leads l $$,
    'case 128: with the id, what was written, the request, the address and the agent'
);
select tests.become('mc@alpha.test', '{"ip": "not an address"}');
update crm.leads set notes = 'warm', city_area = 'Bogor';
select tests.become('sa@alpha.test');
select results_eq(
    $$
        select a.changed_by, a.changed_fields, a.before_data, a.after_data, a.ip_address
        from api.audit_logs a
        where a.table_name = 'crm.leads' and a.action = 'UPDATE'
    $$,
    $$
        select
            tap.uid('mc@alpha.test'), '{city_area,notes}'::text[], '{"city_area": "Jakarta", "notes": null}'::jsonb,
            '{"city_area": "Bogor", "notes": "warm"}'::jsonb, null::inet
    $$,
    'case 128: an update says which fields changed, from what and to what; an address that is none fails nothing'
);
select is((select count(*) from pg_temp.entries()), 1::bigint, 'case 128: exactly one entry for one update');
select tests.become('mc@alpha.test');
update crm.leads set notes = notes, city_area = 'Bogor';
select is_empty('select * from pg_temp.entries()', 'case 129: an update that changes nothing makes none');
update crm.leads set notes = null;
select tests.become('sa@alpha.test');
select results_eq(
    $$
        select a.before_data, a.after_data
        from api.audit_logs a
        where a.table_name = 'crm.leads' and a.action = 'UPDATE'
        order by a.audit_id desc
        limit 1
    $$,
    $$ values ('{"notes": "warm"}'::jsonb, '{"notes": null}'::jsonb) $$,
    'case 128: a field that was cleared is told apart from one that was not touched'
);

-- What the system does: each audited table, each action

select tests.become_owner();
update mark set audit_id = (select max(a.audit_id) from app.audit_logs a);

insert into crm.customers (org_id, customer_id, company_name)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-T', 'PT System');
select results_eq(
    'select * from pg_temp.entries()', array['crm.customers INSERT system after'],
    'case 128: a system write works, and nobody is invented for it'
);
insert into crm.contacts (org_id, customer_id, full_name)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-T', 'Sys');
select results_eq('select * from pg_temp.entries()', array['crm.contacts INSERT system after'], 'case 128: contacts, insert');
update crm.contacts set full_name = 'Tem' where customer_id = 'CUST-T';
select results_eq(
    'select * from pg_temp.entries()', array['crm.contacts UPDATE system before after'], 'case 128: contacts, update'
);
delete from crm.contacts where customer_id = 'CUST-T';
select results_eq(
    'select * from pg_temp.entries()', array['crm.contacts DELETE system before'], 'case 128: contacts, delete: before only'
);
insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
values ('a0000000-0000-4000-8000-000000000000', 'ACT-T', 'CUST-T', tap.uid('sp1@alpha.test'));
select results_eq(
    'select e from pg_temp.entries() e order by 1',
    array['crm.prospect_stage_history INSERT system after', 'crm.prospects INSERT system after'],
    'case 128: prospects, insert, with the first stage'
);
update crm.prospects set current_stage = 'Initial Contact' where prospect_id = 'ACT-T';
select results_eq(
    'select e from pg_temp.entries() e order by 1',
    array['crm.prospect_stage_history INSERT system after', 'crm.prospects UPDATE system before after'],
    'case 128: prospects, update, with the stage that followed'
);
delete from crm.prospects where prospect_id = 'ACT-T';
select is(
    (select e from pg_temp.entries() e where e like 'crm.prospects %'), 'crm.prospects DELETE system before',
    'case 128: prospects, delete'
);
update crm.customers set city = 'Bogor' where customer_id = 'CUST-T';
select results_eq(
    'select * from pg_temp.entries()', array['crm.customers UPDATE system before after'], 'case 128: customers, update'
);
delete from crm.customers where customer_id = 'CUST-T';
select results_eq('select * from pg_temp.entries()', array['crm.customers DELETE system before'], 'case 128: customers, delete');
insert into desk.tickets (org_id, ticket_type, dept_target, subject, created_by)
values ('a0000000-0000-4000-8000-000000000000', 'general request', 'FIN', 'T', tap.uid('sp1@alpha.test'));
select results_eq('select * from pg_temp.entries()', array['desk.tickets INSERT system after'], 'case 128: tickets, insert');
update desk.tickets set subject = 'U' where subject = 'T';
select results_eq('select * from pg_temp.entries()', array['desk.tickets UPDATE system before after'], 'case 128: tickets, update');
delete from desk.tickets where subject = 'U';
select results_eq('select * from pg_temp.entries()', array['desk.tickets DELETE system before'], 'case 128: tickets, delete');
delete from crm.leads where company_name = 'PT One';
select is(
    (select e from pg_temp.entries() e where e like 'crm.leads %'), 'crm.leads DELETE system before', 'case 128: leads, delete'
);
update app.profiles set full_name = 'X' where email = 'dgo@alpha.test';
select results_eq('select * from pg_temp.entries()', array['app.profiles UPDATE system before after'], 'case 128: profiles, update');
update crm.services set service_name = 'X' where org_id = 'a0000000-0000-4000-8000-000000000000' and service_code = 'EXI_AF';
select results_eq('select * from pg_temp.entries()', array['crm.services UPDATE system before after'], 'case 128: services, update');
insert into ingest.imports (org_id, module, file_name, file_sha256, header, uploaded_by)
values ('a0000000-0000-4000-8000-000000000000', 'leads', 'f.csv', repeat('a', 64), '{a}', tap.uid('mc@alpha.test'));
select results_eq('select * from pg_temp.entries()', array['ingest.imports INSERT system after'], 'case 128: imports, insert');
update crm.leads set notes = 'none left';
select is_empty('select * from pg_temp.entries()', 'a statement that touches no row makes no entry');

-- Whose it is

insert into app.settings (org_id, key, value) values ('b0000000-0000-4000-8000-000000000000', 'currency', '"SGD"');
select tests.become('sa@alpha.test');
select is_empty(
    $$ select from api.audit_logs where org_id <> app.org_id() or table_name = 'app.settings' $$,
    'another organisation''s entries are not there'
);
select isnt_empty('select from api.audit_logs', 'case 130: a super admin reads the trail');
select tests.become('dir@alpha.test');
select isnt_empty('select from api.audit_logs', 'case 130: and a director');
select tests.become('mad@alpha.test');
select isnt_empty('select from api.audit_logs', 'case 130: and a master admin');

reset role;
create temporary table readers (email text);
grant all on readers to public;
do $$
declare
    v_email text;
begin
    for v_email in select p.email from app.profiles p where p.email like '%@alpha.test' order by 1 loop
        perform tests.become(v_email);
        if exists (select from api.audit_logs) then
            insert into readers values (v_email);
        end if;
    end loop;
    reset role;
end
$$;
select results_eq(
    'select email from readers order by 1', array['dir@alpha.test', 'mad@alpha.test', 'sa@alpha.test'],
    'case 130: and of all roles nobody else'
);

-- P6: nobody writes it

select tests.become('sa@alpha.test');
select is(tests.error_of(a.statement), '42501', 'case 130, P6: ' || a.statement || ' is denied')
from (values
    ('select 1 from app.audit_logs'),
    ($$ insert into app.audit_logs (org_id, table_name, record_id, action) values (app.org_id(), 'crm.leads', 'X', 'DELETE') $$),
    ($$ update app.audit_logs set changed_by = null $$),
    ('delete from app.audit_logs'),
    ('truncate app.audit_logs')
) as a (statement);
select is(
    tests.error_of($$ select app.audit_event(app.org_id(), 'crm.leads', 'X', 'DELETE', null) $$), '42501',
    'case 130, P6: nor does anybody call the function that writes entries'
);

select * from finish();
rollback;
