-- What can be said of a payment, in a form and in a file.

create or replace function ar.payment_fields() returns jsonb
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select '{
        "payment_date": {"kind": "date"},
        "amount": {"kind": "amount", "required": true},
        "payment_method": {"kind": "choice", "choices": ["Transfer", "Cash", "Check", "Giro", "Virtual Account"]},
        "reference_no": {"kind": "text", "maximum": 100},
        "notes": {"kind": "text", "maximum": 5000}
    }'::jsonb
$$;

comment on function ar.payment_fields() is 'p_fields of app.read_rows for a payment without its invoice (spec: command_center §3.7, §3.8).';
revoke all on function ar.payment_fields() from public;
