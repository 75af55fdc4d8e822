-- Lets the planner know of rows that a load has just added, before it plans the next part of it.

create or replace function ingest.renew_statistics() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Autovacuum looks once a minute; a file of fifty thousand rows is done by then, planned as if for an empty
    -- table. Doubling bounds how often this runs, however long the load.
    if exists (
        select
        from pg_class c
        where c.oid in (
            'ingest.import_rows'::regclass, 'crm.customers'::regclass, 'crm.customer_keys'::regclass, 'crm.prospects'::regclass,
            'crm.leads'::regclass
        )
          and pg_relation_size(c.oid) / current_setting('block_size')::integer > 2 * c.relpages + 8
    ) then
        analyze ingest.import_rows, crm.customers, crm.customer_keys, crm.contacts, crm.prospects, crm.leads;
    end if;
end
$$;

comment on function ingest.renew_statistics() is
    'Analyzes import rows, customers, keys, contacts, prospects and leads when one of them has doubled since it was last analyzed.';
revoke all on function ingest.renew_statistics() from public;
