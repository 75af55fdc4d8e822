-- Takes back invoices of an import: those that nobody has sent, paid, collected or changed.

create or replace function ingest.undo_invoices(
    p_import ingest.imports,
    p_invoice_ids text[],
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
    v_there text[];
    v_lines bigint[];
    v_kept text[];
begin
    restored := 0;
    select coalesce(array_agg(i.invoice_id), '{}'), coalesce(array_agg(i.source_row_no), '{}')
    into v_there, v_lines
    from (
        select x.invoice_id, x.source_row_no
        from (select i from unnest(p_invoice_ids) i order by i offset 0) as t (invoice_id)
        cross join lateral (
            select y.invoice_id, y.source_row_no from ar.invoices y where y.org_id = v_org_id and y.invoice_id = t.invoice_id offset 0 for update
        ) x
    ) i;

    select t.kept, t.refused
    into v_kept, refused
    from ingest.refuse_touched(
        p_import, 'ar.invoices', v_there, v_lines,
        array(
            select t.invoice_id
            from unnest(v_there) as t (invoice_id)
            where exists (select from ar.payments k where k.org_id = v_org_id and k.invoice_id = t.invoice_id)
               or exists (select from ar.collections k where k.org_id = v_org_id and k.invoice_id = t.invoice_id)
        )
    ) t;

    -- The one time that an invoice is deleted (ar.invoices_12_stay).
    perform set_config('pgcrm.undo_import', p_import.import_id::text, true);
    delete from ar.invoices i
    using (
        select x.place
        from unnest(v_there) as t (invoice_id)
        cross join lateral (select y.ctid from ar.invoices y where y.org_id = v_org_id and y.invoice_id = t.invoice_id offset 0) as x (place)
        where t.invoice_id not in (select k from unnest(v_kept) k)
    ) w
    where i.ctid = w.place;
    get diagnostics removed = row_count;
    perform set_config('pgcrm.undo_import', '', true);
end
$$;

comment on function ingest.undo_invoices(ingest.imports, text[]) is
    'p_invoice_ids: invoices that the import made. Removes them, their images stay in the audit trail; those that were sent, voided or changed, or have payments (reversed ones too) or a collection ticket, stay and are written down. Returns rows of tables. Callers hold ar.lock_invoices alone. Rule: decisions §3, undo.';
revoke all on function ingest.undo_invoices(ingest.imports, text[]) from public;
