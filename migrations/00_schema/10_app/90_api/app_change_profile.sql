-- Changes what people change of themselves.

create or replace function api.app_change_profile(payload jsonb) returns jsonb
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select api.app_update_user(app.uid(), payload)
$$;

comment on function api.app_change_profile(jsonb) is
    'payload {full_name}. Returns the profile. Raises what api.app_update_user raises (spec: member §8 auth).';
revoke all on function api.app_change_profile(jsonb) from public;
grant execute on function api.app_change_profile(jsonb) to authenticated;
