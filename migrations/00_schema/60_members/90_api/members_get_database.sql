-- One database with its counts and its first rows.

create or replace function api.members_get_database(p_module text, p_database_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_database jsonb;
begin
    perform app.require('databases', 'select');
    select (to_jsonb(d) - 'org_id') || to_jsonb(c) || jsonb_build_object('preview', members.preview_of(p_module, d.database_id))
    into v_database
    from api.databases d
    cross join lateral members.counts_of(array[d.database_id]) c
    where d.database_id = p_database_id and d.module = p_module;
    if v_database is null then
        perform app.fail('PT404', 'database.not_found', 'There is no such database.', p_database_id::text);
    end if;
    return v_database;
end
$$;

comment on function api.members_get_database(text, bigint) is
    'Returns the row of api.databases with the counts of members.counts_of and a preview of five rows. Raises PT401, PT403, PT404 database.not_found (spec: member §8).';
revoke all on function api.members_get_database(text, bigint) from public;
grant execute on function api.members_get_database(text, bigint) to authenticated;
