-- The days on which sales did something, each with the stretch of time that an index is asked for.

create or replace function crm.activity_days() returns table (day date, since timestamptz, before timestamptz)
language plpgsql
stable
security definer -- the first and the last day are those of all activities: looking for the reader's own would read them all
rows 1000
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_org_id uuid := app.org_id();
    v_zone text := app.setting('time_zone') #>> '{}';
    v_first timestamptz;
    v_last timestamptz;
begin
    -- Both ends of activities_done_idx, for each type.
    select min(e.first_at), max(e.last_at)
    into v_first, v_last
    from unnest('{visit,call,online_meeting,email,whatsapp}'::text[]) as t (activity_type)
    cross join lateral (
        select
            (select min(a.completed_at) from crm.activities a where a.org_id = v_org_id and a.activity_type = t.activity_type) as first_at,
            (select max(a.completed_at) from crm.activities a where a.org_id = v_org_id and a.activity_type = t.activity_type) as last_at
    ) e;
    -- Some hours more on both sides: where clocks are put back over midnight, a day begins before its midnight.
    return query
    select
        d.midnight::date,
        d.midnight at time zone v_zone - interval '3 hours',
        (d.midnight + interval '1 day') at time zone v_zone + interval '3 hours'
    from generate_series(
        date_trunc('day', v_first at time zone v_zone), date_trunc('day', v_last at time zone v_zone), interval '1 day'
    ) as d (midnight);
end
$$;

comment on function crm.activity_days() is
    'Every day from the organisation''s first to its last completed activity, in its time zone; all of a day lies between since and before, and something of its neighbours, too (spec: command_center §4 v_sales_activities_daily).';
revoke all on function crm.activity_days() from public;
grant execute on function crm.activity_days() to authenticated, analyst;
