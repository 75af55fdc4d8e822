-- Adds what became of a chunk's rows to the import's counts, and closes the import when no row is left.

create or replace function ingest.count_outcomes(
    p_org_id uuid,
    p_import_id bigint,
    p_success bigint,
    p_error bigint,
    p_skipped bigint,
    p_duplicate bigint
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Added up rather than counted again: a chunk costs the same at the end of a file as at its beginning.
    update ingest.imports i
    set success_rows = i.success_rows + p_success,
        error_rows = i.error_rows + p_error,
        skipped_rows = i.skipped_rows + p_skipped,
        duplicate_rows = i.duplicate_rows + p_duplicate
    where i.org_id = p_org_id and i.import_id = p_import_id;

    update ingest.imports i
    set status = case
            when left_over.pending > 0 then 'processing'
            -- Failed means that nothing came of it (spec: command_center §2.5).
            when i.error_rows = i.total_rows then 'failed'
            else 'completed'
        end,
        last_error = case when left_over.pending = 0 and i.error_rows = i.total_rows then 'Every row has an error.' end,
        processed_at = case when left_over.pending = 0 then clock_timestamp() end
    from (
        select p.total_rows - p.success_rows - p.error_rows - p.skipped_rows - p.duplicate_rows as pending
        from ingest.imports p
        where p.org_id = p_org_id and p.import_id = p_import_id
    ) left_over
    where i.org_id = p_org_id and i.import_id = p_import_id;
end
$$;

comment on function ingest.count_outcomes(uuid, bigint, bigint, bigint, bigint, bigint) is
    'p_success … p_duplicate: rows of the chunk that ended so. Status of the import: processing while rows are pending, then completed, or failed when all have errors (spec: command_center §2.5).';
revoke all on function ingest.count_outcomes(uuid, bigint, bigint, bigint, bigint, bigint) from public;
