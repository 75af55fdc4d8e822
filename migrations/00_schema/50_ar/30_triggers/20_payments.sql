-- Triggers of ar.payments: nothing changes, sums follow, audit.

create or replace function ar.payments_before_insert() returns trigger
language plpgsql
security definer -- looks at a payment that the caller may not see
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from ar.payments p
        where p.org_id = new.org_id and p.payment_id = new.reversed_payment_id and p.reversed_payment_id is not null
    ) then
        perform app.fail('PT409', 'payment.is_reversal', 'A reversal cannot be reversed; record the payment again.');
    end if;
    return new;
end
$$;

comment on function ar.payments_before_insert() is 'Refuses to reverse a reversal with PT409 payment.is_reversal (spec: command_center §3.8).';
revoke all on function ar.payments_before_insert() from public;

create or replace trigger payments_10_rules_insert
before insert on ar.payments
for each row
when (new.reversed_payment_id is not null)
execute function ar.payments_before_insert();

create or replace function ar.payments_before_update() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if to_jsonb(new) - 'reversed_at' is distinct from to_jsonb(old) - 'reversed_at' then
        perform app.fail('PT422', 'payment.immutable', 'Payments stay as they were recorded; reverse one that is wrong.');
    end if;
    return new;
end
$$;

comment on function ar.payments_before_update() is 'Refuses any change but the mark of having been reversed with PT422 payment.immutable (case 115).';
revoke all on function ar.payments_before_update() from public;

create or replace trigger payments_11_rules_update
before update on ar.payments
for each row execute function ar.payments_before_update();

create or replace trigger payments_12_stay
before delete on ar.payments
for each row
when (old.source_import_id::text is distinct from nullif(current_setting('pgcrm.undo_import', true), '') or old.source_import_id is null)
execute function ar.refuse_deletion();

create or replace function ar.payments_after_insert() returns trigger
language plpgsql
security definer -- nobody may write paid_amount
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Locks in the order of the primary key (design §3); the sum itself is made by the trigger of the invoices.
    perform
    from ar.invoices i
    where (i.org_id, i.invoice_id) in (select n.org_id, n.invoice_id from new_rows n)
    order by i.org_id, i.invoice_id
    for no key update;

    update ar.invoices i
    set paid_amount = i.paid_amount + d.amount
    from (
        select n.org_id, n.invoice_id, sum(case when n.reversed_payment_id is null then n.amount else -n.amount end) as amount
        from new_rows n
        group by n.org_id, n.invoice_id
    ) d
    where i.org_id = d.org_id and i.invoice_id = d.invoice_id;

    update ar.payments p
    set reversed_at = n.created_at
    from new_rows n
    where n.reversed_payment_id is not null and p.org_id = n.org_id and p.payment_id = n.reversed_payment_id;
    return null;
end
$$;

comment on function ar.payments_after_insert() is
    'Keeps ar.invoices.paid_amount and marks payments that were reversed. Raises what ar.invoices_before_update raises (decisions §3).';
revoke all on function ar.payments_after_insert() from public;

create or replace trigger payments_50_sum_insert
after insert on ar.payments
referencing new table as new_rows
for each statement execute function ar.payments_after_insert();

create or replace function ar.payments_after_delete() returns trigger
language plpgsql
security definer -- nobody may write paid_amount
set search_path = pg_catalog, pg_temp
as $$
begin
    perform
    from ar.invoices i
    where (i.org_id, i.invoice_id) in (select o.org_id, o.invoice_id from old_rows o)
    order by i.org_id, i.invoice_id
    for no key update;

    update ar.invoices i
    set paid_amount = i.paid_amount - d.amount
    from (
        select o.org_id, o.invoice_id, sum(case when o.reversed_payment_id is null then o.amount else -o.amount end) as amount
        from old_rows o
        group by o.org_id, o.invoice_id
    ) d
    where i.org_id = d.org_id and i.invoice_id = d.invoice_id;

    update ar.payments p
    set reversed_at = null
    from old_rows o
    where o.reversed_payment_id is not null and p.org_id = o.org_id and p.payment_id = o.reversed_payment_id;
    return null;
end
$$;

comment on function ar.payments_after_delete() is
    'Where payments go because their import is undone, the sums follow (decisions §3).';
revoke all on function ar.payments_after_delete() from public;

create or replace trigger payments_51_sum_delete
after delete on ar.payments
referencing old table as old_rows
for each statement execute function ar.payments_after_delete();

create or replace trigger payments_90_audit_insert
after insert on ar.payments
referencing new table as new_rows
for each statement execute function app.audit_row_insert('payment_id');

create or replace trigger payments_91_audit_update
after update on ar.payments
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('payment_id', 'reversed_at');

create or replace trigger payments_92_audit_delete
after delete on ar.payments
referencing old table as old_rows
for each statement execute function app.audit_row_change('payment_id');
