-- Whether a customer may be given so much more credit.

create or replace function api.ar_credit_check(p_customer_id text, p_amount numeric default null) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_currency text := app.setting('currency') #>> '{}';
    v_found record;
    v_wanted numeric := coalesce(p_amount, 0);
begin
    perform app.require('invoices', 'select');
    select
        c.credit_limit,
        c.credit_hold,
        c.credit_hold_reason,
        coalesce(sum(i.outstanding_amount) filter (where i.currency = v_currency), 0) as outstanding,
        coalesce(sum(i.outstanding_amount) filter (where i.currency = v_currency and i.due_date < app.today()), 0) as overdue,
        count(i.invoice_id) filter (where i.currency <> v_currency) as others
    into v_found
    from crm.customers c
    left join ar.invoices i on i.org_id = c.org_id and i.customer_id = c.customer_id and i.is_open
    where c.org_id = app.org_id() and c.customer_id = p_customer_id
    group by c.org_id, c.customer_id;
    if v_found.outstanding is null then
        perform app.fail('PT404', 'customer.not_found', 'There is no such customer.', left(p_customer_id, 100));
    end if;
    if v_wanted < 0 then
        perform app.refuse_field('amount', 'credit.amount.range', 'must not be below 0');
    end if;

    return jsonb_build_object(
        'customer_id', p_customer_id,
        'currency', v_currency,
        'credit_limit', v_found.credit_limit,
        'outstanding', v_found.outstanding,
        'overdue', v_found.overdue,
        'available', v_found.credit_limit - v_found.outstanding,
        'status', case
            when v_found.credit_hold then 'hold'
            when v_found.credit_limit is null then 'no_limit'
            when v_found.outstanding > v_found.credit_limit then 'exceeded'
            when v_found.outstanding > 0 and v_found.outstanding >= v_found.credit_limit * 0.8 then 'warning'
            else 'ok'
        end,
        'amount', v_wanted,
        'allowed', not v_found.credit_hold and coalesce(v_found.outstanding + v_wanted <= v_found.credit_limit, true),
        'reason', case
            when v_found.credit_hold then v_found.credit_hold_reason
            when v_found.outstanding + v_wanted > v_found.credit_limit then 'The credit limit would be exceeded.'
        end,
        'over_by', greatest(v_found.outstanding + v_wanted - v_found.credit_limit, 0),
        -- Not counted: a limit is an amount of one currency (pitfall P24).
        'open_invoices_in_other_currencies', v_found.others
    );
end
$$;

comment on function api.ar_credit_check(text, numeric) is
    'p_amount: what is to be added, in the organisation''s currency, or null. Returns {customer_id, currency, credit_limit (null: none), outstanding, overdue, available, status hold | no_limit | exceeded | warning (from 80 %) | ok, amount, allowed, reason, over_by, open_invoices_in_other_currencies}. Raises PT401, PT403, PT404 customer.not_found, PT422 (spec: customers §1.6, decisions §1.5).';
revoke all on function api.ar_credit_check(text, numeric) from public;
grant execute on function api.ar_credit_check(text, numeric) to authenticated;
