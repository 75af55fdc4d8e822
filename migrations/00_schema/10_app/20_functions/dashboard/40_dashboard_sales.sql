-- Blocks of the dashboard about sales and money, each from the view that its own screen reads.

create or replace function app.dashboard_sales(p_block text, p_scope text, p_from date, p_to date) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Whose activities; what is seen of invoices, their policies say.
    v_people uuid[] := case p_scope when 'team' then app.team_ids() when 'own' then array[app.uid()] end;
begin
    if p_block = 'revenue' then
        return (
            select jsonb_build_object('revenue_idr', coalesce(sum(v.revenue_idr), 0))
            from api.v_sales_revenue_daily v
            where v.day between p_from and p_to
        );
    elsif p_block = 'new_logos' then
        return (
            select jsonb_build_object('new_logos', coalesce(sum(v.new_logos), 0))
            from api.v_sales_new_logos_daily v
            where v.day between p_from and p_to
        );
    elsif p_block = 'activities' then
        return (
            select jsonb_build_object(
                'activity_count', coalesce(sum(a.activity_count), 0),
                'items', coalesce(jsonb_agg(to_jsonb(a) order by a.activity_type), '[]')
            )
            from (
                select v.activity_type, sum(v.activity_count) as activity_count
                from api.v_sales_activities_daily v
                where v.day between p_from and p_to
                  and (p_scope = 'all' or v.user_id = any (v_people))
                group by v.activity_type
            ) a
        );
    end if;
    return jsonb_build_object(
        'items', api.ar_dso('{"type": "summary"}') -> 'items',
        'dso', (
            select coalesce(
                jsonb_agg(
                    (to_jsonb(d) - 'org_id') || app.dashboard_known(d.dso_days_rolling_30, 'There is no revenue in the last 30 days.')
                    - 'value'
                    order by d.currency
                ),
                '[]'
            )
            from api.v_dso_rolling_30 d
        )
    );
end
$$;

comment on function app.dashboard_sales(text, text, date, date) is
    'p_block: revenue, new_logos, activities (of the period), or receivables (today; a row per currency); p_scope: all, team or own people''s activities. From api.v_sales_revenue_daily, v_sales_new_logos_daily, v_sales_activities_daily, api.ar_dso and v_dso_rolling_30 (spec: command_center §1.8, §4, pitfall P24).';
revoke all on function app.dashboard_sales(text, text, date, date) from public;
grant execute on function app.dashboard_sales(text, text, date, date) to authenticated;
