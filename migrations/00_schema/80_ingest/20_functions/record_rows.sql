-- Writes down what became of a chunk's rows, and closes the import when none is left.

create or replace function ingest.record_rows(p_org_id uuid, p_import_id bigint, p_outcomes ingest.row_outcome[])
returns void
language plpgsql
-- The rows of a file are entered by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first_row bigint;
    v_last_row bigint;
    v_counted record;
begin
    select min(n.row_no), max(n.row_no)
    into v_first_row, v_last_row
    from unnest(p_outcomes) n;

    with recorded as (
        update ingest.import_rows r
        set status = n.status,
            errors = n.errors,
            row_hash = n.row_hash,
            target_table = n.target_table,
            target_id = n.target_id,
            processed_at = clock_timestamp()
        from unnest(p_outcomes) n
        where r.org_id = p_org_id
          and r.import_id = p_import_id
          and r.row_no = n.row_no
          -- The part of the file that this chunk is about, so that no plan reads the rest.
          and r.row_no between v_first_row and v_last_row
          and r.status = 'pending'
        returning r.status
    )
    select
        count(*) filter (where c.status = 'success') as success,
        count(*) filter (where c.status = 'error') as error,
        count(*) filter (where c.status = 'skipped') as skipped,
        count(*) filter (where c.status = 'duplicate') as duplicate
    into v_counted
    from recorded c;

    perform ingest.count_outcomes(
        p_org_id, p_import_id, v_counted.success, v_counted.error, v_counted.skipped, v_counted.duplicate
    );
end
$$;

comment on function ingest.record_rows(uuid, bigint, ingest.row_outcome[]) is
    'Only pending rows change. Status of the import: processing while rows are pending, then completed, or failed when all have errors (spec: command_center §2.5).';
revoke all on function ingest.record_rows(uuid, bigint, ingest.row_outcome[]) from public;
