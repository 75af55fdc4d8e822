-- Records a payment for an invoice that is locked.

create or replace function ar.add_payment(p_invoice ar.invoices, p_fields jsonb) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_today date := app.today();
    v_date date := coalesce((p_fields ->> 'payment_date')::date, v_today);
    v_payment_id bigint;
begin
    if v_date > v_today then
        perform app.refuse_field('payment_date', 'payment.payment_date.future', 'must not be in the future');
    end if;
    if (p_invoice).status = 'VOID' then
        perform app.fail('PT409', 'invoice.void', 'This invoice is void.', (p_invoice).invoice_id);
    end if;
    insert into ar.payments (org_id, invoice_id, payment_date, amount, payment_method, reference_no, notes, created_by, created_at)
    values (
        (p_invoice).org_id, (p_invoice).invoice_id, v_date, (p_fields ->> 'amount')::numeric, p_fields ->> 'payment_method',
        p_fields ->> 'reference_no', p_fields ->> 'notes', app.uid(), app.now()
    )
    on conflict (org_id, invoice_id, reference_no)
        where reference_no is not null and reversed_payment_id is null and reversed_at is null
    do nothing
    returning payment_id into v_payment_id;
    if v_payment_id is null then
        perform app.fail(
            'PT409', 'payment.reference_no.duplicate', 'A payment with this reference is recorded for this invoice.',
            left(p_fields ->> 'reference_no', 100)
        );
    end if;
    return v_payment_id;
end
$$;

comment on function ar.add_payment(ar.invoices, jsonb) is
    'p_fields: as app.read_form reads ar.payment_fields(). Returns payment_id. Raises PT409 invoice.void, payment.above_outstanding, payment.reference_no.duplicate, PT422 payment.payment_date.future (spec: command_center §3.8, cases 106, 107).';
revoke all on function ar.add_payment(ar.invoices, jsonb) from public;
