-- By when tickets are to be answered and resolved: working hours, targets, and a clock for each ticket.

create table desk.calendars (
    org_id uuid not null constraint calendars_org_id_fkey references app.organizations (org_id),
    calendar_id bigint generated always as identity,
    name text not null constraint calendars_name_check check (name = btrim(name) and name <> '' and length(name) <= 100),
    -- The calendar itself, as desk.business_seconds takes it:
    -- {time_zone, periods: [{weekday 1–7, Monday first, opens, closes}], holidays: [day]}.
    hours jsonb not null constraint calendars_hours_check check (jsonb_typeof(hours) = 'object'),
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint calendars_pkey primary key (org_id, calendar_id),
    constraint calendars_name_key unique (org_id, name),
    constraint calendars_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
create index calendars_created_by_idx on desk.calendars (org_id, created_by) where created_by is not null;
alter table desk.calendars enable row level security;
comment on table desk.calendars is 'Working hours: several periods a day, holidays, time zone (decisions §4).';

create table desk.sla_targets (
    org_id uuid not null,
    ticket_type text not null constraint sla_targets_ticket_type_fkey references desk.ticket_types (ticket_type),
    -- Null: the clock never stops.
    calendar_id bigint,
    first_response_minutes integer constraint sla_targets_first_response_check check (first_response_minutes between 1 and 525600),
    resolution_minutes integer constraint sla_targets_resolution_check check (resolution_minutes between 1 and 525600),
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint sla_targets_pkey primary key (org_id, ticket_type),
    constraint sla_targets_organization_fkey foreign key (org_id) references app.organizations (org_id),
    constraint sla_targets_calendar_fkey foreign key (org_id, calendar_id) references desk.calendars (org_id, calendar_id),
    constraint sla_targets_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
create index sla_targets_calendar_idx on desk.sla_targets (org_id, calendar_id) where calendar_id is not null;
create index sla_targets_created_by_idx on desk.sla_targets (org_id, created_by) where created_by is not null;
alter table desk.sla_targets enable row level security;
comment on table desk.sla_targets is 'Business minutes until the first response and until it is closed, by type; none = no target (decisions §4).';

create table desk.ticket_clocks (
    org_id uuid not null,
    ticket_id text not null,
    calendar_id bigint,
    -- What was the target when it was opened.
    first_response_seconds bigint,
    resolution_seconds bigint,
    -- Since when we wait for the customer; and business seconds that we have waited before.
    paused_at timestamptz,
    paused_seconds bigint not null default 0,
    -- Null while the clock stands.
    first_response_due_at timestamptz,
    resolution_due_at timestamptz,
    first_response_at timestamptz,
    resolved_at timestamptz,
    first_response_breached_at timestamptz,
    resolution_breached_at timestamptz,
    computed_at timestamptz not null,
    constraint ticket_clocks_pkey primary key (org_id, ticket_id),
    constraint ticket_clocks_ticket_fkey foreign key (org_id, ticket_id) references desk.tickets (org_id, ticket_id)
        on delete cascade,
    constraint ticket_clocks_calendar_fkey foreign key (org_id, calendar_id) references desk.calendars (org_id, calendar_id)
);
create index ticket_clocks_calendar_idx on desk.ticket_clocks (org_id, calendar_id, computed_at) where resolved_at is null;
create index ticket_clocks_calendar_fkey_idx on desk.ticket_clocks (org_id, calendar_id) where calendar_id is not null;
-- What the job looks for: clocks that run, in order of what is due.
create index ticket_clocks_first_response_idx on desk.ticket_clocks (org_id, first_response_due_at)
    where first_response_at is null and first_response_breached_at is null;
create index ticket_clocks_resolution_idx on desk.ticket_clocks (org_id, resolution_due_at)
    where resolved_at is null and resolution_breached_at is null;
alter table desk.ticket_clocks enable row level security;
comment on table desk.ticket_clocks is 'By when a ticket is due, kept by triggers; none for types without a target.';

-- Late is late once, for each of the two targets.
create unique index sla_events_breach_key on desk.sla_events (org_id, ticket_id, (metadata ->> 'target'))
    where event_type = 'BREACH';
