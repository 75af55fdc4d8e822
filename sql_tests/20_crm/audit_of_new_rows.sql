-- The audit trail of new customers, contacts and leads: all of the row but what follows from the rest, however much of it is filled.

begin;
select plan(11);

-- Whatever a row has, with the columns that say nothing new.
create function pg_temp.image(p_row jsonb, p_derived text[]) returns jsonb
language sql
as $$ select jsonb_strip_nulls(p_row) - p_derived $$;
create function pg_temp.written(p_table text, p_id text) returns jsonb
language sql
as $$ select after_data from app.audit_logs where table_name = p_table and record_id = p_id and action = 'INSERT' $$;
-- Columns that are null in a row.
create function pg_temp.blank(p_row jsonb) returns text[]
language sql
as $$ select coalesce(array_agg(e.key), '{}') from jsonb_each(p_row) e where e.value = 'null' $$;

select set_config('test.org', 'a0000000-0000-4000-8000-000000000000', true);

insert into crm.customers (org_id, customer_id, company_name)
values (current_setting('test.org')::uuid, 'CUST-BARE', 'PT Bare');
insert into crm.customers (
    org_id, customer_id, company_name, legal_name, external_code, npwp, email, phone, website, address, city, country,
    status, customer_type, size, industry, registration_number, parent_customer_id, credit_limit, credit_hold,
    credit_hold_reason, credit_hold_at, health_score, health_score_updated_at, custom_fields,
    warranty_expiry_alert_opt_out, external_ref, merged_into_id, owner_ids, creator_ids, source_import_id, created_by, deleted_at
)
select
    current_setting('test.org')::uuid, 'CUST-FULL', 'PT Full', 'PT Full Tbk', 'F-1', '012345678901000', 'a@full.example',
    '0215550001', 'https://full.example', 'Jalan Satu 1', 'Jakarta', 'Indonesia', 'active', 'government', 'large', 'Trade',
    'R-1', 'CUST-BARE', 100.50, true, 'late', now(), 50, now(), '{"tier": "gold"}', true, 'X-1', 'CUST-BARE',
    array[tap.uid('sp1@alpha.test')], array[tap.uid('mc@alpha.test')], 1, tap.uid('mc@alpha.test'), now();

insert into crm.contacts (org_id, customer_id, full_name) values (current_setting('test.org')::uuid, 'CUST-BARE', 'Bare');
insert into crm.contacts (
    org_id, customer_id, full_name, first_name, last_name, title, department, email, phone, mobile, is_primary,
    decision_maker, influencer, email_opt_in, sms_opt_in, email_opt_in_at, sms_opt_in_at, last_contacted_at, notes, created_by
)
select
    current_setting('test.org')::uuid, 'CUST-FULL', 'Full Name', 'Full', 'Name', 'Ibu', 'Sales', 'b@full.example', '0215550002',
    '081255500003', true, true, true, false, true, now(), now(), now(), 'tall', tap.uid('mc@alpha.test');

insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
values (current_setting('test.org')::uuid, 'ACT-FULL', 'CUST-FULL', tap.uid('sp1@alpha.test'));
insert into crm.leads (
    org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code, sourced_by,
    primary_channel, next_step, due_date, customer_id, prospect_id, created_by
)
select
    current_setting('test.org')::uuid, 'LEAD-BARE', date '2026-03-01', 'PT Full', 'Full Name', '0215550002', 'b@full.example',
    'Jakarta', 'EXI_AF', 'Marketing', 'SEM', 'Call', date '2026-03-02', 'CUST-FULL', 'ACT-FULL', tap.uid('mc@alpha.test');
insert into crm.leads (
    org_id, lead_id, lead_date, company_name, npwp, pic_name, contact_phone, email, city_area, country, service_code, route,
    est_volume_value, est_volume_unit, timeline, sourced_by, primary_channel, campaign_name, notes, status, next_step,
    due_date, sales_owner_user_id, assigned_at, assigned_by, status_changed_at, closed_at, customer_id, prospect_id, counts,
    source_import_id, source_row_no, created_by
)
select
    current_setting('test.org')::uuid, 'LEAD-FULL', date '2026-03-01', 'PT Full', '012345678901000', 'Full Name', '0215550002',
    'b@full.example', 'Jakarta', 'Indonesia', 'EXI_AF', 'JKT-SIN', 2.5, 'ton', 'Q2', 'Marketing', 'SEM', 'Spring', 'warm',
    'Closed Won', 'Call', date '2026-03-02', tap.uid('sp1@alpha.test'), now(), tap.uid('mc@alpha.test'), now(), now(),
    'CUST-FULL', 'ACT-FULL', true, 1, 2, tap.uid('mc@alpha.test');

select set_config('test.customer_derived', '{owner_ids,creator_ids,npwp_key,email_key,company_key,phone_key,version,updated_at}', true);
select set_config('test.contact_derived', '{email_key,phone_key,mobile_key,version,updated_at}', true);
select set_config('test.lead_derived', '{updated_at}', true);

select is(pg_temp.blank(to_jsonb(c)), '{}', 'every column of this customer is filled: a new one wants a place in the image')
from crm.customers c where c.customer_id = 'CUST-FULL';
select is(pg_temp.blank(to_jsonb(c)), '{}', 'every column of this contact is filled')
from crm.contacts c where c.full_name = 'Full Name';
select is(pg_temp.blank(to_jsonb(l)), '{}', 'every column of this lead is filled')
from crm.leads l where l.lead_id = 'LEAD-FULL';

select is(
    pg_temp.written('crm.customers', c.customer_id),
    pg_temp.image(to_jsonb(c), current_setting('test.customer_derived')::text[]),
    format('case 128: of a new customer all that it has is written, %s', c.customer_id)
)
from crm.customers c where c.customer_id in ('CUST-BARE', 'CUST-FULL') order by 1;
select is(
    pg_temp.written('crm.contacts', c.contact_id::text),
    pg_temp.image(to_jsonb(c), current_setting('test.contact_derived')::text[]),
    format('case 128: of a new contact all that it has is written, %s', c.full_name)
)
from crm.contacts c where c.customer_id in ('CUST-BARE', 'CUST-FULL') order by 1;
select is(
    pg_temp.written('crm.leads', l.lead_id),
    pg_temp.image(to_jsonb(l), current_setting('test.lead_derived')::text[]),
    format('case 128: of a new lead all that it has is written, %s', l.lead_id)
)
from crm.leads l where l.customer_id = 'CUST-FULL' order by 1;

select is_empty(
    $$
        select a.attname
        from pg_attribute a
        join (values ('crm.customers'::regclass, 'crm.customer_image'::regclass), ('crm.contacts', 'crm.contact_image'), ('crm.leads', 'crm.lead_image')) as t (whole, part)
            on t.part = a.attrelid
        where a.attnum > 0
          and not exists (
              select from pg_attribute w where w.attrelid = t.whole and w.attname = a.attname and w.atttypid = a.atttypid and not w.attisdropped
          )
    $$,
    'an image has columns of its table only, of the same type'
);

-- A row with nothing else filled would lose it.
select is_empty(
    $$
        select t.whole, a.attname
        from (
            values
                ('crm.customers'::regclass, 'crm.customer_image'::regclass, 'crm.audit_new_customers'::regproc, current_setting('test.customer_derived')::text[]),
                ('crm.contacts', 'crm.contact_image', 'crm.audit_new_contacts', current_setting('test.contact_derived')::text[]),
                ('crm.leads', 'crm.lead_image', 'crm.audit_new_leads', current_setting('test.lead_derived')::text[])
        ) as t (whole, part, written_by, derived)
        join pg_attribute a on a.attrelid = t.whole and a.attnum > 0 and not a.attisdropped
        join pg_proc p on p.oid = t.written_by
        where a.attname <> all (t.derived)
          and not exists (select from pg_attribute i where i.attrelid = t.part and i.attname = a.attname)
          and substring(p.prosrc from 'num_nonnulls[(](.*?)[)] = 0') !~ ('\mn[.]' || a.attname || '\M')
    $$,
    'every column is in the image of files, or makes the image whole where it is filled, or follows from the rest'
);

select * from finish();
rollback;
