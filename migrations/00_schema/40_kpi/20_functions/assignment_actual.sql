-- Metrics made of assignments of leads, and of what was done with them.

create or replace function kpi.assignment_actual(p_metric_key text, p_numbers kpi.assignments) returns kpi.actual
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_metric_key = 'SALES_LAR' then
        return kpi.share_of(p_numbers.accepted, p_numbers.assigned, 100, 'No lead was assigned in this period.');
    elsif p_metric_key = 'SALES_FIRST_CONTACT_RATE' then
        return kpi.share_of(p_numbers.contacted, p_numbers.assigned, 100, 'No lead was assigned in this period.');
    elsif p_metric_key = 'SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN' then
        if p_numbers.response_minutes is null then
            return row(null, 'NA', 'No lead that was assigned in this period has been acted on.', null, null)::kpi.actual;
        end if;
        return row(p_numbers.response_minutes::numeric, 'OK', null, 'computed', null)::kpi.actual;
    end if;
    return row(p_numbers.accepted, 'OK', null, 'computed', null)::kpi.actual;
end
$$;

comment on function kpi.assignment_actual(text, kpi.assignments) is
    'SALES_LEADS_ACCEPTED, SALES_LAR, SALES_FIRST_CONTACT_RATE, SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN; p_numbers: of kpi.assignment_numbers (spec: command_center §5.1).';
revoke all on function kpi.assignment_actual(text, kpi.assignments) from public;
