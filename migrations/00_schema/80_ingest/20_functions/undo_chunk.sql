-- Takes back the next part of an import, by the rules of its module.

create or replace function ingest.undo_chunk(
    p_import ingest.imports,
    p_undo ingest.import_undos,
    p_limit integer,
    out row_no bigint,
    out target_id text,
    out removed bigint,
    out restored bigint,
    out refused bigint
)
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := p_import.org_id;
    v_row_nos bigint[];
    v_ids text[];
    v_done record;
    v_more record;
begin
    removed := 0;
    restored := 0;
    refused := 0;
    if p_import.module in ('customers', 'contacts') then
        -- Several rows may be about one customer or contact, which is looked at once.
        v_ids := array(
            select distinct x.target_id
            from ingest.import_rows x
            where x.org_id = v_org_id and x.import_id = p_import.import_id and x.target_id > p_undo.target_id and x.status = 'success'
            order by 1
            limit p_limit
        );
        target_id := v_ids[cardinality(v_ids)];
    else
        -- A row made one lead, invoice, record …, and that was made by one row.
        select coalesce(array_agg(r.row_no order by r.row_no), '{}'), coalesce(array_agg(r.target_id order by r.row_no), '{}')
        into v_row_nos, v_ids
        from (
            select x.row_no, x.target_id
            from ingest.import_rows x
            where x.org_id = v_org_id and x.import_id = p_import.import_id and x.row_no > p_undo.row_no and x.status = 'success'
            order by x.row_no
            limit p_limit
        ) r;
        row_no := v_row_nos[cardinality(v_row_nos)];
    end if;
    if cardinality(v_ids) = 0 then
        -- With the last record goes what held them.
        if p_import.module = 'member_records' then
            select d.removed, d.refused into removed, refused from ingest.undo_database(p_import) d;
        end if;
        return;
    end if;

    case p_import.module
        when 'leads' then
            select * into v_more from ingest.undo_leads(p_import, v_row_nos, v_ids);
            select * into v_done from ingest.undo_customers(p_import, v_more.customer_ids);
        when 'customers' then
            select *
            into v_more
            from ingest.undo_prospects(
                p_import,
                array(
                    select p.prospect_id
                    from unnest(v_ids) as t (customer_id)
                    cross join lateral (
                        select y.prospect_id from crm.prospects y where y.org_id = v_org_id and y.customer_id = t.customer_id offset 0
                    ) p
                )
            );
            select * into v_done from ingest.undo_customers(p_import, v_ids);
        when 'contacts' then select * into v_done from ingest.undo_contacts(p_import, v_ids::bigint[]);
        when 'invoices' then select * into v_done from ingest.undo_invoices(p_import, v_ids);
        when 'payments' then select * into v_done from ingest.undo_payments(p_import, v_ids::bigint[]);
        when 'marketing_spend' then select * into v_done from ingest.undo_marketing_spend(p_import, v_ids::bigint[]);
        when 'marketing_activities' then
            select * into v_done from ingest.undo_marketing_activities(p_import, v_ids::bigint[]);
        when 'kpi_entries' then select * into v_done from ingest.undo_kpi_entries(p_import, v_row_nos, v_ids::bigint[]);
        when 'member_records' then select * into v_done from ingest.undo_records(p_import, v_row_nos, v_ids::bigint[]);
    end case;
    removed := v_done.removed;
    restored := v_done.restored;
    refused := v_done.refused;
    if p_import.module in ('leads', 'customers') then
        removed := removed + v_more.removed;
        refused := refused + v_more.refused;
    end if;
end
$$;

comment on function ingest.undo_chunk(ingest.imports, ingest.import_undos, integer) is
    'What up to p_limit rows of the file, or targets of rows (customers, contacts), brought. row_no, target_id: how far that is, both null = nothing was left; removed, restored, refused: rows of tables. Callers hold ingest.lock_for_undo. Rule: decisions §3, undo.';
revoke all on function ingest.undo_chunk(ingest.imports, ingest.import_undos, integer) from public;
