-- An audit entry for something that is no row image: log-ins, refusals, changed secrets.

create or replace function app.audit_event(
    p_org_id uuid,
    p_table text,
    p_record_id text,
    p_action text,
    p_changed_by uuid,
    p_details jsonb default null
) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into app.audit_logs (
        org_id, table_name, record_id, action, changed_by, after_data, request_id, ip_address, user_agent
    )
    values (
        p_org_id,
        p_table,
        p_record_id,
        p_action,
        p_changed_by,
        p_details,
        app.request_context('request_id'),
        app.request_address(),
        app.request_context('user_agent')
    )
$$;

comment on function app.audit_event(uuid, text, text, text, uuid, jsonb) is
    'Writes one audit entry; p_details must hold no secret (design §5: secrets are never audited by image).';
revoke all on function app.audit_event(uuid, text, text, text, uuid, jsonb) from public;
