-- Records what was done.

create or replace function api.kpi_add_marketing_activity(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_answer jsonb;
    v_id bigint;
begin
    perform app.require('marketing_activity_events', 'insert');
    v_wanted := app.read_payload('marketing_activity', payload, '{
        "activity_name": {"kind": "text", "required": true, "maximum": 100},
        "channel": {"kind": "text", "maximum": 100},
        "activity_date": {"kind": "date", "required": true},
        "quantity": {"kind": "number", "required": true, "minimum": 0.0001, "maximum": 10000000000000, "decimals": 4},
        "notes": {"kind": "text", "maximum": 2000}
    }');
    v_answer := app.replay('kpi_add_marketing_activity', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    perform kpi.check_channel('marketing_activity', v_wanted ->> 'channel');

    insert into kpi.marketing_activity_events (org_id, activity_name, channel, activity_date, quantity, notes, created_by)
    values (
        app.org_id(), v_wanted ->> 'activity_name', v_wanted ->> 'channel', (v_wanted ->> 'activity_date')::date, (v_wanted ->> 'quantity')::numeric, v_wanted ->> 'notes', app.uid()
    )
    returning activity_id into v_id;

    perform app.emit('marketing_activity_events.created', array[v_id::text], array['marketing_activity_events', 'kpi_targets']);
    return app.remember(
        'kpi_add_marketing_activity', payload,
        (select to_jsonb(m) - 'org_id' from api.marketing_activity_events m where m.activity_id = v_id)
    );
end
$$;

comment on function api.kpi_add_marketing_activity(jsonb) is
    'payload {activity_name, channel, activity_date, quantity, notes}. Returns the row of api.marketing_activity_events, recorded by the caller. Raises PT403, PT422 (spec: command_center §1.5, §2.3).';
revoke all on function api.kpi_add_marketing_activity(jsonb) from public;
grant execute on function api.kpi_add_marketing_activity(jsonb) to authenticated;
