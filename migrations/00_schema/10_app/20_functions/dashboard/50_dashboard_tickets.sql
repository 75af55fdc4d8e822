-- Blocks of the dashboard about tickets, of operations those of their department, masked ones among them.

create or replace function app.dashboard_tickets(p_block text, p_scope text, p_from date, p_to date) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_zone text := app.setting('time_zone') #>> '{}';
    v_from timestamptz := p_from::timestamp at time zone v_zone;
    v_to timestamptz := (p_to + 1)::timestamp at time zone v_zone;
    v_dept_code text := app.dept_code();
begin
    if p_block = 'tickets_by_status' then
        return (
            select jsonb_build_object('items', coalesce(jsonb_agg(to_jsonb(c) order by c.dept_target, c.ticket_type, c.status), '[]'))
            from (
                select
                    t.dept_target, t.ticket_type, t.status, count(*) as tickets,
                    count(*) filter (where t.created_at >= v_from and t.created_at < v_to) as opened_in_period
                from (
                    select v.dept_target, v.ticket_type, coalesce(v.inquiry_status, v.ticket_status) as status, v.created_at
                    from api.tickets v
                    union all
                    select m.dept_target, m.ticket_type, m.status, m.created_at
                    from desk.masked_states() m
                ) t
                where p_scope = 'all' or t.dept_target = v_dept_code
                group by t.dept_target, t.ticket_type, t.status
            ) c
        );
    end if;
    return (
        select jsonb_build_object(
            'items', coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'dept_target', r.dept_target, 'ticket_type', r.ticket_type, 'answered', r.answered, 'unanswered', r.unanswered
                    ) || (
                        app.dashboard_known(r.minutes, 'No ticket of this period has been answered.') - 'value'
                        || jsonb_build_object('median_first_response_minutes', r.minutes)
                    )
                    order by r.dept_target, r.ticket_type
                ),
                '[]'
            )
        )
        from (
            -- As api.v_ticket_first_response_median_daily does of a day: medians of days have no median.
            select
                v.dept_target, v.ticket_type, count(v.first_response_at) as answered,
                count(*) filter (where v.first_response_at is null) as unanswered,
                round(
                    percentile_cont(0.5) within group (order by v.first_response_minutes::double precision)::numeric, 2
                ) as minutes
            from api.v_ticket_first_response v
            where v.ticket_created_at >= v_from and v.ticket_created_at < v_to
              and (p_scope = 'all' or v.dept_target = v_dept_code)
            group by v.dept_target, v.ticket_type
        ) r
    );
end
$$;

comment on function app.dashboard_tickets(text, text, date, date) is
    'p_block: tickets_by_status (now, and how many of them were opened in the period) or first_response (median minutes of those opened in the period); p_scope other than all: the caller''s department. From api.tickets with desk.masked_states, and api.v_ticket_first_response (spec: command_center §1.8, §4).';
revoke all on function app.dashboard_tickets(text, text, date, date) from public;
grant execute on function app.dashboard_tickets(text, text, date, date) to authenticated;
