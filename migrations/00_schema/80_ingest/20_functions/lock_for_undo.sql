-- Locks an organisation's matter for a chunk of an undo, as whoever processes a file of that module does.

create or replace function ingest.lock_for_undo(p_import ingest.imports) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := p_import.org_id;
begin
    if p_import.module in ('leads', 'customers', 'contacts') then
        perform pg_advisory_xact_lock(hashtextextended('customers|' || v_org_id, 0));
    elsif p_import.module in ('invoices', 'payments') then
        perform ar.lock_invoices(v_org_id, true);
    elsif p_import.module = 'member_records' then
        perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'member_records', v_org_id, p_import.target_key), 0));
        -- No reservation changes between looking at its customer's records and removing them.
        perform members.lock_reservations(v_org_id, false);
    else
        perform pg_advisory_xact_lock(hashtextextended('kpi|' || v_org_id, 0));
    end if;
end
$$;

comment on function ingest.lock_for_undo(ingest.imports) is
    'Until the transaction ends. Those who work on single rows without such a lock are met at the rows (design §3).';
revoke all on function ingest.lock_for_undo(ingest.imports) from public;
