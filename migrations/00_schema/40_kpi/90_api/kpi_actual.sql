-- What a metric came to in a period, for whoever may know.

create or replace function api.kpi_actual(p_metric_key text, p_date_from date, p_date_to date, p_user_id uuid default null) returns jsonb
language plpgsql
stable
security definer -- numbers are made of rows that their reader may not read (pitfall P10)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_metric kpi.kpi_metric_definitions;
    v_group text;
    v_actual kpi.actual;
begin
    perform app.require('kpi_targets', 'select');
    v_metric := kpi.metric_of(p_metric_key);
    if p_date_from is null or p_date_to is null or p_date_to < p_date_from then
        perform kpi.refuse('date_to', 'kpi.date_to.range', 'must not be before the period begins');
    end if;
    v_group := kpi.group_of(p_user_id);
    if p_user_id is not null and v_group is null then
        perform app.fail('PT404', 'kpi.user.not_found', 'There is no such person.', p_user_id::text);
    end if;
    if not app.may_select_kpi_targets(v_metric.metric_group, v_metric.is_finance, p_user_id)
        -- What is computed for all, a channel's cost say, is not told to people whom the metric does not measure.
        or (
            p_user_id is not null and v_metric.calc_method = 'AUTO' and v_group <> v_metric.metric_group
            and not app.can('kpi_targets', 'select', 'all')
        )
    then
        perform app.fail('PT403', 'permission.denied', 'You may not know this.', p_metric_key);
    end if;

    v_actual := kpi.actual_of(app.org_id(), p_metric_key, p_date_from, p_date_to, p_user_id);
    return jsonb_build_object(
        'metric_key', p_metric_key, 'date_from', p_date_from, 'date_to', p_date_to, 'user_id', p_user_id, 'unit', v_metric.unit,
        'value', v_actual.value, 'status', v_actual.status, 'reason', v_actual.reason, 'source', v_actual.source,
        'details', v_actual.details
    );
end
$$;

comment on function api.kpi_actual(text, date, date, uuid) is
    'p_date_from, p_date_to: both inclusive; p_user_id null: for the organisation. Returns {metric_key, date_from, date_to, user_id, unit, value, status (OK, NA, NO_DATA), reason, source, details}. Whoever may see a target for it may know it. Raises PT401, PT403, PT404 kpi.user.not_found, PT422 (spec: command_center §3.9, §5.3, cases 98, 99).';
revoke all on function api.kpi_actual(text, date, date, uuid) from public;
grant execute on function api.kpi_actual(text, date, date, uuid) to authenticated;
