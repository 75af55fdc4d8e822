-- Keeps reservations still while records are handed out, and records while a reservation changes.

create or replace function members.lock_reservations(p_org_id uuid, p_alone boolean) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- In a statement of its own: the next one then sees what whoever held it has committed (decisions D-2).
    if p_alone then
        perform pg_advisory_xact_lock(hashtextextended('reservations|' || p_org_id, 0));
    else
        perform pg_advisory_xact_lock_shared(hashtextextended('reservations|' || p_org_id, 0));
    end if;
end
$$;

comment on function members.lock_reservations(uuid, boolean) is
    'p_alone: true before a reservation changes its status, false before records are picked. Held until the transaction ends (decisions §3, D-2).';
revoke all on function members.lock_reservations(uuid, boolean) from public;
