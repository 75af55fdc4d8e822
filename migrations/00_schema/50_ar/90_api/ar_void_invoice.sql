-- Voids an invoice: it stays to be read and counts nowhere.

create or replace function api.ar_void_invoice(p_invoice_id text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: status is nobody's column
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('invoice_id', p_invoice_id, 'payload', payload);
    v_form jsonb;
    v_answer jsonb;
    v_invoice ar.invoices;
begin
    perform ar.require_all('invoices', 'update');
    v_form := app.read_form('void', '{"reason": {"kind": "text", "required": true, "maximum": 1000}}', payload);
    v_answer := app.replay('ar_void_invoice', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    v_invoice := ar.take_invoice(p_invoice_id);
    if v_invoice.status = 'VOID' then
        perform app.fail('PT409', 'invoice.void', 'This invoice is void.', p_invoice_id);
    end if;
    update ar.invoices i
    set status = 'VOID', voided_at = app.now(), voided_by = app.uid(), void_reason = v_form ->> 'reason'
    where i.org_id = v_invoice.org_id and i.invoice_id = v_invoice.invoice_id;

    perform app.emit('invoices.voided', array[p_invoice_id], array['invoices']);
    return app.remember('ar_void_invoice', v_request, jsonb_build_object('invoice_id', p_invoice_id, 'status', 'VOID'));
end
$$;

comment on function api.ar_void_invoice(text, jsonb) is
    'payload {reason}. Returns {invoice_id, status}. Raises PT401, PT403, PT404 invoice.not_found, PT409 invoice.void, invoice.has_payments, PT422 (spec: command_center §2.5, §3.8, case 115).';
revoke all on function api.ar_void_invoice(text, jsonb) from public;
grant execute on function api.ar_void_invoice(text, jsonb) to authenticated;
