-- Prospects as people read them.

create view api.prospects with (security_invoker = true) as
select
    p.org_id,
    p.prospect_id,
    -- As in api.leads: only for those who can read the customer (decisions §5.1).
    c.customer_id,
    c.company_name,
    p.owner_user_id,
    p.current_stage,
    p.closed_at,
    p.source_import_id,
    p.created_by,
    p.created_at,
    p.updated_at
from crm.prospects p
left join crm.customers c on c.org_id = p.org_id and c.customer_id = p.customer_id
where p.org_id = (select app.org_id());

comment on view api.prospects is
    'Prospects that the reader may see; customer columns are null where the reader cannot read the customer (decisions §5.1).';
revoke all on api.prospects from public;
grant select on api.prospects to authenticated, analyst;
