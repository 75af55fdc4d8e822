-- Tells which rows of an import are no longer as it left them, and writes them down as left alone.

create or replace function ingest.refuse_touched(
    p_import ingest.imports,
    p_table text,
    p_record_ids text[],
    p_row_nos bigint[],
    p_used text[],
    out kept text[],
    out refused bigint
)
language plpgsql
-- All entries are found by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    with judged as materialized (
        select
            t.record_id, t.row_no,
            case
                when t.record_id in (select u from unnest(p_used) u) then 'in_use'
                -- Also where the trail does not say what the import did: nobody can know.
                when a.imported_at is null or a.changed_at > a.imported_at then 'changed'
            end as reason
        from unnest(p_record_ids, p_row_nos) as t (record_id, row_no)
        cross join lateral (
            select
                min(e.audit_id) filter (where e.import_id = p_import.import_id) as imported_at,
                max(e.audit_id) filter (where e.import_id is distinct from p_import.import_id) as changed_at
            from app.audit_logs e
            where e.org_id = p_import.org_id and e.record_id = t.record_id and e.table_name = p_table
        ) a
    ),
    written as (
        insert into ingest.undo_refusals (org_id, import_id, target_table, target_id, reason, row_no)
        select p_import.org_id, p_import.import_id, p_table, j.record_id, j.reason, j.row_no
        from judged j
        where j.reason is not null
        order by j.row_no
        -- Two lines about one row, of which an earlier chunk has seen the first.
        on conflict on constraint undo_refusals_target_key do nothing
        returning target_id
    )
    select coalesce((select array_agg(j.record_id) from judged j where j.reason is not null), '{}'), (select count(*) from written)
    into kept, refused;
end
$$;

comment on function ingest.refuse_touched(ingest.imports, text, text[], bigint[], text[]) is
    'p_record_ids: rows of p_table that the import wrote, locked by the caller in an earlier statement, so that nobody''s change is overlooked; p_row_nos: their lines; p_used: those that something else needs. Writes down as in_use these, as changed those of which the audit trail has an entry of anybody else after the import''s first; returns both, and how many of them were not written down before. Rule: decisions §3, undo.';
revoke all on function ingest.refuse_touched(ingest.imports, text, text[], bigint[], text[]) from public;
