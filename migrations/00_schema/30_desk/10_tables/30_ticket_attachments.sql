-- Files of a ticket.

create table desk.ticket_attachments (
    org_id uuid not null,
    attachment_id bigint generated always as identity,
    ticket_id text not null,
    -- The uploader's department then: its people have the file back, whatever they see of the ticket.
    dept_code text not null,
    uploaded_by uuid not null,
    uploaded_at timestamptz not null default now(),
    constraint ticket_attachments_pkey primary key (org_id, attachment_id),
    constraint ticket_attachments_ticket_fkey foreign key (org_id, ticket_id) references desk.tickets (org_id, ticket_id)
        on delete cascade,
    constraint ticket_attachments_department_fkey foreign key (org_id, dept_code) references app.departments (org_id, dept_code),
    constraint ticket_attachments_uploaded_by_fkey foreign key (org_id, uploaded_by) references app.profiles (org_id, user_id)
);
create index ticket_attachments_ticket_idx on desk.ticket_attachments (org_id, ticket_id, attachment_id);
create index ticket_attachments_department_idx on desk.ticket_attachments (org_id, dept_code);
create index ticket_attachments_uploaded_by_idx on desk.ticket_attachments (org_id, uploaded_by);
alter table desk.ticket_attachments enable row level security;
comment on table desk.ticket_attachments is 'Attachments; the file is in app.files, bucket ticket-attachments (spec: command_center §2.3, pitfall P36).';

alter table app.files
    add constraint files_attachment_fkey foreign key (org_id, attachment_id)
        references desk.ticket_attachments (org_id, attachment_id) on delete cascade;
