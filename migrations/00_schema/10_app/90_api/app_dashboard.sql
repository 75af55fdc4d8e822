-- The dashboard of whoever asks: the blocks that are theirs, and no others.

create or replace function api.app_dashboard(p_date_from date default null, p_date_to date default null) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from date;
    v_to date;
    v_blocks jsonb;
begin
    perform app.require('dashboard', 'select');
    v_from := coalesce(p_date_from, date_trunc('month', coalesce(p_date_to, app.today())::timestamp)::date);
    v_to := coalesce(p_date_to, (date_trunc('month', v_from::timestamp) + interval '1 month - 1 day')::date);
    if v_to < v_from then
        perform app.refuse_field('date_to', 'dashboard.date_to.range', 'must not be before the period begins');
    elsif v_to - v_from >= 366 then
        perform app.refuse_field('date_to', 'dashboard.date_to.range', 'must be within 366 days of date_from');
    end if;

    select coalesce(
        jsonb_object_agg(
            b.block,
            case b.maker
                when 'marketing' then app.dashboard_marketing(b.block, v_from, v_to)
                when 'own' then app.dashboard_own(b.block, b.scope, v_from, v_to)
                when 'sales' then app.dashboard_sales(b.block, b.scope, v_from, v_to)
                else app.dashboard_tickets(b.block, b.scope, v_from, v_to)
            end
        ),
        '{}'
    )
    into v_blocks
    from (
        select k.maker, k.block, app.dashboard_scope(k.block) as scope
        from (
            values
                ('marketing', 'leads_by_channel'), ('marketing', 'spend'), ('marketing', 'cost_per_lead'), ('marketing', 'attributed_revenue'),
                ('own', 'leads'), ('own', 'targets'),
                ('sales', 'revenue'), ('sales', 'new_logos'), ('sales', 'activities'), ('sales', 'receivables'),
                ('desk', 'tickets_by_status'), ('desk', 'first_response')
        ) as k (maker, block)
    ) b
    where b.scope is not null;

    return jsonb_build_object('date_from', v_from, 'date_to', v_to, 'today', app.today(), 'blocks', v_blocks);
end
$$;

comment on function api.app_dashboard(date, date) is
    'p_date_from, p_date_to: both inclusive, at most 366 days; what is left out is the beginning or end of the other''s month, of this month where both are. Returns {date_from, date_to, today, blocks}, with a key for each block that `dashboard.<block>` of the permission matrix gives the caller: absent, not zero. Raises PT401, PT403 permission.denied, PT422 request.invalid (spec: command_center §1.8, case 154).';
revoke all on function api.app_dashboard(date, date) from public;
grant execute on function api.app_dashboard(date, date) to authenticated;
