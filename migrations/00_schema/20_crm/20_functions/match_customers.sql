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
-- From the drafts to their keys to the customers, whatever the statistics say in the middle of a load.
set join_collapse_limit = 1
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with keyed as (
        select d.row_no, d.npwp_key, d.email_key, k.kind, k.key, k.strength
        from jsonb_to_recordset(p_drafts) as d (
            row_no bigint, npwp_key text, email_key text, phone_key text, company_key text
        )
        cross join lateral (
            values ('npwp', d.npwp_key, 1), ('email', d.email_key, 2), ('phone', d.phone_key, 3), ('company', d.company_key, 4)
        ) as k (kind, key, strength)
        where k.key is not null
    ),
    -- The strongest key wins, then the oldest customer; a weaker key never joins two different NPWPs.
    matched as (
        select distinct on (k.row_no)
            k.row_no, k.npwp_key, k.kind as matched_by, k.strength, c.customer_id, c.npwp_key as customer_npwp_key,
            crm.customer_is_readable(
                p_actor ->> 'permissions',
                (p_actor ->> 'user_id')::uuid,
                (p_actor ->> 'team_ids')::uuid[],
                c.owner_ids,
                c.creator_ids
            ) as is_readable
        from keyed k
        join crm.customer_keys ck on ck.org_id = p_org_id and ck.kind = k.kind and ck.key = k.key
        join crm.customers c on c.org_id = p_org_id and c.customer_id = ck.customer_id
        where c.npwp_key is null or k.npwp_key is null or c.npwp_key = k.npwp_key
        order by k.row_no, k.strength, c.created_at, c.customer_id
    ),
    -- Keys that customers will have when this round is written and do not have yet: all of a new customer's, the
    -- NPWP and the new contact's of one that is matched.
    brought as (
        select
            k.kind,
            k.key,
            min(k.row_no) as first_row,
            min(k.row_no) filter (where k.npwp_key is null) as first_row_without_npwp
        from keyed k
        left join matched m on m.row_no = k.row_no
        where m.row_no is null
           or (m.is_readable and k.kind = 'npwp' and m.customer_npwp_key is null)
           or (
               m.is_readable
               and k.kind in ('email', 'phone')
               and not exists (
                   select
                   from crm.customer_keys ck
                   where ck.org_id = p_org_id and ck.kind = 'email' and ck.key = k.email_key and ck.customer_id = m.customer_id
               )
           )
        group by k.kind, k.key
    ),
    -- Whoever shares a key with an earlier draft, and has no stronger one, looks again when that one is written: so
    -- a file ends as its rows would one at a time. Different NPWPs never meet.
    waiting as (
        select distinct k.row_no, k.npwp_key
        from keyed k
        join brought b on b.kind = k.kind and b.key = k.key
        left join matched m on m.row_no = k.row_no
        where k.strength <= coalesce(m.strength, 5)
          and case
              when k.kind = 'npwp' or k.npwp_key is null then b.first_row < k.row_no
              else b.first_row_without_npwp < k.row_no
          end
    ),
    -- A readable customer without NPWP takes the first one it is offered; who brings another one waits, too.
    offered as (
        select
            m.customer_id,
            min(m.row_no) as first_row,
            (array_agg(m.npwp_key order by m.row_no))[1] as npwp_key
        from matched m
        where m.is_readable and m.customer_npwp_key is null and m.npwp_key is not null
        group by m.customer_id
    )
    select
        d.row_no,
        case
            when w.row_no is not null then 'wait'
            when m.row_no is null then 'create'
            when m.is_readable and o.npwp_key <> m.npwp_key then 'wait'
            -- Nor does it overtake an earlier draft that may offer one to the same customer when its turn comes.
            when m.is_readable and m.customer_npwp_key is null and m.npwp_key is not null and d.row_no > first_wait.row_no
                then 'wait'
            else 'match'
        end,
        m.customer_id,
        m.matched_by,
        coalesce(m.is_readable, true),
        coalesce(m.is_readable and o.first_row = m.row_no, false)
    from (select distinct k.row_no from keyed k) d
    left join matched m on m.row_no = d.row_no
    left join waiting w on w.row_no = d.row_no
    left join offered o on o.customer_id = m.customer_id
    cross join (select min(w.row_no) as row_no from waiting w where w.npwp_key is not null) first_wait;
end
$$;

comment on function crm.match_customers(uuid, jsonb, jsonb) is
    'p_actor: crm.lead_actor(); p_drafts: array of drafts with row_no and keys. One row per draft. Order NPWP, e-mail, phone, company; deterministic (spec: command_center §3.1).';
revoke all on function crm.match_customers(uuid, jsonb, jsonb) from public;
