-- Changes what may change of an invoice: when it is due, its notes, and that it was sent.

create or replace function api.ar_update_invoice(p_invoice_id text, payload jsonb) returns jsonb
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
    v_form := app.read_form(
        'invoice',
        '{
            "due_date": {"kind": "date"},
            "notes": {"kind": "text", "maximum": 5000},
            "status": {"kind": "choice", "choices": ["SENT"]}
        }',
        payload
    );
    v_answer := app.replay('ar_update_invoice', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    v_invoice := ar.take_invoice(p_invoice_id);
    if v_invoice.status = 'VOID' then
        perform app.fail('PT409', 'invoice.void', 'This invoice is void.', p_invoice_id);
    end if;
    if (v_form ->> 'due_date')::date < v_invoice.invoice_date then
        perform app.refuse_field('due_date', 'invoice.due_date.before_invoice', 'must not be before the invoice date');
    end if;
    update ar.invoices i
    set due_date = coalesce((v_form ->> 'due_date')::date, i.due_date),
        -- Absent: as it was; null or blank: cleared.
        notes = case when payload ? 'notes' then v_form ->> 'notes' else i.notes end,
        status = coalesce(v_form ->> 'status', i.status)
    where i.org_id = v_invoice.org_id and i.invoice_id = v_invoice.invoice_id;

    perform app.emit('invoices.updated', array[p_invoice_id], array['invoices']);
    return app.remember(
        'ar_update_invoice',
        v_request,
        (
            select jsonb_build_object('invoice_id', i.invoice_id, 'status', i.status, 'due_date', i.due_date, 'notes', i.notes)
            from ar.invoices i
            where i.org_id = v_invoice.org_id and i.invoice_id = v_invoice.invoice_id
        )
    );
end
$$;

comment on function api.ar_update_invoice(text, jsonb) is
    'payload {due_date?, notes? (null clears), status? SENT}. Returns {invoice_id, status, due_date, notes}. Raises PT401, PT403, PT404 invoice.not_found, PT409 invoice.void, PT422 (spec: command_center §1.7, §2.5).';
revoke all on function api.ar_update_invoice(text, jsonb) from public;
grant execute on function api.ar_update_invoice(text, jsonb) to authenticated;
