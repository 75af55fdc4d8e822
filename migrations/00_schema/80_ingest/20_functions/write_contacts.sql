-- Adds or completes people at customers from rows of a file.

create or replace function ingest.write_contacts(p_import ingest.imports, p_actor jsonb, p_rows ingest.module_row[])
returns ingest.row_outcome[]
language plpgsql
-- By key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := (p_import).org_id;
    v_pending ingest.module_row[] := p_rows;
    v_round ingest.row_outcome[];
    v_outcomes ingest.row_outcome[] := '{}'::ingest.row_outcome[];
begin
    -- Rounds, not rows: a row about somebody whom an earlier row of the chunk brings comes after it.
    while cardinality(v_pending) > 0 loop
        with typed as materialized (
            select
                r.row_no, r.row_hash, r.fields, w.customer_id, w.reason,
                crm.email_key(r.fields ->> 'email') as email_key
            from unnest(v_pending) r
            join ingest.customers_of_rows(v_org_id, p_actor, 'contact', v_pending) w on w.row_no = r.row_no
        ),
        matched as (
            select t.*, e.contact_id
            from typed t
            left join lateral (
                -- The same person: by e-mail, else by name where no other e-mail speaks against it.
                select c.contact_id
                from crm.contacts c
                where c.org_id = v_org_id and c.customer_id = t.customer_id
                  and (
                      c.email_key = t.email_key
                      or (lower(c.full_name) = lower(t.fields ->> 'full_name') and (c.email_key is null or t.email_key is null))
                  )
                order by c.email_key = t.email_key desc nulls last, c.contact_id
                limit 1
            ) e on t.reason is null
        ),
        turns as materialized (
            select
                m.*,
                m.reason is null and (
                    row_number() over (partition by m.customer_id, lower(m.fields ->> 'full_name') order by m.row_no) > 1
                    or (m.email_key is not null and row_number() over (partition by m.customer_id, m.email_key order by m.row_no) > 1)
                    or (m.contact_id is not null and row_number() over (partition by m.contact_id order by m.row_no) > 1)
                ) as must_wait
            from matched m
        ),
        changed as (
            update crm.contacts c
            set full_name = t.fields ->> 'full_name',
                -- A blank cell keeps what is there.
                email = coalesce(t.fields ->> 'email', c.email),
                phone = coalesce(t.fields ->> 'phone', c.phone),
                mobile = coalesce(t.fields ->> 'mobile', c.mobile),
                title = coalesce(t.fields ->> 'title', c.title),
                department = coalesce(t.fields ->> 'department', c.department),
                notes = coalesce(t.fields ->> 'notes', c.notes)
            from turns t
            where c.org_id = v_org_id and c.contact_id = t.contact_id and not t.must_wait
              and (c.full_name, c.email, c.phone, c.mobile, c.title, c.department, c.notes) is distinct from (
                  t.fields ->> 'full_name', coalesce(t.fields ->> 'email', c.email), coalesce(t.fields ->> 'phone', c.phone),
                  coalesce(t.fields ->> 'mobile', c.mobile), coalesce(t.fields ->> 'title', c.title),
                  coalesce(t.fields ->> 'department', c.department), coalesce(t.fields ->> 'notes', c.notes)
              )
            returning c.contact_id
        ),
        numbered as materialized (
            -- The id is drawn here, so that nothing has to be matched with what was written.
            select t.*, nextval(pg_get_serial_sequence('crm.contacts', 'contact_id')) as new_id
            from turns t
            where t.reason is null and not t.must_wait and t.contact_id is null
        ),
        added as (
            insert into crm.contacts (
                org_id, contact_id, customer_id, full_name, email, phone, mobile, title, department, notes, is_primary, created_by
            )
            overriding system value
            select
                v_org_id, n.new_id, n.customer_id, n.fields ->> 'full_name', n.fields ->> 'email', n.fields ->> 'phone',
                n.fields ->> 'mobile', n.fields ->> 'title', n.fields ->> 'department', n.fields ->> 'notes',
                -- The first person of a customer is the one to ask for.
                row_number() over (partition by n.customer_id order by n.row_no) = 1 and not exists (
                    select from crm.contacts c where c.org_id = v_org_id and c.customer_id = n.customer_id and c.is_primary
                ),
                (p_import).uploaded_by
            from numbered n
        )
        select array_agg(
            case
                when t.reason is not null
                    then row(t.row_no, 'error', t.reason, t.row_hash, null, null)::ingest.row_outcome
                when t.contact_id is not null and t.contact_id not in (select c.contact_id from changed c) then row(
                    t.row_no, 'skipped', ingest.one_reason(null, 'import.row.unchanged', 'is there already'), t.row_hash,
                    'crm.contacts', t.contact_id::text
                )::ingest.row_outcome
                else row(
                    t.row_no, 'success', null, t.row_hash, 'crm.contacts', coalesce(t.contact_id, n.new_id)::text
                )::ingest.row_outcome
            end
        )
        into v_round
        from turns t
        left join numbered n on n.row_no = t.row_no
        where not t.must_wait;

        v_outcomes := v_outcomes || v_round;
        v_pending := array(
            select p::ingest.module_row
            from unnest(v_pending) p
            where p.row_no not in (select o.row_no from unnest(v_round) o)
            order by p.row_no
        );
    end loop;
    return v_outcomes;
end
$$;

comment on function ingest.write_contacts(ingest.imports, jsonb, ingest.module_row[]) is
    'Outcome of each row: success for somebody added or changed, skipped where nothing differs, error where the uploader sees no such customer. Callers hold the organisation''s customer lock (spec: command_center §3.7, design §7).';
revoke all on function ingest.write_contacts(ingest.imports, jsonb, ingest.module_row[]) from public;
