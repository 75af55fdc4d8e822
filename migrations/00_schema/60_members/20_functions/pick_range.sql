-- Picks and locks records between two places of the random order.

create or replace function members.pick_range(
    p_org_id uuid,
    p_database_id bigint,
    p_from integer,
    p_to integer,
    p_count integer,
    p_skip_locked boolean
) returns bigint[]
language plpgsql
-- By index, whatever the statistics say: of a million records a few are wanted.
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
-- The way is given; planning it anew for each range took a fifth of picking fifty.
set plan_cache_mode = force_generic_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Whoever asks for records of a normal database gets nobody for whom a reservation of its product waits either (spec: member §3.6).
    v_product_id bigint := (
        select d.product_id
        from members.databases d
        where d.org_id = p_org_id and d.database_id = p_database_id and d.module = 'normal'
    );
begin
    if p_skip_locked then
        return array(
            select r.record_id
            from members.records r
            where r.org_id = p_org_id
              and r.database_id = p_database_id
              and r.status = 'available'
              and r.pick_key between p_from and p_to
              and not exists (
                  select from members.reservation_keys c where c.org_id = p_org_id and c.key = any (r.match_keys) and c.is_approved
              )
              and (
                  v_product_id is null
                  or not exists (
                      select
                      from members.reservation_keys c
                      where c.org_id = p_org_id and c.product_id = v_product_id and c.key = any (r.match_keys)
                  )
              )
            order by r.pick_key
            limit p_count
            for no key update of r skip locked
        );
    end if;
    return array(
        select r.record_id
        from members.records r
        where r.org_id = p_org_id
          and r.database_id = p_database_id
          and r.status = 'available'
          and r.pick_key between p_from and p_to
          and not exists (
              select from members.reservation_keys c where c.org_id = p_org_id and c.key = any (r.match_keys) and c.is_approved
          )
          and (
              v_product_id is null
              or not exists (
                  select
                  from members.reservation_keys c
                  where c.org_id = p_org_id and c.product_id = v_product_id and c.key = any (r.match_keys)
              )
          )
        order by r.pick_key
        limit p_count
        for no key update of r
    );
end
$$;

comment on function members.pick_range(uuid, bigint, integer, integer, integer, boolean) is
    'Record ids in the order of pick_key from p_from to p_to, both included. p_skip_locked: pass by what others hold, else wait for it. A customer reserved for any product is excluded (decisions D-7); of normal databases also one whose reservation for their product is pending (spec: member §3.6).';
revoke all on function members.pick_range(uuid, bigint, integer, integer, integer, boolean) from public;
