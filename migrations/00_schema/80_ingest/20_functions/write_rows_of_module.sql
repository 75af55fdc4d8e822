-- Writes a chunk of rows by the rules of their module.

create or replace function ingest.write_rows_of_module(p_import ingest.imports, p_actor jsonb, p_rows ingest.module_row[])
returns ingest.row_outcome[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    return case (p_import).module
        when 'invoices' then ingest.write_invoices(p_import, p_actor, p_rows)
        when 'payments' then ingest.write_payments(p_import, p_actor, p_rows)
        when 'customers' then ingest.write_customers(p_import, p_actor, p_rows)
        when 'contacts' then ingest.write_contacts(p_import, p_actor, p_rows)
        when 'marketing_spend' then ingest.write_marketing_spend(p_import, p_rows)
        when 'marketing_activities' then ingest.write_marketing_activities(p_import, p_rows)
        when 'kpi_entries' then ingest.write_kpi_entries(p_import, p_actor, p_rows)
    end;
end
$$;

comment on function ingest.write_rows_of_module(ingest.imports, jsonb, ingest.module_row[]) is
    'p_actor: crm.lead_rules() of the uploader. Returns the outcome of each row (design §7).';
revoke all on function ingest.write_rows_of_module(ingest.imports, jsonb, ingest.module_row[]) from public;
