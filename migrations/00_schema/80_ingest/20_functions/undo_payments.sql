-- Takes back payments of an import: those that were not reversed. What was paid of their invoices follows.

create or replace function ingest.undo_payments(
    p_import ingest.imports,
    p_payment_ids bigint[],
    out removed bigint,
    out restored bigint,
    out refused bigint
)
language plpgsql
-- All rows are found by key, one after the other (offset 0) and then by place, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := p_import.org_id;
    v_there bigint[];
    v_lines bigint[];
    v_kept bigint[];
begin
    restored := 0;
    -- Invoices before payments, as whoever pays.
    perform
    from (
        select distinct y.invoice_id
        from unnest(p_payment_ids) as t (payment_id)
        cross join lateral (
            select p.invoice_id from ar.payments p where p.org_id = v_org_id and p.payment_id = t.payment_id offset 0
        ) y
        order by y.invoice_id
        offset 0
    ) p
    cross join lateral (
        select from ar.invoices i where i.org_id = v_org_id and i.invoice_id = p.invoice_id offset 0 for no key update
    ) x;
    select coalesce(array_agg(p.payment_id), '{}'), coalesce(array_agg(p.source_row_no), '{}')
    into v_there, v_lines
    from (
        select x.payment_id, x.source_row_no
        from (select i from unnest(p_payment_ids) i order by i offset 0) as t (payment_id)
        cross join lateral (
            select y.payment_id, y.source_row_no from ar.payments y where y.org_id = v_org_id and y.payment_id = t.payment_id offset 0 for update
        ) x
    ) p;

    select t.kept::bigint[], t.refused
    into v_kept, refused
    from ingest.refuse_touched(
        p_import, 'ar.payments', v_there::text[], v_lines,
        array(
            select t.payment_id::text
            from unnest(v_there) as t (payment_id)
            cross join lateral (
                select y.invoice_id, y.amount from ar.payments y where y.org_id = v_org_id and y.payment_id = t.payment_id offset 0
            ) p
            where exists (
                select
                from ar.payments k
                where k.org_id = v_org_id and k.invoice_id = p.invoice_id and k.reversed_payment_id = t.payment_id
                  and k.amount = p.amount
            )
        )
    ) t;

    -- The one time that a payment is deleted (ar.payments_12_stay); its trigger takes it out of the sum.
    perform set_config('pgcrm.undo_import', p_import.import_id::text, true);
    delete from ar.payments p
    using (
        select x.place
        from unnest(v_there) as t (payment_id)
        cross join lateral (select y.ctid from ar.payments y where y.org_id = v_org_id and y.payment_id = t.payment_id offset 0) as x (place)
        where t.payment_id not in (select k from unnest(v_kept) k)
    ) w
    where p.ctid = w.place;
    get diagnostics removed = row_count;
    perform set_config('pgcrm.undo_import', '', true);
end
$$;

comment on function ingest.undo_payments(ingest.imports, bigint[]) is
    'p_payment_ids: payments that the import made. Removes them, their images stay in the audit trail and their invoices owe again; those that were reversed stay, beside their reversals, and are written down. Returns rows of tables. Callers hold ar.lock_invoices alone. Rule: decisions §3, undo.';
revoke all on function ingest.undo_payments(ingest.imports, bigint[]) from public;
