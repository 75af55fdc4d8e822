-- Triggers of ar.invoices: id, what may change, the sum of payments, stamps, audit.

create or replace function ar.invoices_before_insert() returns trigger
language plpgsql
security definer -- draws a number
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Only our own functions can insert; they may bring an id that they have drawn (decisions §5.18).
    if new.invoice_id is null then
        new.invoice_id := app.next_prefixed_id(new.org_id, 'INV', new.invoice_date);
    end if;
    -- Nothing can have been paid for what was not there.
    new.paid_amount := 0;
    return new;
end
$$;

comment on function ar.invoices_before_insert() is 'Makes invoice_id from the invoice date; nothing is paid yet (spec: command_center §2.2).';
revoke all on function ar.invoices_before_insert() from public;

create or replace trigger invoices_10_rules_insert
before insert on ar.invoices
for each row execute function ar.invoices_before_insert();

create or replace function ar.invoices_before_update() returns trigger
language plpgsql
security definer -- adds up payments that the caller may not see
set search_path = pg_catalog, pg_temp
as $$
begin
    if (new.org_id, new.invoice_id, new.invoice_date, new.invoice_amount, new.currency)
        is distinct from (old.org_id, old.invoice_id, old.invoice_date, old.invoice_amount, old.currency)
    then
        perform app.fail('PT422', 'invoice.immutable', 'Date, amount and currency of an invoice stay; void it and make another.');
    end if;

    -- Whatever somebody wanted to write here: it is the sum of the payments. The row is locked by now, so no other
    -- payment can come between.
    if new.paid_amount <> old.paid_amount then
        select coalesce(sum(case when p.reversed_payment_id is null then p.amount else -p.amount end), 0)
        into new.paid_amount
        from ar.payments p
        where p.org_id = new.org_id and p.invoice_id = new.invoice_id;
        if new.paid_amount > 0 and old.status = 'VOID' then
            perform app.fail('PT409', 'invoice.void', 'This invoice is void.', new.invoice_id);
        end if;
        if new.paid_amount > new.invoice_amount then
            perform app.fail(
                'PT409', 'payment.above_outstanding', 'The payment is above what is outstanding.', old.outstanding_amount::text
            );
        end if;
    end if;

    if new.status <> old.status then
        if new.status = 'CREATED' or old.status = 'VOID' then
            perform app.fail('PT409', 'invoice.status.transition', 'An invoice is created, sent, void: in this order.', old.status);
        end if;
        if new.status = 'VOID' and new.paid_amount > 0 then
            perform app.fail('PT409', 'invoice.has_payments', 'Reverse the payments of this invoice first.', new.invoice_id);
        end if;
    elsif old.status = 'VOID' and (new.due_date, new.notes, new.external_no) is distinct from (old.due_date, old.notes, old.external_no) then
        perform app.fail('PT409', 'invoice.void', 'This invoice is void.', new.invoice_id);
    end if;

    new.created_at := old.created_at;
    new.created_by := old.created_by;
    -- Generated columns are not filled in yet here and do not tell.
    if to_jsonb(new) - '{outstanding_amount,is_open}'::text[] is distinct from to_jsonb(old) - '{outstanding_amount,is_open}'::text[] then
        new.updated_at := clock_timestamp();
    end if;
    return new;
end
$$;

comment on function ar.invoices_before_update() is
    'Makes paid_amount the sum of the payments. Raises PT409 payment.above_outstanding (detail: what is), invoice.void, invoice.has_payments, invoice.status.transition, PT422 invoice.immutable (spec: command_center §2.5, decisions §3, D7).';
revoke all on function ar.invoices_before_update() from public;

create or replace trigger invoices_11_rules_update
before update on ar.invoices
for each row execute function ar.invoices_before_update();

-- Of both tables of money.
create or replace function ar.refuse_deletion() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.fail('PT409', 'ar.kept', 'Money that is recorded stays: void the invoice, reverse the payment.');
    return null;
end
$$;

comment on function ar.refuse_deletion() is
    'Row trigger: nothing is deleted, by the owner neither, but rows of the import that is being undone: ingest.undo_invoices and ingest.undo_payments alone set pgcrm.undo_import, and nobody but the owner may delete at all. Raises PT409 ar.kept (case 115, decisions §3, undo).';
revoke all on function ar.refuse_deletion() from public;

create or replace trigger invoices_12_stay
before delete on ar.invoices
for each row
when (old.source_import_id::text is distinct from nullif(current_setting('pgcrm.undo_import', true), '') or old.source_import_id is null)
execute function ar.refuse_deletion();

create or replace trigger invoices_90_audit_insert
after insert on ar.invoices
referencing new table as new_rows
for each statement execute function app.audit_row_insert('invoice_id');

create or replace trigger invoices_91_audit_update
after update on ar.invoices
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('invoice_id', 'paid_amount', 'outstanding_amount', 'is_open');

create or replace trigger invoices_92_audit_delete
after delete on ar.invoices
referencing old table as old_rows
for each statement execute function app.audit_row_change('invoice_id');
