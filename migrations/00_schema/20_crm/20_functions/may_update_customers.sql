-- Whether the caller may change a customer: what policy customers_update says, for definer code.

create or replace function app.may_update_customers(p_org_id uuid, p_customer_id text) returns boolean
language sql
stable
security definer -- answers for the caller about a row that the caller may not be able to read
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select
        from crm.customers c
        where c.org_id = p_org_id
          and c.org_id = app.org_id()
          and c.customer_id = p_customer_id
          and c.deleted_at is null
          and (
              app.can('customers', 'update', 'all')
              or (app.can('customers', 'update', 'team') and c.owner_ids && app.team_ids())
              or (app.can('customers', 'update', 'own') and c.owner_ids && array[app.uid()])
              or (app.can('customers', 'update', 'pipeline') and c.owner_ids <> '{}')
          )
    )
$$;

comment on function app.may_update_customers(uuid, text) is
    'True when the caller may change this live customer; equal to policy customers_update by test (decisions §5.7).';
revoke all on function app.may_update_customers(uuid, text) from public;
grant execute on function app.may_update_customers(uuid, text) to authenticated, analyst;
