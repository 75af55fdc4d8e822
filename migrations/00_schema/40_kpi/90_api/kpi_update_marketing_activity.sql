-- Corrects what was done.

create or replace function api.kpi_update_marketing_activity(p_activity_id bigint, payload jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_request jsonb := jsonb_build_object('activity_id', p_activity_id, 'payload', payload);
    v_answer jsonb;
begin
    perform app.require('marketing_activity_events', 'update');
    v_wanted := app.read_payload('marketing_activity', payload, '{
        "activity_name": {"kind": "text", "maximum": 100},
        "channel": {"kind": "text", "maximum": 100},
        "activity_date": {"kind": "date"},
        "quantity": {"kind": "number", "minimum": 0.0001, "maximum": 10000000000000, "decimals": 4},
        "notes": {"kind": "text", "maximum": 2000}
    }');
    v_answer := app.replay('kpi_update_marketing_activity', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform kpi.check_channel('marketing_activity', v_wanted ->> 'channel');

    -- Invoker: the policies decide.
    update kpi.marketing_activity_events m
    set activity_name = coalesce(v_wanted ->> 'activity_name', m.activity_name),
        channel = case when payload ? 'channel' then v_wanted ->> 'channel' else m.channel end,
        activity_date = coalesce((v_wanted ->> 'activity_date')::date, m.activity_date),
        quantity = coalesce((v_wanted ->> 'quantity')::numeric, m.quantity),
        notes = case when payload ? 'notes' then v_wanted ->> 'notes' else m.notes end
    where m.org_id = app.org_id() and m.activity_id = p_activity_id;
    if not found then
        if exists (select from api.marketing_activity_events m where m.activity_id = p_activity_id) then
            perform app.fail('PT403', 'permission.denied', 'Whoever recorded an activity changes it.', p_activity_id::text);
        end if;
        perform app.fail('PT404', 'marketing_activity.not_found', 'There is no such activity.', p_activity_id::text);
    end if;

    perform app.emit('marketing_activity_events.updated', array[p_activity_id::text], array['marketing_activity_events', 'kpi_targets']);
    return app.remember(
        'kpi_update_marketing_activity', v_request,
        (select to_jsonb(m) - 'org_id' from api.marketing_activity_events m where m.activity_id = p_activity_id)
    );
end
$$;

comment on function api.kpi_update_marketing_activity(bigint, jsonb) is
    'payload as of api.kpi_add_marketing_activity; what is left out stays, and what need not be there goes when it is blank. Returns the row of api.marketing_activity_events. Raises PT403 for rows of others, PT404 marketing_activity.not_found, PT422 (spec: command_center §1.7).';
revoke all on function api.kpi_update_marketing_activity(bigint, jsonb) from public;
grant execute on function api.kpi_update_marketing_activity(bigint, jsonb) to authenticated;
