-- Which events a person may hear of: those about resources that they may read.

create or replace function api.app_event_access() returns jsonb
language plpgsql
stable
security definer -- reads the caller's permissions
set search_path = pg_catalog, pg_temp
as $$
begin
    if app.uid() is null then
        perform app.fail('PT401', 'auth.required', 'Nobody is logged in.');
    end if;

    return jsonb_build_object(
        'org_id', app.org_id(),
        'resources', coalesce(
            (
                select jsonb_agg(distinct m[1])
                from regexp_matches(app.identity_value('permissions'), ' ([a-z_.]+):select:', 'g') m
            ),
            '[]'
        )
    );
end
$$;

comment on function api.app_event_access() is
    'The caller''s organisation and the resources of which they may read any rows: {org_id, resources}. What a stream of events lets through; it asks again every half minute. Raises PT401 auth.required. Rule: design §8.';
revoke all on function api.app_event_access() from public;
grant execute on function api.app_event_access() to authenticated;
