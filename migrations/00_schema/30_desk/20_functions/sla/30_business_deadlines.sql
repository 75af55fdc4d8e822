-- When so much business time will have passed since each of many moments.

create or replace function desk.business_deadlines(p_calendar jsonb, p_from timestamptz[], p_seconds bigint[])
returns table (n bigint, due_at timestamptz)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with needed as (
        select min(x.begins) as first, max(x.begins) as last, max(x.seconds) as seconds
        from unnest(p_from, p_seconds) as x (begins, seconds)
    ),
    week as (
        select sum(extract(epoch from (p ->> 'closes')::time - (p ->> 'opens')::time))::bigint as seconds
        from jsonb_array_elements(p_calendar -> 'periods') p
    ),
    -- So many weeks have enough open time, even if every holiday costs a whole one; three more for what clocks skip.
    horizon as (
        select
            d.first,
            d.last + interval '1 week' * (
                ceil(d.seconds::numeric / w.seconds) + 3 + (
                    select count(*)
                    from jsonb_array_elements_text(coalesce(p_calendar -> 'holidays', '[]')) h (day)
                    where h.day::date >= d.last::date - 1
                )
            )::double precision as last
        from needed d
        cross join week w
        where w.seconds > 0
    ),
    slots as (
        select
            s.opens_at,
            extract(epoch from s.closes_at - s.opens_at)::bigint as seconds,
            coalesce(
                sum(extract(epoch from s.closes_at - s.opens_at)) over (
                    order by s.opens_at rows between unbounded preceding and 1 preceding
                ),
                0
            )::bigint as seconds_before
        from horizon h
        cross join lateral desk.business_slots(p_calendar, h.first, h.last) s
    ),
    -- The whole calendar as three lists, in which a moment is found by bisection: two for each deadline.
    lists as materialized (
        select
            array_agg(s.opens_at order by s.opens_at) as opens,
            array_agg(s.seconds order by s.opens_at) as seconds,
            array_agg(s.seconds_before order by s.opens_at) as before
        from slots s
    )
    select
        x.n,
        case
            when x.seconds is null then null
            when x.seconds = 0 then x.begins
            when p_calendar is null then x.begins + x.seconds * interval '1 second'
            else l.opens[j.slot] + (p.target - l.before[j.slot]) * interval '1 second'
        end
    from unnest(p_from, p_seconds) with ordinality as x (begins, seconds, n)
    cross join lists l
    cross join lateral (select width_bucket(x.begins, l.opens) as slot) i
    -- Where in the open time it begins, and where it is to end.
    cross join lateral (
        select case
            when i.slot = 0 then 0
            else l.before[i.slot] + least(
                extract(epoch from date_trunc('second', x.begins) - l.opens[i.slot])::bigint, l.seconds[i.slot]
            )
        end + x.seconds as target
    ) p
    cross join lateral (select width_bucket(p.target - 1, l.before) as slot) j
$$;

comment on function desk.business_deadlines(jsonb, timestamptz[], bigint[]) is
    'For the n-th of p_from the earliest moment at which desk.business_seconds from there reaches the n-th of p_seconds; null for null seconds, and for a calendar that is never open. Many at once: the calendar is spread out once (a million deadlines take seconds).';
revoke all on function desk.business_deadlines(jsonb, timestamptz[], bigint[]) from public;
