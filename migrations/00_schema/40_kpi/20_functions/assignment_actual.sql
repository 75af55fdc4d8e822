-- Metrics made of assignments of leads.

create or replace function kpi.assignment_actual(p_org_id uuid, p_metric_key text, p_from date, p_to date, p_user uuid) returns kpi.actual
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_assigned bigint;
    v_accepted bigint;
    v_contacted bigint;
    v_minutes double precision;
begin
    if p_metric_key = 'SALES_LEADS_ASSIGNED' then
        -- What was done with them need not be known.
        return row(
            (
                select count(*)
                from crm.lead_assignments a
                where a.org_id = p_org_id
                  and a.to_user_id is not null
                  and a.assigned_at >= kpi.day_begins(p_org_id, p_from)
                  and a.assigned_at < kpi.day_begins(p_org_id, p_to + 1)
                  and (p_user is null or a.to_user_id = p_user)
            ),
            'OK', null, 'computed', null
        )::kpi.actual;
    end if;

    select
        count(*), count(a.first_action_at), count(a.first_contact_at),
        percentile_cont(0.5) within group (order by extract(epoch from a.first_action_at - a.assigned_at) / 60)
    into v_assigned, v_accepted, v_contacted, v_minutes
    from kpi.assignments_of(p_org_id, p_from, p_to, p_user) a;

    if p_metric_key = 'SALES_LAR' then
        return kpi.share_of(v_accepted, v_assigned, 100, 'No lead was assigned in this period.');
    elsif p_metric_key = 'SALES_FIRST_CONTACT_RATE' then
        return kpi.share_of(v_contacted, v_assigned, 100, 'No lead was assigned in this period.');
    elsif p_metric_key = 'SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN' then
        if v_minutes is null then
            return row(null, 'NA', 'No lead that was assigned in this period has been acted on.', null, null)::kpi.actual;
        end if;
        return row(v_minutes::numeric, 'OK', null, 'computed', null)::kpi.actual;
    end if;
    return row(v_accepted, 'OK', null, 'computed', null)::kpi.actual;
end
$$;

comment on function kpi.assignment_actual(uuid, text, date, date, uuid) is
    'SALES_LEADS_ASSIGNED, SALES_LEADS_ACCEPTED, SALES_LAR, SALES_FIRST_CONTACT_RATE, SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN; p_user: to whom (spec: command_center §5.1).';
revoke all on function kpi.assignment_actual(uuid, text, date, date, uuid) from public;
