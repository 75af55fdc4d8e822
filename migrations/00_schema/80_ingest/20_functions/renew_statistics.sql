-- Lets the planner know of rows that a load has just added, before it plans the next part of it.

create or replace function ingest.renew_statistics(p_tables regclass[]) returns void
language plpgsql
-- A rough picture is enough to find rows by key; a full one took a tenth of a load.
set default_statistics_target = 10
set search_path = pg_catalog, pg_temp
as $$
declare
    v_table regclass;
begin
    -- Autovacuum looks once a minute; a file of fifty thousand rows is done by then, planned as if for an empty
    -- table. Doubling bounds how often this runs, however long the load. Only the columns that find rows: it is
    -- quick, and autovacuum still sees that the others are due.
    for v_table in
        select c.oid
        from pg_class c
        where c.oid = any (p_tables)
          and pg_relation_size(c.oid) / current_setting('block_size')::integer > 2 * c.relpages + 8
    loop
        case v_table
            when 'ingest.import_rows'::regclass then analyze ingest.import_rows (org_id, import_id, row_no, status, row_hash);
            when 'crm.customers'::regclass then analyze crm.customers (org_id, customer_id);
            when 'crm.customer_keys'::regclass then analyze crm.customer_keys (org_id, kind, key, customer_id);
            when 'crm.contacts'::regclass then analyze crm.contacts (org_id, customer_id);
            when 'crm.prospects'::regclass then analyze crm.prospects (org_id, prospect_id, customer_id, owner_user_id);
            when 'ar.invoices'::regclass then analyze ar.invoices (org_id, invoice_id, customer_id, external_no);
            when 'ar.payments'::regclass then analyze ar.payments (org_id, payment_id, invoice_id, reference_no);
            when 'crm.leads'::regclass then analyze crm.leads (org_id, lead_id, customer_id);
        end case;
    end loop;
end
$$;

comment on function ingest.renew_statistics(regclass[]) is
    'Analyzes those of p_tables, tables that imports fill and that this function names, that have doubled since they were last analyzed. Raises 20000 for another table.';
revoke all on function ingest.renew_statistics(regclass[]) from public;
