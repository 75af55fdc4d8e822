-- The median wait for a first answer, by the day on which tickets were opened.

create view api.v_ticket_first_response_median_daily with (security_invoker = true) as
select
    r.org_id,
    (r.ticket_created_at at time zone (select app.setting('time_zone') #>> '{}'))::date as day,
    r.ticket_type,
    r.dept_target,
    round(
        percentile_cont(0.5) within group (order by r.first_response_minutes::double precision)::numeric, 2
    ) as median_first_response_minutes,
    count(r.first_response_at) as ticket_count,
    count(*) as total_count,
    count(*) filter (where r.first_response_at is null) as unanswered
from api.v_ticket_first_response r
group by 1, 2, 3, 4;

comment on view api.v_ticket_first_response_median_daily is
    'Over the tickets of api.v_ticket_first_response that were answered (ticket_count of total_count); days where the organisation is (spec: command_center §4, case 81).';
revoke all on api.v_ticket_first_response_median_daily from public;
grant select on api.v_ticket_first_response_median_daily to authenticated, analyst;
