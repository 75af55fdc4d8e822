-- Records what was spent.

create or replace function api.kpi_add_spend(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_answer jsonb;
    v_id bigint;
begin
    perform app.require('marketing_spend', 'insert');
    v_wanted := app.read_payload('spend', payload, '{
        "channel": {"kind": "text", "required": true, "maximum": 100},
        "spend_date": {"kind": "date", "required": true},
        "amount": {"kind": "number", "required": true, "minimum": 0, "maximum": 1000000000000000, "decimals": 2},
        "campaign_name": {"kind": "text", "maximum": 255},
        "notes": {"kind": "text", "maximum": 2000}
    }');
    v_answer := app.replay('kpi_add_spend', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    perform kpi.check_channel('spend', v_wanted ->> 'channel');

    insert into kpi.marketing_spend (org_id, channel, spend_date, amount, campaign_name, notes, created_by)
    values (
        app.org_id(), v_wanted ->> 'channel', (v_wanted ->> 'spend_date')::date, (v_wanted ->> 'amount')::numeric, v_wanted ->> 'campaign_name', v_wanted ->> 'notes', app.uid()
    )
    returning spend_id into v_id;

    perform app.emit('marketing_spend.created', array[v_id::text], array['marketing_spend', 'kpi_targets']);
    return app.remember(
        'kpi_add_spend', payload,
        (select to_jsonb(m) - 'org_id' from api.marketing_spend m where m.spend_id = v_id)
    );
end
$$;

comment on function api.kpi_add_spend(jsonb) is
    'payload {channel, spend_date, amount, campaign_name, notes}. Returns the row of api.marketing_spend, recorded by the caller. Raises PT403, PT422 (spec: command_center §1.5, §2.3).';
revoke all on function api.kpi_add_spend(jsonb) from public;
grant execute on function api.kpi_add_spend(jsonb) to authenticated;
