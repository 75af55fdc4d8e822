-- A page of the documents of a customer, newest first.

create or replace function api.crm_list_documents(p_customer_id text, p_limit integer default 50, p_after jsonb default null) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := coalesce((p_after ->> 'document_id')::bigint, 9223372036854775807);
    v_items jsonb;
begin
    perform app.require('customer_documents', 'select');
    if not app.may_select_customers(app.org_id(), p_customer_id) then
        perform app.fail('PT404', 'customer.not_found', 'There is no such customer.', left(p_customer_id, 100));
    end if;
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.document_id desc)
    into v_items
    from (
        select d.*
        from api.customer_documents d
        where d.customer_id = p_customer_id and d.document_id < v_after
        order by d.document_id desc
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_items) > v_limit
                then jsonb_build_object('document_id', v_items -> (v_limit - 1) -> 'document_id')
        end
    );
end
$$;

comment on function api.crm_list_documents(text, integer, jsonb) is
    'p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.customer_documents, next}. Raises PT401, PT403, PT404 customer.not_found (spec: command_center §2.3).';
revoke all on function api.crm_list_documents(text, integer, jsonb) from public;
grant execute on function api.crm_list_documents(text, integer, jsonb) to authenticated;
