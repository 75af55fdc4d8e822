-- Tickets: requests between departments.

create table desk.tickets (
    org_id uuid not null,
    ticket_id text not null,
    ticket_type text not null constraint tickets_ticket_type_check
        check (ticket_type in ('inquiry tariff', 'general request', 'request pickup', 'request delivery')),
    inquiry_status text constraint tickets_inquiry_status_check
        check (inquiry_status in ('OPEN', 'WAITING RESPON', 'WAITING CUSTOMER', 'CLOSED', 'CLOSED LOST')),
    ticket_status text constraint tickets_ticket_status_check check (ticket_status in ('OPEN', 'IN PROGRESS', 'CLOSED')),
    dept_target text not null,
    service_code text,
    assigned_to uuid,
    related_lead_id text,
    related_customer_id text,
    subject text not null constraint tickets_subject_check check (btrim(subject) <> '' and length(subject) <= 500),
    description text constraint tickets_description_check check (length(description) <= 10000),
    origin_address text constraint tickets_origin_address_check check (length(origin_address) <= 1000),
    origin_city text constraint tickets_origin_city_check check (length(origin_city) <= 255),
    origin_country text constraint tickets_origin_country_check check (length(origin_country) <= 100),
    destination_address text constraint tickets_destination_address_check check (length(destination_address) <= 1000),
    destination_city text constraint tickets_destination_city_check check (length(destination_city) <= 255),
    destination_country text constraint tickets_destination_country_check check (length(destination_country) <= 100),
    cargo_category text constraint tickets_cargo_category_check check (length(cargo_category) <= 255),
    cargo_qty numeric constraint tickets_cargo_qty_check check (cargo_qty > 0),
    cargo_dimensions text constraint tickets_cargo_dimensions_check check (length(cargo_dimensions) <= 255),
    cargo_weight numeric constraint tickets_cargo_weight_check check (cargo_weight > 0),
    scope_of_work text constraint tickets_scope_of_work_check check (length(scope_of_work) <= 5000),
    need_customer_masking boolean not null default false,
    close_reason text constraint tickets_close_reason_length_check check (length(close_reason) <= 1000),
    competitor_rate numeric(18, 2),
    customer_budget numeric(18, 2),
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    closed_at timestamptz,
    constraint tickets_pkey primary key (org_id, ticket_id),
    -- Exactly one status, by type (case 59).
    constraint tickets_status_check check (
        (ticket_type = 'inquiry tariff') = (inquiry_status is not null)
        and (ticket_type <> 'inquiry tariff') = (ticket_status is not null)
    ),
    constraint tickets_close_reason_check check (
        inquiry_status is distinct from 'CLOSED LOST' or coalesce(btrim(close_reason), '') <> ''
    ),
    constraint tickets_closed_at_check check (
        (coalesce(inquiry_status, ticket_status) in ('CLOSED', 'CLOSED LOST')) = (closed_at is not null)
    ),
    -- A ticket about a lead is always masked: nobody can switch that off (pitfall P13).
    constraint tickets_masking_check check (related_lead_id is null or need_customer_masking),
    constraint tickets_department_fkey foreign key (org_id, dept_target) references app.departments (org_id, dept_code),
    constraint tickets_service_fkey foreign key (org_id, service_code) references crm.services (org_id, service_code),
    constraint tickets_lead_fkey foreign key (org_id, related_lead_id) references crm.leads (org_id, lead_id),
    constraint tickets_customer_fkey foreign key (org_id, related_customer_id) references crm.customers (org_id, customer_id),
    constraint tickets_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id),
    constraint tickets_assigned_to_fkey foreign key (org_id, assigned_to) references app.profiles (org_id, user_id)
);
create index tickets_created_at_idx on desk.tickets (org_id, created_at desc, ticket_id desc);
create index tickets_dept_idx on desk.tickets (org_id, dept_target, created_at desc, ticket_id desc);
create index tickets_created_by_idx on desk.tickets (org_id, created_by, created_at desc, ticket_id desc);
create index tickets_assigned_to_idx on desk.tickets (org_id, assigned_to, created_at desc, ticket_id desc);
create index tickets_lead_idx on desk.tickets (org_id, related_lead_id) where related_lead_id is not null;
create index tickets_customer_idx on desk.tickets (org_id, related_customer_id) where related_customer_id is not null;
-- The status that a ticket has, whichever of the two it is.
create index tickets_status_idx on desk.tickets
    (org_id, (coalesce(inquiry_status, ticket_status)), created_at desc, ticket_id desc);
create index tickets_service_idx on desk.tickets (org_id, service_code) where service_code is not null;
alter table desk.tickets enable row level security;
comment on table desk.tickets is 'Tickets of four types; status by type, masking of the customer by rule (spec: command_center §2.3).';

create table desk.sla_events (
    org_id uuid not null,
    event_id bigint generated always as identity,
    ticket_id text not null,
    event_type text not null constraint sla_events_event_type_check
        check (event_type in ('OPENED', 'FIRST_RESPONSE', 'STATUS_CHANGE', 'RESOLVED', 'BREACH')),
    event_at timestamptz not null default now(),
    metadata jsonb not null default '{}',
    constraint sla_events_pkey primary key (org_id, event_id),
    constraint sla_events_ticket_fkey foreign key (org_id, ticket_id) references desk.tickets (org_id, ticket_id) on delete cascade
);
create index sla_events_ticket_idx on desk.sla_events (org_id, ticket_id, event_id);
-- A ticket opens once, is first answered once and closes once, however many try at the same moment.
create unique index sla_events_once_key on desk.sla_events (org_id, ticket_id, event_type)
    where event_type in ('OPENED', 'FIRST_RESPONSE', 'RESOLVED');
alter table desk.sla_events enable row level security;
comment on table desk.sla_events is 'Append-only, written by triggers alone (spec: command_center §3.6).';
