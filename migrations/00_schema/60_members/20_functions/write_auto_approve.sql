-- Sets or advances whether requests to a normal database are approved at once.

create or replace function members.write_auto_approve(p_database_id bigint, p_auto_approve boolean, p_next boolean) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_database members.databases;
begin
    update members.databases d
    set auto_approve = case
        when not p_next then p_auto_approve
        when d.auto_approve is null then true
        when d.auto_approve then false
    end
    where d.org_id = app.org_id() and d.database_id = p_database_id and d.module = 'normal' and d.deleted_at is null
    returning d.* into v_database;
    if not found then
        perform app.fail('PT404', 'database.not_found', 'There is no such database.', p_database_id::text);
    end if;
    perform app.emit('databases.changed', array[p_database_id::text], array['databases']);
    return jsonb_build_object('database_id', p_database_id, 'auto_approve', v_database.auto_approve);
end
$$;

comment on function members.write_auto_approve(bigint, boolean, boolean) is
    'p_next: true = null -> true -> false -> null instead of p_auto_approve. Raises PT404 database.not_found (spec: member §5.2).';
revoke all on function members.write_auto_approve(bigint, boolean, boolean) from public;
