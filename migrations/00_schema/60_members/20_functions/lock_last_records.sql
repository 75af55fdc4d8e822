-- Puts those who choose records by hand and those who are after the last ones of a database in a row.

create or replace function members.lock_last_records(p_org_id uuid, p_database_ids bigint[], p_alone boolean) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Both wait for records while they hold some, in different orders: without this they would wait for each other.
    perform case
        when p_alone then pg_advisory_xact_lock(k.key)
        else pg_advisory_xact_lock_shared(k.key)
    end
    from (
        select hashtextextended(concat_ws('|', 'last_records', p_org_id, d.database_id), 0) as key
        from (select distinct i from unnest(p_database_ids) i order by i) as d (database_id)
        order by d.database_id
        offset 0
    ) k;
end
$$;

comment on function members.lock_last_records(uuid, bigint[], boolean) is
    'p_alone: true for whoever waits for all records that others hold, false for those who hold records of their choice. Before any available record is locked; held until the transaction ends (decisions §3).';
revoke all on function members.lock_last_records(uuid, bigint[], boolean) from public;
