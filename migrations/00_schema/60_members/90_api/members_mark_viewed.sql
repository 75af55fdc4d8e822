-- The caller has looked at the records of a module.

create or replace function api.members_mark_viewed(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: what was looked at is written by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_page text;
    v_module text;
begin
    perform app.require('databases', 'select');
    v_page := app.read_payload('badges', payload, '{"page": {"kind": "text", "required": true, "maximum": 20}}') ->> 'page';
    v_module := case v_page when 'normal' then 'normal' when 'memberwd' then 'member_wd' when 'bonanza' then 'bonanza' end;
    if v_module is null then
        perform app.fail(
            'PT422', 'request.invalid', 'There is no such page.',
            '[{"field": "page", "code": "badges.page.unknown", "message": "must be normal, memberwd or bonanza"}]'
        );
    end if;
    insert into members.page_views as v (org_id, user_id, module, viewed_at)
    values (app.org_id(), app.uid(), v_module, app.now())
    on conflict on constraint page_views_pkey do update set viewed_at = greatest(v.viewed_at, excluded.viewed_at);
    perform app.emit('page_views.changed', array[app.uid()::text], array['page_views']);
    return jsonb_build_object('page', v_page, 'count', 0);
end
$$;

comment on function api.members_mark_viewed(jsonb) is
    'payload {page: normal, memberwd or bonanza}. Returns {page, count: 0}. Raises PT403, PT422 badges.page.unknown (spec: member §5.22, case 155).';
revoke all on function api.members_mark_viewed(jsonb) from public;
grant execute on function api.members_mark_viewed(jsonb) to authenticated;
