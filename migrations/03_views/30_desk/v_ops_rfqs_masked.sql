-- Requests for tariffs as operations see them: enough to quote, and not a word of who asks.

create view api.v_ops_rfqs_masked with (security_barrier = true) as
select
    t.org_id,
    t.ticket_id,
    t.ticket_type,
    t.inquiry_status,
    t.dept_target,
    m.created_by,
    t.assigned_to,
    m.related_lead_id,
    -- Operations read no customer.
    null::text as related_customer_id,
    m.subject,
    m.description,
    t.service_code,
    m.origin_address,
    m.origin_city,
    m.origin_country,
    m.destination_address,
    m.destination_city,
    m.destination_country,
    m.cargo_category,
    t.cargo_qty,
    m.cargo_dimensions,
    t.cargo_weight,
    m.scope_of_work,
    t.created_at,
    t.closed_at,
    t.is_masked,
    case
        when t.is_masked then 'MASKED'
        else (select c.company_name from crm.customers c where c.org_id = t.org_id and c.customer_id = t.related_customer_id)
    end as customer_company_name,
    'MASKED' as customer_pic_name,
    'MASKED' as customer_pic_phone,
    'MASKED' as customer_pic_email,
    t.first_response_at,
    t.first_response_due_at,
    t.resolution_due_at,
    t.is_paused,
    t.is_first_response_late,
    t.is_resolution_late
-- In order before they are masked, so that a reader of the newest fifty does not wait for the masking of all.
from (
    select
        t.org_id, t.ticket_id, t.ticket_type, t.inquiry_status, t.dept_target, t.assigned_to, t.service_code, t.cargo_qty, t.cargo_weight,
        t.related_customer_id, t.created_at, t.closed_at, t.need_customer_masking as is_masked,
        k.first_response_at, k.first_response_due_at, k.resolution_due_at, k.paused_at is not null as is_paused,
        k.first_response_breached_at is not null as is_first_response_late, k.resolution_breached_at is not null as is_resolution_late
    from desk.tickets t
    left join desk.ticket_clocks k on k.org_id = t.org_id and k.ticket_id = t.ticket_id
    where t.org_id = (select app.org_id())
      and t.ticket_type = 'inquiry tariff'
      and (
          (select app.can('v_ops_rfqs_masked', 'select', 'all'))
          or ((select app.can('v_ops_rfqs_masked', 'select', 'dept')) and t.dept_target = (select app.dept_code()))
      )
    order by t.created_at desc, t.ticket_id desc
) t
cross join lateral desk.masked_row(t.ticket_id) m
order by t.created_at desc, t.ticket_id desc;

comment on view api.v_ops_rfqs_masked is
    'Tariff inquiries of the reader''s department, newest first, for roles that see them masked; runs as its owner, because such a reader must not see the rows, and filters by itself (spec: command_center §4, cases 61–65).';
revoke all on api.v_ops_rfqs_masked from public;
grant select on api.v_ops_rfqs_masked to authenticated, analyst;
