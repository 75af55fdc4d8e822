-- Deletes a database: it disappears at once, a job removes its rows.

create or replace function api.members_delete_database(p_module text, p_database_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: databases are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_staff uuid[];
begin
    perform app.require('databases', 'delete');
    -- Waits for whoever hands out its records at this moment; who comes later does not find it.
    perform
    from members.databases d
    where d.org_id = app.org_id() and d.database_id = p_database_id and d.module = p_module and d.deleted_at is null
    for update;
    if not found then
        perform app.fail('PT404', 'database.not_found', 'There is no such database.', p_database_id::text);
    end if;
    if exists (
        select
        from members.databases d
        join ingest.imports i on i.org_id = d.org_id and i.import_id = d.import_id
        where d.org_id = app.org_id() and d.database_id = p_database_id and i.status not in ('completed', 'failed')
          -- Of an undone one nothing more is made.
          and i.undone_at is null
    ) then
        perform app.fail(
            'PT409', 'database.importing', 'Its file is still being processed.', p_database_id::text
        );
    end if;

    update members.databases d
    set deleted_at = app.now(), deleted_by = app.uid()
    where d.org_id = app.org_id() and d.database_id = p_database_id;

    -- Nothing is left to decide about.
    update members.download_requests q
    set status = 'rejected', reviewed_at = app.now(), reviewed_by = app.uid()
    where q.org_id = app.org_id() and q.module = p_module and q.database_id = p_database_id and q.status = 'pending';

    perform app.enqueue_job(app.org_id(), 'members.purge_database', p_database_id);

    v_staff := array(
        select p.user_id
        from app.profiles p
        where p.org_id = app.org_id()
          -- Person by person: of whom there are fewer than of records.
          and exists (
              select
              from members.records r
              where r.org_id = p.org_id and r.assigned_to = p.user_id and r.database_id = p_database_id and r.status = 'assigned'
              offset 0
          )
    );
    perform app.notify(v_staff, 'records.recalled', 'Records were taken back', 'members.databases', p_database_id::text);
    perform app.emit('databases.deleted', array[p_database_id::text], array['databases', 'records', 'batches']);
    return jsonb_build_object('database_id', p_database_id);
end
$$;

comment on function api.members_delete_database(text, bigint) is
    'Returns {database_id}. Nobody sees the database, its records and batches any more, open requests are rejected; members.purge_database removes them. Raises PT403, PT404 database.not_found, PT409 database.importing (spec: member §5.10, case 101, LD-16; decisions §3).';
revoke all on function api.members_delete_database(text, bigint) from public;
grant execute on function api.members_delete_database(text, bigint) to authenticated;
