-- What super admins delete, nobody else, and nothing on which something hangs (§1.5, case 150).

begin;
select plan(31);

create temporary table made (kind text primary key, id text);
grant all on made to public;
create function pg_temp.id(p_kind text) returns text
language sql
as $$
    select m.id from made m where m.kind = p_kind
$$;

select tests.become('sp1@alpha.test');
insert into made
select k.kind, a ->> k.field
from api.crm_create_lead_bundle('{
    "company_name": "PT Hapus", "pic_name": "Ani", "contact_phone": "0812-400-500", "email": "ani@hapus.example", "city_area": "Jakarta",
    "service_code": "EXI_AF", "primary_channel": "Sales Outbound"
}'::jsonb || jsonb_build_object('sales_owner_user_id', app.uid())) a
cross join (values ('lead', 'lead_id'), ('customer', 'customer_id'), ('prospect', 'prospect_id')) as k (kind, field);
insert into made
select 'ticket', api.ticket_create(jsonb_build_object('ticket_type', 'general request', 'dept_target', 'SAL', 'subject', 'S', 'related_lead_id', pg_temp.id('lead'))) ->> 'ticket_id';
insert into made
select 'message', api.ticket_post_message(pg_temp.id('ticket'), '{"message": "wrong"}') ->> 'message_id';
insert into made
select 'attachment', api.ticket_add_attachment(pg_temp.id('ticket'), 'a.csv', 'text/csv', 1, repeat('ab', 32), 'ticket-attachments', pg_temp.id('ticket') || '/a.csv') ->> 'attachment_id';
insert into made
select 'activity', api.crm_log_activity(jsonb_build_object('lead_id', pg_temp.id('lead'), 'activity_type', 'call', 'notes', 'n')) ->> 'activity_id';
insert into made select 'primary', c.contact_id::text from api.contacts c;
insert into made select 'contact', api.crm_add_contact(pg_temp.id('customer'), '{"full_name": "Budi"}') ->> 'contact_id';
insert into made
select 'evidence', api.kpi_add_evidence('SALES_ACTIVITY_CALL', 'a.csv', 'text/csv', 1, repeat('ab', 32), 'kpi-evidence', 'SALES_ACTIVITY_CALL/' || app.uid() || '/a.csv') ->> 'evidence_id';

reset role;
create temporary table calls (kind text primary key, call text);
grant all on calls to public;
insert into calls
values
    ('lead', format('api.crm_delete_lead(%L)', pg_temp.id('lead'))), ('ticket', format('api.ticket_delete(%L)', pg_temp.id('ticket'))),
    ('message', format('api.ticket_delete_message(%L, %s)', pg_temp.id('ticket'), pg_temp.id('message'))),
    ('attachment', format('api.ticket_delete_attachment(%L, %s)', pg_temp.id('ticket'), pg_temp.id('attachment'))),
    ('activity', format('api.crm_delete_activity(%s)', pg_temp.id('activity'))),
    ('contact', format('api.crm_delete_contact(%s)', pg_temp.id('contact'))),
    ('primary', format('api.crm_delete_contact(%s)', pg_temp.id('primary'))),
    ('evidence', format('api.kpi_delete_evidence(%s)', pg_temp.id('evidence')));
create function pg_temp.error_as(p_email text, p_kind text) returns text
language sql
as $$
    select tests.error_of(format('select tests.become(%L); select %s', p_email, c.call)) from calls c where c.kind = p_kind
$$;

-- Nobody else, and nobody elsewhere

reset role;
select is(
    array_agg(distinct pg_temp.error_as(w.who || '@alpha.test', c.kind)), array['PT403 permission.denied'], 'case 150: not even its author deletes: ' || c.kind
)
from calls c
cross join (values ('sp1'), ('sm'), ('dir'), ('mm'), ('exi')) as w (who)
group by c.kind;
select matches(pg_temp.error_as('sa@beta.test', c.kind), '^PT404 ', 'nor another organisation''s super admin: ' || c.kind) from calls c;

-- What hangs together

select is(pg_temp.error_as('sa@alpha.test', e.kind), e.error, 'case 150: ' || e.error)
from (values ('lead', 'PT409 lead.in_use'), ('primary', 'PT409 contact.is_primary')) as e (kind, error);
create function pg_temp.gone(p_kind text) returns jsonb
language plpgsql
as $$
declare
    v_answer jsonb;
begin
    execute 'select ' || (select c.call from calls c where c.kind = p_kind) into v_answer;
    return v_answer;
end
$$;
select tests.become('sa@alpha.test');
select isnt(pg_temp.gone(k.kind), null, 'a super admin deletes: ' || k.kind)
from (
    values ('message'), ('attachment'), ('ticket'), ('activity'), ('lead'), ('contact'), ('primary'), ('evidence')
) as k (kind);
select is(
    array_agg(distinct split_part(pg_temp.error_as('sa@alpha.test', c.kind), ' ', 1)), array['PT404'], 'what is gone is not there'
)
from calls c;
select tests.become_owner();
select is_empty(
    $$
        select from crm.leads union all select from desk.tickets union all select from crm.activities union all select from crm.contacts
        union all select from kpi.kpi_evidence union all select from app.files union all select from crm.lead_assignments
    $$,
    'with all that belonged to it'
);
select isnt_empty(format('select from crm.prospects p where p.prospect_id = %L', pg_temp.id('prospect')), 'the prospect stays');
select results_eq(
    $$
        select a.table_name, count(*) from app.audit_logs a
        where a.action = 'DELETE' and a.changed_by = tap.uid('sa@alpha.test') and a.before_data is not null and a.after_data is null
        group by 1 order by 1
    $$,
    $$
        values
            ('crm.activities', 1::bigint), ('crm.contacts', 2), ('crm.leads', 1), ('desk.ticket_attachments', 1),
            ('desk.ticket_messages', 1), ('desk.tickets', 1), ('kpi.kpi_evidence', 1)
    $$,
    'case 128: each deletion is one line of the trail, with what was there'
);
select is((select count(*) from crm.customers), 1::bigint, 'and so does the customer');

select * from finish();
rollback;
