-- Takes back spend of an import: all that nobody has touched.

create or replace function ingest.undo_marketing_spend(
    p_import ingest.imports,
    p_spend_ids bigint[],
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
    select coalesce(array_agg(m.spend_id), '{}'), coalesce(array_agg(m.source_row_no), '{}')
    into v_there, v_lines
    from (
        select x.spend_id, x.source_row_no
        from (select i from unnest(p_spend_ids) i order by i offset 0) as t (spend_id)
        cross join lateral (
            select y.spend_id, y.source_row_no from kpi.marketing_spend y where y.org_id = v_org_id and y.spend_id = t.spend_id offset 0 for update
        ) x
    ) m;

    select t.kept::bigint[], t.refused
    into v_kept, refused
    from ingest.refuse_touched(p_import, 'kpi.marketing_spend', v_there::text[], v_lines, '{}') t;
    delete from kpi.marketing_spend m
    using (
        select x.place
        from unnest(v_there) as t (spend_id)
        cross join lateral (select y.ctid from kpi.marketing_spend y where y.org_id = v_org_id and y.spend_id = t.spend_id offset 0) as x (place)
        where t.spend_id not in (select k from unnest(v_kept) k)
    ) w
    where m.ctid = w.place;
    get diagnostics removed = row_count;
end
$$;

comment on function ingest.undo_marketing_spend(ingest.imports, bigint[]) is
    'p_spend_ids: rows of kpi.marketing_spend that the import made. Removes them; those that somebody has changed since stay and are written down. Nothing refers to them. Returns rows of tables. Rule: decisions §3, undo.';
revoke all on function ingest.undo_marketing_spend(ingest.imports, bigint[]) from public;
