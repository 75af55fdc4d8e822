-- A page of invoices that the caller sees, newest first.

create or replace function api.ar_list_invoices(
    p_filters jsonb default '{}',
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_ids text[];
    v_items jsonb;
begin
    perform app.require('invoices', 'select');

    -- One more than asked for, to know whether there is a next page.
    v_ids := ar.find_invoices(p_filters, v_limit + 1, p_after);

    select jsonb_agg(to_jsonb(v) - 'org_id' order by v.invoice_date desc, v.invoice_id desc)
    into v_items
    from api.invoices v
    where v.invoice_id = any (v_ids[:v_limit]);

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_ids) > v_limit then jsonb_build_object(
                'invoice_date', v_items -> -1 -> 'invoice_date', 'invoice_id', v_items -> -1 -> 'invoice_id'
            )
        end
    );
end
$$;

comment on function api.ar_list_invoices(jsonb, integer, jsonb) is
    'p_filters: {customer_id, status, payment_state, currency, external_no, overdue, invoice_date_from, invoice_date_to, due_date_from, due_date_to}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.invoices, next}. Raises PT401, PT403 permission.denied (spec: command_center §7).';
revoke all on function api.ar_list_invoices(jsonb, integer, jsonb) from public;
grant execute on function api.ar_list_invoices(jsonb, integer, jsonb) to authenticated;
