-- Which days a period is, where the organisation is.

create or replace function members.period_of(p_filters jsonb) returns table (period text, date_from date, date_to date)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_period text := coalesce(p_filters ->> 'period', 'all_time');
    v_today date := app.today();
    v_from date := (p_filters ->> 'date_from')::date;
    v_to date := (p_filters ->> 'date_to')::date;
begin
    if v_period not in ('today', 'yesterday', 'last_7_days', 'last_30_days', 'custom', 'all_time') then
        perform app.fail(
            'PT422', 'request.invalid', 'There is no such period.',
            '[{"field": "period", "code": "period.unknown", "message": "must be today, yesterday, last_7_days, last_30_days, custom or all_time"}]'
        );
    end if;
    if v_period = 'custom' and (v_from is null or v_to is null or v_from > v_to) then
        perform app.fail(
            'PT422', 'request.invalid', 'A custom period needs its first and last day.',
            '[{"field": "date_from", "code": "period.range", "message": "must be given and not after date_to"}]'
        );
    end if;
    return query
    select
        v_period,
        case v_period
            when 'today' then v_today when 'yesterday' then v_today - 1 when 'last_7_days' then v_today - 6
            when 'last_30_days' then v_today - 29 when 'custom' then v_from
        end,
        case v_period when 'yesterday' then v_today - 1 when 'custom' then v_to when 'all_time' then null else v_today end;
end
$$;

comment on function members.period_of(jsonb) is
    'p_filters {period: today, yesterday, last_7_days, last_30_days, custom (with date_from, date_to) or all_time (default)}. Both days belong to it, null = without end. Raises PT422 period.unknown, period.range (spec: member §5.5).';
revoke all on function members.period_of(jsonb) from public;
grant execute on function members.period_of(jsonb) to authenticated;
