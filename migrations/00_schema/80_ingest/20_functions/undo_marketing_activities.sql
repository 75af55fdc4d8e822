-- Takes back activities of marketing of an import: all that nobody has touched.

create or replace function ingest.undo_marketing_activities(
    p_import ingest.imports,
    p_row_nos bigint[],
    p_activity_ids bigint[],
    out removed bigint,
    out restored bigint,
    out refused bigint
)
language plpgsql
-- All rows are found by key, one after the other, whatever the statistics say: an array of keys is compared with every row.
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := p_import.org_id;
    v_there bigint[];
    v_lines bigint[];
    v_kept bigint[];
begin
    restored := 0;
    select coalesce(array_agg(m.activity_id), '{}'), coalesce(array_agg(m.source_row_no), '{}')
    into v_there, v_lines
    from (
        select x.activity_id, x.source_row_no
        from unnest(p_activity_ids) as t (activity_id)
        join kpi.marketing_activity_events x on x.org_id = v_org_id and x.activity_id = t.activity_id
        order by x.activity_id
        for update of x
    ) m;

    select t.kept, t.refused
    into v_kept, refused
    from ingest.refuse_touched(p_import, 'kpi.marketing_activity_events', v_there::text[], v_lines, '{}') t;
    delete from kpi.marketing_activity_events m
    using unnest(v_there) as t (activity_id)
    where m.org_id = v_org_id and m.activity_id = t.activity_id and t.activity_id not in (select k from unnest(v_kept) k);
    get diagnostics removed = row_count;
end
$$;

comment on function ingest.undo_marketing_activities(ingest.imports, bigint[], bigint[]) is
    'p_row_nos, p_activity_ids: lines of the file and the rows of kpi.marketing_activity_events that they made. Removes them; those that somebody has changed since stay and are written down. Nothing refers to them. Returns rows of tables. Rule: decisions §3, undo.';
revoke all on function ingest.undo_marketing_activities(ingest.imports, bigint[], bigint[]) from public;
