-- Whose each row is: the customer that it names by id, else by tax number, else by name.

create or replace function ingest.customers_of_rows(p_org_id uuid, p_actor jsonb, p_prefix text, p_rows ingest.module_row[])
returns table (
    row_no bigint,
    customer_id text,
    reason jsonb
)
language plpgsql
stable
-- By key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_permissions text := p_actor ->> 'permissions';
    v_user_id uuid := (p_actor ->> 'user_id')::uuid;
    v_team_ids uuid[] := (p_actor ->> 'team_ids')::uuid[];
begin
    return query
    with named as (
        select
            r.row_no,
            k.*
        from unnest(p_rows) r
        left join lateral (
            values
                ('customer_id', null, r.fields ->> 'customer_id'),
                ('npwp', 'npwp', crm.npwp_key(r.fields ->> 'npwp')),
                ('company_name', 'company', crm.company_key(r.fields ->> 'company_name'))
            -- The first that is there, in this order.
            offset case when r.fields ? 'customer_id' then 0 when r.fields ? 'npwp' then 1 when r.fields ? 'company_name' then 2 else 3 end
            limit 1
        ) as k (field, kind, key) on true
    ),
    found as (
        select
            n.row_no,
            n.field,
            (
                -- One that the uploader cannot read is none (case 152); the second tells that the name is not clear.
                select array_agg(c.customer_id)
                from (
                    select c.customer_id
                    from (
                        select n.key as customer_id
                        where n.field = 'customer_id'
                        union
                        select k.customer_id
                        from crm.customer_keys k
                        where k.org_id = p_org_id and k.kind = n.kind and k.key = n.key
                    ) h
                    join crm.customers c on c.org_id = p_org_id and c.customer_id = h.customer_id and c.deleted_at is null
                    where crm.customer_is_readable(v_permissions, v_user_id, v_team_ids, c.owner_ids, c.creator_ids)
                    limit 2
                ) c
            ) as customer_ids
        from named n
    )
    select
        f.row_no,
        case when cardinality(f.customer_ids) = 1 then f.customer_ids[1] end,
        case
            when f.field is null then ingest.one_reason(
                'customer_id', p_prefix || '.customer_id.required', 'name the customer: by customer_id, npwp or company_name'
            )
            when f.customer_ids is null then ingest.one_reason(f.field, p_prefix || '.' || f.field || '.unknown', 'is no customer')
            when cardinality(f.customer_ids) > 1 then ingest.one_reason(
                f.field, p_prefix || '.' || f.field || '.ambiguous', 'is the name of several customers; give customer_id or npwp'
            )
        end
    from found f;
end
$$;

comment on function ingest.customers_of_rows(uuid, jsonb, text, ingest.module_row[]) is
    'p_prefix: what codes begin with. customer_id, or the reason why there is none: <prefix>.customer_id.required, .unknown, .ambiguous (spec: command_center §3.7).';
revoke all on function ingest.customers_of_rows(uuid, jsonb, text, ingest.module_row[]) from public;
