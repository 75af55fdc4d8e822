-- What rows were before an import changed them, and whether somebody has been there since.

create or replace function ingest.images_before(p_org_id uuid, p_import_id bigint, p_table text, p_record_ids text[])
returns table (record_id text, image jsonb, is_touched boolean)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        a.record_id,
        -- Of each column the earliest: a file may change a row more than once.
        jsonb_object_agg(b.key, b.value order by a.audit_id desc),
        ingest.touched_since(p_org_id, p_import_id, p_table, a.record_id)
    from unnest(p_record_ids) as t (record_id)
    -- By key, one after the other.
    cross join lateral (
        select e.record_id, e.audit_id, e.before_data
        from app.audit_logs e
        where e.org_id = p_org_id and e.record_id = t.record_id and e.table_name = p_table
          and e.action = 'UPDATE' and e.import_id = p_import_id
        offset 0
    ) a
    cross join lateral jsonb_each(a.before_data) b
    group by a.record_id
$$;

comment on function ingest.images_before(uuid, bigint, text, text[]) is
    'For each of p_record_ids of p_table that import p_import_id has updated: the columns that it changed, as they were, and ingest.touched_since. Rule: decisions §3, undo.';
revoke all on function ingest.images_before(uuid, bigint, text, text[]) from public;
