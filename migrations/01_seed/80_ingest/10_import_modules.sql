-- What can be imported, and the columns each module understands (spec: command_center §3.7, decisions §1.8).

with wanted (module, position, takes_any_column, takes_old_workbooks) as (
    -- Old workbooks (.xls) for members alone (spec: member §6).
    values ('leads', 1, false, false), ('customers', 2, false, false), ('contacts', 3, false, false),
        ('invoices', 4, false, false), ('payments', 5, false, false), ('marketing_spend', 6, false, false), ('marketing_activities', 7, false, false),
        ('kpi_entries', 8, false, false), ('member_records', 9, true, true)
)
insert into ingest.import_modules (module, position, takes_any_column, mime_types)
select
    w.module, w.position, w.takes_any_column,
    array['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet']
        || array(select 'application/vnd.ms-excel' where w.takes_old_workbooks)
from wanted w
on conflict (module) do update
set position = excluded.position, takes_any_column = excluded.takes_any_column, mime_types = excluded.mime_types;

with wanted (module, column_name, is_required, position, is_digits) as (
    values
        ('leads', 'company_name',     true,  1,  false),
        ('leads', 'pic_name',         true,  2,  false),
        ('leads', 'contact_phone',    true,  3,  true),
        ('leads', 'email',            true,  4,  false),
        ('leads', 'city_area',        true,  5,  false),
        ('leads', 'service_code',     true,  6,  false),
        ('leads', 'primary_channel',  true,  7,  false),
        ('leads', 'npwp',             false, 8,  true),
        ('leads', 'country',          false, 9,  false),
        ('leads', 'lead_date',        false, 10, false),
        ('leads', 'route',            false, 11, false),
        ('leads', 'est_volume_value', false, 12, false),
        ('leads', 'est_volume_unit',  false, 13, false),
        ('leads', 'timeline',         false, 14, false),
        ('leads', 'sourced_by',       false, 15, false),
        ('leads', 'campaign_name',    false, 16, false),
        ('leads', 'notes',            false, 17, false),
        ('leads', 'next_step',        false, 18, false),
        ('leads', 'due_date',         false, 19, false),
        -- A company and its PIC, as in a lead.
        ('customers', 'company_name', true, 1, false),
        ('customers', 'pic_name', true, 2, false),
        ('customers', 'pic_phone', true, 3, true),
        ('customers', 'pic_email', true, 4, false),
        ('customers', 'npwp', false, 5, true),
        ('customers', 'address', false, 6, false),
        ('customers', 'city', false, 7, false),
        ('customers', 'country', false, 8, false),
        -- Whose the person is, or the invoice: by id, tax number or name.
        ('contacts', 'full_name', true, 1, false),
        ('contacts', 'customer_id', false, 2, false),
        ('contacts', 'npwp', false, 3, true),
        ('contacts', 'company_name', false, 4, false),
        ('contacts', 'email', false, 5, false),
        ('contacts', 'phone', false, 6, true),
        ('contacts', 'mobile', false, 7, true),
        ('contacts', 'title', false, 8, false),
        ('contacts', 'department', false, 9, false),
        ('contacts', 'notes', false, 10, false),
        ('invoices', 'invoice_date', true, 1, false),
        ('invoices', 'due_date', true, 2, false),
        ('invoices', 'invoice_amount', true, 3, false),
        ('invoices', 'customer_id', false, 4, false),
        ('invoices', 'npwp', false, 5, true),
        ('invoices', 'company_name', false, 6, false),
        ('invoices', 'currency', false, 7, false),
        ('invoices', 'external_no', false, 8, false),
        ('invoices', 'notes', false, 9, false),
        ('payments', 'invoice_id', true, 1, false),
        ('payments', 'payment_date', true, 2, false),
        ('payments', 'amount', true, 3, false),
        ('payments', 'payment_method', false, 4, false),
        ('payments', 'reference_no', false, 5, false),
        ('payments', 'notes', false, 6, false),
        ('marketing_spend', 'channel', true, 1, false),
        ('marketing_spend', 'spend_date', true, 2, false),
        ('marketing_spend', 'amount', true, 3, false),
        ('marketing_spend', 'campaign_name', false, 4, false),
        ('marketing_spend', 'notes', false, 5, false),
        ('marketing_activities', 'activity_name', true, 1, false),
        ('marketing_activities', 'activity_date', true, 2, false),
        ('marketing_activities', 'quantity', true, 3, false),
        ('marketing_activities', 'channel', false, 4, false),
        ('marketing_activities', 'notes', false, 5, false),
        ('kpi_entries', 'metric_key', true, 1, false),
        ('kpi_entries', 'entry_date', true, 2, false),
        ('kpi_entries', 'value', true, 3, false),
        -- By code or id; without one the entries are the uploader's.
        ('kpi_entries', 'assignee', false, 4, false),
        ('kpi_entries', 'notes', false, 5, false),
        -- Of a member: the key of every workflow, and two for display (spec: member §3.5).
        ('member_records', 'username', false, 1, false),
        ('member_records', 'name',     false, 2, false),
        ('member_records', 'phone',    false, 3, true)
),
removed as (
    delete from ingest.import_columns t
    where not exists (select from wanted w where w.module = t.module and w.column_name = t.column_name)
)
insert into ingest.import_columns (module, column_name, is_required, position, is_digits)
select * from wanted
on conflict (module, column_name) do update
set is_required = excluded.is_required, position = excluded.position, is_digits = excluded.is_digits;
