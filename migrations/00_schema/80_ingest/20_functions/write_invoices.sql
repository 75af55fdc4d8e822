-- Makes invoices of rows of a file.

create or replace function ingest.write_invoices(p_import ingest.imports, p_actor jsonb, p_rows ingest.module_row[])
returns ingest.row_outcome[]
language plpgsql
-- By key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := (p_import).org_id;
    v_currency text := app.setting_of(v_org_id, 'currency') #>> '{}';
    v_outcomes ingest.row_outcome[];
begin
    with typed as materialized (
        select
            r.row_no, r.row_hash, w.customer_id, w.reason,
            (r.fields ->> 'invoice_date')::date as invoice_date,
            (r.fields ->> 'due_date')::date as due_date,
            (r.fields ->> 'invoice_amount')::numeric as amount,
            coalesce(r.fields ->> 'currency', v_currency) as currency,
            r.fields ->> 'external_no' as external_no,
            r.fields ->> 'notes' as notes
        from unnest(p_rows) r
        join ingest.customers_of_rows(v_org_id, p_actor, 'invoice', p_rows) w on w.row_no = r.row_no
    ),
    judged as materialized (
        select
            t.*,
            -- The same invoice in other words: its number, else customer, dates and amount (spec §3.7).
            min(t.row_no) over (
                partition by coalesce(t.external_no, concat_ws('|', t.customer_id, t.invoice_date, t.due_date, t.amount, t.currency))
            ) as first_row_no,
            e.invoice_id as existing_id,
            (e.customer_id, e.invoice_date, e.due_date, e.invoice_amount, e.currency)
                is not distinct from (t.customer_id, t.invoice_date, t.due_date, t.amount, t.currency) as is_same
        from typed t
        left join lateral (
            -- Two questions, each by its own index: one with `or` would read all invoices for each row.
            select f.*
            from (
                select i.invoice_id, i.customer_id, i.invoice_date, i.due_date, i.invoice_amount, i.currency
                from ar.invoices i
                where i.org_id = v_org_id and i.external_no = t.external_no and i.status <> 'VOID'
                union all
                select i.invoice_id, i.customer_id, i.invoice_date, i.due_date, i.invoice_amount, i.currency
                from ar.invoices i
                where t.external_no is null
                  and i.org_id = v_org_id and i.customer_id = t.customer_id and i.invoice_date = t.invoice_date
                  and i.due_date = t.due_date and i.invoice_amount = t.amount and i.currency = t.currency and i.status <> 'VOID'
            ) f
            order by f.invoice_id
            limit 1
        ) e on t.reason is null
    ),
    decided as materialized (
        select
            j.*,
            case
                when j.reason is not null then 'error'
                when j.due_date < j.invoice_date then 'error'
                when j.existing_id is not null and j.is_same then 'skipped'
                when j.existing_id is not null then 'error'
                when j.first_row_no < j.row_no then 'error'
                else 'success'
            end as status,
            case
                when j.reason is not null then j.reason
                when j.due_date < j.invoice_date
                    then ingest.one_reason('due_date', 'invoice.due_date.before_invoice', 'must not be before the invoice date')
                when j.existing_id is not null and j.is_same then ingest.one_reason(null, 'import.row.unchanged', 'is there already')
                when j.existing_id is not null
                    then ingest.one_reason('external_no', 'invoice.external_no.duplicate', 'is the number of another invoice')
                when j.first_row_no < j.row_no then ingest.one_reason(
                    case when j.external_no is not null then 'external_no' end, 'invoice.external_no.duplicate',
                    format('is the invoice of line %s', j.first_row_no)
                )
            end as errors
        from judged j
    ),
    counted as materialized (
        -- A block for each day, drawn in order: counters are the last locks (design §3).
        select
            d.invoice_date,
            app.format_prefixed_ids('INV', d.invoice_date, app.reserve_ids(v_org_id, 'INV', d.invoice_date, d.n), d.n) as ids
        from (
            select s.invoice_date, count(*) as n from decided s where s.status = 'success' group by s.invoice_date order by s.invoice_date
            offset 0
        ) d
    ),
    numbered as materialized (
        select s.*, c.ids[row_number() over (partition by s.invoice_date order by s.row_no)] as invoice_id
        from decided s
        join counted c on c.invoice_date = s.invoice_date
        where s.status = 'success'
    ),
    written as (
        insert into ar.invoices (
            org_id, invoice_id, customer_id, invoice_date, due_date, invoice_amount, currency, external_no, notes,
            source_import_id, source_row_no, created_by, created_at, updated_at
        )
        select
            v_org_id, n.invoice_id, n.customer_id, n.invoice_date, n.due_date, n.amount, n.currency, n.external_no, n.notes,
            (p_import).import_id, n.row_no, (p_import).uploaded_by, app.now(), app.now()
        from numbered n
    )
    select array_agg(
        row(
            d.row_no, d.status, d.errors, d.row_hash,
            case when d.status <> 'error' then 'ar.invoices' end, coalesce(n.invoice_id, case when d.is_same then d.existing_id end)
        )::ingest.row_outcome
    )
    into v_outcomes
    from decided d
    left join numbered n on n.row_no = d.row_no;
    return v_outcomes;
end
$$;

comment on function ingest.write_invoices(ingest.imports, jsonb, ingest.module_row[]) is
    'Outcome of each row: success with its invoice, skipped when the invoice is there already, error. Callers hold ar.lock_invoices alone (spec: command_center §3.7).';
revoke all on function ingest.write_invoices(ingest.imports, jsonb, ingest.module_row[]) from public;
