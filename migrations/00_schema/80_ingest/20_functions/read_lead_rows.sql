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
    v_seen ingest.row_outcome[];
begin
    select array_agg(c.row_no), array_agg(c.row_data)
    into v_row_nos, v_rows
    from (
        select r.row_no, r.row_data
        from ingest.import_rows r
        where r.org_id = p_import.org_id and r.import_id = p_import.import_id and r.status = 'pending'
        order by r.row_no
        limit p_limit
    ) c;

    select
        coalesce(array_agg(d.draft) filter (where d.problems = '[]'), '{}'),
        coalesce(
            array_agg(
                row(d.row_no, 'error', d.problems, (d.draft).row_hash, null, null)::ingest.row_outcome
            ) filter (where d.problems <> '[]'),
            '{}'
        )
    into drafts, outcomes
    from crm.draft_leads(
        v_row_nos,
        v_rows,
        (select coalesce(jsonb_object_agg(m.value, m.key), '{}') from jsonb_each_text(p_import.mapping) m),
        p_rules
    ) d;

    -- Rows seen before: in this file, here or in an earlier chunk, or in another one.
    with known as (
        select
            k.row_no,
            k.row_hash,
            least(nullif(k.first_row_no, k.row_no), here.row_no) as same_as
        from (
            select
                d.row_no,
                d.row_hash,
                min(d.row_no) over (partition by d.row_hash) as first_row_no,
                (
                    select true
                    from ingest.import_rows r
                    where r.org_id = p_import.org_id and r.row_hash = d.row_hash
                    limit 1
                ) as is_known
            from unnest(drafts) d
        ) k
        left join lateral (
            select r.row_no
            from ingest.import_rows r
            where k.is_known
              and r.org_id = p_import.org_id and r.row_hash = k.row_hash and r.import_id = p_import.import_id
              and r.row_no < k.row_no and r.status in ('success', 'skipped')
            order by r.row_no
            limit 1
        ) here on true
        where k.is_known or k.first_row_no < k.row_no
    ),
    judged as (
        select
            k.row_no,
            k.row_hash,
            k.same_as,
            k.same_as is not null or (
                select true
                from ingest.import_rows r
                join ingest.imports i
                    on i.org_id = r.org_id and i.import_id = r.import_id and i.module = p_import.module
                    and (
                        i.undone_at is null
                        -- What an undo left alone is still there.
                        or exists (
                            select
                            from ingest.undo_refusals f
                            where f.org_id = r.org_id and f.import_id = r.import_id and f.target_table = r.target_table
                              and f.target_id = r.target_id
                        )
                    )
                where r.org_id = p_import.org_id and r.row_hash = k.row_hash and r.import_id <> p_import.import_id
                  and r.status = 'success'
                limit 1
            ) as is_out
        from known k
    )
    select array_agg(
        row(
            j.row_no,
            case when j.same_as is not null then 'duplicate' else 'skipped' end,
            jsonb_build_array(
                case
                    when j.same_as is not null then jsonb_build_object(
                        'field', null, 'code', 'import.row.duplicate', 'message', format('is the same as line %s', j.same_as)
                    )
                    else jsonb_build_object('field', null, 'code', 'import.row.unchanged', 'message', 'was imported before')
                end
            ),
            j.row_hash,
            null,
            null
        )::ingest.row_outcome
    )
    into v_seen
    from judged j
    where j.is_out;

    -- Nearly every chunk is new.
    if v_seen is not null then
        outcomes := outcomes || v_seen;
        drafts := array(
            select d::crm.lead_draft
            from unnest(drafts) d
            where d.row_no not in (select s.row_no from unnest(v_seen) s)
        );
    end if;
end
$$;

comment on function ingest.read_lead_rows(ingest.imports, jsonb, integer) is
    'The next p_limit pending rows in file order: drafts to be written; outcomes of the others: error with every problem, duplicate of an earlier line, skipped when an earlier import wrote the same row (spec: command_center §3.7, decisions §5.10).';
revoke all on function ingest.read_lead_rows(ingest.imports, jsonb, integer) from public;
