-- Takes an import back, a chunk for each call: what it made goes, what it changed is as it was, what others touched stays.

create or replace function api.undo_import(p_import_id bigint, p_limit integer default 500) returns jsonb
language plpgsql
security definer -- the matrix says rpc: what an import wrote is taken back by functions alone
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import ingest.imports := ingest.take_import(p_import_id);
    v_undo ingest.import_undos;
    v_chunk record;
begin
    if v_import.status = 'staging' then
        perform app.fail('PT409', 'import.not_staged', 'The file is still being staged.', p_import_id::text);
    end if;

    select u.* into v_undo from ingest.import_undos u where u.org_id = v_import.org_id and u.import_id = p_import_id;
    if not found then
        if v_import.uploaded_at < app.now() - make_interval(
            days => (app.setting_of(v_import.org_id, 'undo_import_days') #>> '{}')::integer
        ) then
            perform app.fail('PT409', 'import.undo.too_late', 'This import is too old to be undone.', p_import_id::text);
        end if;
        insert into ingest.import_undos (org_id, import_id, begun_by, begun_at)
        values (v_import.org_id, p_import_id, app.uid(), app.now())
        returning * into v_undo;
        -- From here on nothing more is made of its rows, and the file can be uploaded again.
        update ingest.imports i
        set undone_at = app.now()
        where i.org_id = v_import.org_id and i.import_id = p_import_id;
    end if;
    if v_undo.finished_at is not null then
        return ingest.undo_as_json(v_import.org_id, p_import_id) - '{items,next}'::text[];
    end if;

    -- What is done here is not the import's.
    perform set_config('pgcrm.import_id', '', true);
    perform ingest.lock_for_undo(v_import);
    select c.* into v_chunk from ingest.undo_chunk(v_import, v_undo, least(greatest(coalesce(p_limit, 500), 1), 5000)) c;
    update ingest.import_undos u
    set row_no = coalesce(v_chunk.row_no, u.row_no),
        target_id = coalesce(v_chunk.target_id, u.target_id),
        removed_rows = u.removed_rows + v_chunk.removed,
        restored_rows = u.restored_rows + v_chunk.restored,
        refused_rows = u.refused_rows + v_chunk.refused,
        finished_at = case when v_chunk.row_no is null and v_chunk.target_id is null then app.now() end
    where u.org_id = v_import.org_id and u.import_id = p_import_id
    returning u.* into v_undo;
    perform app.emit(
        case when v_undo.finished_at is null then 'imports.progress' else 'imports.undone' end,
        array[p_import_id::text],
        array['imports'] || case v_import.module
            when 'leads' then array['leads', 'customers', 'prospects']
            when 'customers' then array['customers', 'prospects']
            when 'payments' then array['payments', 'invoices']
            when 'marketing_spend' then array['marketing_spend', 'kpi_targets']
            when 'marketing_activities' then array['marketing_activity_events']
            when 'kpi_entries' then array['kpi_entries', 'kpi_targets']
            when 'member_records' then array['databases', 'records']
            else array[v_import.module]
        end
    );
    return ingest.undo_as_json(v_import.org_id, p_import_id) - '{items,next}'::text[];
end
$$;

comment on function api.undo_import(bigint, integer) is
    'Takes back what up to p_limit (1–5000) rows of the file brought, and returns the undo as ingest.undo_as_json without items (api.ingest_get_undo has them); call again while its status is undoing, calling after the end changes nothing. Possible for undo_import_days after the upload. Raises PT401, PT403, PT404 import.not_found, PT409 import.not_staged, import.undo.too_late (decisions §3, undo).';
revoke all on function api.undo_import(bigint, integer) from public;
grant execute on function api.undo_import(bigint, integer) to authenticated;
