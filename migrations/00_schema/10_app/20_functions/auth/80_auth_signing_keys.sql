-- The keys of access tokens; the first process that finds none that signs brings one.

create or replace function app.auth_signing_keys(p_kid text default null, p_private_key bytea default null) returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_kid is not null then
        -- Several processes start at once: one of them brings the key, the others take it.
        perform pg_advisory_xact_lock(hashtextextended('app.signing_keys', 0));
        if not exists (select from app.signing_keys k where k.retires_at > app.now()) then
            insert into app.signing_keys (kid, algorithm, private_key, created_at, retires_at)
            values (p_kid, 'EdDSA', p_private_key, app.now(), app.now() + (app.auth_limits()).key_time);
            delete from app.signing_keys k where k.retires_at <= app.now() - interval '1 day';
        end if;
    end if;

    return (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'kid', k.kid,
                    'algorithm', k.algorithm,
                    'private_key', encode(k.private_key, 'hex'),
                    'signs', k.retires_at > app.now()
                )
                order by k.created_at desc, k.kid
            ),
            '[]'
        )
        from app.signing_keys k
        where k.retires_at > app.now() - interval '1 day'
    );
end
$$;

comment on function app.auth_signing_keys(text, bytea) is
    'Keys that verify, newest first: [{kid, algorithm, private_key (hex), signs}]. With p_kid and p_private_key (32 bytes of Ed25519) that key joins them if none signs any more.';
revoke all on function app.auth_signing_keys(text, bytea) from public;
grant execute on function app.auth_signing_keys(text, bytea) to pgcrm_gateway, pgcrm_bff;
