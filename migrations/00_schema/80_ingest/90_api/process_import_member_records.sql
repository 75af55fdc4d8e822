-- Processes the next chunk of a file of member records.

create or replace function api.process_import_member_records(p_import_id bigint, p_limit integer default 1000) returns jsonb
language plpgsql
security definer -- the matrix says rpc: databases and records are made by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import ingest.imports := ingest.take_import(p_import_id);
    v_database members.databases;
    v_first_row bigint;
    v_last_row bigint;
    v_counts bigint[];
begin
    if v_import.module <> 'member_records' then
        perform app.fail('PT409', 'import.other_module', 'This import is not one of member records.', v_import.module);
    end if;
    if v_import.status = 'staging' then
        perform app.fail('PT409', 'import.not_staged', 'The file is still being staged.', p_import_id::text);
    end if;
    if v_import.status in ('completed', 'failed') or v_import.undone_at is not null then
        return ingest.import_as_json(v_import.org_id, p_import_id);
    end if;

    -- Two files of one product at once: the second must see what the first has brought.
    perform pg_advisory_xact_lock(
        hashtextextended(concat_ws('|', 'member_records', v_import.org_id, v_import.target_key), 0)
    );
    perform set_config('pgcrm.import_id', p_import_id::text, true);

    -- Rows are looked for by their hash and by nothing else, also in the first file there ever was.
    perform ingest.renew_statistics('{ingest.import_rows}');
    v_database := ingest.database_of_import(v_import);
    if v_database.deleted_at is not null then
        perform app.fail('PT409', 'database.deleted', 'The database of this import was deleted.', p_import_id::text);
    end if;

    select min(r.row_no), max(r.row_no)
    into v_first_row, v_last_row
    from (
        select r.row_no
        from ingest.import_rows r
        where r.org_id = v_import.org_id and r.import_id = p_import_id and r.status = 'pending'
        order by r.row_no
        limit least(greatest(coalesce(p_limit, 1000), 1), 20000)
    ) r;

    if v_first_row is null then
        v_counts := '{0,0,0,0}';
    else
        v_counts := ingest.write_record_rows(
            v_import, v_database, v_first_row, v_last_row, v_import.success_rows, clock_timestamp() + interval '2 seconds'
        );
    end if;
    perform ingest.count_outcomes(v_import.org_id, p_import_id, v_counts[1], v_counts[2], v_counts[3], v_counts[4]);
    if (select i.status from ingest.imports i where i.org_id = v_import.org_id and i.import_id = p_import_id) in ('completed', 'failed') then
        -- The rest of what waits to be sorted in: else the next to ask which records are reserved reads it for each hundred.
        perform gin_clean_pending_list('members.record_keys_match_idx');
    end if;
    -- Nothing came of the file: no list without a member is left behind.
    delete from members.databases d
    using ingest.imports i
    where d.org_id = v_import.org_id and d.database_id = v_database.database_id
      and i.org_id = d.org_id and i.import_id = d.import_id and i.status in ('completed', 'failed') and i.success_rows = 0;
    perform app.emit('imports.progress', array[p_import_id::text], array['imports', 'databases', 'records']);

    return ingest.import_as_json(v_import.org_id, p_import_id);
end
$$;

comment on function api.process_import_member_records(bigint, integer) is
    'Takes up to p_limit (1–20000) pending rows and returns the import; call again while its status is processing, calling after the end changes nothing. The first call makes the database. Raises PT401, PT403, PT404 import.not_found, PT409 import.not_staged, import.other_module, database.deleted (spec: member §5.10 upload, §6; design §7).';
revoke all on function api.process_import_member_records(bigint, integer) from public;
grant execute on function api.process_import_member_records(bigint, integer) to authenticated;
