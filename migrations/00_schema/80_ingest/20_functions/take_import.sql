-- Takes an import for work: refuses strangers, and lets one worker at a time have it.

create or replace function ingest.take_import(p_import_id bigint) returns ingest.imports
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_import ingest.imports;
begin
    if app.uid() is null then
        perform app.fail('PT401', 'auth.required', 'Nobody is logged in.');
    end if;

    -- Whoever may import nothing at all is told so, whatever the id (decisions §5.14).
    if app.identity_value('permissions') !~ ' imports\.[a-z_]+:insert:' then
        perform app.fail('PT403', 'permission.denied', 'Your role may not do this.', 'insert on imports');
    end if;

    select i.*
    into v_import
    from ingest.imports i
    where i.org_id = app.org_id()
      and i.import_id = p_import_id
      and (i.uploaded_by = app.uid() or i.module = any (app.managed_modules()));
    if not found then
        perform app.fail('PT404', 'import.not_found', 'There is no such import.', p_import_id::text);
    end if;
    perform app.require('imports.' || v_import.module, 'insert');

    -- The lock, not the status, keeps workers apart: a killed one leaves no lock behind (spec: command_center §2.5).
    perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'import', v_import.org_id, p_import_id), 0));
    select i.* into v_import from ingest.imports i where i.org_id = app.org_id() and i.import_id = p_import_id;
    return v_import;
end
$$;

comment on function ingest.take_import(bigint) is
    'Returns the import under a lock that lasts until the transaction ends. Raises PT401, PT403 permission.denied for roles that import nothing, PT404 import.not_found for all but the uploader and managers of the module (spec: command_center §3.7, case 125).';
revoke all on function ingest.take_import(bigint) from public;
