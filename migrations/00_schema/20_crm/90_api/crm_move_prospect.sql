-- Moves a prospect to another stage.

create or replace function api.crm_move_prospect(p_prospect_id text, payload jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('prospect_id', p_prospect_id, 'changes', payload);
    v_wanted jsonb;
    v_answer jsonb;
begin
    perform app.require('prospects', 'update');
    v_wanted := app.read_payload('prospect', payload, '{
        "current_stage": {"kind": "text", "required": true, "maximum": 50},
        "expected_stage": {"kind": "text", "maximum": 50}
    }');
    v_answer := app.replay('crm_move_prospect', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform crm.change_prospect(p_prospect_id, v_wanted ->> 'current_stage', v_wanted ->> 'expected_stage');
    return app.remember('crm_move_prospect', v_request, api.crm_get_prospect(p_prospect_id));
end
$$;

comment on function api.crm_move_prospect(text, jsonb) is
    'payload {current_stage, expected_stage: where the caller believes it to be}. Returns api.crm_get_prospect; the same stage changes nothing. Raises PT403, PT404 prospect.not_found, PT409 prospect.stage.transition or prospect.stage.stale, PT422 (spec: command_center §2.5, case 51).';
revoke all on function api.crm_move_prospect(text, jsonb) from public;
grant execute on function api.crm_move_prospect(text, jsonb) to authenticated;
