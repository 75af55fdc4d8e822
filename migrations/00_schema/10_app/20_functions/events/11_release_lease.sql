-- Gives a lease back, so that the next one need not wait until it expires.

create or replace function app.release_lease(p_name text, p_holder text) returns boolean
language plpgsql
volatile
security definer -- app.leases has no grant; the worker alone
set search_path = pg_catalog, pg_temp
as $$
begin
    -- The row stays: work that was begun stands in it.
    update app.leases l
    set expires_at = '-infinity'
    where l.name = p_name and l.holder = p_holder;
    return found;
end
$$;

comment on function app.release_lease(text, text) is 'Ends p_holder''s lease p_name; false when it had none. Rule: design §8.';
revoke all on function app.release_lease(text, text) from public;
grant execute on function app.release_lease(text, text) to pgcrm_worker;
