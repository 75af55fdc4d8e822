-- Sets a target.

create or replace function api.kpi_set_target(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: targets are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_answer jsonb;
    v_metric kpi.kpi_metric_definitions;
    v_assignee uuid;
    v_group text;
    v_target_id bigint;
begin
    perform app.require('kpi_targets', 'insert');
    v_wanted := app.read_payload('kpi_target', payload, '{
        "metric_key": {"kind": "text", "required": true, "maximum": 60},
        "period_start": {"kind": "date", "required": true},
        "period_end": {"kind": "date", "required": true},
        "assignee_user_id": {"kind": "uuid"},
        "target_value": {"kind": "number", "required": true, "minimum": 0, "maximum": 99999999999999, "decimals": 4}
    }');
    v_answer := app.replay('kpi_set_target', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_metric := kpi.metric_of(v_wanted ->> 'metric_key');
    v_assignee := (v_wanted ->> 'assignee_user_id')::uuid;
    v_group := kpi.group_of(v_assignee);
    if v_assignee is not null and v_group is null then
        perform kpi.refuse('assignee_user_id', 'kpi_target.assignee_user_id.unknown', 'is nobody active here');
    end if;
    if not app.may_insert_kpi_targets(v_metric.metric_group, v_assignee) then
        perform app.fail('PT403', 'permission.denied', 'You may not set this target.', v_metric.metric_key);
    end if;
    -- What is computed would come to nothing, or to what is not theirs to know.
    if v_assignee is not null and v_metric.calc_method = 'AUTO' and v_group <> v_metric.metric_group then
        perform kpi.refuse('assignee_user_id', 'kpi_target.assignee_user_id.other_group', 'is not measured by this metric');
    end if;
    if v_wanted ->> 'period_end' < v_wanted ->> 'period_start' then
        perform kpi.refuse('period_end', 'kpi_target.period_end.range', 'must not be before the period begins');
    end if;

    begin
        insert into kpi.kpi_targets (org_id, metric_key, period_start, period_end, assignee_user_id, target_value, created_by)
        values (
            app.org_id(), v_metric.metric_key, (v_wanted ->> 'period_start')::date, (v_wanted ->> 'period_end')::date,
            v_assignee, (v_wanted ->> 'target_value')::numeric, app.uid()
        )
        returning target_id into v_target_id;
    exception
        when exclusion_violation then
            perform app.fail(
                'PT409', 'kpi_target.period.overlap', 'There is a target of this metric and person in that period.', v_metric.metric_key
            );
    end;

    perform app.emit('kpi_targets.created', array[v_target_id::text], array['kpi_targets']);
    return app.remember(
        'kpi_set_target', payload,
        (select to_jsonb(t) - 'org_id' from api.kpi_targets t where t.target_id = v_target_id)
    );
end
$$;

comment on function api.kpi_set_target(jsonb) is
    'payload {metric_key, period_start, period_end (inclusive), assignee_user_id (null: the organisation), target_value}. Returns the row of api.kpi_targets. Raises PT403, PT409 kpi_target.period.overlap, nested periods included, PT422 request.invalid (spec: command_center §5.3, cases 84–87, decision D5).';
revoke all on function api.kpi_set_target(jsonb) from public;
grant execute on function api.kpi_set_target(jsonb) to authenticated;
