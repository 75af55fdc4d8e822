-- Approves or rejects pending requests: one, or many at once.

create or replace function members.decide_requests(p_request_ids bigint[], p_is_approved boolean) returns jsonb
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_reach uuid[] := members.reach_of('assign');
    v_found jsonb;
    v_pending bigint[];
begin
    perform members.lock_reservations(v_org_id, false);
    -- Databases before requests: who deletes a database rejects its requests after it.
    perform
    from members.databases d
    where d.org_id = v_org_id
      and d.database_id in (select q.database_id from members.download_requests q where q.org_id = v_org_id and q.request_id = any (p_request_ids))
    order by d.database_id
    for key share;
    select coalesce(jsonb_object_agg(q.request_id, q.status), '{}')
    into v_found
    from (
        select q.request_id, q.status
        from members.download_requests q
        where q.org_id = v_org_id and q.request_id = any (p_request_ids)
          and (v_reach is null or q.staff_id = any (v_reach))
          and exists (
              select from members.databases d where d.org_id = q.org_id and d.database_id = q.database_id and d.deleted_at is null
          )
        order by q.request_id
        for no key update of q
    ) q;
    v_pending := array(select f.key::bigint from jsonb_each_text(v_found) f where f.value = 'pending' order by 1);

    if p_is_approved then
        perform members.approve_request(v_org_id, i, false) from unnest(v_pending) i;
    else
        perform members.reject_requests(v_org_id, v_pending);
    end if;
    if cardinality(v_pending) > 0 then
        perform app.emit(
            case when p_is_approved then 'download_requests.approved' else 'download_requests.rejected' end,
            v_pending::text[], array['download_requests', 'databases', 'records', 'batches', 'notifications']
        );
    end if;
    return v_found;
end
$$;

comment on function members.decide_requests(bigint[], boolean) is
    'p_is_approved: false = reject. Callers have asked app.require. Returns {request_id: the status it had} of those that the caller may decide about; only the pending ones are decided. Raises what members.approve_request does, then nothing is decided (spec: member §5.2, cases 20, 21, 26).';
revoke all on function members.decide_requests(bigint[], boolean) from public;
