-- Says whether requests to a normal database are approved at once.

create or replace function api.members_set_auto_approve(p_database_id bigint, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: databases are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
begin
    perform app.require('databases', 'update');
    v_wanted := app.read_payload('databases', payload, '{"auto_approve": {"kind": "boolean"}}');
    if not payload ? 'auto_approve' then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            '[{"field": "auto_approve", "code": "databases.auto_approve.required", "message": "is required, null too"}]'
        );
    end if;
    return members.write_auto_approve(p_database_id, (v_wanted ->> 'auto_approve')::boolean, false);
end
$$;

comment on function api.members_set_auto_approve(bigint, jsonb) is
    'payload {auto_approve: true, false or null = as the organisation''s switch says}. Returns {database_id, auto_approve}. Raises PT403, PT404 database.not_found, PT422 (spec: member §5.2, BF-8).';
revoke all on function api.members_set_auto_approve(bigint, jsonb) from public;
grant execute on function api.members_set_auto_approve(bigint, jsonb) to authenticated;
