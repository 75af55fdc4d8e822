-- Checks the data, writes down what it found, and tells those who look after them.

create or replace function members.check_health(p_org_id uuid, p_by uuid) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_config jsonb := members.monitoring_config(p_org_id);
    v_health jsonb := members.health_of(p_org_id);
    v_topic text;
    v_told integer := 0;
    v_answer jsonb;
begin
    v_topic := case
        when (v_health ->> 'critical_issues')::integer > 0 and (v_config ->> 'notify_on_critical')::boolean then 'data_health_critical'
        when (v_health ->> 'medium_issues')::integer > 0 and (v_health ->> 'health_score')::integer < 80
            and (v_config ->> 'notify_on_warning')::boolean then 'data_health_warning'
    end;
    -- What was said before is no longer the newest.
    update app.notifications n
    set resolved_at = app.now()
    where n.org_id = p_org_id and n.topic in ('data_health_critical', 'data_health_warning') and n.resolved_at is null;

    if v_topic is not null then
        insert into app.notifications (org_id, user_id, topic, title, data)
        select
            p.org_id, p.user_id, v_topic, format('The data''s health is %s of 100', v_health ->> 'health_score'),
            v_health - '{issues,warnings,status}'::text[]
        from app.profiles p
        where p.org_id = p_org_id and p.is_active
          and exists (
              select
              from app.role_permissions w
              where w.role_key = p.role_key and w.resource = 'data_sync' and w.action = 'manage'
          );
        get diagnostics v_told = row_count;
        perform app.emit_for(p_org_id, 'data_sync.checked', array[p_org_id::text], array['notifications', 'system_logs']);
    end if;
    v_answer := v_health - '{issues,warnings,status}'::text[] || jsonb_build_object('notifications_sent', v_told);
    insert into members.system_logs (org_id, type, payload, performed_by, performed_at)
    values (p_org_id, 'proactive_health_check', v_answer, p_by, app.now());
    return v_answer;
end
$$;

comment on function members.check_health(uuid, uuid) is
    'p_by: null = the clock. Returns {health_score, issues_found, critical_issues, medium_issues, warnings_found, notifications_sent}. Everybody who may repair is told when there is a high issue, or a medium one at a score below 80, where the settings say so; warnings alone are told nobody (spec: member §5.23, case 152, BF-42).';
revoke all on function members.check_health(uuid, uuid) from public;
