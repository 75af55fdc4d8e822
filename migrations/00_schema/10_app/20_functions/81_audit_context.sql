-- What every entry of the audit trail says about the request it belongs to, read at once.

create or replace function app.audit_context(
    out changed_by uuid,
    out import_id bigint,
    out request_id text,
    out ip_address inet,
    out user_agent text
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_context jsonb;
begin
    changed_by := app.uid();
    import_id := nullif(current_setting('pgcrm.import_id', true), '')::bigint;
    -- As in app.request_context: only a gateway's word counts.
    if app.is_gateway() then
        v_context := nullif(current_setting('pgcrm.context', true), '')::jsonb;
    end if;
    request_id := v_context ->> 'request_id';
    if request_id is not null then
        ip_address := app.parse_address(v_context ->> 'ip');
        user_agent := v_context ->> 'user_agent';
    end if;
end
$$;

comment on function app.audit_context() is
    'Columns of app.audit_logs: changed_by (null: the system), import_id of the running import, and where the request came from (spec: command_center §3.5).';
revoke all on function app.audit_context() from public;
