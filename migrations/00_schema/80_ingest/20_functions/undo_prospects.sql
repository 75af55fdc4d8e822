-- Takes back prospects that an import made, of which no lead of it is left.

create or replace function ingest.undo_prospects(
    p_import ingest.imports,
    p_prospect_ids text[],
    out removed bigint,
    out refused bigint
)
language plpgsql
-- All rows are found by key, one after the other (offset 0) and then by place, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := p_import.org_id;
    v_import_id bigint := p_import.import_id;
    v_ids text[];
    v_kept text[];
begin
    v_ids := array(
        select p.prospect_id
        from (select i from unnest(p_prospect_ids) i order by i offset 0) as t (prospect_id)
        cross join lateral (
            select y.prospect_id, y.customer_id
            from crm.prospects y
            where y.org_id = v_org_id and y.prospect_id = t.prospect_id and y.source_import_id is not distinct from v_import_id
            offset 0
            for update
        ) p
        -- With the last of its leads: what is refused stays whole.
        where not exists (
            select
            from crm.leads l
            where l.org_id = v_org_id and l.customer_id = p.customer_id and l.prospect_id = p.prospect_id
              and l.source_import_id = v_import_id
            offset 0
        )
    );
    with kept as (
        insert into ingest.undo_refusals (org_id, import_id, target_table, target_id, reason)
        select v_org_id, v_import_id, 'crm.prospects', j.prospect_id, j.reason
        from (
            select
                t.prospect_id,
                case
                    when ingest.touched_since(v_org_id, v_import_id, 'crm.prospects', t.prospect_id) then 'changed'
                    when exists (
                            select
                            from crm.prospects p
                            join crm.leads k on k.org_id = p.org_id and k.customer_id = p.customer_id and k.prospect_id = p.prospect_id
                            where p.org_id = v_org_id and p.prospect_id = t.prospect_id
                        )
                        or exists (select from crm.activities k where k.org_id = v_org_id and k.prospect_id = t.prospect_id)
                        then 'in_use'
                end as reason
            from unnest(v_ids) as t (prospect_id)
        ) j
        where j.reason is not null
        returning target_id
    )
    select coalesce(array_agg(k.target_id), '{}') into v_kept from kept k;
    refused := cardinality(v_kept);
    delete from crm.prospects p
    using (
        select x.place
        from unnest(v_ids) as t (prospect_id)
        cross join lateral (select y.ctid from crm.prospects y where y.org_id = v_org_id and y.prospect_id = t.prospect_id offset 0) as x (place)
        where t.prospect_id not in (select i from unnest(v_kept) i)
    ) w
    where p.ctid = w.place;
    get diagnostics removed = row_count;
end
$$;

comment on function ingest.undo_prospects(ingest.imports, text[]) is
    'Removes those of p_prospect_ids that the import made, that no lead of it needs any more, that nobody has touched and nothing hangs on; writes down the others. Returns rows of tables. Rule: decisions §3, undo.';
revoke all on function ingest.undo_prospects(ingest.imports, text[]) from public;
