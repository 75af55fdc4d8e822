-- Picks and locks random records that may be handed out, of one database or of several.

create or replace function members.pick_records(p_org_id uuid, p_database_ids bigint[], p_counts integer[])
returns table (database_id bigint, record_ids bigint[])
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_picked jsonb;
begin
    begin
        -- Records that others hold at this moment are passed by: who picks so waits for nobody.
        select jsonb_object_agg(w.database_id, to_jsonb(members.pick_from_anywhere(p_org_id, w.database_id, w.count)))
        into v_picked
        from unnest(p_database_ids, p_counts) as w (database_id, count);
        if exists (
            select
            from unnest(p_database_ids, p_counts) as w (database_id, count)
            where jsonb_array_length(v_picked -> w.database_id::text) < w.count
        ) then
            -- Gives the records back: two who hold some and wait for each other's would never end.
            raise exception using errcode = 'PGC01', message = 'too few';
        end if;
    exception
        when sqlstate 'PGC01' then
            -- There seem to be too few. Wait for whoever holds some, one after the other, so that the answer is exact.
            perform members.lock_last_records(p_org_id, p_database_ids, true);
            select jsonb_object_agg(
                w.database_id, to_jsonb(members.pick_range(p_org_id, w.database_id, 0, 2147483647, w.count, false))
            )
            into v_picked
            from unnest(p_database_ids, p_counts) as w (database_id, count);
    end;

    return query
    select p.key::bigint, array(select i::bigint from jsonb_array_elements_text(p.value) with ordinality as e (i, n) order by n)
    from jsonb_each(v_picked) p;
end
$$;

comment on function members.pick_records(uuid, bigint[], integer[]) is
    'p_counts: how many of each database. Ids of available records that no approved reservation covers, locked; fewer only when there are no more, others who have not committed included. Callers hold members.lock_reservations and call this once in a transaction (spec: member §5.10, decisions §3).';
revoke all on function members.pick_records(uuid, bigint[], integer[]) from public;
