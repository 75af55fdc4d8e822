-- How fast tariff inquiries are first answered.

create or replace function kpi.inquiry_actual(p_org_id uuid, p_from date, p_to date, p_user uuid) returns kpi.actual
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_minutes double precision;
begin
    -- Both ends of the period are days of the organisation, the last one included (pitfall P29).
    select percentile_cont(0.5) within group (order by extract(epoch from e.event_at - t.created_at) / 60)
    into v_minutes
    from desk.tickets t
    join desk.sla_events e on e.org_id = t.org_id and e.ticket_id = t.ticket_id and e.event_type = 'FIRST_RESPONSE'
    where t.org_id = p_org_id
      and t.ticket_type = 'inquiry tariff'
      and t.created_at >= kpi.day_begins(p_org_id, p_from)
      and t.created_at < kpi.day_begins(p_org_id, p_to + 1)
      and (p_user is null or t.created_by = p_user);
    if v_minutes is null then
        return row(null, 'NA', 'No inquiry of this period has been answered.', null, null)::kpi.actual;
    end if;
    return row(v_minutes::numeric, 'OK', null, 'computed', null)::kpi.actual;
end
$$;

comment on function kpi.inquiry_actual(uuid, date, date, uuid) is
    'SALES_INQUIRY_FIRST_RESPONSE_MEDIAN_MIN: median minutes from opening to the first answer of tariff inquiries opened in the period; p_user: who opened them (spec: command_center §5.1).';
revoke all on function kpi.inquiry_actual(uuid, date, date, uuid) from public;
