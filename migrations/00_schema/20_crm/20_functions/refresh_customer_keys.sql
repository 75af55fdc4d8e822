-- Makes the keys of customers equal to what the customers and their contacts say.

create or replace function crm.refresh_customer_keys(p_org_id uuid, p_customer_ids text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    with wanted as (
        select c.org_id, k.kind, k.key, c.customer_id
        from crm.customers c
        cross join lateral (
            values ('npwp', c.npwp_key), ('email', c.email_key), ('phone', c.phone_key), ('company', c.company_key)
        ) as k (kind, key)
        where c.org_id = p_org_id and c.customer_id = any (p_customer_ids) and c.deleted_at is null and k.key is not null
        union
        select c.org_id, k.kind, k.key, c.customer_id
        from crm.contacts t
        join crm.customers c on c.org_id = t.org_id and c.customer_id = t.customer_id and c.deleted_at is null
        cross join lateral (values ('email', t.email_key), ('phone', t.phone_key), ('phone', t.mobile_key)) as k (kind, key)
        where t.org_id = p_org_id and t.customer_id = any (p_customer_ids) and k.key is not null
    ),
    removed as (
        delete from crm.customer_keys k
        where k.org_id = p_org_id
          and k.customer_id = any (p_customer_ids)
          and not exists (select from wanted w where w.kind = k.kind and w.key = k.key and w.customer_id = k.customer_id)
    )
    insert into crm.customer_keys (org_id, kind, key, customer_id)
    select w.org_id, w.kind, w.key, w.customer_id from wanted w
    on conflict on constraint customer_keys_pkey do nothing;
end
$$;

comment on function crm.refresh_customer_keys(uuid, text[]) is
    'Rewrites crm.customer_keys of these customers where they differ (decisions §1.3).';
revoke all on function crm.refresh_customer_keys(uuid, text[]) from public;
