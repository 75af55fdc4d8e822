-- Takes an invoice of the organisation for work, under its lock.

create or replace function ar.take_invoice(p_invoice_id text) returns ar.invoices
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_invoice ar.invoices;
begin
    perform ar.lock_invoices(app.org_id(), false);
    select i.*
    into v_invoice
    from ar.invoices i
    where i.org_id = app.org_id() and i.invoice_id = p_invoice_id
    for no key update;
    if not found then
        perform app.fail('PT404', 'invoice.not_found', 'There is no such invoice.', left(p_invoice_id, 100));
    end if;
    return v_invoice;
end
$$;

comment on function ar.take_invoice(text) is
    'The invoice, locked until the transaction ends: for people whose scope is the whole organisation. Raises PT404 invoice.not_found (spec: command_center §3.8).';
revoke all on function ar.take_invoice(text) from public;
