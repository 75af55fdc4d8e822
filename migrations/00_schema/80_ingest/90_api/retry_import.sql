-- Makes the rows that had an error pending again; process_import_<module> takes them up.

create or replace function api.retry_import(p_import_id bigint, p_rows jsonb default null) returns jsonb
language plpgsql
security definer -- the matrix says rpc: import rows are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import ingest.imports := ingest.take_import(p_import_id);
    v_again bigint;
    v_request jsonb := jsonb_build_object('import_id', p_import_id, 'rows', p_rows);
    v_answer jsonb := app.replay('retry_import', v_request);
begin
    if v_answer is not null then
        return v_answer;
    end if;

    if v_import.status = 'staging' then
        perform app.fail('PT409', 'import.not_staged', 'The file is still being staged.', p_import_id::text);
    end if;
    if v_import.undone_at is not null then
        perform app.fail('PT409', 'import.undone', 'This import was undone.', p_import_id::text);
    end if;
    -- A later upload of the same file took over when this one failed.
    if exists (
        select
        from ingest.imports i
        where i.org_id = v_import.org_id and i.module = v_import.module and i.file_sha256 = v_import.file_sha256
          and i.target_key = v_import.target_key and i.uploaded_by = v_import.uploaded_by and i.import_id <> v_import.import_id
          and i.status <> 'failed' and i.undone_at is null
    ) then
        perform app.fail('PT409', 'import.superseded', 'The same file was uploaded again; work on that import.', p_import_id::text);
    end if;

    if nullif(p_rows, 'null') is not null then
        perform ingest.mend_rows(v_import.org_id, p_import_id, v_import.header, p_rows);
    end if;

    update ingest.import_rows r
    set status = 'pending', errors = null, processed_at = null
    where r.org_id = v_import.org_id and r.import_id = p_import_id and r.status = 'error' and not r.is_unreadable;
    get diagnostics v_again = row_count;

    if v_again > 0 then
        update ingest.imports i
        set status = 'processing', attempt = i.attempt + 1, error_rows = i.error_rows - v_again,
            processed_at = null, last_error = null
        where i.org_id = v_import.org_id and i.import_id = p_import_id;
    end if;
    return app.remember('retry_import', v_request, ingest.import_as_json(v_import.org_id, p_import_id));
end
$$;

comment on function api.retry_import(bigint, jsonb) is
    'p_rows: {line: {column of the file: new text}} for rows that have errors, or null. Returns the import. Rows that cannot be read stay errors until they are mended. Raises PT404, PT422 import.row.not_an_error, import.row.unknown_column, PT409 import.not_staged, import.undone, import.superseded (spec: command_center §3.7 where it is called process_invalid_batch; case 118, decisions §2).';
revoke all on function api.retry_import(bigint, jsonb) from public;
grant execute on function api.retry_import(bigint, jsonb) to authenticated;
