-- The data sync dashboard, feature by feature: how much there is, what is out of step, when it last changed.

create or replace function api.members_sync_status() returns jsonb
language plpgsql
stable
security definer -- counts rows that nobody reads one by one
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    perform app.require('data_sync', 'select');
    return jsonb_build_object(
        'items', (
            select jsonb_agg(
                jsonb_build_object(
                    'feature', f.feature, 'total', f.total, 'waiting', f.waiting, 'out_of_step', f.out_of_step,
                    'status', case when f.out_of_step > 0 then 'attention' else 'in_step' end,
                    'last_changed_at', f.changed_at
                )
                order by f.position
            )
            from (
                select
                    1 as position, 'databases' as feature, max(greatest(d.uploaded_at, d.deleted_at)) as changed_at,
                    count(*) filter (where d.deleted_at is null) as total,
                    -- Gone for everybody, and still being removed by the job.
                    count(*) filter (where d.deleted_at is not null) as waiting,
                    0::bigint as out_of_step
                from members.databases d
                where d.org_id = v_org_id
                union all
                select
                    2, 'requests', max(coalesce(q.reviewed_at, q.requested_at)), count(*), count(*) filter (where q.status = 'pending'), 0
                from members.download_requests q
                where q.org_id = v_org_id
                union all
                select
                    3, 'reservations', max(greatest(r.created_at, r.approved_at)), count(*), count(*) filter (where r.status = 'pending'),
                    (select coalesce(sum(h.count), 0)::bigint from members.health_findings(v_org_id) h where h.kind ~ 'reserv')
                from members.reservations r
                where r.org_id = v_org_id
                union all
                select
                    4, 'conflicts', max(greatest(c.invalidated_at, c.restored_at)), count(*), count(*) filter (where c.restored_at is null),
                    abs(
                        count(distinct c.record_id) filter (where c.restored_at is null)
                        - (
                            select coalesce(sum(n.conflicts), 0)
                            from members.record_counts n
                            where n.org_id = v_org_id
                        )
                    )::bigint
                from members.conflicts c
                where c.org_id = v_org_id
                union all
                select
                    5, 'imports', max(i.uploaded_at), count(*), count(*) filter (where i.status in ('staging', 'uploaded', 'processing')),
                    count(*) filter (where i.status = 'failed')
                from ingest.imports i
                where i.org_id = v_org_id and i.module = 'member_records'
                union all
                select
                    6, 'previous system', null, count(*), 0, count(*) filter (where l.record_id is null)
                from members.legacy_records l
                where l.org_id = v_org_id
            ) f
        )
    );
end
$$;

comment on function api.members_sync_status() is
    'Returns {items: [{feature: databases, requests, reservations, conflicts, imports, previous system; total; waiting: for somebody, or for the clock; out_of_step; status: in_step or attention; last_changed_at: of what is there, or null}]}. Raises PT401, PT403 (spec: member §5.23 sync status).';
revoke all on function api.members_sync_status() from public;
grant execute on function api.members_sync_status() to authenticated;
