-- Reads the next rows of a leads file: validated, normalised, told apart from rows seen before.

create or replace function ingest.read_lead_rows(
    p_import ingest.imports,
    p_rules jsonb,
    p_limit integer,
    out drafts crm.lead_draft[],
    out outcomes ingest.row_outcome[]
)
language plpgsql
stable
-- The rows of a file are entered by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row_nos bigint[];
    v_rows jsonb[];
begin
    select array_agg(c.row_no order by c.row_no), array_agg(c.row_data order by c.row_no)
    into v_row_nos, v_rows
    from (
        select r.row_no, r.row_data
        from ingest.import_rows r
        where r.org_id = p_import.org_id and r.import_id = p_import.import_id and r.status = 'pending'
        order by r.row_no
        limit p_limit
    ) c;

    with ranked as (
        select
            t.row_no,
            t.draft,
            t.problems,
            t.row_hash,
            t.is_valid,
            min(t.row_no) filter (where t.is_valid) over (partition by t.row_hash) as first_row_no
        from (
            select d.row_no, d.draft, d.problems, (d.draft).row_hash, d.problems = '[]' as is_valid
            from crm.draft_leads(
                v_row_nos,
                v_rows,
                (select coalesce(jsonb_object_agg(m.value, m.key), '{}') from jsonb_each_text(p_import.mapping) m),
                p_rules
            ) d
            offset 0
        ) t
    ),
    judged as (
        select
            k.*,
            case
                when not k.is_valid then 'error'
                when k.row_no > k.first_row_no or here.row_no is not null then 'duplicate'
                when before.import_id is not null then 'skipped'
            end as status,
            case
                when not k.is_valid then k.problems
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
            end as errors
        from ranked k
        left join lateral (
            select r.row_no
            from ingest.import_rows r
            where r.org_id = p_import.org_id and r.row_hash = k.row_hash and r.import_id = p_import.import_id
              and r.row_no < k.row_no and r.status in ('success', 'skipped')
            order by r.row_no
            limit 1
        ) here on true
        left join lateral (
            select r.import_id
            from ingest.import_rows r
            join ingest.imports i
                on i.org_id = r.org_id and i.import_id = r.import_id and i.module = p_import.module and i.undone_at is null
            where r.org_id = p_import.org_id and r.row_hash = k.row_hash and r.import_id <> p_import.import_id
              and r.status = 'success'
            limit 1
        ) before on true
        offset 0
    )
    select
        coalesce(array_agg(j.draft order by j.row_no) filter (where j.status is null), '{}'),
        coalesce(
            array_agg(
                row(j.row_no, j.status, j.errors, j.row_hash, null, null)::ingest.row_outcome order by j.row_no
            ) filter (where j.status is not null),
            '{}'
        )
    into drafts, outcomes
    from judged j;
end
$$;

comment on function ingest.read_lead_rows(ingest.imports, jsonb, integer) is
    'The next p_limit pending rows in file order: drafts to be written; outcomes of the others: error with every problem, duplicate of an earlier line, skipped when an earlier import wrote the same row (spec: command_center §3.7, decisions §5.10).';
revoke all on function ingest.read_lead_rows(ingest.imports, jsonb, integer) from public;
