-- Adds or changes imported entries from rows of a file: one for each metric, day and person.

create or replace function ingest.write_kpi_entries(p_import ingest.imports, p_actor jsonb, p_rows ingest.module_row[])
returns ingest.row_outcome[]
language sql
set search_path = pg_catalog, pg_temp
as $$
    with people as materialized (
        select p.user_id, p.user_code from kpi.people_enterable_by((p_import).org_id, (p_import).uploaded_by) p
    ),
    typed as materialized (
        select
            r.row_no,
            r.row_hash,
            r.fields ->> 'metric_key' as metric_key,
            (r.fields ->> 'entry_date')::date as entry_date,
            (r.fields ->> 'value')::numeric as value,
            r.fields ->> 'notes' as notes,
            d.calc_method,
            p.user_id
        from unnest(p_rows) r
        left join kpi.kpi_metric_definitions d on d.metric_key = r.fields ->> 'metric_key'
        -- By code or id; nobody named: the uploader.
        left join people p on case
            when r.fields ? 'assignee' then r.fields ->> 'assignee' = p.user_code or lower(r.fields ->> 'assignee') = p.user_id::text
            else p.user_id = (p_import).uploaded_by
        end
    ),
    judged as materialized (
        select
            t.*,
            e.entry_id,
            e.value is not distinct from t.value and coalesce(t.notes, e.notes, '') = coalesce(e.notes, '') as is_same,
            case
                when t.calc_method is null then ingest.one_reason('metric_key', 'kpi.metric_key.unknown', 'is no metric')
                when t.calc_method = 'AUTO'
                    then ingest.one_reason('metric_key', 'kpi_entry.metric_key.auto', 'is computed and cannot be entered')
                when t.user_id is null
                    then ingest.one_reason('assignee', 'kpi_entry.assignee.unknown', 'is nobody for whom you may enter this')
                when t.entry_date > (p_actor ->> 'today')::date
                    then ingest.one_reason('entry_date', 'kpi_entry.entry_date.future', 'is still to come')
                -- Two values of one day, which of them is meant? In this chunk, or in one before.
                when e.source_import_id = (p_import).import_id
                    or row_number() over (partition by t.metric_key, t.entry_date, t.user_id order by t.row_no) > 1
                    then ingest.one_reason(null, 'kpi_entry.repeated', 'an earlier line has another value for this metric, day and person')
            end as reason
        from typed t
        left join kpi.kpi_entries e
            on e.org_id = (p_import).org_id and e.metric_key = t.metric_key and e.entry_date = t.entry_date
            and e.assignee_user_id = t.user_id and e.source = 'IMPORTED'
    ),
    written as (
        insert into kpi.kpi_entries as k (
            org_id, metric_key, entry_date, assignee_user_id, value, source, notes, source_import_id, source_row_no, created_by
        )
        select
            (p_import).org_id, j.metric_key, j.entry_date, j.user_id, j.value, 'IMPORTED', j.notes, (p_import).import_id, j.row_no,
            (p_import).uploaded_by
        from judged j
        where j.reason is null and not (j.entry_id is not null and j.is_same)
        order by j.metric_key, j.entry_date, j.user_id
        on conflict (org_id, metric_key, entry_date, assignee_user_id) where source = 'IMPORTED' do update
        set value = excluded.value,
            -- A blank cell keeps what is there (design §7).
            notes = coalesce(excluded.notes, k.notes),
            source_import_id = excluded.source_import_id,
            source_row_no = excluded.source_row_no
        returning k.source_row_no, k.entry_id
    )
    select coalesce(
        array_agg(
            row(
                j.row_no,
                case when j.reason is not null then 'error' when w.entry_id is null then 'skipped' else 'success' end,
                case
                    when j.reason is not null then j.reason
                    when w.entry_id is null then ingest.one_reason(null, 'import.row.unchanged', 'says what is there already')
                end,
                j.row_hash,
                case when w.entry_id is not null then 'kpi.kpi_entries' end,
                w.entry_id::text
            )::ingest.row_outcome
        ),
        '{}'
    )
    from judged j
    left join written w on w.source_row_no = j.row_no
$$;

comment on function ingest.write_kpi_entries(ingest.imports, jsonb, ingest.module_row[]) is
    'p_actor: crm.lead_rules() of the uploader. Outcome of each row: success, skipped when it says what is there already, or error kpi.metric_key.unknown, kpi_entry.metric_key.auto, .assignee.unknown, .entry_date.future, .repeated. The uploader''s rights decide for whom (spec: command_center §3.7, case 123).';
revoke all on function ingest.write_kpi_entries(ingest.imports, jsonb, ingest.module_row[]) from public;
