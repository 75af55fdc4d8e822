-- Handovers of leads: who had a lead, from when on, and who decided it.

create table crm.lead_assignments (
    org_id uuid not null,
    assignment_id bigint generated always as identity,
    lead_id text not null,
    -- Null: nobody owned it.
    from_user_id uuid,
    to_user_id uuid,
    -- A stamp, as in crm.customers.
    assigned_by uuid,
    assigned_at timestamptz not null,
    notes text constraint lead_assignments_notes_check check (length(notes) <= 2000),
    constraint lead_assignments_pkey primary key (org_id, lead_id, assignment_id),
    constraint lead_assignments_users_check check (from_user_id is distinct from to_user_id),
    constraint lead_assignments_lead_fkey foreign key (org_id, lead_id)
        references crm.leads (org_id, lead_id) on delete cascade,
    constraint lead_assignments_to_user_fkey foreign key (org_id, to_user_id) references app.profiles (org_id, user_id)
);
create index lead_assignments_to_user_idx on crm.lead_assignments (org_id, to_user_id, assigned_at desc);
alter table crm.lead_assignments enable row level security;
comment on table crm.lead_assignments is
    'Append-only, written by triggers of crm.leads alone: each change of a lead''s owner, the first one included (spec: command_center §2.3, §3.4).';
