-- Approves one pending request: its records become a batch of whoever asked.

create or replace function members.approve_request(p_org_id uuid, p_request_id bigint, p_is_auto boolean) returns void
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request members.download_requests;
    v_database members.databases;
    v_staff_id uuid;
    v_all bigint[];
    v_free bigint[];
    v_batch_id bigint;
begin
    select q.* into v_request from members.download_requests q where q.org_id = p_org_id and q.request_id = p_request_id;
    v_database := members.take_database('normal', v_request.database_id);
    v_staff_id := v_request.staff_id;
    if not p_is_auto then
        v_staff_id := (members.take_staff('assign', v_request.staff_id)).user_id;
    end if;

    v_all := array(
        select r.record_id
        from members.records r
        where r.org_id = p_org_id and r.record_id = any (v_request.record_ids)
          and r.request_id = p_request_id and r.status = 'requested'
        order by r.record_id
        for no key update
    );
    -- Somebody may have reserved a member since: that one is not handed out any more (decisions D-7).
    v_free := array(
        select r.record_id
        from members.records r
        where r.org_id = p_org_id and r.record_id = any (v_all)
          and not exists (
              select
              from unnest(r.match_keys) as k (key)
              join members.reservation_keys c on c.org_id = p_org_id and c.key = k.key and c.is_approved
          )
        order by r.record_id
    );
    if cardinality(v_free) < cardinality(v_all) then
        perform members.release_records(p_org_id, array(select i from unnest(v_all) i where i <> all (v_free)));
    end if;
    if cardinality(v_free) > 0 then
        v_batch_id := members.new_batch(v_database, v_staff_id, null, cardinality(v_free));
        perform members.hand_out(
            p_org_id, v_staff_id, case when p_is_auto then null else app.uid() end, v_free,
            array_fill(v_batch_id, array[cardinality(v_free)]), null, 'requested'
        );
    end if;

    update members.download_requests q
    set status = 'approved',
        reviewed_at = app.now(),
        reviewed_by = case when p_is_auto then null else app.uid() end,
        is_auto_approved = p_is_auto,
        batch_id = v_batch_id,
        withheld_count = q.record_count - cardinality(v_free)
    where q.org_id = p_org_id and q.request_id = p_request_id;
    perform app.notify(
        array[v_staff_id],
        case when p_is_auto then 'request_auto_approved' else 'request_approved' end,
        format('Your request for %s records was approved', v_request.record_count),
        'members.download_requests', p_request_id::text,
        jsonb_build_object('assigned_count', cardinality(v_free), 'database_id', v_request.database_id)
    );
end
$$;

comment on function members.approve_request(uuid, bigint, boolean) is
    'p_request_id: pending, locked by the caller, who holds members.lock_reservations; p_is_auto: the system approves it in the name of nobody. Its exact records go to whoever asked, but for those that were reserved meanwhile. Raises PT404 database.not_found, staff.not_found (spec: member §5.2, case 20, LD-34).';
revoke all on function members.approve_request(uuid, bigint, boolean) from public;
