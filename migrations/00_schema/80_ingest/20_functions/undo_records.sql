-- Takes back records of an import of members: those that nobody has, asked for, reserved or touched.

create or replace function ingest.undo_records(
    p_import ingest.imports,
    p_row_nos bigint[],
    p_record_ids bigint[],
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
    v_database members.databases;
    v_free bigint[];
    v_there text[];
    v_lines bigint[];
    v_kept bigint[];
begin
    removed := 0;
    restored := 0;
    refused := 0;
    select d.*
    into v_database
    from members.databases d
    where d.org_id = v_org_id and d.import_id = p_import.import_id and d.deleted_at is null
    -- Against those who delete it, not against those who hand out its records: they hold some that this waits for.
    for no key update;
    if not found then
        return;
    end if;
    perform members.lock_last_records(v_org_id, array[v_database.database_id], false);

    -- Whoever is being handed one at this moment is waited for, and keeps it.
    v_free := array(
        select r.record_id
        from (select i from unnest(p_record_ids) i order by i offset 0) as t (record_id)
        cross join lateral (
            select y.record_id
            from members.records y
            where y.org_id = v_org_id and y.record_id = t.record_id
              -- Written so that no index of available records looks cheaper than the key.
              and y.status || '' = 'available'
            offset 0
            for update
        ) r
    );
    select coalesce(array_agg(r.record_id::text), '{}'), coalesce(array_agg(t.row_no), '{}')
    into v_there, v_lines
    from unnest(p_row_nos, p_record_ids) as t (row_no, record_id)
    cross join lateral (
        select y.record_id from members.records y where y.org_id = v_org_id and y.record_id = t.record_id offset 0
    ) r;

    select t.kept::bigint[], t.refused
    into v_kept, refused
    from ingest.refuse_touched(
        p_import, 'members.records', v_there, v_lines,
        array(
            -- With somebody, asked for, or archived.
            select t.record_id from unnest(v_there) as t (record_id) where t.record_id not in (select f::text from unnest(v_free) f)
            union all
            -- Of a customer whom somebody has reserved since. What was reserved before came to no good by the file.
            select c.record_id::text
            from (
                select t.record_id, k.reservation_id
                from unnest(v_free) as t (record_id)
                cross join lateral (
                    select y.match_keys from members.records y where y.org_id = v_org_id and y.record_id = t.record_id offset 0
                ) r
                cross join unnest(r.match_keys) as m (key)
                cross join lateral (
                    select y.reservation_id
                    from members.reservation_keys y
                    where y.org_id = v_org_id and y.key = m.key and y.is_approved
                    union
                    select y.reservation_id
                    from members.reservation_keys y
                    where y.org_id = v_org_id and y.product_id = v_database.product_id and y.key = m.key
                ) k
            ) c
            where exists (
                select
                from app.audit_logs a
                where a.org_id = v_org_id and a.record_id = c.reservation_id::text and a.table_name = 'members.reservations'
                  and a.audit_id > (
                      select min(b.audit_id)
                      from app.audit_logs b
                      where b.org_id = v_org_id and b.record_id = c.record_id::text and b.table_name = 'members.records'
                  )
            )
        )
    ) t;
    delete from members.records r
    using (
        select x.place
        from unnest(v_free) as t (record_id)
        cross join lateral (select y.ctid from members.records y where y.org_id = v_org_id and y.record_id = t.record_id offset 0) as x (place)
        where t.record_id not in (select k from unnest(v_kept) k)
    ) w
    where r.ctid = w.place;
    get diagnostics removed = row_count;
end
$$;

comment on function ingest.undo_records(ingest.imports, bigint[], bigint[]) is
    'p_row_nos, p_record_ids: lines of the file and the records they made. Removes those that are as they came; those that are with somebody, asked for or archived, that somebody had once, or whose customer was reserved since, stay and are written down. Nothing where the database was deleted. Returns rows of tables. Callers hold members.lock_reservations. Rule: decisions §3, undo.';
revoke all on function ingest.undo_records(ingest.imports, bigint[], bigint[]) from public;
