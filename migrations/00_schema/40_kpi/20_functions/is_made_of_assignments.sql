-- Which metrics are made of the same numbers.

create or replace function kpi.is_made_of_assignments(p_metric_key text) returns boolean
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select p_metric_key in (
        'SALES_LEADS_ACCEPTED', 'SALES_LAR', 'SALES_FIRST_CONTACT_RATE', 'SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN'
    )
$$;

comment on function kpi.is_made_of_assignments(text) is 'True for metrics of kpi.assignment_actual, which one kpi.assignment_numbers is enough for.';
revoke all on function kpi.is_made_of_assignments(text) from public;
