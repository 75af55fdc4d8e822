-- Opens the ticket that asks operations for a tariff, without a word of who the customer is.

create or replace function desk.open_rfq(
    p_org_id uuid,
    p_created_by uuid,
    p_lead_id text,
    p_customer_id text,
    p_service_code text,
    p_rfq jsonb
) returns text
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into desk.tickets (
        org_id, ticket_type, dept_target, service_code, related_lead_id, related_customer_id, subject, description,
        origin_address, origin_city, origin_country, destination_address, destination_city, destination_country,
        cargo_category, cargo_qty, cargo_dimensions, cargo_weight, scope_of_work, created_by, created_at
    )
    select
        p_org_id,
        'inquiry tariff',
        r.dept_target,
        p_service_code,
        p_lead_id,
        p_customer_id,
        -- Service and route only: company and contact stay on the lead (pitfall P13).
        format('RFQ %s: %s - %s', s.service_name, r.origin_country, r.destination_country),
        format('%s, %s x %s, %s kg', s.service_name, r.cargo_qty, r.cargo_category, r.cargo_weight),
        r.origin_address, r.origin_city, r.origin_country, r.destination_address, r.destination_city, r.destination_country,
        r.cargo_category, r.cargo_qty, r.cargo_dimensions, r.cargo_weight, r.scope_of_work,
        p_created_by,
        app.now()
    from jsonb_to_record(p_rfq) as r (
        dept_target text, origin_address text, origin_city text, origin_country text, destination_address text,
        destination_city text, destination_country text, cargo_category text, cargo_qty numeric, cargo_dimensions text,
        cargo_weight numeric, scope_of_work text
    )
    join crm.services s on s.org_id = p_org_id and s.service_code = p_service_code
    returning ticket_id
$$;

comment on function desk.open_rfq(uuid, uuid, text, text, text, jsonb) is
    'p_rfq: the ticket part of crm.draft_rfq, complete. Returns the ticket_id of a masked `inquiry tariff` (spec: command_center §3.3).';
revoke all on function desk.open_rfq(uuid, uuid, text, text, text, jsonb) from public;
