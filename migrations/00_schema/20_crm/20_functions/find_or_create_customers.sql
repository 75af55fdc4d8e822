-- Finds or creates the customer of each draft: the one place where companies are told apart.

create or replace function crm.find_or_create_customers(p_org_id uuid, p_actor jsonb, p_drafts jsonb) returns jsonb
language plpgsql
-- As in crm.match_customers: by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pending jsonb := p_drafts;
    v_round jsonb;
    v_resolved jsonb := '[]'::jsonb;
    v_created bigint;
    v_first_seq bigint;
    v_created_by uuid := (p_actor ->> 'user_id')::uuid;
    v_today date := (p_actor ->> 'today')::date;
begin
    -- Rounds, not rows: a draft that shares a key with an earlier one of the same chunk is looked at again once
    -- the earlier one's customer exists. One draft takes one round; a real file two to four.
    while jsonb_array_length(v_pending) > 0 loop
        select jsonb_agg(to_jsonb(m) || d.value)
        into v_round
        from crm.match_customers(p_org_id, p_actor, v_pending) m
        join jsonb_array_elements(v_pending) as d (value) on (d.value ->> 'row_no')::bigint = m.row_no;

        -- Row locks before counters (design §3), in the order of the primary key.
        if v_round @? '$[*].customer_id ? (@ != null)' then
            perform
            from crm.customers c
            where c.org_id = p_org_id
              and c.customer_id = any (
                  array(select r.value ->> 'customer_id' from jsonb_array_elements(v_round) as r (value))
              )
            order by c.customer_id
            for no key update;
        end if;

        v_created := (select count(*) from jsonb_array_elements(v_round) as r (value) where r.value ->> 'outcome' = 'create');
        if v_created > 0 then
            v_first_seq := app.reserve_ids(p_org_id, 'CUST', v_today, v_created);
            select jsonb_agg(
                r.value || case
                    when r.value ->> 'outcome' = 'create' then jsonb_build_object(
                        'customer_id',
                        app.format_prefixed_id('CUST', v_today, v_first_seq - 1 + r.position)
                    )
                    else '{}'
                end
            )
            into v_round
            from (
                select
                    e.value,
                    count(*) filter (where e.value ->> 'outcome' = 'create')
                        over (order by (e.value ->> 'row_no')::bigint) as position
                from jsonb_array_elements(v_round) as e (value)
            ) r;

            insert into crm.customers (
                org_id, customer_id, company_name, npwp, city, country, owner_ids, creator_ids, source_import_id, created_by
            )
            select
                p_org_id, r.customer_id, r.company_name, r.npwp, r.city_area, r.country,
                -- What the triggers of leads and prospects will find: written at once, the row is not touched twice.
                case
                    when r.sales_owner_user_id is not null then array[r.sales_owner_user_id]
                    when (p_actor ->> 'is_sales')::boolean then array[v_created_by]
                    else '{}'
                end,
                array[v_created_by],
                (p_actor ->> 'import_id')::bigint,
                v_created_by
            from jsonb_to_recordset(v_round) as r (
                outcome text, row_no bigint, customer_id text, company_name text, npwp text, city_area text, country text,
                sales_owner_user_id uuid
            )
            where r.outcome = 'create'
            order by r.row_no;
        end if;

        if v_round @? '$[*].takes_npwp ? (@ == true)' then
            update crm.customers c
            set npwp = r.npwp
            from jsonb_to_recordset(v_round) as r (outcome text, takes_npwp boolean, customer_id text, npwp text)
            where c.org_id = p_org_id
              and c.customer_id = r.customer_id
              and r.outcome = 'match'
              and r.takes_npwp;
        end if;

        -- The PIC of a new customer is its primary contact; a matched customer learns of people new to it.
        insert into crm.contacts (org_id, customer_id, full_name, email, phone, is_primary, created_by)
        select distinct on (r.customer_id, r.email_key)
            p_org_id, r.customer_id, r.pic_name, r.email, r.contact_phone, r.outcome = 'create', v_created_by
        from jsonb_to_recordset(v_round) as r (
            outcome text, row_no bigint, is_readable boolean, customer_id text, pic_name text, email text,
            email_key text, contact_phone text
        )
        where r.outcome in ('create', 'match')
          and r.is_readable
          and (
              select k.customer_id
              from crm.customer_keys k
              where k.org_id = p_org_id and k.kind = 'email' and k.key = r.email_key and k.customer_id = r.customer_id
              limit 1
          ) is null
        order by r.customer_id, r.email_key, r.row_no;

        select
            v_resolved || coalesce(jsonb_agg(r.value) filter (where r.value ->> 'outcome' <> 'wait'), '[]'),
            coalesce(
                jsonb_agg(r.value - '{outcome,customer_id,matched_by,is_readable,takes_npwp}'::text[])
                    filter (where r.value ->> 'outcome' = 'wait'),
                '[]'
            )
        into v_resolved, v_pending
        from jsonb_array_elements(v_round) as r (value);
    end loop;

    return v_resolved;
end
$$;

comment on function crm.find_or_create_customers(uuid, jsonb, jsonb) is
    'Returns the drafts with customer_id, outcome (match or create), matched_by and is_readable. Callers hold the locks of crm.lock_customer_keys or the organisation''s customer lock. Writes nothing to a customer that the actor cannot read (spec: command_center §3.1, decisions §5.1).';
revoke all on function crm.find_or_create_customers(uuid, jsonb, jsonb) from public;
