-- Removes what was done.

create or replace function api.kpi_delete_marketing_activity(p_activity_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('marketing_activity_events', 'delete');
    delete from kpi.marketing_activity_events m
    where m.org_id = app.org_id()
      and m.activity_id = p_activity_id
      and (app.can('marketing_activity_events', 'delete', 'all') or (app.can('marketing_activity_events', 'delete', 'own') and m.created_by = app.uid()));
    if not found then
        -- Whoever may remove their own sees all of them.
        if exists (select from kpi.marketing_activity_events m where m.org_id = app.org_id() and m.activity_id = p_activity_id) then
            perform app.fail('PT403', 'permission.denied', 'Whoever recorded an activity changes it.', p_activity_id::text);
        end if;
        perform app.fail('PT404', 'marketing_activity.not_found', 'There is no such activity.', p_activity_id::text);
    end if;
    perform app.emit('marketing_activity_events.deleted', array[p_activity_id::text], array['marketing_activity_events', 'kpi_targets']);
    return jsonb_build_object('activity_id', p_activity_id);
end
$$;

comment on function api.kpi_delete_marketing_activity(bigint) is
    'Returns {activity_id}. Raises PT403 for rows of others, PT404 marketing_activity.not_found (spec: command_center §1.5).';
revoke all on function api.kpi_delete_marketing_activity(bigint) from public;
grant execute on function api.kpi_delete_marketing_activity(bigint) to authenticated;
