-- Tells those who look after a staff how many invalid records wait for them.

create or replace function members.alert_invalid(p_org_id uuid, p_module text, p_staff_id uuid) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_total bigint;
begin
    select count(*)
    into v_total
    from members.records r
    where r.org_id = p_org_id
      and r.assigned_to = p_staff_id
      and r.module = p_module
      and r.status = 'assigned'
      and r.validation_status = 'invalid';

    -- One open alert a staff, with the newest number.
    perform members.resolve_alerts(p_org_id, p_module, p_staff_id);
    if v_total > 0 then
        perform app.notify(
            members.admins_of(p_staff_id),
            members.alert_topic(p_module),
            format('%s invalid records wait to be processed', v_total),
            'app.profiles',
            p_staff_id::text,
            jsonb_build_object('module', p_module, 'staff_id', p_staff_id, 'total_invalid', v_total)
        );
    end if;
end
$$;

comment on function members.alert_invalid(uuid, text, uuid) is
    'Leaves one open notification with {module, staff_id, total_invalid} to each of members.admins_of, none when nothing is invalid (spec: member §5.10 validate, case 88).';
revoke all on function members.alert_invalid(uuid, text, uuid) from public;
