-- Adds spend on channels from rows of a file.

create or replace function ingest.write_marketing_spend(p_import ingest.imports, p_rows ingest.module_row[])
returns ingest.row_outcome[]
language sql
set search_path = pg_catalog, pg_temp
as $$
    with judged as materialized (
        select
            r.row_no, r.row_hash, r.fields,
            case
                when r.fields ? 'channel' and not exists (select from crm.lead_channels c where c.primary_channel = r.fields ->> 'channel')
                    then ingest.one_reason('channel', 'spend.channel.unknown', 'is no channel')
            end as reason
        from unnest(p_rows) r
    ),
    written as (
        insert into kpi.marketing_spend (
            org_id, channel, spend_date, amount, campaign_name, notes, source_import_id, source_row_no, created_by
        )
        select
            (p_import).org_id,
            j.fields ->> 'channel', (j.fields ->> 'spend_date')::date, (j.fields ->> 'amount')::numeric, j.fields ->> 'campaign_name', j.fields ->> 'notes',
            (p_import).import_id, j.row_no, (p_import).uploaded_by
        from judged j
        where j.reason is null
        order by j.row_no
        returning source_row_no, spend_id
    )
    select coalesce(
        array_agg(
            row(
                j.row_no, case when j.reason is null then 'success' else 'error' end, j.reason, j.row_hash,
                case when j.reason is null then 'kpi.marketing_spend' end, w.spend_id::text
            )::ingest.row_outcome
        ),
        '{}'
    )
    from judged j
    left join written w on w.source_row_no = j.row_no
$$;

comment on function ingest.write_marketing_spend(ingest.imports, ingest.module_row[]) is
    'Outcome of each row: success, or error spend.channel.unknown. Rows are the uploader''s (spec: command_center §3.7).';
revoke all on function ingest.write_marketing_spend(ingest.imports, ingest.module_row[]) from public;
