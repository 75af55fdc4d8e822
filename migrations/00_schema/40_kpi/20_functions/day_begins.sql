-- The moment at which a day of an organisation begins.

create or replace function kpi.day_begins(p_org_id uuid, p_day date) returns timestamptz
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select p_day::timestamp at time zone (app.setting_of(p_org_id, 'time_zone') #>> '{}')
$$;

comment on function kpi.day_begins(uuid, date) is
    'Midnight of p_day where the organisation is; the last day of a period ends where the day after begins (pitfall P29, P8).';
revoke all on function kpi.day_begins(uuid, date) from public;
