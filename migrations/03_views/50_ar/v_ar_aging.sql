-- What each customer owes, by age and by currency.

create view api.v_ar_aging with (security_invoker = true) as
select
    i.org_id,
    i.customer_id,
    -- Amounts of different currencies are never added up (pitfall P24).
    i.currency,
    sum(i.outstanding_amount) as ar_total,
    -- The sum of the buckets is ar_total, also with what is not due yet (pitfall P16).
    coalesce(sum(i.outstanding_amount) filter (where i.days <= 0), 0) as bucket_current,
    coalesce(sum(i.outstanding_amount) filter (where i.days between 1 and 30), 0) as bucket_1_30,
    coalesce(sum(i.outstanding_amount) filter (where i.days between 31 and 60), 0) as bucket_31_60,
    coalesce(sum(i.outstanding_amount) filter (where i.days between 61 and 90), 0) as bucket_61_90,
    coalesce(sum(i.outstanding_amount) filter (where i.days > 90), 0) as bucket_90_plus
from (
    select o.org_id, o.customer_id, o.currency, o.outstanding_amount, (select app.today()) - o.due_date as days
    from ar.invoices o
    where o.org_id = (select app.org_id()) and o.is_open
) i
group by i.org_id, i.customer_id, i.currency;

comment on view api.v_ar_aging is
    'Outstanding amounts of the invoices that the reader may see, per customer and currency, by days past due; customers who owe nothing are not there (spec: command_center §4, case 110).';
revoke all on api.v_ar_aging from public;
grant select on api.v_ar_aging to authenticated, analyst;
