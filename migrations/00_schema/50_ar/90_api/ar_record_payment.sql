-- Records a payment: never more than is outstanding.

create or replace function api.ar_record_payment(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: payments are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_form jsonb;
    v_answer jsonb;
    v_payment_id bigint;
begin
    perform ar.require_all('payments', 'insert');
    v_form := app.read_form(
        'payment', ar.payment_fields() || '{"invoice_id": {"kind": "text", "required": true, "maximum": 40}}', payload
    );
    v_answer := app.replay('ar_record_payment', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_payment_id := ar.add_payment(ar.take_invoice(v_form ->> 'invoice_id'), v_form);
    perform app.emit('payments.created', array[v_payment_id::text], array['payments', 'invoices']);
    return app.remember(
        'ar_record_payment',
        payload,
        (
            select jsonb_build_object(
                'payment_id', v_payment_id,
                'invoice_id', i.invoice_id,
                'payment_state', ar.payment_state(i.status, i.invoice_amount, i.paid_amount),
                'currency', i.currency,
                'remaining_outstanding', i.outstanding_amount
            )
            from ar.invoices i
            where i.org_id = app.org_id() and i.invoice_id = v_form ->> 'invoice_id'
        )
    );
end
$$;

comment on function api.ar_record_payment(jsonb) is
    'payload: invoice_id, amount; optional payment_date (today, not in the future), payment_method, reference_no, notes. Returns {payment_id, invoice_id, payment_state, currency, remaining_outstanding}. Raises PT401, PT403, PT404 invoice.not_found, PT409 invoice.void, payment.above_outstanding, payment.reference_no.duplicate, PT422 request.invalid (spec: command_center §3.8, decisions D7, case 106).';
revoke all on function api.ar_record_payment(jsonb) from public;
grant execute on function api.ar_record_payment(jsonb) to authenticated;
