-- Changes value or period of a target.

create or replace function api.kpi_update_target(p_target_id bigint, payload jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_request jsonb := jsonb_build_object('target_id', p_target_id, 'payload', payload);
    v_answer jsonb;
    v_done boolean;
begin
    perform app.require('kpi_targets', 'update');
    v_wanted := app.read_payload('kpi_target', payload, '{
        "period_start": {"kind": "date"},
        "period_end": {"kind": "date"},
        "target_value": {"kind": "number", "minimum": 0, "maximum": 99999999999999, "decimals": 4}
    }');
    v_answer := app.replay('kpi_update_target', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    -- Invoker: the policies decide.
    begin
        update kpi.kpi_targets t
        set period_start = coalesce((v_wanted ->> 'period_start')::date, t.period_start),
            period_end = coalesce((v_wanted ->> 'period_end')::date, t.period_end),
            target_value = coalesce((v_wanted ->> 'target_value')::numeric, t.target_value)
        where t.org_id = app.org_id() and t.target_id = p_target_id;
        v_done := found;
    exception
        when exclusion_violation then
            perform app.fail(
                'PT409', 'kpi_target.period.overlap', 'There is a target of this metric and person in that period.', p_target_id::text
            );
        when check_violation then
            perform kpi.refuse('period_end', 'kpi_target.period_end.range', 'must not be before the period begins');
    end;
    if not v_done then
        if exists (select from api.kpi_targets t where t.target_id = p_target_id) then
            perform app.fail('PT403', 'permission.denied', 'You may not change this target.', p_target_id::text);
        end if;
        perform app.fail('PT404', 'kpi_target.not_found', 'There is no such target.', p_target_id::text);
    end if;

    perform app.emit('kpi_targets.updated', array[p_target_id::text], array['kpi_targets']);
    return app.remember(
        'kpi_update_target', v_request,
        (select to_jsonb(t) - 'org_id' from api.kpi_targets t where t.target_id = p_target_id)
    );
end
$$;

comment on function api.kpi_update_target(bigint, jsonb) is
    'payload {period_start, period_end, target_value}, what is left out stays. Returns the row of api.kpi_targets. Raises PT403, PT404 kpi_target.not_found, PT409 kpi_target.period.overlap, PT422 (spec: command_center §1.5, §5.3).';
revoke all on function api.kpi_update_target(bigint, jsonb) from public;
grant execute on function api.kpi_update_target(bigint, jsonb) to authenticated;
