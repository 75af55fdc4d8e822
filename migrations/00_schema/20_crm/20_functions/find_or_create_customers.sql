-- Finds or creates the customer of each draft: the one place where companies are told apart.

create or replace function crm.find_or_create_customers(p_org_id uuid, p_actor jsonb, p_drafts crm.lead_draft[])
returns crm.lead_place[]
language plpgsql
-- As in crm.match_customers: by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pending crm.lead_draft[] := p_drafts;
    v_round crm.lead_place[];
    v_resolved crm.lead_place[] := '{}'::crm.lead_place[];
    v_row_nos bigint[] := '{}'::bigint[];
    v_matched text[];
    v_created bigint;
    v_npwps bigint;
    v_waiting bigint;
    v_is_stale boolean;
    v_ids text[];
    v_created_by uuid := (p_actor ->> 'user_id')::uuid;
    v_import_id bigint := (p_actor ->> 'import_id')::bigint;
    v_today date := (p_actor ->> 'today')::date;
    v_owner_ids uuid[] := case when (p_actor ->> 'is_sales')::boolean then array[v_created_by] else '{}' end;
begin
    -- Rounds, not rows: a draft that shares a key with an earlier one of the same chunk is looked at again once
    -- the earlier one's customer exists. One draft takes one round; a real file two to four.
    while cardinality(v_pending) > 0 loop
        v_round := crm.match_customers(p_org_id, p_actor, v_pending);

        select
            array_agg(r.customer_id) filter (where r.customer_id is not null),
            count(*) filter (where r.outcome = 'create'),
            count(*) filter (where r.takes_npwp),
            count(*) filter (where r.outcome = 'wait')
        into v_matched, v_created, v_npwps, v_waiting
        from unnest(v_round) r;

        -- Row locks before counters (design §3), in the order of the primary key.
        if v_matched is not null then
            with locked as materialized (
                select c.customer_id, c.npwp_key, c.deleted_at
                from crm.customers c
                where c.org_id = p_org_id and c.customer_id = any (v_matched)
                order by c.customer_id
                for no key update
            )
            select exists (
                select
                from locked l
                join unnest(v_pending, v_round) r on r.customer_id = l.customer_id
                where l.deleted_at is not null or r.npwp_key <> l.npwp_key
            )
            into v_is_stale;
            -- Whoever held one of them has given it another NPWP, or deleted it, while we waited: all is asked once more.
            continue when v_is_stale;
        end if;

        if v_created > 0 then
            v_ids := app.format_prefixed_ids(
                'CUST', v_today, app.reserve_ids(p_org_id, 'CUST', v_today, v_created), v_created
            );
            v_round := array(
                select row(
                    r.outcome,
                    case when r.outcome = 'create' then v_ids[r.position] else r.customer_id end,
                    r.matched_by,
                    r.is_readable,
                    r.takes_npwp,
                    null,
                    null
                )::crm.lead_place
                from (
                    select p.*, count(*) filter (where p.outcome = 'create') over (rows unbounded preceding) as position
                    from unnest(v_round) p
                ) r
            );

            insert into crm.customers (
                org_id, customer_id, company_name, npwp, city, country, owner_ids, creator_ids, source_import_id, created_by
            )
            select
                p_org_id, r.customer_id, r.company_name, r.npwp, r.city_area, r.country,
                -- What the triggers of leads and prospects will find: written at once, the row is not touched twice.
                case when r.sales_owner_user_id is not null then array[r.sales_owner_user_id] else v_owner_ids end,
                array[v_created_by],
                v_import_id,
                v_created_by
            from unnest(v_pending, v_round) r
            where r.outcome = 'create';

            -- The PIC of a new customer is its primary contact.
            insert into crm.contacts (org_id, customer_id, full_name, email, phone, phone_key, is_primary, created_by)
            select p_org_id, r.customer_id, r.pic_name, r.email, r.contact_phone, r.phone_key, true, v_created_by
            from unnest(v_pending, v_round) r
            where r.outcome = 'create';
        end if;

        if v_npwps > 0 then
            update crm.customers c
            set npwp = r.npwp
            from unnest(v_pending, v_round) r
            where c.org_id = p_org_id
              and c.customer_id = r.customer_id
              and r.outcome = 'match'
              and r.takes_npwp;
        end if;

        -- A matched customer learns of people new to it.
        if v_matched is not null then
            insert into crm.contacts (org_id, customer_id, full_name, email, phone, phone_key, created_by)
            select distinct on (r.customer_id, r.email_key)
                p_org_id, r.customer_id, r.pic_name, r.email, r.contact_phone, r.phone_key, v_created_by
            from unnest(v_pending, v_round) r
            where r.outcome = 'match'
              and r.is_readable
              and (
                  select k.customer_id
                  from crm.customer_keys k
                  where k.org_id = p_org_id and k.kind = 'email' and k.key = r.email_key and k.customer_id = r.customer_id
                  limit 1
              ) is null
            order by r.customer_id, r.email_key, r.row_no;
        end if;

        -- Nearly every chunk is done by now.
        if v_waiting = 0 and cardinality(v_resolved) = 0 then
            return v_round;
        end if;
        select
            v_row_nos || array_agg(r.row_no) filter (where r.outcome <> 'wait'),
            v_resolved || array_agg(
                row(r.outcome, r.customer_id, r.matched_by, r.is_readable, r.takes_npwp, null, null)::crm.lead_place
            ) filter (where r.outcome <> 'wait')
        into v_row_nos, v_resolved
        from unnest(v_pending, v_round) r;
        v_pending := array(select d::crm.lead_draft from unnest(v_pending) d where d.row_no <> all (v_row_nos));
    end loop;

    return array(
        select row(r.outcome, r.customer_id, r.matched_by, r.is_readable, r.takes_npwp, null, null)::crm.lead_place
        from unnest(v_row_nos, v_resolved) as r (
            row_no, outcome, customer_id, matched_by, is_readable, takes_npwp
        )
        order by r.row_no
    );
end
$$;

comment on function crm.find_or_create_customers(uuid, jsonb, crm.lead_draft[]) is
    'p_drafts: sorted by row_no. Returns their places in the same order: outcome (match or create), customer_id, matched_by and is_readable. Callers hold the locks of crm.lock_customer_keys or the organisation''s customer lock. Writes nothing to a customer that the actor cannot read (spec: command_center §3.1, decisions §5.1).';
revoke all on function crm.find_or_create_customers(uuid, jsonb, crm.lead_draft[]) from public;
