-- Tells which rows of an import are no longer as it left them, and writes them down as left alone.

create or replace function ingest.refuse_touched(
    p_import ingest.imports,
    p_table text,
    p_record_ids text[],
    p_row_nos bigint[],
    p_used text[]
) returns text[]
language plpgsql
-- All entries are found by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_kept text[];
begin
    with entries as materialized (
        select a.record_id, a.audit_id, a.import_id
        from app.audit_logs a
        where a.org_id = p_import.org_id and a.record_id = any (p_record_ids) and a.table_name = p_table
    ),
    imported as (
        select e.record_id, min(e.audit_id) as audit_id from entries e where e.import_id = p_import.import_id group by e.record_id
    ),
    changed as (
        select e.record_id
        from entries e
        join imported i on i.record_id = e.record_id
        where e.audit_id > i.audit_id and e.import_id is distinct from p_import.import_id
        union
        -- Of which the trail does not say what the import did: nobody can know.
        select t.record_id from unnest(p_record_ids) as t (record_id) where t.record_id not in (select i.record_id from imported i)
    ),
    kept as (
        insert into ingest.undo_refusals (org_id, import_id, target_table, target_id, reason, row_no)
        select
            p_import.org_id, p_import.import_id, p_table, t.record_id, case when u.record_id is null then 'changed' else 'in_use' end,
            t.row_no
        from unnest(p_record_ids, p_row_nos) as t (record_id, row_no)
        left join (select distinct x from unnest(p_used) x) as u (record_id) on u.record_id = t.record_id
        left join changed c on c.record_id = t.record_id
        where u.record_id is not null or c.record_id is not null
        order by t.row_no
        -- Two lines about one row, of which an earlier chunk has seen the first.
        on conflict on constraint undo_refusals_target_key do nothing
        returning target_id
    )
    select coalesce(array_agg(k.target_id), '{}') into v_kept from kept k;
    return v_kept;
end
$$;

comment on function ingest.refuse_touched(ingest.imports, text, text[], bigint[], text[]) is
    'p_record_ids: rows of p_table that the import wrote, locked by the caller in an earlier statement, so that nobody''s change is overlooked; p_row_nos: their lines; p_used: those that something else needs. Writes down as in_use these, as changed those of which the audit trail has an entry of anybody else after the import''s first; returns both. Rule: decisions §3, undo.';
revoke all on function ingest.refuse_touched(ingest.imports, text, text[], bigint[], text[]) from public;
