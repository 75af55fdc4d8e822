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
    v_leads record;
    v_prospects record;
    v_done record;
begin
    removed := 0;
    restored := 0;
    refused := 0;
    if p_import.module = 'leads' then
        -- A row made a lead, and a lead is made by one row.
        select array_agg(r.row_no order by r.row_no), array_agg(r.target_id order by r.row_no)
        into v_row_nos, v_ids
        from (
            select x.row_no, x.target_id
            from ingest.import_rows x
            where x.org_id = v_org_id and x.import_id = p_import.import_id and x.row_no > p_undo.row_no and x.status = 'success'
            order by x.row_no
            limit p_limit
        ) r;
    else
        -- Several rows may be about one customer or contact, which is looked at once.
        v_ids := array(
            select distinct x.target_id
            from ingest.import_rows x
            where x.org_id = v_org_id and x.import_id = p_import.import_id and x.target_id > p_undo.target_id and x.status = 'success'
            order by 1
            limit p_limit
        );
    end if;
    if v_ids is null or cardinality(v_ids) = 0 then
        return;
    end if;

    if p_import.module = 'leads' then
        row_no := v_row_nos[cardinality(v_row_nos)];
        select * into v_leads from ingest.undo_leads(p_import, v_row_nos, v_ids);
        select * into v_done from ingest.undo_customers(p_import, v_leads.customer_ids);
        removed := v_leads.removed;
        refused := v_leads.refused;
    elsif p_import.module = 'customers' then
        target_id := v_ids[cardinality(v_ids)];
        select *
        into v_prospects
        from ingest.undo_prospects(
            p_import,
            array(select p.prospect_id from crm.prospects p where p.org_id = v_org_id and p.customer_id = any (v_ids))
        );
        select * into v_done from ingest.undo_customers(p_import, v_ids);
        removed := v_prospects.removed;
        refused := v_prospects.refused;
    else
        target_id := v_ids[cardinality(v_ids)];
        select * into v_done from ingest.undo_contacts(p_import, v_ids::bigint[]);
    end if;
    removed := removed + v_done.removed;
    restored := v_done.restored;
    refused := refused + v_done.refused;
end
$$;

comment on function ingest.undo_chunk(ingest.imports, ingest.import_undos, integer) is
    'What up to p_limit rows of the file (leads), or targets of rows (customers, contacts), brought. row_no, target_id: how far that is, both null = nothing was left; removed, restored, refused: rows of tables. Callers hold the organisation''s customer lock. Rule: decisions §3, undo.';
revoke all on function ingest.undo_chunk(ingest.imports, ingest.import_undos, integer) from public;
