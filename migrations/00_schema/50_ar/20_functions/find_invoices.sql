-- The ids of a page of invoices, newest first, within the scopes of the caller.

create or replace function ar.find_invoices(p_filters jsonb, p_limit integer, p_after jsonb) returns text[]
language plpgsql
stable
security definer -- under row security no condition but the policy's own can choose an index (design §4)
-- Plans with the values at hand: a scope or filter that is not there folds away, one that is uses its index.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_today date := app.today();
    v_customer_ids text[] := ar.customers_in_reach('invoices');
    v_customer_id text := p_filters ->> 'customer_id';
    v_status text := p_filters ->> 'status';
    v_payment_state text := p_filters ->> 'payment_state';
    v_currency text := p_filters ->> 'currency';
    v_external_no text := p_filters ->> 'external_no';
    v_overdue boolean := (p_filters ->> 'overdue')::boolean;
    v_open boolean := case when v_payment_state in ('UNPAID', 'PARTIAL') or v_overdue then true end;
    v_date_from date := (p_filters ->> 'invoice_date_from')::date;
    v_date_to date := (p_filters ->> 'invoice_date_to')::date;
    v_due_from date := (p_filters ->> 'due_date_from')::date;
    v_due_to date := (p_filters ->> 'due_date_to')::date;
    v_after_date date := (p_after ->> 'invoice_date')::date;
    v_after_id text := p_after ->> 'invoice_id';
begin
    return array(
        select i.invoice_id
        from ar.invoices i
        where i.org_id = v_org_id
          and (v_customer_ids is null or i.customer_id = any (v_customer_ids))
          and (v_after_date is null or (i.invoice_date, i.invoice_id) < (v_after_date, v_after_id))
          and (v_customer_id is null or i.customer_id = v_customer_id)
          and (v_status is null or i.status = v_status)
          and (v_open is null or i.is_open)
          and (v_payment_state is null or ar.payment_state(i.status, i.invoice_amount, i.paid_amount) = v_payment_state)
          and (v_currency is null or i.currency = v_currency)
          and (v_external_no is null or i.external_no = v_external_no)
          and (v_overdue is null or (i.is_open and i.due_date < v_today) = v_overdue)
          and (v_date_from is null or i.invoice_date >= v_date_from)
          and (v_date_to is null or i.invoice_date <= v_date_to)
          and (v_due_from is null or i.due_date >= v_due_from)
          and (v_due_to is null or i.due_date <= v_due_to)
        order by i.invoice_date desc, i.invoice_id desc
        limit p_limit
    );
end
$$;

comment on function ar.find_invoices(jsonb, integer, jsonb) is
    'invoice_ids in the order of api.ar_list_invoices, which documents the parameters; read them through api.invoices, so that the policies have the last word (design §4, §6).';
revoke all on function ar.find_invoices(jsonb, integer, jsonb) from public;
grant execute on function ar.find_invoices(jsonb, integer, jsonb) to authenticated;
