-- Finds a database for a mutation and keeps it from being deleted meanwhile.

create or replace function members.take_database(p_module text, p_database_id bigint) returns members.databases
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_database members.databases;
begin
    select d.*
    into v_database
    from members.databases d
    where d.org_id = app.org_id() and d.database_id = p_database_id and d.module = p_module and d.deleted_at is null
    for key share;
    if not found then
        perform app.fail('PT404', 'database.not_found', 'There is no such database.', p_database_id::text);
    end if;
    return v_database;
end
$$;

comment on function members.take_database(text, bigint) is
    'The live database of the caller''s organisation and p_module. Raises PT404 database.not_found.';
revoke all on function members.take_database(text, bigint) from public;
