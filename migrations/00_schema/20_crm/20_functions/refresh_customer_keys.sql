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
    with touched as materialized (
        select c.customer_id, c.npwp_key, c.email_key, c.phone_key, c.company_key, c.deleted_at is null as is_live
        from (select distinct i from unnest(p_customer_ids) i) as t (customer_id)
        -- By the primary key, one after the other: an array of thousands of ids is compared with every row.
        cross join lateral (
            select y.* from crm.customers y where y.org_id = p_org_id and y.customer_id = t.customer_id offset 0
        ) c
    ),
    people as materialized (
        select t.customer_id, t.is_live, k.kind, k.key
        from touched t
        cross join lateral (
            select y.email_key, y.phone_key, y.mobile_key
            from crm.contacts y
            where y.org_id = p_org_id and y.customer_id = t.customer_id
            offset 0
        ) c
        cross join lateral (values ('email', c.email_key), ('phone', c.phone_key), ('phone', c.mobile_key)) as k (kind, key)
        where k.key is not null
    ),
    wanted as materialized (
        select k.kind, k.key, t.customer_id
        from touched t
        cross join lateral (
            values ('npwp', t.npwp_key), ('email', t.email_key), ('phone', t.phone_key), ('company', t.company_key)
        ) as k (kind, key)
        where t.is_live and k.key is not null
        union
        select p.kind, p.key, p.customer_id from people p where p.is_live
    ),
    removed as (
        delete from crm.customer_keys k
        using (
            select x.place
            from (
                -- An index by customer would be written for every key of every new customer, to be read here alone.
                select f.kind, f.key, f.customer_id from unnest(p_former) f
                union
                -- A customer that is deleted takes the keys of its contacts along.
                select p.kind, p.key, p.customer_id from people p
                except
                select w.kind, w.key, w.customer_id from wanted w
            ) d
            cross join lateral (
                select y.ctid
                from crm.customer_keys y
                where y.org_id = p_org_id and y.kind = d.kind and y.key = d.key and y.customer_id = d.customer_id
                offset 0
            ) as x (place)
        ) g
        where k.ctid = g.place
    )
    insert into crm.customer_keys (org_id, kind, key, customer_id)
    select p_org_id, w.kind, w.key, w.customer_id from wanted w
    on conflict on constraint customer_keys_pkey do nothing;
end
$$;

comment on function crm.refresh_customer_keys(uuid, text[], crm.customer_keys[]) is
    'Rewrites crm.customer_keys of these customers where they differ. p_former: what the changed rows said before, which nothing else can tell (decisions §1.3).';
revoke all on function crm.refresh_customer_keys(uuid, text[], crm.customer_keys[]) from public;
