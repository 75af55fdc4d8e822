-- Dismisses the open alerts about invalid records, and marks left on records that nobody has any more.

create or replace function api.members_dismiss_alerts(p_module text) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records and other people's notifications are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_reach uuid[];
    v_cleared bigint := 0;
    v_resolved bigint;
begin
    perform app.require('records', 'assign');
    v_reach := members.reach_of('assign');
    perform members.check_module(p_module);
    -- Marks of available records belong to no staff: whoever manages all may clear them.
    if v_reach is null then
        update members.records r
        set validation_status = null, validation_reason = null, validated_at = null
        where r.org_id = v_org_id and r.module = p_module and r.status = 'available' and r.validation_status is not null;
        get diagnostics v_cleared = row_count;
    end if;
    if v_reach is null then
        v_resolved := members.resolve_alerts(v_org_id, p_module, null);
    else
        select coalesce(sum(members.resolve_alerts(v_org_id, p_module, s.staff_id)), 0)
        into v_resolved
        from unnest(v_reach) as s (staff_id);
    end if;
    perform app.emit('records.alerts_dismissed', array[p_module], array['records', 'notifications']);
    return jsonb_build_object('cleared_count', v_cleared, 'resolved_count', v_resolved);
end
$$;

comment on function api.members_dismiss_alerts(text) is
    'Returns {cleared_count, resolved_count}: records whose marks were cleared, notifications resolved. Repeating it changes nothing. Raises PT403, PT422 (spec: member §5.10 dismiss, case 97).';
revoke all on function api.members_dismiss_alerts(text) from public;
grant execute on function api.members_dismiss_alerts(text) to authenticated;
