-- Takes a lease, or renews it.

create or replace function app.take_lease(p_name text, p_holder text, p_seconds integer default 10) returns boolean
language plpgsql
volatile
security definer -- app.leases has no grant; the worker alone
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_seconds is null or p_seconds not between 1 and 300 then
        perform app.fail('PT422', 'lease.seconds.out_of_range', 'A lease lasts 1 to 300 seconds.');
    end if;

    insert into app.leases (name, holder, taken_at, expires_at)
    values (p_name, p_holder, clock_timestamp(), clock_timestamp() + make_interval(secs => p_seconds))
    on conflict (name) do nothing;
    if found then
        return true;
    end if;

    -- Whoever works under the lease has locked the row: taking it over waits until that work has ended.
    update app.leases l
    set holder = p_holder,
        taken_at = case when l.holder = p_holder then l.taken_at else clock_timestamp() end,
        expires_at = clock_timestamp() + make_interval(secs => p_seconds)
    where l.name = p_name
      and (l.holder = p_holder or l.expires_at < clock_timestamp());
    return found;
end
$$;

comment on function app.take_lease(text, text, integer) is
    'True: p_holder has the lease p_name for the next p_seconds (1 to 300, by the server''s clock), new or renewed. False: somebody else has it. Raises PT422 lease.seconds.out_of_range. Rule: design §8.';
revoke all on function app.take_lease(text, text, integer) from public;
grant execute on function app.take_lease(text, text, integer) to pgcrm_worker;
