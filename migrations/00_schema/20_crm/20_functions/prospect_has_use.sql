-- Whether a prospect is still pursued by its owner for another lead, or has work in it.

create or replace function crm.prospect_has_use(p_org_id uuid, p_prospect_id text, p_beside_lead_id text) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select
        from crm.prospects p
        join crm.leads l on l.org_id = p.org_id and l.customer_id = p.customer_id and l.prospect_id = p.prospect_id
        where p.org_id = p_org_id
          and p.prospect_id = p_prospect_id
          and l.lead_id <> p_beside_lead_id
          -- A lead is pursued by its owner, and by its creator until it has one.
          and coalesce(l.sales_owner_user_id, l.created_by) = p.owner_user_id
    )
    or exists (select from crm.activities a where a.org_id = p_org_id and a.prospect_id = p_prospect_id)
$$;

comment on function crm.prospect_has_use(uuid, text, text) is
    'True when a lead other than p_beside_lead_id is pursued by the prospect''s owner, or something was done (spec: command_center §3.4).';
revoke all on function crm.prospect_has_use(uuid, text, text) from public;
