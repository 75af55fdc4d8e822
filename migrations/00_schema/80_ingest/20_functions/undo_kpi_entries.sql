-- Takes back what an import made of entries: those that it added go, those that it changed are as they were.

create or replace function ingest.undo_kpi_entries(
    p_import ingest.imports,
    p_row_nos bigint[],
    p_entry_ids bigint[],
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
    v_import_id bigint := p_import.import_id;
    v_there bigint[];
    v_lines bigint[];
    v_made bigint[];
    v_kept bigint[];
begin
    select coalesce(array_agg(e.entry_id), '{}'), coalesce(array_agg(e.row_no), '{}')
    into v_there, v_lines
    from (
        select x.entry_id, t.row_no
        from (
            select w.entry_id, min(w.row_no) as row_no
            from unnest(p_row_nos, p_entry_ids) as w (row_no, entry_id)
            group by w.entry_id
            order by w.entry_id
            offset 0
        ) t
        cross join lateral (
            select y.entry_id from kpi.kpi_entries y where y.org_id = v_org_id and y.entry_id = t.entry_id offset 0 for update
        ) x
    ) e;
    v_made := array(
        select t.entry_id
        from unnest(v_there) as t (entry_id)
        cross join lateral (
            select
            from app.audit_logs a
            where a.org_id = v_org_id and a.record_id = t.entry_id::text and a.table_name = 'kpi.kpi_entries' and a.action = 'INSERT'
              and a.import_id = v_import_id
            offset 0
        ) x
    );

    select t.kept::bigint[], t.refused
    into v_kept, refused
    from ingest.refuse_touched(
        p_import, 'kpi.kpi_entries', v_there::text[], v_lines,
        array(
            select t.entry_id::text
            from unnest(v_made) as t (entry_id)
            where exists (select from kpi.kpi_evidence k where k.org_id = v_org_id and k.entry_id = t.entry_id)
        )
    ) t;
    delete from kpi.kpi_entries e
    using (
        select x.place
        from unnest(v_made) as t (entry_id)
        cross join lateral (select y.ctid from kpi.kpi_entries y where y.org_id = v_org_id and y.entry_id = t.entry_id offset 0) as x (place)
        where t.entry_id not in (select k from unnest(v_kept) k)
    ) w
    where e.ctid = w.place;
    get diagnostics removed = row_count;

    update kpi.kpi_entries u
    set value = case when i.image ? 'value' then (i.image ->> 'value')::numeric else u.value end,
        notes = case when i.image ? 'notes' then i.image ->> 'notes' else u.notes end,
        source_import_id = case
            when i.image ? 'source_import_id' then (i.image ->> 'source_import_id')::bigint else u.source_import_id
        end,
        source_row_no = case when i.image ? 'source_row_no' then (i.image ->> 'source_row_no')::bigint else u.source_row_no end
    from (
        select b.image, x.place
        from ingest.images_before(
            v_org_id, v_import_id, 'kpi.kpi_entries',
            array(
                select t::text
                from unnest(v_there) t
                where t not in (select m from unnest(v_made) m) and t not in (select k from unnest(v_kept) k)
            )
        ) b
        cross join lateral (
            select y.ctid from kpi.kpi_entries y where y.org_id = v_org_id and y.entry_id = b.record_id::bigint offset 0
        ) as x (place)
    ) i
    where u.ctid = i.place;
    get diagnostics restored = row_count;
end
$$;

comment on function ingest.undo_kpi_entries(ingest.imports, bigint[], bigint[]) is
    'p_row_nos, p_entry_ids: lines of the file and the entries that they added or changed. Removes the added ones and gives the others back value, notes and source; those that somebody, or a later file, has touched since, and added ones with evidence, stay and are written down. Returns rows of tables. Rule: decisions §3, undo.';
revoke all on function ingest.undo_kpi_entries(ingest.imports, bigint[], bigint[]) from public;
