-- One invoice that the caller sees.

create or replace function api.ar_get_invoice(p_invoice_id text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_invoice jsonb;
begin
    perform app.require('invoices', 'select');
    select to_jsonb(i) - 'org_id' into v_invoice from api.invoices i where i.invoice_id = p_invoice_id;
    if v_invoice is null then
        perform app.fail('PT404', 'invoice.not_found', 'There is no such invoice.', left(p_invoice_id, 100));
    end if;
    return v_invoice;
end
$$;

comment on function api.ar_get_invoice(text) is
    'Returns the row of api.invoices. Raises PT401, PT403, PT404 invoice.not_found also for one that the caller cannot see (spec: command_center §7, decisions §5.14).';
revoke all on function api.ar_get_invoice(text) from public;
grant execute on function api.ar_get_invoice(text) to authenticated;
