-- Declares the staging of a file complete.

create or replace function api.ingest_finish_staging(p_import_id bigint, p_total_rows bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: imports are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import ingest.imports := ingest.take_import(p_import_id);
    v_request jsonb := jsonb_build_object('import_id', p_import_id, 'total_rows', p_total_rows);
    v_answer jsonb := app.replay('ingest_finish_staging', v_request);
begin
    if v_answer is not null then
        return v_answer;
    end if;

    if v_import.status = 'staging' then
        -- Counted with every batch, in its transaction: exact, and at no cost when the file is long.
        if v_import.staged_rows <> p_total_rows then
            perform app.fail(
                'PT409',
                'import.rows_missing',
                'Not every row of the file is staged.',
                format('%s of %s', v_import.staged_rows, p_total_rows)
            );
        end if;

        update ingest.imports i
        set status = 'uploaded', total_rows = p_total_rows
        where i.org_id = v_import.org_id and i.import_id = p_import_id;
        perform app.emit('imports.uploaded', array[p_import_id::text], array['imports']);
    end if;

    return app.remember('ingest_finish_staging', v_request, ingest.import_as_json(v_import.org_id, p_import_id));
end
$$;

comment on function api.ingest_finish_staging(bigint, bigint) is
    'p_total_rows: how many rows the file has. Returns the import, status uploaded. Raises PT404, PT409 import.rows_missing (design §7).';
revoke all on function api.ingest_finish_staging(bigint, bigint) from public;
grant execute on function api.ingest_finish_staging(bigint, bigint) to authenticated;
