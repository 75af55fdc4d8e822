-- Removes an entry.

create or replace function api.kpi_delete_entry(p_entry_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('kpi_entries', 'delete');
    if exists (select from kpi.kpi_evidence e where e.org_id = app.org_id() and e.entry_id = p_entry_id) then
        perform app.fail('PT409', 'kpi_entry.has_evidence', 'There is evidence for this entry.', p_entry_id::text);
    end if;
    delete from kpi.kpi_entries e
    where e.org_id = app.org_id() and e.entry_id = p_entry_id and app.can('kpi_entries', 'delete', 'all');
    if not found then
        perform app.fail('PT404', 'kpi_entry.not_found', 'There is no such entry.', p_entry_id::text);
    end if;
    perform app.emit('kpi_entries.deleted', array[p_entry_id::text], array['kpi_entries', 'kpi_targets']);
    return jsonb_build_object('entry_id', p_entry_id);
end
$$;

comment on function api.kpi_delete_entry(bigint) is
    'Returns {entry_id}. Raises PT403, PT404 kpi_entry.not_found, PT409 kpi_entry.has_evidence (spec: command_center §1.5).';
revoke all on function api.kpi_delete_entry(bigint) from public;
grant execute on function api.kpi_delete_entry(bigint) to authenticated;
