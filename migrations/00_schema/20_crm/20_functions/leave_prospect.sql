-- A prospect whose last lead was handed to somebody else is closed and opens the customer to nobody any more.

create or replace function crm.leave_prospect(p_org_id uuid, p_prospect_id text) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    update crm.prospects p
    set counts = false,
        current_stage = case when p.current_stage in ('Closed Won', 'Closed Lost') then p.current_stage else 'Closed Lost' end
    where p.org_id = p_org_id
      and p.prospect_id = p_prospect_id
      and not exists (
          select
          from crm.leads l
          where l.org_id = p.org_id
            and l.customer_id = p.customer_id
            and l.prospect_id = p.prospect_id
            and coalesce(l.sales_owner_user_id, l.created_by) = p.owner_user_id
      )
$$;

comment on function crm.leave_prospect(uuid, text) is
    'Closes the prospect that a handover left without a lead of its owner; nothing where one is left (spec: command_center §1.2, §3.4, cases 39, 41).';
revoke all on function crm.leave_prospect(uuid, text) from public;
