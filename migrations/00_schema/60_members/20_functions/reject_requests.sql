-- Rejects pending requests: whatever they had picked can be picked again.

create or replace function members.reject_requests(p_org_id uuid, p_request_ids bigint[]) returns void
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    perform members.release_records(
        p_org_id,
        array(
            select r.record_id
            from members.download_requests q
            cross join lateral unnest(q.record_ids) as i (record_id)
            join members.records r on r.org_id = q.org_id and r.record_id = i.record_id
            where q.org_id = p_org_id and q.request_id = any (p_request_ids)
              and r.request_id = q.request_id and r.status = 'requested'
            order by r.record_id
            for no key update of r
        )
    );
    update members.download_requests q
    set status = 'rejected', reviewed_at = app.now(), reviewed_by = app.uid()
    where q.org_id = p_org_id and q.request_id = any (p_request_ids);
    perform app.notify(
        array[q.staff_id], 'request_rejected', format('Your request for %s records was rejected', q.record_count),
        'members.download_requests', q.request_id::text
    )
    from members.download_requests q
    where q.org_id = p_org_id and q.request_id = any (p_request_ids);
end
$$;

comment on function members.reject_requests(uuid, bigint[]) is
    'p_request_ids: pending, locked by the caller, who holds members.lock_reservations. Whoever asked is told (spec: member §5.2, case 21, LD-29).';
revoke all on function members.reject_requests(uuid, bigint[]) from public;
