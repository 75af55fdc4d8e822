-- Writes down what became of a chunk's rows, and closes the import when none is left.

create or replace function ingest.record_rows(p_org_id uuid, p_import_id bigint, p_results jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first_row bigint;
    v_last_row bigint;
begin
    select min(n.row_no), max(n.row_no)
    into v_first_row, v_last_row
    from jsonb_to_recordset(p_results) as n (row_no bigint);

    with recorded as (
        update ingest.import_rows r
        set status = n.status,
            errors = n.errors,
            row_hash = n.row_hash,
            target_table = n.target_table,
            target_id = n.target_id,
            processed_at = clock_timestamp()
        from jsonb_to_recordset(p_results) as n (
            row_no bigint, status text, errors jsonb, row_hash text, target_table text, target_id text
        )
        where r.org_id = p_org_id
          and r.import_id = p_import_id
          and r.row_no = n.row_no
          -- The part of the file that this chunk is about, so that no plan reads the rest.
          and r.row_no between v_first_row and v_last_row
          and r.status = 'pending'
        returning r.status
    ),
    counted as (
        select
            count(*) filter (where c.status = 'success') as success,
            count(*) filter (where c.status = 'error') as error,
            count(*) filter (where c.status = 'skipped') as skipped,
            count(*) filter (where c.status = 'duplicate') as duplicate
        from recorded c
    )
    -- Added up rather than counted again: a chunk costs the same at the end of a file as at its beginning.
    update ingest.imports i
    set success_rows = i.success_rows + c.success,
        error_rows = i.error_rows + c.error,
        skipped_rows = i.skipped_rows + c.skipped,
        duplicate_rows = i.duplicate_rows + c.duplicate
    from counted c
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

comment on function ingest.record_rows(uuid, bigint, jsonb) is
    'p_results: [{row_no, status, errors, row_hash, target_table, target_id}]. Status of the import: processing while rows are pending, then completed, or failed when all have errors (spec: command_center §2.5).';
revoke all on function ingest.record_rows(uuid, bigint, jsonb) from public;
