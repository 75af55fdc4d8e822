-- Records payments from rows of a file: never more for an invoice than is outstanding.

create or replace function ingest.write_payments(p_import ingest.imports, p_actor jsonb, p_rows ingest.module_row[])
returns ingest.row_outcome[]
language plpgsql
-- By key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := (p_import).org_id;
    v_today date := (p_actor ->> 'today')::date;
    v_rows jsonb;
    v_above bigint[] := '{}'::bigint[];
    v_more bigint[];
    v_outcomes ingest.row_outcome[];
begin
    with named as materialized (
        select
            r.row_no, i.invoice_id, i.status, i.outstanding_amount,
            (r.fields ->> 'payment_date')::date as payment_date,
            (r.fields ->> 'amount')::numeric as amount,
            r.fields ->> 'reference_no' as reference_no
        from unnest(p_rows) r
        left join lateral (
            -- By our id, else by the number of the organisation's own books.
            select f.invoice_id, f.status, f.outstanding_amount
            from (
                select i.*, 1 as place from ar.invoices i where i.org_id = v_org_id and i.invoice_id = r.fields ->> 'invoice_id'
                union all
                select i.*, 2 from ar.invoices i
                where i.org_id = v_org_id and i.external_no = r.fields ->> 'invoice_id' and i.status <> 'VOID'
            ) f
            order by f.place
            limit 1
        ) i on true
    )
    select jsonb_agg(jsonb_build_object(
        'row_no', n.row_no, 'invoice_id', n.invoice_id, 'outstanding', n.outstanding_amount, 'amount', n.amount,
        'existing_id', e.payment_id,
        'errors', case
            when n.invoice_id is null then ingest.one_reason('invoice_id', 'payment.invoice_id.unknown', 'is no invoice')
            when n.payment_date > v_today
                then ingest.one_reason('payment_date', 'payment.payment_date.future', 'must not be in the future')
            when n.status = 'VOID' then ingest.one_reason('invoice_id', 'invoice.void', 'is a void invoice')
            when e.payment_id is not null and e.amount = n.amount and e.payment_date = n.payment_date
                then ingest.one_reason(null, 'import.row.unchanged', 'is recorded already')
            when e.payment_id is not null or n.row_no > n.first_row_no then ingest.one_reason(
                'reference_no', 'payment.reference_no.duplicate', 'is the reference of another payment for this invoice'
            )
        end
    ))
    into v_rows
    from (
        select
            n.*,
            case
                when n.reference_no is not null then min(n.row_no) over (partition by n.invoice_id, n.reference_no)
            end as first_row_no
        from named n
    ) n
    left join ar.payments e
        on e.org_id = v_org_id and e.invoice_id = n.invoice_id and e.reference_no = n.reference_no
        and e.reversed_payment_id is null and e.reversed_at is null;

    -- Rounds, not rows: the first payment of an invoice that goes beyond what is outstanding is left out, and those after
    -- it are added up without it, until none does.
    loop
        select array_agg(f.row_no)
        into v_more
        from (
            select s.invoice_id, min(s.row_no) as row_no
            from (
                select
                    r.row_no, r.invoice_id, r.outstanding,
                    sum(r.amount) over (partition by r.invoice_id order by r.row_no) as paid
                from jsonb_to_recordset(v_rows) as r (row_no bigint, invoice_id text, outstanding numeric, amount numeric, errors jsonb)
                where coalesce(r.errors, 'null') = 'null' and r.row_no <> all (v_above)
            ) s
            where s.paid > s.outstanding
            group by s.invoice_id
        ) f;
        exit when v_more is null;
        v_above := v_above || v_more;
    end loop;

    with judged as materialized (
        select r.row_no, r.row_hash, r.fields, j.invoice_id, j.existing_id,
            case
                when coalesce(j.errors, 'null') <> 'null' then j.errors
                when r.row_no = any (v_above)
                    then ingest.one_reason('amount', 'payment.above_outstanding', 'is above what is outstanding')
            end as errors
        from unnest(p_rows) r
        join jsonb_to_recordset(v_rows) as j (row_no bigint, invoice_id text, existing_id bigint, errors jsonb) on j.row_no = r.row_no
    ),
    written as (
        insert into ar.payments (
            org_id, invoice_id, payment_date, amount, payment_method, reference_no, notes, source_import_id, source_row_no,
            created_by, created_at
        )
        select
            v_org_id, j.invoice_id, (j.fields ->> 'payment_date')::date, (j.fields ->> 'amount')::numeric,
            j.fields ->> 'payment_method', j.fields ->> 'reference_no', j.fields ->> 'notes', (p_import).import_id, j.row_no,
            (p_import).uploaded_by, app.now()
        from judged j
        where j.errors is null
        order by j.row_no
        returning source_row_no, payment_id
    )
    select array_agg(
        row(
            j.row_no,
            case
                when j.errors is null then 'success'
                when j.errors -> 0 ->> 'code' = 'import.row.unchanged' then 'skipped'
                else 'error'
            end,
            j.errors, j.row_hash,
            case when j.errors is null or j.errors -> 0 ->> 'code' = 'import.row.unchanged' then 'ar.payments' end,
            case
                when j.errors is null then w.payment_id
                when j.errors -> 0 ->> 'code' = 'import.row.unchanged' then j.existing_id
            end::text
        )::ingest.row_outcome
    )
    into v_outcomes
    from judged j
    left join written w on w.source_row_no = j.row_no;
    return v_outcomes;
end
$$;

comment on function ingest.write_payments(ingest.imports, jsonb, ingest.module_row[]) is
    'Outcome of each row: success with its payment, skipped when it is recorded already, error. In the order of the file; a payment above what earlier ones leave is an error and is not counted. Callers hold ar.lock_invoices alone (spec: command_center §3.7, decisions D7).';
revoke all on function ingest.write_payments(ingest.imports, jsonb, ingest.module_row[]) from public;
