-- What people write to each other about a ticket.

create table desk.ticket_messages (
    org_id uuid not null,
    message_id bigint generated always as identity,
    ticket_id text not null,
    message text not null constraint ticket_messages_message_check check (btrim(message) <> '' and length(message) <= 10000),
    created_by uuid not null,
    created_at timestamptz not null default now(),
    constraint ticket_messages_pkey primary key (org_id, message_id),
    constraint ticket_messages_ticket_fkey foreign key (org_id, ticket_id) references desk.tickets (org_id, ticket_id)
        on delete cascade,
    constraint ticket_messages_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
create index ticket_messages_ticket_idx on desk.ticket_messages (org_id, ticket_id, message_id desc);
create index ticket_messages_created_by_idx on desk.ticket_messages (org_id, created_by);
alter table desk.ticket_messages enable row level security;
comment on table desk.ticket_messages is 'Messages of a ticket, never changed; the first of somebody else is the first response (spec: command_center §2.3, §3.6).';
