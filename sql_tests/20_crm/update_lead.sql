-- Changing a lead: which moves of its status there are, who may make them, and what nobody changes.

begin;
select plan(52);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');
create temporary table leads (name text primary key, lead_id text);
create temporary table stamps (updated_at timestamptz, audited bigint);
create temporary table status (name text);
grant all on leads, stamps, status to public;
create function pg_temp.post(p_email text, p_name text, p_owner text default null) returns void
language plpgsql
as $$
begin
    perform tests.become(p_email);
    insert into leads
    select p_name, a ->> 'lead_id'
    from api.crm_create_lead_bundle(jsonb_strip_nulls(jsonb_build_object(
        'company_name', 'PT ' || p_name, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_name), 10), 'abcdef', '012345'),
        'email', p_name || '@mail.example', 'sales_owner_user_id', tap.uid(p_owner)
    ))) a;
    perform tests.become_owner();
end
$$;
create function pg_temp.patch(p_name text, p_changes jsonb) returns jsonb
language sql
as $$
    select api.crm_update_lead((select l.lead_id from leads l where l.name = p_name), p_changes)
$$;
create function pg_temp.error(p_name text, p_changes jsonb) returns text
language sql
as $$
    select tests.error_of(format('select pg_temp.patch(%L, %L)', p_name, p_changes))
$$;

select pg_temp.post('mc@alpha.test', 'market');
select pg_temp.post('mm@alpha.test', 'owned', 'sp1@alpha.test');
select pg_temp.post('mm@alpha.test', 'other', 'sp3@alpha.test');
select pg_temp.post('mc@alpha.test', 'handed');
select tests.become('mm@alpha.test');
select api.crm_assign_lead((select lead_id from leads where name = 'handed'), jsonb_build_object('new_owner_user_id', tap.uid('sp1@alpha.test')));

-- What was typed

select tests.become('sp1@alpha.test');
select is(
    pg_temp.patch('owned', '{
        "next_step": "Visit", "due_date": "2031-04-01", "notes": " call on Monday ", "pic_name": "Budi", "contact_phone": "0812-555-777",
        "email": "budi@owned.example", "city_area": "Bandung", "country": "Indonesia", "route": "JKT-SIN",
        "est_volume_value": 12.5, "est_volume_unit": "cbm", "timeline": "1 Month", "status": "Contacted"
    }') - 'tickets' - 'assignments' @> '{
        "next_step": "Visit", "due_date": "2031-04-01", "notes": "call on Monday", "pic_name": "Budi", "contact_phone": "0812-555-777",
        "email": "budi@owned.example", "city_area": "Bandung", "country": "Indonesia", "route": "JKT-SIN",
        "est_volume_value": 12.5, "est_volume_unit": "cbm", "timeline": "1 Month", "status": "Contacted", "company_name": "PT owned"
    }',
    true, 'an owner changes what may be changed, and gets the lead back'
);
select is(pg_temp.patch('owned', '{"route": null}') -> 'route', 'null', 'null clears');
select is(pg_temp.patch('owned', '{"timeline": " "}') -> 'timeline', 'null', 'so does a blank');
select is(pg_temp.patch('owned', '{"route": "A-B"}') ->> 'notes', 'call on Monday', 'what is not named stays');
select tests.become_owner();
insert into stamps select l.updated_at, (select count(*) from app.audit_logs) from crm.leads l where l.company_name = 'PT owned';
select tests.become('sp1@alpha.test');
select is(pg_temp.patch('owned', '{"route": "A-B", "status": "Contacted"}') ->> 'status', 'Contacted', 'the same again');
select is(pg_temp.patch('owned', '{}') ->> 'status', 'Contacted', 'or nothing');
select tests.become_owner();
select results_eq(
    $$ select l.updated_at, (select count(*) from app.audit_logs) from crm.leads l where l.company_name = 'PT owned' $$,
    'table stamps', 'case 129: leaves no trace'
);
select results_eq(
    $$ select array_to_string(a.changed_fields, ' ') from app.audit_logs a
       where a.table_name = 'crm.leads' and a.changed_by = tap.uid('sp1@alpha.test') and a.action = 'UPDATE'
       order by a.audit_id desc limit 1 $$,
    array['route'], 'and a change leaves its field'
);

-- What nobody changes (pitfall P33)

select tests.become('sa@alpha.test');
select is(
    tests.faults_of(format(
        'select api.crm_update_lead(%L, %L)', (select l.lead_id from leads l where l.name = 'owned'), jsonb_build_object(f.field, f.value)
    )),
    array[format('%s lead.field.unknown', f.field)], 'P33: refused to everybody: ' || f.field
)
from (
    values
        ('lead_id', '"X"'::jsonb), ('customer_id', '"CUST0103310002"'), ('prospect_id', '"X"'),
        ('sales_owner_user_id', '"a0000000-0000-4000-8000-000000000009"'), ('assigned_at', '"2031-01-01"'), ('assigned_by', '"x"'),
        ('created_by', '"x"'), ('created_at', '"2031-01-01"'), ('counts', 'true'), ('org_id', '"x"'), ('closed_at', 'null'),
        ('sourced_by', '"Sales"'), ('company_name', '"PT Other"'), ('npwp', '"1"')
) as f (field, value);
select is(
    tests.faults_of(format(
        'select api.crm_update_lead(%L, %L)', (select l.lead_id from leads l where l.name = 'owned'),
        '{"pic_name": " ", "email": "x", "next_step": null, "due_date": "", "status": "Done", "est_volume_value": "many", "notes": {}}'::jsonb
    )),
    array[
        'due_date lead.due_date.required', 'email lead.email.format', 'est_volume_value lead.est_volume_value.format',
        'next_step lead.next_step.required', 'notes lead.notes.type', 'pic_name lead.pic_name.required', 'status lead.status.unknown'
    ],
    'every bad field is named, at once; an open lead keeps its next step'
);
select is(pg_temp.error('owned', '[]'), 'PT422 request.not_an_object', 'a list is no change');

-- Status (case 50)

select tests.become('sp1@alpha.test');
select is(pg_temp.error('owned', '{"status": "Closed Won"}'), 'PT409 lead.status.transition', 'case 50: Contacted -> Closed Won is no move');
select is(pg_temp.patch('owned', jsonb_build_object('status', s.status)) ->> 'status', s.status, 'case 50: a legal chain: ' || s.status)
from (values ('Qualified'), ('Proposal'), ('Negotiation'), ('Proposal'), ('Closed Won')) as s (status);
select is(pg_temp.error('owned', '{"status": "Negotiation"}'), 'PT409 lead.status.transition', 'case 50: closed is final for its owner');
select tests.become('sm@alpha.test');
select is(pg_temp.error('owned', '{"status": "Negotiation"}'), 'PT409 lead.status.transition', 'case 50: and for the manager');
select tests.become('sa@alpha.test');
select is(pg_temp.patch('owned', '{"status": "Negotiation"}') ->> 'status', 'Negotiation', 'case 50: not for a super admin');
select tests.become_owner();
select is((select l.closed_at from crm.leads l where l.company_name = 'PT owned'), null, 'and then it is open');
reset role;
insert into status
values ('New'), ('Contacted'), ('Qualified'), ('Proposal'), ('Negotiation'), ('Closed Won'), ('Closed Lost'), ('Disqualified');
create function pg_temp.direct(p_from text, p_to text) returns text
language plpgsql
as $$
declare
    v_id text := (select l.lead_id from crm.leads l where l.company_name = 'PT other');
    v_error text;
begin
    set local session_replication_role = replica;
    update crm.leads set status = p_from where lead_id = v_id;
    set local session_replication_role = origin;
    v_error := tests.error_of(format('update crm.leads set status = %L where lead_id = %L', p_to, v_id));
    return v_error;
end
$$;
select is_empty(
    $$ select f.name, t.name
       from status f
       join status t on t.name <> f.name
       where (pg_temp.direct(f.name, t.name) is null) is distinct from ((f.name, t.name) in (
           ('New', 'Contacted'), ('New', 'Qualified'), ('New', 'Disqualified'),
           ('Contacted', 'Qualified'), ('Contacted', 'Disqualified'), ('Contacted', 'Closed Lost'),
           ('Qualified', 'Proposal'), ('Qualified', 'Disqualified'), ('Qualified', 'Closed Lost'),
           ('Proposal', 'Negotiation'), ('Proposal', 'Closed Won'), ('Proposal', 'Closed Lost'),
           ('Negotiation', 'Proposal'), ('Negotiation', 'Closed Won'), ('Negotiation', 'Closed Lost')
       )) $$,
    'case 50: of all 56 pairs, also written directly by the owner of the tables, exactly fifteen pass'
);

-- Whose it is to change

select tests.become('mc@alpha.test');
select is(pg_temp.patch('market', '{"status": "Contacted", "primary_channel": "Event Offline", "campaign_name": "Fair"}') ->> 'campaign_name', 'Fair', 'marketing works on its own leads, attribution too');
select is(pg_temp.error('market', '{"primary_channel": "Radio"}'), 'PT422 request.invalid', 'with channels that there are');
select is(pg_temp.patch('handed', '{"notes": "from the fair"}') ->> 'notes', 'from the fair', '§1.7: who made it may add notes after it was handed over');
select is(pg_temp.error('handed', '{"notes": "x", "status": "Contacted"}'), 'PT404 lead.not_found', '§1.7: and nothing else');
select is(pg_temp.error('owned', '{"notes": "x"}'), 'PT404 lead.not_found', 'nor others'' leads');
select tests.become('mm@alpha.test');
select is(pg_temp.error('handed', '{"status": "Contacted"}'), 'PT403 lead.status.owned', '§1.6: marketing does not move what sales owns');
select is(pg_temp.patch('handed', '{"campaign_name": "Fair 2"}') ->> 'campaign_name', 'Fair 2', 'the campaign is marketing''s');
select is(pg_temp.patch('market', '{"status": "Qualified"}') ->> 'status', 'Qualified', 'and so is the status of what nobody owns');
reset role;
create function pg_temp.error_as(p_email text, p_name text, p_changes jsonb) returns text
language sql
as $$
    select tests.error_of(format('select tests.become(%L); select api.crm_update_lead(%L, %L)', p_email, (select l.lead_id from leads l where l.name = p_name), p_changes))
$$;
select is(pg_temp.error_as(w.who || '@alpha.test', w.lead, w.changes::jsonb), w.error, w.why)
from (
    values
        ('sp1', 'owned', '{"campaign_name": "Mine"}', 'PT403 lead.attribution.marketing', '§1.6: sales does not change the campaign'),
        ('sm', 'owned', '{"primary_channel": "Other"}', 'PT403 lead.attribution.marketing', '§1.6: nor the channel'),
        ('ss', 'owned', '{"primary_channel": "Other"}', 'PT403 lead.attribution.marketing', '§1.6, D4: nor does support'),
        ('ss', 'owned', '{"notes": "called"}', null, 'D4: which may help with the rest'),
        ('sp2', 'owned', '{"notes": "x"}', 'PT404 lead.not_found', 'another salesperson finds no such lead'),
        ('sm2', 'owned', '{"notes": "x"}', 'PT404 lead.not_found', 'nor another team''s manager'),
        ('dir', 'owned', '{"notes": "x"}', 'PT403 permission.denied', 'case 145: a director changes nothing'),
        ('fin', 'owned', '{"notes": "x"}', 'PT403 permission.denied', 'nor does finance'),
        ('exi', 'owned', '{"notes": "x"}', 'PT403 permission.denied', 'nor operations')
) as w (who, lead, changes, error, why);

select * from finish();
rollback;
