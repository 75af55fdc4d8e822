-- One round of deduplication: which drafts match a customer, which found a new one, which must wait.

create or replace function crm.match_customers(p_org_id uuid, p_actor jsonb, p_drafts crm.lead_draft[])
returns crm.lead_place[]
language plpgsql
stable
-- Large tables are entered by key alone (the laterals below, too): in the middle of a load the statistics are
-- those of an empty table, and a plan made from them would read all of it for every chunk.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_permissions text := p_actor ->> 'permissions';
    v_user_id uuid := (p_actor ->> 'user_id')::uuid;
    v_team_ids uuid[] := (p_actor ->> 'team_ids')::uuid[];
    v_found crm.lead_match[];
    v_related crm.lead_match[];
    v_waiting bigint[] := '{}'::bigint[];
    v_more bigint[];
    v_takers bigint[];
begin
    -- The strongest key wins, then the oldest customer; a weaker key never joins two different NPWPs.
    select array_agg(
        row(
            d.row_no, d.npwp_key, d.email_key, d.phone_key, d.company_key,
            m.customer_id, m.created_at, m.kind, m.strength, coalesce(r.is_readable, true),
            r.is_readable and m.npwp_key is null and d.npwp_key is not null,
            case
                when r.is_readable then (
                    select ck.customer_id
                    from crm.customer_keys ck
                    where ck.org_id = p_org_id and ck.kind = 'email' and ck.key = d.email_key
                      and ck.customer_id = m.customer_id
                    limit 1
                ) is null
            end
        )::crm.lead_match
    )
    into v_found
    -- Nothing but laterals: they come out in the order of the array.
    from unnest(p_drafts) d
    left join lateral (
        select k.kind, k.strength, c.customer_id, c.created_at, c.npwp_key, c.owner_ids, c.creator_ids
        from (
            values ('npwp', d.npwp_key, 1), ('email', d.email_key, 2), ('phone', d.phone_key, 3), ('company', d.company_key, 4)
        ) as k (kind, key, strength)
        cross join lateral (
            select o.customer_id
            from crm.customer_keys o
            where o.org_id = p_org_id and o.kind = k.kind and o.key = k.key
            offset 0
        ) ck
        cross join lateral (
            select o.customer_id, o.npwp_key, o.created_at, o.owner_ids, o.creator_ids
            from crm.customers o
            where o.org_id = p_org_id and o.customer_id = ck.customer_id
            offset 0
        ) c
        where c.npwp_key is null or d.npwp_key is null or c.npwp_key = d.npwp_key
        order by k.strength, c.created_at, c.customer_id
        limit 1
    ) m on true
    left join lateral (
        select crm.customer_is_readable(v_permissions, v_user_id, v_team_ids, m.owner_ids, m.creator_ids) as is_readable
        where m.customer_id is not null
        offset 0
    ) r on true;

    if cardinality(v_found) > 1 then
        -- Only drafts that share a key, or offer an NPWP to one customer, have anything to do with each other.
        with shared as (
            select k.kind, k.key
            from unnest(v_found) f
            cross join lateral (
                values (1, f.npwp_key), (2, f.email_key), (3, f.phone_key), (4, f.company_key)
            ) as k (kind, key)
            where k.key is not null
            group by k.kind, k.key
            having count(*) > 1
        )
        select array_agg(f::crm.lead_match)
        into v_related
        from unnest(v_found) f
        where f.offers_npwp
           or (1, f.npwp_key) in (select s.kind, s.key from shared s)
           or (2, f.email_key) in (select s.kind, s.key from shared s)
           or (3, f.phone_key) in (select s.kind, s.key from shared s)
           or (4, f.company_key) in (select s.kind, s.key from shared s);

        -- A draft that waits may do anything when its turn comes, so that others come to wait for it: until no more do.
        while cardinality(v_related) > 1 loop
            v_more := crm.waiting_drafts(v_related, v_waiting);
            exit when v_more = v_waiting;
            v_waiting := v_more;
        end loop;
    end if;

    -- A customer takes the NPWP of the first draft that offers one.
    v_takers := array(
        select min(f.row_no)
        from unnest(v_found) f
        where f.offers_npwp and f.row_no <> all (v_waiting)
        group by f.customer_id
    );

    return array(
        select row(
            case
                when f.row_no = any (v_waiting) then 'wait'
                when f.customer_id is null then 'create'
                else 'match'
            end,
            f.customer_id,
            f.matched_by,
            f.is_readable,
            f.row_no = any (v_takers),
            null,
            null
        )::crm.lead_place
        from unnest(v_found) f
    );
end
$$;

comment on function crm.match_customers(uuid, jsonb, crm.lead_draft[]) is
    'p_actor: crm.lead_rules(). Returns where each draft belongs, in the order of p_drafts, which is that of row_no. Order NPWP, e-mail, phone, company; deterministic (spec: command_center §3.1).';
revoke all on function crm.match_customers(uuid, jsonb, crm.lead_draft[]) from public;
