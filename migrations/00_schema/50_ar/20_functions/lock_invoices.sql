-- The organisation's lock for invoices: many single operations at once, or one chunk of a file.

create or replace function ar.lock_invoices(p_org_id uuid, p_alone boolean) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_alone then
        perform pg_advisory_xact_lock(hashtextextended('invoices|' || p_org_id, 0));
    else
        perform pg_advisory_xact_lock_shared(hashtextextended('invoices|' || p_org_id, 0));
    end if;
end
$$;

comment on function ar.lock_invoices(uuid, boolean) is 'Until the transaction ends. p_alone: for a chunk of a file (design §3).';
revoke all on function ar.lock_invoices(uuid, boolean) from public;
