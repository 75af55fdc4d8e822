-- Reads the next rows of a leads file: validated, normalised, told apart from rows seen before.

create or replace function ingest.read_lead_rows(p_import ingest.imports, p_rules jsonb, p_limit integer)
returns table (
    row_no bigint,
    row_hash bytea,
    -- null: to be written
    status text,
    errors jsonb,
    draft jsonb
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with chunk as (
        select r.row_no, r.row_data
        from ingest.import_rows r
        where r.org_id = (p_import).org_id and r.import_id = (p_import).import_id and r.status = 'pending'
        order by r.row_no
        limit p_limit
    ),
    typed as materialized (
        select
            c.row_no,
            crm.draft_lead(i.input, p_rules) as read,
            -- What was typed, in comparable form: finds the same row again whatever day it is.
            sha256(
                convert_to(
                    (
                        i.input
                        || jsonb_build_object(
                            'company_name', crm.company_key(i.input ->> 'company_name'),
                            'email', crm.email_key(i.input ->> 'email'),
                            'contact_phone', crm.phone_key(i.input ->> 'contact_phone', p_rules ->> 'calling_code'),
                            'npwp', crm.npwp_key(i.input ->> 'npwp')
                        )
                    )::text,
                    'UTF8'
                )
            ) as row_hash
        from chunk c
        cross join lateral (
            select coalesce(jsonb_object_agg(m.value, v.cell) filter (where v.cell is not null), '{}') as input
            from jsonb_each_text((p_import).mapping) m
            cross join lateral (select nullif(btrim(c.row_data ->> m.key, E' \t\r\n\u00a0'), '') as cell) v
        ) i
    ),
    ranked as (
        select
            t.*,
            t.read -> 'problems' = '[]' as is_valid,
            min(t.row_no) filter (where t.read -> 'problems' = '[]') over (partition by t.row_hash) as first_row_no
        from typed t
    )
    select
        k.row_no,
        k.row_hash,
        case
            when not k.is_valid then 'error'
            when k.row_no > k.first_row_no or here.row_no is not null then 'duplicate'
            when before.import_id is not null then 'skipped'
        end,
        case
            when not k.is_valid then k.read -> 'problems'
            when k.row_no > k.first_row_no or here.row_no is not null then jsonb_build_array(
                jsonb_build_object(
                    'field', null, 'code', 'import.row.duplicate',
                    'message', format('is the same as line %s', least(k.first_row_no, here.row_no))
                )
            )
            when before.import_id is not null then jsonb_build_array(
                jsonb_build_object(
                    'field', null, 'code', 'import.row.unchanged', 'message', 'was imported before'
                )
            )
        end,
        k.read -> 'draft' || jsonb_build_object('row_no', k.row_no, 'row_hash', k.row_hash)
    from ranked k
    left join lateral (
        select r.row_no
        from ingest.import_rows r
        where r.org_id = (p_import).org_id and r.row_hash = k.row_hash and r.import_id = (p_import).import_id
          and r.row_no < k.row_no and r.status in ('success', 'skipped')
        order by r.row_no
        limit 1
    ) here on true
    left join lateral (
        select r.import_id
        from ingest.import_rows r
        join ingest.imports i
            on i.org_id = r.org_id and i.import_id = r.import_id and i.module = (p_import).module and i.undone_at is null
        where r.org_id = (p_import).org_id and r.row_hash = k.row_hash and r.import_id <> (p_import).import_id
          and r.status = 'success'
        limit 1
    ) before on true
    order by k.row_no
$$;

comment on function ingest.read_lead_rows(ingest.imports, jsonb, integer) is
    'The next p_limit pending rows in file order. status null = write draft; error with every problem; duplicate of an earlier line; skipped when an earlier import wrote the same row (spec: command_center §3.7, decisions §5.10).';
revoke all on function ingest.read_lead_rows(ingest.imports, jsonb, integer) from public;
