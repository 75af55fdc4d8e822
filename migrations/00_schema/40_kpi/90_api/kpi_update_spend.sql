-- Corrects what was spent.

create or replace function api.kpi_update_spend(p_spend_id bigint, payload jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_request jsonb := jsonb_build_object('spend_id', p_spend_id, 'payload', payload);
    v_answer jsonb;
begin
    perform app.require('marketing_spend', 'update');
    v_wanted := app.read_payload('spend', payload, '{
        "channel": {"kind": "text", "maximum": 100},
        "spend_date": {"kind": "date"},
        "amount": {"kind": "number", "minimum": 0, "maximum": 1000000000000000, "decimals": 2},
        "campaign_name": {"kind": "text", "maximum": 255},
        "notes": {"kind": "text", "maximum": 2000}
    }');
    v_answer := app.replay('kpi_update_spend', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform kpi.check_channel('spend', v_wanted ->> 'channel');

    -- Invoker: the policies decide.
    update kpi.marketing_spend m
    set channel = coalesce(v_wanted ->> 'channel', m.channel),
        spend_date = coalesce((v_wanted ->> 'spend_date')::date, m.spend_date),
        amount = coalesce((v_wanted ->> 'amount')::numeric, m.amount),
        campaign_name = case when payload ? 'campaign_name' then v_wanted ->> 'campaign_name' else m.campaign_name end,
        notes = case when payload ? 'notes' then v_wanted ->> 'notes' else m.notes end
    where m.org_id = app.org_id() and m.spend_id = p_spend_id;
    if not found then
        if exists (select from api.marketing_spend m where m.spend_id = p_spend_id) then
            perform app.fail('PT403', 'permission.denied', 'Whoever recorded spend changes it.', p_spend_id::text);
        end if;
        perform app.fail('PT404', 'spend.not_found', 'There is no such spend.', p_spend_id::text);
    end if;

    perform app.emit('marketing_spend.updated', array[p_spend_id::text], array['marketing_spend', 'kpi_targets']);
    return app.remember(
        'kpi_update_spend', v_request,
        (select to_jsonb(m) - 'org_id' from api.marketing_spend m where m.spend_id = p_spend_id)
    );
end
$$;

comment on function api.kpi_update_spend(bigint, jsonb) is
    'payload as of api.kpi_add_spend; what is left out stays, and what need not be there goes when it is blank. Returns the row of api.marketing_spend. Raises PT403 for rows of others, PT404 spend.not_found, PT422 (spec: command_center §1.7).';
revoke all on function api.kpi_update_spend(bigint, jsonb) from public;
grant execute on function api.kpi_update_spend(bigint, jsonb) to authenticated;
