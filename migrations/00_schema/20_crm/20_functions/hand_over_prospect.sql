-- The prospect of a lead's new owner: their own, the old one handed over, or a new one.

create or replace function crm.hand_over_prospect(p_lead crm.leads, p_new_owner_id uuid) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_prospect_id text;
begin
    -- Both in the order of their keys, before any counter (design §3).
    perform
    from crm.prospects p
    where p.org_id = p_lead.org_id
      and p.customer_id = p_lead.customer_id
      and (p.prospect_id = p_lead.prospect_id or p.owner_user_id = p_new_owner_id)
    order by p.prospect_id
    for no key update;

    -- One per customer and owner: who had lost this customer takes it up again.
    update crm.prospects p
    set counts = true,
        current_stage = case p.current_stage when 'Closed Lost' then 'Nurturing' else p.current_stage end
    where p.org_id = p_lead.org_id
      and p.customer_id = p_lead.customer_id
      and p.owner_user_id = p_new_owner_id
    returning p.prospect_id into v_prospect_id;
    if v_prospect_id is not null then
        return v_prospect_id;
    end if;

    -- Marketing pursues nothing; and of sales goes along what serves this lead alone.
    update crm.prospects p
    set owner_user_id = p_new_owner_id,
        counts = true
    from app.profiles o
    join app.roles r on r.role_key = o.role_key
    where p.org_id = p_lead.org_id
      and p.prospect_id = p_lead.prospect_id
      and o.org_id = p.org_id
      and o.user_id = p.owner_user_id
      and (r.role_group <> 'sales' or not crm.prospect_has_use(p.org_id, p.prospect_id, p_lead.lead_id))
    returning p.prospect_id into v_prospect_id;
    if v_prospect_id is not null then
        return v_prospect_id;
    end if;

    insert into crm.prospects (org_id, customer_id, owner_user_id, created_by)
    values (p_lead.org_id, p_lead.customer_id, p_new_owner_id, app.uid())
    returning prospect_id into v_prospect_id;
    return v_prospect_id;
end
$$;

comment on function crm.hand_over_prospect(crm.leads, uuid) is
    'Returns the prospect_id of the new owner. Callers hold the rows of the customer and the lead (spec: command_center §3.4, cases 39, 57).';
revoke all on function crm.hand_over_prospect(crm.leads, uuid) from public;
