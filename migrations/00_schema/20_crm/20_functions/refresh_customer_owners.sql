-- Makes owner_ids of customers equal to what counting leads and prospects say.

create or replace function crm.refresh_customer_owners(p_org_id uuid, p_customer_ids text[]) returns void
language plpgsql
-- As in crm.match_customers: by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    update crm.customers c
    set owner_ids = found.owner_ids
    from (
        select
            t.customer_id,
            array(
                select l.sales_owner_user_id
                from crm.leads l
                where l.org_id = p_org_id and l.customer_id = t.customer_id and l.counts
                  and l.sales_owner_user_id is not null
                union
                -- A prospect counts for people with a sales role only (spec: command_center §1.2).
                select p.owner_user_id
                from crm.prospects p
                join app.profiles o on o.org_id = p.org_id and o.user_id = p.owner_user_id
                join app.roles r on r.role_key = o.role_key and r.role_group = 'sales'
                where p.org_id = p_org_id and p.customer_id = t.customer_id and p.counts
                order by 1
            ) as owner_ids
        from unnest(p_customer_ids) as t (customer_id)
    ) found
    where c.org_id = p_org_id
      and c.customer_id = any (p_customer_ids)
      and c.customer_id = found.customer_id
      and c.owner_ids <> found.owner_ids;
end
$$;

comment on function crm.refresh_customer_owners(uuid, text[]) is
    'Rewrites owner_ids of these customers where they differ; sorted, so that equal sets are equal arrays (spec: command_center §1.2, decisions D1).';
revoke all on function crm.refresh_customer_owners(uuid, text[]) from public;
