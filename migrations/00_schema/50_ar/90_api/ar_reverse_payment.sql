-- Takes a payment back, by a row of its own.

create or replace function api.ar_reverse_payment(p_payment_id bigint, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: payments are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('payment_id', p_payment_id, 'payload', payload);
    v_form jsonb;
    v_answer jsonb;
    v_payment ar.payments;
    v_reversal_id bigint;
begin
    perform ar.require_all('payments', 'insert');
    v_form := app.read_form('reversal', '{"reason": {"kind": "text", "required": true, "maximum": 1000}}', payload);
    v_answer := app.replay('ar_reverse_payment', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    select p.* into v_payment from ar.payments p where p.org_id = v_org_id and p.payment_id = p_payment_id;
    if not found then
        perform app.fail('PT404', 'payment.not_found', 'There is no such payment.', p_payment_id::text);
    end if;
    perform ar.take_invoice(v_payment.invoice_id);
    -- The import that brought it may have been undone meanwhile.
    if not exists (select from ar.payments p where p.org_id = v_org_id and p.payment_id = p_payment_id) then
        perform app.fail('PT404', 'payment.not_found', 'There is no such payment.', p_payment_id::text);
    end if;

    insert into ar.payments (
        org_id, invoice_id, payment_date, amount, payment_method, reference_no, notes, reversed_payment_id, created_by, created_at
    )
    values (
        v_org_id, v_payment.invoice_id, app.today(), v_payment.amount, v_payment.payment_method, v_payment.reference_no,
        v_form ->> 'reason', p_payment_id, app.uid(), app.now()
    )
    on conflict (org_id, invoice_id, reversed_payment_id, amount) where reversed_payment_id is not null do nothing
    returning payment_id into v_reversal_id;
    if v_reversal_id is null then
        perform app.fail('PT409', 'payment.reversed', 'This payment was reversed before.', p_payment_id::text);
    end if;

    perform app.emit('payments.reversed', array[p_payment_id::text], array['payments', 'invoices']);
    return app.remember(
        'ar_reverse_payment',
        v_request,
        (
            select jsonb_build_object(
                'payment_id', v_reversal_id,
                'reversed_payment_id', p_payment_id,
                'invoice_id', i.invoice_id,
                'payment_state', ar.payment_state(i.status, i.invoice_amount, i.paid_amount),
                'currency', i.currency,
                'remaining_outstanding', i.outstanding_amount
            )
            from ar.invoices i
            where i.org_id = v_org_id and i.invoice_id = v_payment.invoice_id
        )
    );
end
$$;

comment on function api.ar_reverse_payment(bigint, jsonb) is
    'payload {reason}. The reversal is dated today and counts against the whole payment. Returns {payment_id of the reversal, reversed_payment_id, invoice_id, payment_state, currency, remaining_outstanding}. Raises PT401, PT403, PT404 payment.not_found, PT409 payment.reversed, payment.is_reversal, PT422 (spec: command_center §3.8, case 115).';
revoke all on function api.ar_reverse_payment(bigint, jsonb) from public;
grant execute on function api.ar_reverse_payment(bigint, jsonb) to authenticated;
