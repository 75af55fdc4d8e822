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
language sql
stable
-- From the drafts to their keys to the customers, whatever the statistics say in the middle of a load.
set join_collapse_limit = 1
set search_path = pg_catalog, pg_temp
as $$
    with draft as (
        select d.*
        from jsonb_to_recordset(p_drafts) as d (
            row_no bigint, npwp_key text, email_key text, phone_key text, company_key text
        )
    ),
    keyed as (
        select d.row_no, d.npwp_key, k.kind, k.key, k.strength
        from draft d
        cross join lateral (
            values ('npwp', d.npwp_key, 1), ('email', d.email_key, 2), ('phone', d.phone_key, 3), ('company', d.company_key, 4)
        ) as k (kind, key, strength)
        where k.key is not null
    ),
    -- The strongest key wins, then the oldest customer; a weaker key never joins two different NPWPs.
    matched as (
        select distinct on (k.row_no)
            k.row_no, k.npwp_key, k.kind as matched_by, c.customer_id, c.npwp_key as customer_npwp_key,
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
    -- A readable customer without NPWP takes the first one it is offered; who brings another one waits.
    judged as (
        select
            m.*,
            m.is_readable and m.customer_npwp_key is null and m.npwp_key is not null as offers_npwp,
            first_value(m.npwp_key) over (
                partition by m.customer_id
                order by case when m.npwp_key is null then 1 else 0 end, m.row_no
            ) as first_npwp_key,
            min(m.row_no) filter (where m.npwp_key is not null) over (partition by m.customer_id) as first_npwp_row
        from matched m
    ),
    -- Among the unmatched, whoever shares a key with an earlier one waits for it, unless their NPWPs differ.
    unmatched as (
        select
            k.row_no,
            bool_or(
                case
                    when k.kind = 'npwp' or k.npwp_key is null then k.row_no > k.first_row
                    else k.row_no > k.first_row_without_npwp
                end
            ) as is_later
        from (
            select
                u.*,
                min(u.row_no) over (partition by u.kind, u.key) as first_row,
                min(u.row_no) filter (where u.npwp_key is null) over (partition by u.kind, u.key) as first_row_without_npwp
            from keyed u
            where not exists (select from matched m where m.row_no = u.row_no)
        ) k
        group by k.row_no
    )
    select
        j.row_no,
        case when j.offers_npwp and j.npwp_key <> j.first_npwp_key then 'wait' else 'match' end,
        j.customer_id,
        j.matched_by,
        j.is_readable,
        j.offers_npwp and j.row_no = j.first_npwp_row
    from judged j
    union all
    select u.row_no, case when u.is_later then 'wait' else 'create' end, null, null, true, false
    from unmatched u
$$;

comment on function crm.match_customers(uuid, jsonb, jsonb) is
    'p_actor: {user_id, team_ids, permissions} of who creates; p_drafts: array of drafts with row_no and keys. One row per draft. Order NPWP, e-mail, phone, company; deterministic (spec: command_center §3.1).';
revoke all on function crm.match_customers(uuid, jsonb, jsonb) from public;
