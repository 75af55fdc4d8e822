-- An activity may be about a ticket, which is made after activities.

alter table crm.activities
    add constraint activities_ticket_fkey foreign key (org_id, ticket_id) references desk.tickets (org_id, ticket_id);
create index activities_ticket_idx on crm.activities (org_id, ticket_id) where ticket_id is not null;
comment on constraint activities_ticket_fkey on crm.activities is 'Tickets come with a later module (design §1).';
