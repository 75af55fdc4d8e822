-- Goes through the three ways in which requests to a normal database are approved.

create or replace function api.members_toggle_auto_approve(p_database_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: databases are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_answer jsonb;
begin
    perform app.require('databases', 'update');
    v_answer := app.replay('members_toggle_auto_approve', to_jsonb(p_database_id));
    if v_answer is not null then
        return v_answer;
    end if;
    return app.remember(
        'members_toggle_auto_approve', to_jsonb(p_database_id), members.write_auto_approve(p_database_id, null, true)
    );
end
$$;

comment on function api.members_toggle_auto_approve(bigint) is
    'From null to true, from true to false, from false to null. Returns {database_id, auto_approve}. Raises PT403, PT404 database.not_found (spec: member §5.2, BF-8).';
revoke all on function api.members_toggle_auto_approve(bigint) from public;
grant execute on function api.members_toggle_auto_approve(bigint) to authenticated;
