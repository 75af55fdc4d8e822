-- Makes sure that whoever works has the lease, and keeps it until the transaction ends.

create or replace function app.hold_lease(p_name text, p_holder text) returns app.leases
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_lease app.leases;
begin
    -- An expired lease that nobody has taken is still its holder's: from here on nobody can.
    select l.*
    into v_lease
    from app.leases l
    where l.name = p_name and l.holder = p_holder
    for update;
    if not found then
        perform app.fail('PT409', 'lease.lost', 'Somebody else does this now.', p_name);
    end if;
    return v_lease;
end
$$;

comment on function app.hold_lease(text, text) is
    'Locks the row of lease p_name until the transaction ends and returns it. Raises PT409 lease.lost when p_holder does not have it (any more). Rule: design §8.';
revoke all on function app.hold_lease(text, text) from public;
