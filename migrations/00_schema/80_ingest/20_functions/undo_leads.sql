-- Takes back leads of an import, and the prospects that it made for them.

create or replace function ingest.undo_leads(
    p_import ingest.imports,
    p_row_nos bigint[],
    p_lead_ids text[],
    out removed bigint,
    out refused bigint,
    out customer_ids text[]
)
language plpgsql
-- All rows are found by key, one after the other (offset 0) and then by place, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := p_import.org_id;
    v_import_id bigint := p_import.import_id;
    v_there text[];
    v_prospect_ids text[];
    v_kept text[];
    v_more record;
begin
    select
        coalesce(array_agg(l.lead_id), '{}'), coalesce(array_agg(distinct l.prospect_id), '{}'),
        coalesce(array_agg(distinct l.customer_id), '{}')
    into v_there, v_prospect_ids, customer_ids
    from (
        select x.lead_id, x.prospect_id, x.customer_id
        from (select i from unnest(p_lead_ids) i order by i offset 0) as t (lead_id)
        cross join lateral (
            select y.lead_id, y.prospect_id, y.customer_id
            from crm.leads y
            where y.org_id = v_org_id and y.lead_id = t.lead_id
            offset 0
            for update
        ) x
    ) l;

    with kept as (
        insert into ingest.undo_refusals (org_id, import_id, target_table, target_id, reason, row_no)
        select v_org_id, v_import_id, 'crm.leads', j.lead_id, j.reason, j.row_no
        from (
            select
                t.lead_id, t.row_no,
                case
                    when ingest.touched_since(v_org_id, v_import_id, 'crm.leads', t.lead_id) then 'changed'
                    when exists (select from desk.tickets k where k.org_id = v_org_id and k.related_lead_id = t.lead_id)
                        or exists (select from crm.activities k where k.org_id = v_org_id and k.lead_id = t.lead_id) then 'in_use'
                end as reason
            from unnest(p_row_nos, p_lead_ids) as t (row_no, lead_id)
            where t.lead_id in (select i from unnest(v_there) i)
        ) j
        where j.reason is not null
        order by j.row_no
        returning target_id
    )
    select coalesce(array_agg(k.target_id), '{}') into v_kept from kept k;
    refused := cardinality(v_kept);
    delete from crm.leads l
    using (
        select x.place
        from unnest(v_there) as t (lead_id)
        cross join lateral (select y.ctid from crm.leads y where y.org_id = v_org_id and y.lead_id = t.lead_id offset 0) as x (place)
        where t.lead_id not in (select i from unnest(v_kept) i)
    ) w
    where l.ctid = w.place;
    get diagnostics removed = row_count;

    select p.removed, p.refused into v_more from ingest.undo_prospects(p_import, v_prospect_ids) p;
    removed := removed + v_more.removed;
    refused := refused + v_more.refused;

    customer_ids := array(
        select c.customer_id
        from unnest(customer_ids) as c (customer_id)
        where not exists (
            select
            from crm.leads l
            where l.org_id = v_org_id and l.customer_id = c.customer_id and l.source_import_id = v_import_id
            offset 0
        )
    );
end
$$;

comment on function ingest.undo_leads(ingest.imports, bigint[], text[]) is
    'p_row_nos, p_lead_ids: lines of the file and the leads they made. Removes those that nobody has touched and nothing hangs on, and their prospects where the import made them; writes down the others. removed, refused: rows of tables; customer_ids: customers of which no lead of the import is left. Callers hold the organisation''s customer lock. Rule: decisions §3, undo.';
revoke all on function ingest.undo_leads(ingest.imports, bigint[], text[]) from public;
