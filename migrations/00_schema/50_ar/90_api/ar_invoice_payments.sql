-- A page of the payments of one invoice, newest first.

create or replace function api.ar_invoice_payments(
    p_invoice_id text,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform api.ar_get_invoice(p_invoice_id);
    return api.ar_list_payments(jsonb_build_object('invoice_id', p_invoice_id), p_limit, p_after);
end
$$;

comment on function api.ar_invoice_payments(text, integer, jsonb) is
    'p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.payments, next}. Raises PT401, PT403, PT404 invoice.not_found (spec: command_center §7).';
revoke all on function api.ar_invoice_payments(text, integer, jsonb) from public;
grant execute on function api.ar_invoice_payments(text, integer, jsonb) to authenticated;
