-- Takes back the database that an import of members made, once no record is left in it.

create or replace function ingest.undo_database(p_import ingest.imports, out removed bigint, out refused bigint)
language plpgsql
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := p_import.org_id;
    v_database members.databases;
begin
    removed := 0;
    refused := 0;
    -- Waits for whoever is handing out its records; who comes later does not find it.
    select d.*
    into v_database
    from members.databases d
    where d.org_id = v_org_id and d.import_id = p_import.import_id and d.deleted_at is null
    for update;
    -- A record that stays keeps its database.
    if not found or exists (
        select
        from members.records r
        where r.org_id = v_org_id and r.module = v_database.module and r.database_id = v_database.database_id
    ) then
        return;
    end if;

    select t.refused
    into refused
    from ingest.refuse_touched(
        p_import, 'members.databases', array[v_database.database_id::text], '{null}'::bigint[],
        array(
            select v_database.database_id::text
            where exists (
                select
                from members.batches k
                where k.org_id = v_org_id and k.module = v_database.module and k.database_id = v_database.database_id
            )
            or exists (
                select
                from members.download_requests k
                where k.org_id = v_org_id and k.module = v_database.module and k.database_id = v_database.database_id
            )
            or exists (select from members.batch_titles k where k.org_id = v_org_id and k.database_id = v_database.database_id)
            or exists (select from members.legacy_databases k where k.org_id = v_org_id and k.database_id = v_database.database_id)
        )
    ) t;
    if refused > 0 then
        return;
    end if;
    delete from members.record_counts c where c.org_id = v_org_id and c.database_id = v_database.database_id;
    delete from members.reserved_counts c where c.org_id = v_org_id and c.database_id = v_database.database_id;
    delete from members.databases d where d.org_id = v_org_id and d.database_id = v_database.database_id;
    get diagnostics removed = row_count;
end
$$;

comment on function ingest.undo_database(ingest.imports) is
    'Removes the database of an import when all its records are gone; where somebody has changed it, or batches or requests of it are on record, it stays and is written down. Returns rows of tables. Callers hold no lock on records. Rule: decisions §3, undo.';
revoke all on function ingest.undo_database(ingest.imports) from public;
