-- Takes a customer whose people somebody changes: locked, and visible to them.

create or replace function crm.take_customer(p_customer_id text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Of two who make somebody primary at once the second waits here.
    perform from crm.customers c where c.org_id = app.org_id() and c.customer_id = p_customer_id for no key update;
    if not app.may_select_customers(app.org_id(), p_customer_id) then
        perform app.fail('PT404', 'customer.not_found', 'There is no such customer.', left(p_customer_id, 100));
    end if;
end
$$;

comment on function crm.take_customer(text) is
    'Locks the customer until the transaction ends. Raises PT404 customer.not_found for one that the caller does not see (decisions §5.9, §5.14).';
revoke all on function crm.take_customer(text) from public;
