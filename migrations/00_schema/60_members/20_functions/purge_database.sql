-- Removes the next rows of a deleted database, and in the end the database itself.

create or replace function members.purge_database(p_org_id uuid, p_database_id bigint, p_limit integer default 2000) returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[];
    v_deleted_by uuid;
begin
    select d.deleted_by
    into v_deleted_by
    from members.databases d
    where d.org_id = p_org_id and d.database_id = p_database_id and d.deleted_at is not null
    -- Not against foreign keys and those who only make sure that it is still there: they hold records that this waits for.
    for no key update;
    if not found then
        return false;
    end if;

    v_ids := array(
        select k.record_id
        from members.record_keys k
        where k.org_id = p_org_id and k.database_id = p_database_id
        order by k.record_id
        limit p_limit
    );
    if cardinality(v_ids) > 0 then
        -- One entry for the chunk instead of one for each row: who reads the trail wants to know that they went.
        perform set_config('pgcrm.bulk_delete', 'on', true);
        perform members.delete_records(p_org_id, v_ids);
        perform set_config('pgcrm.bulk_delete', '', true);
        perform app.audit_event(
            p_org_id, 'members.records', p_database_id::text, 'DELETE', v_deleted_by,
            jsonb_build_object(
                'database_id', p_database_id, 'records', cardinality(v_ids), 'first_record_id', v_ids[1],
                'last_record_id', v_ids[cardinality(v_ids)]
            )
        );
        return true;
    end if;

    delete from members.download_requests q
    using members.databases d
    where d.org_id = p_org_id and d.database_id = p_database_id
      and q.org_id = d.org_id and q.module = d.module and q.database_id = d.database_id;
    delete from members.batch_titles t where t.org_id = p_org_id and t.database_id = p_database_id;
    delete from members.batches b
    using members.databases d
    where d.org_id = p_org_id and d.database_id = p_database_id
      and b.org_id = d.org_id and b.module = d.module and b.database_id = d.database_id;
    delete from members.record_counts c where c.org_id = p_org_id and c.database_id = p_database_id;
    delete from members.reserved_counts c where c.org_id = p_org_id and c.database_id = p_database_id;
    delete from members.databases d where d.org_id = p_org_id and d.database_id = p_database_id;
    return false;
end
$$;

comment on function members.purge_database(uuid, bigint, integer) is
    'p_limit: records to remove in this call. True while something is left. Does nothing to a database that is not deleted. One audit entry a chunk (spec: member §5.10, LD-16; decisions §3).';
revoke all on function members.purge_database(uuid, bigint, integer) from public;
