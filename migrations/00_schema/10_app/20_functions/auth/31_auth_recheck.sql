-- The first half again, for somebody who is logged in and is about to change how they log in.

create or replace function app.auth_recheck(p_user_id uuid, p_context jsonb default '{}') returns jsonb
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select app.auth_begin(c.email, p_context) from app.credentials c where c.user_id = p_user_id),
        jsonb_build_object('verdict', 'unknown')
    )
$$;

comment on function app.auth_recheck(uuid, jsonb) is
    'app.auth_begin for a person known by id: whoever changes a password or a second factor proves first what log-in asks, under the same limits.';
revoke all on function app.auth_recheck(uuid, jsonb) from public;
grant execute on function app.auth_recheck(uuid, jsonb) to pgcrm_gateway, pgcrm_bff;
