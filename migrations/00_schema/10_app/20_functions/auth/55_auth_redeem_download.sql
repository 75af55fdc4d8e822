-- Takes a download token: whoever takes it first has it, and nobody after that.

create or replace function app.auth_redeem_download(p_token_hash bytea, p_target_hash bytea) returns jsonb
language plpgsql
volatile
security definer -- app.download_tokens has no grant
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id uuid;
begin
    -- Of two at once one waits for the other's delete, and finds no row.
    delete from app.download_tokens d
    where d.token_hash = p_token_hash and d.target_hash = p_target_hash and d.expires_at > app.now()
    returning d.user_id into v_user_id;
    if not found then
        return jsonb_build_object('verdict', 'unknown');
    end if;
    return jsonb_build_object('verdict', 'ok', 'user_id', v_user_id);
end
$$;

comment on function app.auth_redeem_download(bytea, bytea) is
    'Gateways only. p_token_hash: SHA-256 of the token; p_target_hash: of the path and query that are asked for, as api.app_create_download_token was told. Returns {verdict: ok, user_id}, or {verdict: unknown} for a token that never was, was used, has expired or is for something else. Whether the person is still active is decided by app.enter (member case 159, BF-38).';
revoke all on function app.auth_redeem_download(bytea, bytea) from public;
grant execute on function app.auth_redeem_download(bytea, bytea) to pgcrm_gateway, pgcrm_bff;
