-- Repairs what the health check found.

create or replace function api.members_repair_data(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: reservations are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_repair text;
    v_ids bigint[];
    v_done jsonb := '{}'::jsonb;
    v_answer jsonb;
begin
    perform app.require('data_sync', 'manage');
    v_repair := app.read_payload('data_sync', payload, '{"repair": {"kind": "text", "required": true, "maximum": 50}}') ->> 'repair';
    if v_repair not in ('orphaned_reserved_members', 'expired_reservations', 'all') then
        perform app.fail(
            'PT422', 'request.invalid', 'There is no such repair.',
            '[{"field": "repair", "code": "data_sync.repair.unknown", "message": "must be orphaned_reserved_members, expired_reservations or all"}]'
        );
    end if;
    v_answer := app.replay('members_repair_data', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    perform members.lock_reservations(v_org_id, true);

    if v_repair in ('orphaned_reserved_members', 'all') then
        v_ids := array(
            select r.reservation_id
            from members.reservations r
            where r.org_id = v_org_id and not members.can_reserve(r.org_id, r.staff_id)
            order by r.reservation_id
            limit 1000
        );
        v_done := v_done || jsonb_build_object(
            'orphaned_reserved_members', members.end_reservations(v_org_id, v_ids, 'admin_manual_delete', app.uid())
        );
        if cardinality(v_ids) > 0 then
            perform app.emit('reservations.deleted', v_ids::text[], members.reservation_tags());
        end if;
    end if;
    if v_repair in ('expired_reservations', 'all') then
        v_done := v_done || jsonb_build_object(
            'expired_reservations', (members.expire_reservations(v_org_id, 1000) ->> 'members_removed')::integer
        );
    end if;

    v_answer := jsonb_build_object('repair', v_repair, 'repaired', v_done);
    insert into members.system_logs (org_id, type, payload, performed_by, performed_at)
    values (v_org_id, 'data_repair', v_answer, app.uid(), app.now());
    perform app.emit('data_sync.repaired', array[v_repair], array['system_logs']);
    return app.remember('members_repair_data', payload, v_answer || jsonb_build_object('health_score', members.health_of(v_org_id) -> 'health_score'));
end
$$;

comment on function api.members_repair_data(jsonb) is
    'payload {repair: orphaned_reserved_members (they go to the archive), expired_reservations (as tonight''s run) or all}; at most 1000 of each in a call. Logged. Returns {repair, repaired: {kind: how many}, health_score: after it}; again repairs 0. Raises PT403, PT422 (spec: member §5.23, case 153).';
revoke all on function api.members_repair_data(jsonb) from public;
grant execute on function api.members_repair_data(jsonb) to authenticated;
