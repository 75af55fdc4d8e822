-- The times at which a calendar is open.

create or replace function desk.business_slots(p_calendar jsonb, p_from timestamptz, p_to timestamptz)
returns table (opens_at timestamptz, closes_at timestamptz)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with zone as (
        select p_calendar ->> 'time_zone' as name
    ),
    periods as (
        select (p ->> 'weekday')::integer as weekday, (p ->> 'opens')::time as opens, (p ->> 'closes')::time as closes
        from jsonb_array_elements(p_calendar -> 'periods') p
    ),
    days as (
        select d.day::date as day, d.day at time zone z.name as begins, (d.day + interval '1 day') at time zone z.name as ends, z.name
        from zone z
        cross join lateral generate_series(
            date_trunc('day', p_from at time zone z.name) - interval '1 day', p_to at time zone z.name + interval '1 day', interval '1 day'
        ) as d (day)
        where not coalesce(p_calendar -> 'holidays', '[]') ? to_char(d.day, 'YYYY-MM-DD')
    ),
    -- A day on which the clocks are changed, minute by minute: where the time of day jumps, another stretch begins.
    minutes as (
        select
            d.*, m.minute, (m.minute at time zone d.name) - (m.minute at time zone 'UTC') as zone_offset
        from days d
        cross join lateral generate_series(d.begins, d.ends - interval '1 minute', interval '1 minute') as m (minute)
        where d.ends - d.begins <> interval '24 hours'
    ),
    stretches as (
        select m.day, m.zone_offset, min(m.minute) as begins, max(m.minute) + interval '1 minute' as ends
        from minutes m
        group by m.day, m.zone_offset
        union all
        select d.day, (d.begins at time zone d.name) - (d.begins at time zone 'UTC'), d.begins, d.ends
        from days d
        where d.ends - d.begins = interval '24 hours'
    )
    -- Open is whatever the clock on the wall says: an hour that is skipped is never open, one that comes twice is open twice.
    select o.opens_at, o.closes_at
    from stretches s
    join periods p on p.weekday = extract(isodow from s.day)
    cross join lateral (
        select
            greatest(s.begins, (s.day + p.opens - s.zone_offset) at time zone 'UTC') as opens_at,
            least(s.ends, (s.day + p.closes - s.zone_offset) at time zone 'UTC') as closes_at
    ) o
    where o.opens_at < o.closes_at and o.closes_at > p_from and o.opens_at < p_to
    order by 1
$$;

comment on function desk.business_slots(jsonb, timestamptz, timestamptz) is
    'p_calendar {time_zone, periods: [{weekday 1 = Monday … 7, opens, closes "HH:MM"; closes up to 24:00}], holidays: ["YYYY-MM-DD"]}: every open stretch that touches p_from–p_to, in order, none overlapping another.';
revoke all on function desk.business_slots(jsonb, timestamptz, timestamptz) from public;
