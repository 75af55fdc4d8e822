-- Creates an invoice, and records what was paid with it.

create or replace function api.ar_create_invoice(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: invoices are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_form jsonb;
    v_answer jsonb;
    v_invoice ar.invoices;
    v_payment_id bigint;
begin
    perform ar.require_all('invoices', 'insert');
    v_form := app.read_form(
        'invoice',
        ar.invoice_fields() || '{
            "customer_id": {"kind": "text", "required": true, "maximum": 40},
            "payment_date": {"kind": "date"},
            "payment_amount": {"kind": "amount"},
            "payment_reference": {"kind": "text", "maximum": 100},
            "payment_notes": {"kind": "text", "maximum": 5000}
        }' || jsonb_build_object('payment_method', ar.payment_fields() -> 'payment_method'),
        payload
    );
    if (v_form ->> 'due_date')::date < (v_form ->> 'invoice_date')::date then
        perform app.refuse_field('due_date', 'invoice.due_date.before_invoice', 'must not be before the invoice date');
    end if;
    if v_form ?| '{payment_date,payment_method,payment_reference,payment_notes}' and not v_form ? 'payment_amount' then
        perform app.refuse_field('payment_amount', 'invoice.payment_amount.required', 'is required where a payment is described');
    end if;

    v_answer := app.replay('ar_create_invoice', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    perform ar.lock_invoices(v_org_id, false);
    if not app.may_select_customers(v_org_id, v_form ->> 'customer_id') then
        perform app.fail('PT404', 'customer.not_found', 'There is no such customer.', left(v_form ->> 'customer_id', 100));
    end if;
    insert into ar.invoices (
        org_id, customer_id, invoice_date, due_date, invoice_amount, currency, external_no, notes, created_by, created_at, updated_at
    )
    values (
        v_org_id, v_form ->> 'customer_id', (v_form ->> 'invoice_date')::date, (v_form ->> 'due_date')::date,
        (v_form ->> 'invoice_amount')::numeric, coalesce(v_form ->> 'currency', app.setting('currency') #>> '{}'),
        v_form ->> 'external_no', v_form ->> 'notes', app.uid(), app.now(), app.now()
    )
    on conflict (org_id, external_no) where external_no is not null and status <> 'VOID' do nothing
    returning * into v_invoice;
    if v_invoice.invoice_id is null then
        perform app.fail(
            'PT409', 'invoice.external_no.duplicate', 'There is an invoice with this number.', left(v_form ->> 'external_no', 100)
        );
    end if;

    if v_form ? 'payment_amount' then
        perform ar.require_all('payments', 'insert');
        v_payment_id := ar.add_payment(
            v_invoice,
            jsonb_strip_nulls(jsonb_build_object(
                'payment_date', v_form -> 'payment_date', 'amount', v_form -> 'payment_amount',
                'payment_method', v_form -> 'payment_method', 'reference_no', v_form -> 'payment_reference',
                'notes', v_form -> 'payment_notes'
            ))
        );
        perform app.emit('payments.created', array[v_payment_id::text], array['payments', 'invoices']);
    end if;
    perform app.emit('invoices.created', array[v_invoice.invoice_id], array['invoices']);

    return app.remember(
        'ar_create_invoice',
        payload,
        (
            select jsonb_build_object(
                'invoice_id', i.invoice_id,
                'payment_id', v_payment_id,
                'status', i.status,
                'payment_state', ar.payment_state(i.status, i.invoice_amount, i.paid_amount),
                'currency', i.currency,
                'outstanding_amount', i.outstanding_amount
            )
            from ar.invoices i
            where i.org_id = v_org_id and i.invoice_id = v_invoice.invoice_id
        )
    );
end
$$;

comment on function api.ar_create_invoice(jsonb) is
    'payload: customer_id, invoice_date, due_date, invoice_amount; optional currency (the organisation''s), external_no, notes, payment_amount, payment_date (today), payment_method, payment_reference, payment_notes. Returns {invoice_id, payment_id, status, payment_state, currency, outstanding_amount}. Raises PT401, PT403, PT404 customer.not_found, PT409 invoice.external_no.duplicate, payment.above_outstanding, PT422 request.invalid with every bad field (spec: command_center §3.8, cases 104, 105, 108).';
revoke all on function api.ar_create_invoice(jsonb) from public;
grant execute on function api.ar_create_invoice(jsonb) to authenticated;
