-- Makes the keys of customers equal to what the customers and their contacts say.

create or replace function crm.refresh_customer_keys(
    p_org_id uuid,
    p_customer_ids text[],
    p_former crm.customer_keys[]
) returns void
language plpgsql
-- As in crm.match_customers: by key, whatever the statistics say.
set enable_seqscan = off
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
    -- An index by customer would be written for every key of every new customer, to be read here alone.
    doubtful as (
        select f.kind, f.key, f.customer_id from unnest(p_former) f
        union
        -- A customer that is deleted takes the keys of its contacts along.
        select k.kind, k.key, t.customer_id
        from crm.contacts t
        cross join lateral (values ('email', t.email_key), ('phone', t.phone_key), ('phone', t.mobile_key)) as k (kind, key)
        where t.org_id = p_org_id and t.customer_id = any (p_customer_ids) and k.key is not null
    ),
    removed as (
        delete from crm.customer_keys k
        using doubtful d
        where k.org_id = p_org_id
          and k.kind = d.kind and k.key = d.key and k.customer_id = d.customer_id
          and not exists (select from wanted w where w.kind = d.kind and w.key = d.key and w.customer_id = d.customer_id)
    )
    insert into crm.customer_keys (org_id, kind, key, customer_id)
    select w.org_id, w.kind, w.key, w.customer_id from wanted w
    on conflict on constraint customer_keys_pkey do nothing;
end
$$;

comment on function crm.refresh_customer_keys(uuid, text[], crm.customer_keys[]) is
    'Rewrites crm.customer_keys of these customers where they differ. p_former: what the changed rows said before, which nothing else can tell (decisions §1.3).';
revoke all on function crm.refresh_customer_keys(uuid, text[], crm.customer_keys[]) from public;
