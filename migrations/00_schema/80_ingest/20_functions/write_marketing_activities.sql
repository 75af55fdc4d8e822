-- Adds what marketing did from rows of a file.

create or replace function ingest.write_marketing_activities(p_import ingest.imports, p_rows ingest.module_row[])
returns ingest.row_outcome[]
language sql
set search_path = pg_catalog, pg_temp
as $$
    with judged as materialized (
        select
            r.row_no, r.row_hash, r.fields,
            case
                when r.fields ? 'channel' and not exists (select from crm.lead_channels c where c.primary_channel = r.fields ->> 'channel')
                    then ingest.one_reason('channel', 'marketing_activity.channel.unknown', 'is no channel')
                when (r.fields ->> 'quantity')::numeric = 0 then ingest.one_reason('quantity', 'marketing_activity.quantity.range', 'must be above 0')
            end as reason
        from unnest(p_rows) r
    ),
    written as (
        insert into kpi.marketing_activity_events (
            org_id, activity_name, activity_date, quantity, channel, notes, source_import_id, source_row_no, created_by
        )
        select
            (p_import).org_id,
            j.fields ->> 'activity_name', (j.fields ->> 'activity_date')::date, (j.fields ->> 'quantity')::numeric, j.fields ->> 'channel', j.fields ->> 'notes',
            (p_import).import_id, j.row_no, (p_import).uploaded_by
        from judged j
        where j.reason is null
        order by j.row_no
        returning source_row_no, activity_id
    )
    select coalesce(
        array_agg(
            row(
                j.row_no, case when j.reason is null then 'success' else 'error' end, j.reason, j.row_hash,
                case when j.reason is null then 'kpi.marketing_activity_events' end, w.activity_id::text
            )::ingest.row_outcome
        ),
        '{}'
    )
    from judged j
    left join written w on w.source_row_no = j.row_no
$$;

comment on function ingest.write_marketing_activities(ingest.imports, ingest.module_row[]) is
    'Outcome of each row: success, or error marketing_activity.channel.unknown, marketing_activity.quantity.range. Rows are the uploader''s (spec: command_center §3.7).';
revoke all on function ingest.write_marketing_activities(ingest.imports, ingest.module_row[]) from public;
