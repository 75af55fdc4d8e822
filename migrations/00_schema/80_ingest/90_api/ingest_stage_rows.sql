-- Stages rows of a file, in batches; rows that are there already stay as they are.

create or replace function api.ingest_stage_rows(
    p_import_id bigint,
    p_row_nos bigint[],
    p_rows text[],
    p_errors text[]
) returns jsonb
language plpgsql
security definer -- the matrix says rpc: import rows are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import ingest.imports := ingest.take_import(p_import_id);
    v_staged bigint;
    v_faulty bigint := 0;
begin
    if v_import.status <> 'staging' then
        perform app.fail('PT409', 'import.already_staged', 'All rows of this import are staged already.', p_import_id::text);
    end if;

    -- Losing the last batches in a crash loses nothing: the import is still staging, and its file is read again. The commit
    -- that ends the staging waits for all of them.
    perform set_config('synchronous_commit', 'off', true);

    -- Only a file that is read a second time brings rows that are there; to expect them of every batch costs a fifth.
    if v_import.staged_rows > 0 and exists (
        select
        from ingest.import_rows r
        where r.org_id = v_import.org_id and r.import_id = p_import_id
          and r.row_no between (select min(n) from unnest(p_row_nos) n) and (select max(n) from unnest(p_row_nos) n)
    ) then
        with staged as (
            insert into ingest.import_rows (org_id, import_id, row_no, row_data, status, errors, is_unreadable, processed_at)
            select
                v_import.org_id, p_import_id, r.row_no, coalesce(r.row_data, '{}')::jsonb,
                case when r.errors is null then 'pending' else 'error' end,
                r.errors::jsonb,
                r.errors is not null,
                case when r.errors is not null then clock_timestamp() end
            from (select unnest(p_row_nos) as row_no, unnest(p_rows) as row_data, unnest(p_errors) as errors) r
            on conflict on constraint import_rows_pkey do nothing
            returning is_unreadable
        )
        select count(*), count(*) filter (where s.is_unreadable)
        into v_staged, v_faulty
        from staged s;
    else
        insert into ingest.import_rows (org_id, import_id, row_no, row_data, status, errors, is_unreadable, processed_at)
        select
            v_import.org_id, p_import_id, r.row_no, coalesce(r.row_data, '{}')::jsonb,
            case when r.errors is null then 'pending' else 'error' end,
            r.errors::jsonb,
            r.errors is not null,
            case when r.errors is not null then clock_timestamp() end
        -- Side by side in the list of columns: in `from` the arrays would be written down first.
        from (select unnest(p_row_nos) as row_no, unnest(p_rows) as row_data, unnest(p_errors) as errors) r;
        get diagnostics v_staged = row_count;

        select count(*)
        into v_faulty
        from unnest(p_errors) e
        where e is not null;
    end if;

    update ingest.imports i
    set staged_rows = i.staged_rows + v_staged, error_rows = i.error_rows + v_faulty
    where i.org_id = v_import.org_id and i.import_id = p_import_id and v_staged > 0;

    return jsonb_build_object('staged', v_staged);
end
$$;

comment on function api.ingest_stage_rows(bigint, bigint[], text[], text[]) is
    'Parallel arrays: line in the file, row as JSON object text (header to cell) or null where nothing of it can be kept, JSON list of {field, code, message} or null. Returns {staged}. Repeating a batch changes nothing. Raises PT404, PT409 import.already_staged (design §7).';
revoke all on function api.ingest_stage_rows(bigint, bigint[], text[], text[]) from public;
grant execute on function api.ingest_stage_rows(bigint, bigint[], text[], text[]) to authenticated;
