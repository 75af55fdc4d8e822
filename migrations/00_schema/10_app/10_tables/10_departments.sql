-- Departments of an organisation, copied from the templates when it is created.

create table app.department_templates (
    dept_code text primary key constraint department_templates_dept_code_check check (dept_code ~ '^[A-Z]{3}$'),
    dept_name text not null,
    -- Departments that quote on requests for a tariff.
    is_operations boolean not null default false
);
alter table app.department_templates enable row level security;
comment on table app.department_templates is 'The departments that every new organisation starts with (spec: command_center §1.1).';

create table app.departments (
    org_id uuid not null constraint departments_org_id_fkey references app.organizations (org_id),
    dept_code text not null constraint departments_dept_code_check check (dept_code ~ '^[A-Z]{3}$'),
    dept_name text not null constraint departments_dept_name_check check (btrim(dept_name) <> ''),
    is_operations boolean not null default false,
    created_at timestamptz not null default now(),
    constraint departments_pkey primary key (org_id, dept_code)
);
alter table app.departments enable row level security;
comment on table app.departments is 'Departments of one organisation; a code has three capitals (spec: command_center §1.1).';
