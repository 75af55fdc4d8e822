-- Renames or refills one of the caller's saved views, or makes it the default.

create or replace function api.app_change_view(p_view_id bigint, payload jsonb) returns jsonb
language plpgsql
security definer -- of two defaults one ends; reaches helpers that nobody may call
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('view_id', p_view_id, 'changes', payload);
    v_changes jsonb;
    v_answer jsonb;
    v_view app.saved_views;
begin
    perform app.require('saved_views', 'update');
    v_changes := app.draft_saved_view(payload, false);
    v_answer := app.replay('app_change_view', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    select v.* into v_view from app.saved_views v
    where v.org_id = app.org_id() and v.view_id = p_view_id and v.created_by = app.uid();
    if not found then
        perform app.fail('PT404', 'saved_view.not_found', 'You have no such view.', p_view_id::text);
    end if;
    perform app.take_saved_views(v_view.module, case when (v_changes ->> 'is_default')::boolean then p_view_id end);
    if exists (
        select from app.saved_views v
        where v.org_id = v_view.org_id and v.created_by = v_view.created_by and v.module = v_view.module
          and v.view_name = v_changes ->> 'view_name' and v.view_id <> p_view_id
    ) then
        perform app.fail('PT409', 'saved_view.name.duplicate', 'You have a view of this name already.');
    end if;
    update app.saved_views v
    set view_name = coalesce(v_changes ->> 'view_name', v.view_name),
        filter_json = coalesce(v_changes -> 'filter_json', v.filter_json),
        is_default = case when v_changes ? 'is_default' then coalesce((v_changes ->> 'is_default')::boolean, false) else v.is_default end
    where v.org_id = v_view.org_id and v.view_id = p_view_id
    returning v.* into v_view;
    if not found then
        perform app.fail('PT404', 'saved_view.not_found', 'You have no such view.', p_view_id::text);
    end if;
    return app.remember('app_change_view', v_request, to_jsonb(v_view) - 'org_id' - 'created_by');
end
$$;

comment on function api.app_change_view(bigint, jsonb) is
    'payload: any of view_name, filter_json, is_default. Returns the view. Raises PT403, PT404 saved_view.not_found, PT409 saved_view.name.duplicate, PT422 (spec: command_center §2.3, §7).';
revoke all on function api.app_change_view(bigint, jsonb) from public;
grant execute on function api.app_change_view(bigint, jsonb) to authenticated;
