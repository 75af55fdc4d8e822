-- Whether the caller sees a customer: what policy customers_select says, for definer code.

create or replace function app.may_select_customers(p_org_id uuid, p_customer_id text) returns boolean
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
          and crm.customer_is_readable(
              app.identity_value('permissions'), app.uid(), app.team_ids(), c.owner_ids, c.creator_ids
          )
    )
$$;

comment on function app.may_select_customers(uuid, text) is
    'True when the caller sees this live customer; equal to policy customers_select by test (decisions §5.7).';
revoke all on function app.may_select_customers(uuid, text) from public;
grant execute on function app.may_select_customers(uuid, text) to authenticated, analyst;
