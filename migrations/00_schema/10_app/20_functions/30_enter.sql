-- A request enters once: looks the person up and keeps who they are until the transaction ends.

create or replace function app.enter(p_sub uuid, p_context jsonb default '{}') returns void
language plpgsql
security definer -- reads profiles and roles before anybody is known
set search_path = pg_catalog, pg_temp
as $$
declare
    v_person record;
begin
    select * into v_person from app.identity_of(p_sub);
    if not found then
        perform app.fail('PT401', 'auth.unknown_user', 'This person or organisation is not active here.');
    end if;

    -- Transaction-local, so that a pooled connection carries nobody into the next request (pain 17).
    perform
        set_config('pgcrm.uid', v_person.user_id::text, true),
        set_config('pgcrm.org_id', v_person.org_id::text, true),
        set_config('pgcrm.role_key', v_person.role_key, true),
        set_config('pgcrm.dept_code', v_person.dept_code, true),
        set_config('pgcrm.team_ids', v_person.team_ids::text, true),
        set_config('pgcrm.permissions', v_person.permission_list, true),
        set_config('pgcrm.context', coalesce(p_context, '{}')::text, true),
        set_config('pgcrm.replayed', '', true);
end
$$;

comment on function app.enter(uuid, jsonb) is
    'Gateways only. p_sub: user id of a verified token; p_context: {idempotency_key, request_id, ip, user_agent}, never identity. Raises PT401 auth.unknown_user for a person or organisation that is unknown or inactive. Follow with `set local role authenticated` (decisions §5.11).';
revoke all on function app.enter(uuid, jsonb) from public;
-- pgcrm_bff inherits nothing, so it is named.
grant execute on function app.enter(uuid, jsonb) to pgcrm_gateway, pgcrm_bff;
