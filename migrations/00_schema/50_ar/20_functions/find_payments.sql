-- The ids of a page of payments, newest first, within the scopes of the caller.

create or replace function ar.find_payments(p_filters jsonb, p_limit integer, p_after jsonb) returns bigint[]
language plpgsql
stable
security definer -- under row security no condition but the policy's own can choose an index (design §4)
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_customer_ids text[] := ar.customers_in_reach('payments');
    v_invoice_id text := p_filters ->> 'invoice_id';
    v_customer_id text := p_filters ->> 'customer_id';
    v_method text := p_filters ->> 'payment_method';
    v_reference_no text := p_filters ->> 'reference_no';
    v_date_from date := (p_filters ->> 'payment_date_from')::date;
    v_date_to date := (p_filters ->> 'payment_date_to')::date;
    v_after_date date := (p_after ->> 'payment_date')::date;
    v_after_id bigint := (p_after ->> 'payment_id')::bigint;
begin
    if v_customer_id is not null then
        v_customer_ids := case
            when v_customer_ids is null or v_customer_id = any (v_customer_ids) then array[v_customer_id] else '{}'
        end;
    end if;

    return array(
        select p.payment_id
        from ar.payments p
        where p.org_id = v_org_id
          and (
              v_customer_ids is null
              or p.invoice_id = any (
                  array(select i.invoice_id from ar.invoices i where i.org_id = v_org_id and i.customer_id = any (v_customer_ids))
              )
          )
          and (v_after_date is null or (p.payment_date, p.payment_id) < (v_after_date, v_after_id))
          and (v_invoice_id is null or p.invoice_id = v_invoice_id)
          and (v_method is null or p.payment_method = v_method)
          and (v_reference_no is null or p.reference_no = v_reference_no)
          and (v_date_from is null or p.payment_date >= v_date_from)
          and (v_date_to is null or p.payment_date <= v_date_to)
        order by p.payment_date desc, p.payment_id desc
        limit p_limit
    );
end
$$;

comment on function ar.find_payments(jsonb, integer, jsonb) is
    'payment_ids in the order of api.ar_list_payments, which documents the parameters; read them through api.payments, so that the policies have the last word (design §4, §6).';
revoke all on function ar.find_payments(jsonb, integer, jsonb) from public;
grant execute on function ar.find_payments(jsonb, integer, jsonb) to authenticated;
