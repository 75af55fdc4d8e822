-- What is owed to us, in one of four pictures.

create or replace function api.ar_dso(
    p_filters jsonb default '{}',
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type text := coalesce(p_filters ->> 'type', 'summary');
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_customer_id text := coalesce(p_after ->> 'customer_id', '');
    v_currency text := coalesce(p_after ->> 'currency', '');
    v_items jsonb;
begin
    perform app.require('invoices', 'select');
    case v_type
        when 'summary' then
            select jsonb_agg(to_jsonb(s) order by s.currency)
            into v_items
            from (
                select
                    a.currency,
                    sum(a.ar_total) as ar_total,
                    sum(a.ar_total - a.bucket_current) as overdue_total,
                    sum(a.bucket_current) as bucket_current,
                    sum(a.bucket_1_30) as bucket_1_30,
                    sum(a.bucket_31_60) as bucket_31_60,
                    sum(a.bucket_61_90) as bucket_61_90,
                    sum(a.bucket_90_plus) as bucket_90_plus,
                    count(*) as customers
                from api.v_ar_aging a
                group by a.currency
            ) s;
        when 'rolling' then
            select jsonb_agg(to_jsonb(d) order by d.currency)
            into v_items
            from api.dso_as_of(coalesce((p_filters ->> 'as_of')::date, app.today())) d;
        when 'aging' then
            select jsonb_agg(to_jsonb(page) - 'org_id' order by page.customer_id, page.currency)
            into v_items
            from (
                select a.*
                from api.v_ar_aging a
                where (a.customer_id, a.currency) > (v_customer_id, v_currency)
                order by a.customer_id, a.currency
                limit v_limit + 1
            ) page;
        else
            select jsonb_agg(to_jsonb(page) - 'org_id' order by page.customer_id, page.currency)
            into v_items
            from (
                select a.*
                from api.v_my_customers_ar a
                where (a.customer_id, a.currency) > (v_customer_id, v_currency)
                order by a.customer_id, a.currency
                limit v_limit + 1
            ) page;
    end case;

    return jsonb_build_object(
        'type', v_type,
        'items', coalesce(case when v_type in ('aging', 'my-customers') then v_items - v_limit else v_items end, '[]'),
        'next', case
            when v_type in ('aging', 'my-customers') and jsonb_array_length(v_items) > v_limit then jsonb_build_object(
                'customer_id', v_items -> (v_limit - 1) -> 'customer_id', 'currency', v_items -> (v_limit - 1) -> 'currency'
            )
        end
    );
end
$$;

comment on function api.ar_dso(jsonb, integer, jsonb) is
    'p_filters: {type, as_of}, type summary (per currency), aging (per customer and currency), rolling (api.dso_as_of of as_of, default today) or my-customers; p_limit 1–100 and p_after, `next` of the page before, for aging and my-customers. Returns {type, items, next} of what the caller may see. Raises PT401, PT403 permission.denied (spec: command_center §7).';
revoke all on function api.ar_dso(jsonb, integer, jsonb) from public;
grant execute on function api.ar_dso(jsonb, integer, jsonb) to authenticated;
