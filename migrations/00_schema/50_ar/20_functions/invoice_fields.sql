-- What can be said of an invoice, in a form and in a file.

create or replace function ar.invoice_fields() returns jsonb
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select '{
        "invoice_date": {"kind": "date", "required": true},
        "due_date": {"kind": "date", "required": true},
        "invoice_amount": {"kind": "amount", "required": true},
        "currency": {"kind": "currency"},
        "external_no": {"kind": "text", "maximum": 100},
        "notes": {"kind": "text", "maximum": 5000}
    }'::jsonb
$$;

comment on function ar.invoice_fields() is 'p_fields of app.read_rows for an invoice without its customer (spec: command_center §3.7, §3.8).';
revoke all on function ar.invoice_fields() from public;
