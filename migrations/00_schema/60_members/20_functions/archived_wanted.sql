-- Reads the body of requests about archived records.

create or replace function members.archived_wanted(p_module text, p_payload jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform members.check_module(p_module);
    return app.read_payload(
        'records', p_payload, '{"record_ids": {"kind": "ids", "required": true, "minimum": 1, "maximum": 1000}}'
    );
end
$$;

comment on function members.archived_wanted(text, jsonb) is 'Returns {record_ids}. Raises PT422.';
revoke all on function members.archived_wanted(text, jsonb) from public;
