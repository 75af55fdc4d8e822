-- A page of payments that the caller sees, newest first, reversals among them.

create or replace function api.ar_list_payments(
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
    v_ids bigint[];
    v_items jsonb;
begin
    perform app.require('payments', 'select');
    v_ids := ar.find_payments(p_filters, v_limit + 1, p_after);

    select jsonb_agg(to_jsonb(v) - 'org_id' order by v.payment_date desc, v.payment_id desc)
    into v_items
    from api.payments v
    where v.payment_id = any (v_ids[:v_limit]);

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_ids) > v_limit then jsonb_build_object(
                'payment_date', v_items -> -1 -> 'payment_date', 'payment_id', v_items -> -1 -> 'payment_id'
            )
        end
    );
end
$$;

comment on function api.ar_list_payments(jsonb, integer, jsonb) is
    'p_filters: {invoice_id, customer_id, payment_method, reference_no, payment_date_from, payment_date_to}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.payments, next}. Raises PT401, PT403 permission.denied (spec: command_center §7).';
revoke all on function api.ar_list_payments(jsonb, integer, jsonb) from public;
grant execute on function api.ar_list_payments(jsonb, integer, jsonb) to authenticated;
