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
    v_first timestamptz[];
begin
    perform app.require(p_resource, p_action);
    -- One after the other for each person: twenty are twenty, however many ask at once.
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'download', app.org_id(), app.uid()), 0));
    delete from app.download_tokens d where d.org_id = app.org_id() and d.user_id = app.uid() and d.expires_at <= app.now();
    v_first := array(
        select d.expires_at from app.download_tokens d where d.org_id = app.org_id() and d.user_id = app.uid() order by d.expires_at
    );
    if cardinality(v_first) >= 20 then
        perform app.fail(
            'PT429', 'download.too_many', 'Twenty links wait to be used.',
            greatest(1, ceil(extract(epoch from v_first[1] - app.now())))::integer::text
        );
    end if;
    -- The token is the caller's word for who they are, for a minute; what it opens asks for the permission once more.
    insert into app.download_tokens (token_hash, target_hash, org_id, user_id, created_at, expires_at)
    values (p_token_hash, p_target_hash, app.org_id(), app.uid(), app.now(), v_expires_at);
    return jsonb_build_object('expires_at', v_expires_at);
end
$$;

comment on function api.app_create_download_token(text, text, bytea, bytea) is
    'p_resource and p_action: what the permission matrix is asked; p_token_hash: SHA-256 of a random token; p_target_hash: SHA-256 of path and query. Returns {expires_at}: 60 seconds from now. Not idempotent on purpose: a stored answer would keep what opens the export, and a second token harms nobody; a person has twenty at most that wait. Raises PT401, PT403, PT429 download.too_many; detail: seconds until one expires (member case 159, BF-38).';
revoke all on function api.app_create_download_token(text, text, bytea, bytea) from public;
grant execute on function api.app_create_download_token(text, text, bytea, bytea) to authenticated;
