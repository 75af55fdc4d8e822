-- Keeps a filter under a name.

create or replace function api.app_save_view(payload jsonb) returns jsonb
language plpgsql
security definer -- saved views are inserted by functions alone (decisions §5.8)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_answer jsonb;
    v_view app.saved_views;
begin
    perform app.require('saved_views', 'insert');
    v_wanted := app.draft_saved_view(payload, true);
    v_answer := app.replay('app_save_view', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    perform app.take_saved_views(v_wanted ->> 'module', case when (v_wanted ->> 'is_default')::boolean then 0 end);
    if (select count(*) from app.saved_views v where v.org_id = app.org_id() and v.created_by = app.uid() and v.module = v_wanted ->> 'module') >= 100 then
        perform app.fail('PT409', 'saved_view.too_many', 'You have a hundred views of this module; delete some first.');
    end if;
    insert into app.saved_views (org_id, module, view_name, filter_json, is_default, created_by)
    values (
        app.org_id(), v_wanted ->> 'module', v_wanted ->> 'view_name', coalesce(v_wanted -> 'filter_json', '{}'),
        coalesce((v_wanted ->> 'is_default')::boolean, false), app.uid()
    )
    on conflict on constraint saved_views_name_key do nothing
    returning * into v_view;
    if not found then
        perform app.fail('PT409', 'saved_view.name.duplicate', 'You have a view of this name already.');
    end if;
    return app.remember('app_save_view', payload, to_jsonb(v_view) - 'org_id' - 'created_by');
end
$$;

comment on function api.app_save_view(jsonb) is
    'payload {module, view_name, filter_json: an object, is_default: ends it for the one that was}. Returns the view. Raises PT403, PT409 saved_view.name.duplicate or saved_view.too_many, PT422 (spec: command_center §2.3, §7).';
revoke all on function api.app_save_view(jsonb) from public;
grant execute on function api.app_save_view(jsonb) to authenticated;
