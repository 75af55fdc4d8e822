-- Takes a lead for somebody who hands it over: locked, and within the scope in which they may assign.

create or replace function crm.take_lead(p_lead_id text) returns crm.leads
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_lead crm.leads;
begin
    -- The organisation's lock, then the customer, then the lead (design §3): whoever creates a lead of this customer
    -- holds the customer while prospects are found or made.
    perform pg_advisory_xact_lock_shared(hashtextextended('customers|' || v_org_id, 0));
    perform
    from crm.customers c
    where c.org_id = v_org_id
      and c.customer_id = (select l.customer_id from crm.leads l where l.org_id = v_org_id and l.lead_id = p_lead_id)
    for no key update;

    -- What it is now: somebody may have handed it over while we waited.
    select l.*
    into v_lead
    from crm.leads l
    where l.org_id = v_org_id
      and l.lead_id = p_lead_id
    for no key update;

    if v_lead.lead_id is null or not (
        app.can('leads', 'assign', 'all')
        or (app.can('leads', 'assign', 'team') and coalesce(v_lead.sales_owner_user_id = any (app.team_ids()), false))
        or (
            app.can('leads', 'assign', 'team_unowned')
            and v_lead.sales_owner_user_id is null
            and v_lead.created_by = any (app.team_ids())
        )
    ) then
        perform app.fail('PT404', 'lead.not_found', 'There is no such lead.', left(p_lead_id, 100));
    end if;
    return v_lead;
end
$$;

comment on function crm.take_lead(text) is
    'Returns the lead, locked with its customer until the transaction ends. Raises PT404 lead.not_found for one that the caller may not assign (spec: command_center §3.4, case 43; decisions §5.14).';
revoke all on function crm.take_lead(text) from public;
