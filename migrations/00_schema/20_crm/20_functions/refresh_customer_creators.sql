-- Makes creator_ids of customers equal to what counting leads say.

create or replace function crm.refresh_customer_creators(p_org_id uuid, p_customer_ids text[]) returns void
language plpgsql
-- As in crm.match_customers: by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    update crm.customers c
    set creator_ids = found.creator_ids
    from (
        select
            t.customer_id,
            array(
                select distinct l.created_by
                from crm.leads l
                where l.org_id = p_org_id and l.customer_id = t.customer_id and l.counts
                order by 1
            ) as creator_ids
        from unnest(p_customer_ids) as t (customer_id)
    ) found
    where c.org_id = p_org_id
      and c.customer_id = any (p_customer_ids)
      and c.customer_id = found.customer_id
      and c.creator_ids <> found.creator_ids;
end
$$;

comment on function crm.refresh_customer_creators(uuid, text[]) is
    'Rewrites creator_ids of these customers where they differ; sorted, so that equal sets are equal arrays (decisions D9).';
revoke all on function crm.refresh_customer_creators(uuid, text[]) from public;
