-- Services that can be asked for. Also the essay on module `crm`.
--
-- Module `crm` keeps true that one company is one customer, and that it is seen by whom it belongs to:
--
--   * crm.customer_keys holds the comparable forms of what identifies a customer (NPWP, e-mails, phones, name),
--     kept by triggers from customers and contacts. Creating a lead looks there, never at the raw columns; only
--     the NPWP is unique, because it alone names one company.
--   * a lead always has a customer and a prospect; the three are written by one function (crm.write_leads), for
--     one lead and for a file of them alike, so that both follow the same rules.
--   * crm.customers.owner_ids and creator_ids say whose customer it is: derived from leads and prospects by
--     trigger, only from those that count (decisions D1), so that typing a name into a lead opens nothing.
--
-- Data flow: payload or row -> crm.draft_leads (validate, normalise) -> locks -> crm.write_leads -> audit, outbox.

create table crm.service_templates (
    service_code text primary key,
    service_name text not null,
    owner_dept text not null constraint service_templates_owner_dept_fkey references app.department_templates (dept_code),
    scope_group text not null
);
alter table crm.service_templates enable row level security;
comment on table crm.service_templates is 'The services that every new organisation starts with (spec: command_center §6).';

create table crm.services (
    org_id uuid not null,
    service_code text not null constraint services_service_code_check check (service_code ~ '^[A-Z][A-Z0-9_]*$'),
    service_name text not null constraint services_service_name_check check (btrim(service_name) <> ''),
    owner_dept text not null,
    scope_group text not null,
    created_at timestamptz not null default now(),
    constraint services_pkey primary key (org_id, service_code),
    constraint services_department_fkey foreign key (org_id, owner_dept) references app.departments (org_id, dept_code)
);
create index services_department_idx on crm.services (org_id, owner_dept);
alter table crm.services enable row level security;
comment on table crm.services is 'Service catalogue of an organisation; owner_dept quotes on it (spec: command_center §2.3).';

create table crm.lead_channels (
    primary_channel text primary key,
    id_prefix text not null constraint lead_channels_id_prefix_key unique
        constraint lead_channels_id_prefix_check check (id_prefix ~ '^LEAD[A-Z]*$'),
    position integer not null
);
alter table crm.lead_channels enable row level security;
comment on table crm.lead_channels is 'Channels of leads and the prefix of their ids (spec: command_center §2.1, §2.2).';
