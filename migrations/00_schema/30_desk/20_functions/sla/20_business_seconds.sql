-- How long a calendar was open between two moments.

create or replace function desk.business_seconds(p_calendar jsonb, p_from timestamptz, p_to timestamptz) returns bigint
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_to <= p_from then 0
        when p_calendar is null
            then extract(epoch from date_trunc('second', p_to, 'UTC') - date_trunc('second', p_from, 'UTC'))::bigint
        else (
            -- Both ends cut to the second before: then the parts of a time add up to the whole.
            select coalesce(
                sum(extract(epoch from least(s.closes_at, b.ends) - greatest(s.opens_at, b.begins))), 0
            )::bigint
            from (select date_trunc('second', p_from, 'UTC') as begins, date_trunc('second', p_to, 'UTC') as ends) b
            cross join lateral desk.business_slots(p_calendar, b.begins, b.ends) s
        )
    end
$$;

comment on function desk.business_seconds(jsonb, timestamptz, timestamptz) is
    'Whole seconds between the two at which p_calendar (see desk.business_slots; null: always) is open; 0 when p_to is not after p_from. Depends on nothing else: f(a, b) + f(b, c) = f(a, c), and never decreases with p_to.';
revoke all on function desk.business_seconds(jsonb, timestamptz, timestamptz) from public;
