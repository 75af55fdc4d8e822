-- A token for one export, for whoever may have that export.

create or replace function api.app_create_download_token(
    p_resource text, p_action text, p_token_hash bytea, p_target_hash bytea
) returns jsonb
language plpgsql
volatile
security definer -- app.download_tokens has no grant
set search_path = pg_catalog, pg_temp
as $$
declare
    v_expires_at constant timestamptz := app.now() + interval '60 seconds';
begin
    perform app.require(p_resource, p_action);
    -- The token is the caller's word for who they are, for a minute; what it opens asks for the permission once more.
    insert into app.download_tokens (token_hash, target_hash, org_id, user_id, created_at, expires_at)
    values (p_token_hash, p_target_hash, app.org_id(), app.uid(), app.now(), v_expires_at);
    return jsonb_build_object('expires_at', v_expires_at);
end
$$;

comment on function api.app_create_download_token(text, text, bytea, bytea) is
    'p_resource and p_action: what the permission matrix is asked; p_token_hash: SHA-256 of a random token; p_target_hash: SHA-256 of path and query. Returns {expires_at}: 60 seconds from now. Not idempotent on purpose: a stored answer would keep what opens the export, and a second token harms nobody. Raises PT401, PT403 (member case 159, BF-38).';
revoke all on function api.app_create_download_token(text, text, bytea, bytea) from public;
grant execute on function api.app_create_download_token(text, text, bytea, bytea) to authenticated;
