-- Counts the available records of a database for which a reservation of its product waits, and no approved one does.

create or replace function members.count_pending_reserved(p_org_id uuid, p_database_id bigint) returns bigint
language plpgsql
stable
-- From the pending reservations, which are few, to the records.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select count(distinct f.record_id)
        from members.databases d
        join members.reservation_keys k on k.org_id = d.org_id and k.product_id = d.product_id and not k.is_approved
        cross join lateral (
            select r.record_id
            from (
                select m.record_id
                from members.record_keys m
                where m.org_id = p_org_id and m.match_keys @> array[k.key] and m.database_id = p_database_id
                offset 0
            ) m
            cross join lateral (
                -- By the primary key, as in members.count_reserved.
                select s.record_id, s.status, s.match_keys
                from members.records s
                where s.org_id = p_org_id and s.record_id = m.record_id
                offset 0
            ) r
            where r.status = 'available'
              and not exists (
                  select
                  from unnest(r.match_keys) as m (key)
                  join members.reservation_keys a on a.org_id = p_org_id and a.key = m.key and a.is_approved
              )
            offset 0
        ) f
        where d.org_id = p_org_id and d.database_id = p_database_id
    );
end
$$;

comment on function members.count_pending_reserved(uuid, bigint) is
    'What members.count_reserved does not count and a request passes by all the same (spec: member §3.6).';
revoke all on function members.count_pending_reserved(uuid, bigint) from public;
