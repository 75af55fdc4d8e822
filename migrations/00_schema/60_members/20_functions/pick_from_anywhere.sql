-- Picks and locks records of a database, beginning at a random place of the random order.

create or replace function members.pick_from_anywhere(p_org_id uuid, p_database_id bigint, p_count integer) returns bigint[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_start integer := floor(random() * 2147483647);
    v_picked bigint[] := members.pick_range(p_org_id, p_database_id, v_start, 2147483647, p_count, true);
begin
    if cardinality(v_picked) < p_count then
        v_picked := v_picked
            || members.pick_range(p_org_id, p_database_id, 0, v_start - 1, p_count - cardinality(v_picked), true);
    end if;
    return v_picked;
end
$$;

comment on function members.pick_from_anywhere(uuid, bigint, integer) is
    'Up to p_count record ids: from the place to the end, then from the beginning. Passes by what others hold (decisions §3).';
revoke all on function members.pick_from_anywhere(uuid, bigint, integer) from public;
