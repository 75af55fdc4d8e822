-- Leaves a trace of what happened to a person's log-in, without any secret.

create or replace function app.auth_event(
    p_user_id uuid,
    p_action text,
    p_changed_by uuid,
    p_context jsonb,
    p_details jsonb default null
) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Log-in has nobody to enter as; the audit takes address and agent from the context all the same.
    if p_context is not null then
        perform set_config('pgcrm.context', p_context::text, true);
    end if;
    perform app.audit_event(p.org_id, 'app.credentials', p.user_id::text, p_action, p_changed_by, p_details)
    from app.profiles p
    where p.user_id = p_user_id;
end
$$;

comment on function app.auth_event(uuid, text, uuid, jsonb, jsonb) is
    'Writes an audit event about p_user_id''s log-in; p_changed_by: who did it (null: unknown or the system); p_context: {"ip", "user_agent", "request_id"}, null keeps that of the request that entered; p_details must hold no secret. Unknown people leave none.';
revoke all on function app.auth_event(uuid, text, uuid, jsonb, jsonb) from public;
