-- Corrects an entry.

create or replace function api.kpi_update_entry(p_entry_id bigint, payload jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_request jsonb := jsonb_build_object('entry_id', p_entry_id, 'payload', payload);
    v_answer jsonb;
begin
    perform app.require('kpi_entries', 'update');
    v_wanted := app.read_payload('kpi_entry', payload, '{
        "value": {"kind": "number", "minimum": 0, "maximum": 99999999999999, "decimals": 4},
        "notes": {"kind": "text", "maximum": 2000}
    }');
    v_answer := app.replay('kpi_update_entry', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    -- Invoker: the policies decide.
    update kpi.kpi_entries e
    set value = coalesce((v_wanted ->> 'value')::numeric, e.value),
        notes = case when payload ? 'notes' then v_wanted ->> 'notes' else e.notes end
    where e.org_id = app.org_id() and e.entry_id = p_entry_id;
    if not found then
        if exists (select from api.kpi_entries e where e.entry_id = p_entry_id) then
            perform app.fail('PT403', 'permission.denied', 'Whoever wrote an entry corrects it.', p_entry_id::text);
        end if;
        perform app.fail('PT404', 'kpi_entry.not_found', 'There is no such entry.', p_entry_id::text);
    end if;

    perform app.emit('kpi_entries.updated', array[p_entry_id::text], array['kpi_entries', 'kpi_targets']);
    return app.remember(
        'kpi_update_entry', v_request,
        (select to_jsonb(e) - 'org_id' from api.kpi_entries e where e.entry_id = p_entry_id)
    );
end
$$;

comment on function api.kpi_update_entry(bigint, jsonb) is
    'payload {value, notes}, what is left out stays, blank notes go. Returns the row of api.kpi_entries. Raises PT403 for entries of others, PT404 kpi_entry.not_found, PT422 (spec: command_center §1.7).';
revoke all on function api.kpi_update_entry(bigint, jsonb) from public;
grant execute on function api.kpi_update_entry(bigint, jsonb) to authenticated;
