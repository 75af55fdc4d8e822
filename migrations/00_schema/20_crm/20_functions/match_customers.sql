-- One round of deduplication: which drafts match a customer, which found a new one, which must wait.

create or replace function crm.match_customers(p_org_id uuid, p_actor jsonb, p_drafts jsonb)
returns table (
    row_no bigint,
    -- match: an existing customer; create: the first draft of a company unknown so far; wait: next round
    outcome text,
    customer_id text,
    matched_by text,
    is_readable boolean,
    takes_npwp boolean
)
language plpgsql
stable
-- Large tables are entered by key alone (the laterals below, too): in the middle of a load the statistics are
-- those of an empty table, and a plan made from them would read all of it for every chunk.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_found jsonb;
    v_waiting bigint[] := '{}'::bigint[];
    v_more bigint[];
begin
    -- The strongest key wins, then the oldest customer; a weaker key never joins two different NPWPs.
    with draft as (
        select d.*
        from jsonb_to_recordset(p_drafts) as d (
            row_no bigint, npwp_key text, email_key text, phone_key text, company_key text
        )
    ),
    matched as (
        select distinct on (d.row_no)
            d.row_no, k.kind, k.strength, c.customer_id, c.created_at, c.npwp_key as customer_npwp_key,
            crm.customer_is_readable(
                p_actor ->> 'permissions',
                (p_actor ->> 'user_id')::uuid,
                (p_actor ->> 'team_ids')::uuid[],
                c.owner_ids,
                c.creator_ids
            ) as is_readable
        from draft d
        cross join lateral (
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
        order by d.row_no, k.strength, c.created_at, c.customer_id
    )
    select jsonb_agg(
        jsonb_build_object(
            'row_no', d.row_no,
            'npwp_key', d.npwp_key,
            'email_key', d.email_key,
            'phone_key', d.phone_key,
            'company_key', d.company_key,
            'customer_id', m.customer_id,
            'customer_created_at', m.created_at,
            'matched_by', m.kind,
            'strength', m.strength,
            'is_readable', coalesce(m.is_readable, true),
            -- What writing the draft changes at the customer that it matched: its NPWP, a person new to it.
            'offers_npwp', m.is_readable and m.customer_npwp_key is null and d.npwp_key is not null,
            'brings_contact', m.is_readable and (
                select ck.customer_id
                from crm.customer_keys ck
                where ck.org_id = p_org_id and ck.kind = 'email' and ck.key = d.email_key and ck.customer_id = m.customer_id
                limit 1
            ) is null
        )
    )
    into v_found
    from draft d
    left join matched m on m.row_no = d.row_no;

    -- A draft that waits may do anything when its turn comes, so that others come to wait for it: until no more do.
    if jsonb_array_length(v_found) > 1 then
        loop
            v_more := crm.waiting_drafts(v_found, v_waiting);
            exit when v_more = v_waiting;
            v_waiting := v_more;
        end loop;
    end if;

    return query
    select
        f.row_no,
        case
            when f.row_no = any (v_waiting) then 'wait'
            when f.customer_id is null then 'create'
            else 'match'
        end,
        f.customer_id,
        f.matched_by,
        f.is_readable,
        coalesce(f.offers_npwp, false)
            and f.row_no = min(f.row_no) filter (where f.offers_npwp and f.row_no <> all (v_waiting))
                over (partition by f.customer_id)
    from jsonb_to_recordset(v_found) as f (
        row_no bigint, customer_id text, matched_by text, is_readable boolean, offers_npwp boolean
    );
end
$$;

comment on function crm.match_customers(uuid, jsonb, jsonb) is
    'p_actor: crm.lead_actor(); p_drafts: array of drafts with row_no and keys. One row per draft. Order NPWP, e-mail, phone, company; deterministic (spec: command_center §3.1).';
revoke all on function crm.match_customers(uuid, jsonb, jsonb) from public;
