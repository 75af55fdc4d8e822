-- Picks and locks random records that may be handed out.

create or replace function members.pick_records(p_org_id uuid, p_database_id bigint, p_count integer) returns bigint[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_start integer := floor(random() * 2147483647);
    v_picked bigint[];
begin
    begin
        -- From a random place to the end, then from the beginning: records that others hold at this moment are passed by.
        v_picked := members.pick_range(p_org_id, p_database_id, v_start, 2147483647, p_count, true);
        if cardinality(v_picked) < p_count then
            v_picked := v_picked
                || members.pick_range(p_org_id, p_database_id, 0, v_start - 1, p_count - cardinality(v_picked), true);
        end if;
        if cardinality(v_picked) < p_count then
            -- Gives the records back: two who hold some and wait for each other's would never end.
            raise exception using errcode = 'PGC01', message = 'too few';
        end if;
        return v_picked;
    exception
        when sqlstate 'PGC01' then null;
    end;

    -- There seem to be too few. Wait for whoever holds some, one after the other, so that the answer is exact.
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'last_records', p_org_id, p_database_id), 0));
    return members.pick_range(p_org_id, p_database_id, 0, 2147483647, p_count, false);
end
$$;

comment on function members.pick_records(uuid, bigint, integer) is
    'Ids of up to p_count available records of the database that no approved reservation covers, locked; fewer only when there are no more, others who have not committed included. Callers hold members.lock_reservations; who picks from several databases does so in the order of their ids (spec: member §5.10, decisions §3).';
revoke all on function members.pick_records(uuid, bigint, integer) from public;
