-- A setting of the caller's organisation, or its default.

create or replace function app.setting(p_key text) returns jsonb
language plpgsql
stable
security definer -- rules need settings whoever is asking
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.setting_of(app.org_id(), p_key);
end
$$;

comment on function app.setting(text) is
    'Value of a setting (jsonb) in the caller''s organisation, or its default (decisions §4).';
revoke all on function app.setting(text) from public;
grant execute on function app.setting(text) to authenticated, analyst;
