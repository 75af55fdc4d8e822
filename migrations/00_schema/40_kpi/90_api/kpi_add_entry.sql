-- Says what somebody has reached.

create or replace function api.kpi_add_entry(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: entries are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_answer jsonb;
    v_metric kpi.kpi_metric_definitions;
    v_assignee uuid;
    v_entry_id bigint;
begin
    perform app.require('kpi_entries', 'insert');
    v_wanted := app.read_payload('kpi_entry', payload, '{
        "metric_key": {"kind": "text", "required": true, "maximum": 60},
        "entry_date": {"kind": "date", "required": true},
        "value": {"kind": "number", "required": true, "minimum": 0, "maximum": 99999999999999, "decimals": 4},
        "assignee_user_id": {"kind": "uuid"},
        "notes": {"kind": "text", "maximum": 2000}
    }');
    v_answer := app.replay('kpi_add_entry', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_metric := kpi.metric_of(v_wanted ->> 'metric_key');
    v_assignee := coalesce((v_wanted ->> 'assignee_user_id')::uuid, app.uid());
    if kpi.group_of(v_assignee) is null then
        perform kpi.refuse('assignee_user_id', 'kpi_entry.assignee_user_id.unknown', 'is nobody active here');
    end if;
    if not app.may_insert_kpi_entries('kpi_entries', v_assignee) then
        perform app.fail('PT403', 'permission.denied', 'You may not enter this for that person.', v_metric.metric_key);
    end if;
    if (v_wanted ->> 'entry_date')::date > app.today() then
        perform kpi.refuse('entry_date', 'kpi_entry.entry_date.future', 'is still to come');
    end if;

    insert into kpi.kpi_entries (org_id, metric_key, entry_date, assignee_user_id, value, source, notes, created_by)
    values (
        app.org_id(), v_metric.metric_key, (v_wanted ->> 'entry_date')::date, v_assignee, (v_wanted ->> 'value')::numeric,
        'MANUAL', v_wanted ->> 'notes', app.uid()
    )
    returning entry_id into v_entry_id;

    perform app.emit('kpi_entries.created', array[v_entry_id::text], array['kpi_entries', 'kpi_targets']);
    return app.remember(
        'kpi_add_entry', payload,
        (select to_jsonb(e) - 'org_id' from api.kpi_entries e where e.entry_id = v_entry_id)
    );
end
$$;

comment on function api.kpi_add_entry(jsonb) is
    'payload {metric_key, entry_date, value, assignee_user_id (default: oneself), notes}. Returns the row of api.kpi_entries. Raises PT403, PT422 kpi_entry.metric_key.auto, kpi_entry.entry_date.future and other fields (spec: command_center §3.9, cases 88–90).';
revoke all on function api.kpi_add_entry(jsonb) from public;
grant execute on function api.kpi_add_entry(jsonb) to authenticated;
