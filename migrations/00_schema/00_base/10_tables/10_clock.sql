-- The clock of every rule that depends on time: absent row = real time. Only the owner writes it (tests, rehearsals).

create table app.clock (
    is_set boolean primary key default true constraint clock_single_check check (is_set),
    frozen_at timestamptz not null
);
alter table app.clock enable row level security;

comment on table app.clock is 'At most one row: the moment at which app.now() stands still. Empty in production.';
