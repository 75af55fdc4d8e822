-- Which tickets are about collecting what a customer owes.

create table ar.collections (
    org_id uuid not null,
    ticket_id text not null,
    customer_id text not null,
    -- The invoice it was opened from, if it was one.
    invoice_id text,
    constraint collections_pkey primary key (org_id, ticket_id),
    constraint collections_ticket_fkey foreign key (org_id, ticket_id) references desk.tickets (org_id, ticket_id) on delete cascade,
    constraint collections_customer_fkey foreign key (org_id, customer_id) references crm.customers (org_id, customer_id),
    constraint collections_invoice_fkey foreign key (org_id, invoice_id) references ar.invoices (org_id, invoice_id)
);
create index collections_customer_idx on ar.collections (org_id, customer_id);
create index collections_invoice_idx on ar.collections (org_id, invoice_id) where invoice_id is not null;
alter table ar.collections enable row level security;
comment on table ar.collections is
    'Written by api.ar_create_collection_ticket, so that a customer has one open collection ticket; the ticket itself is in desk.tickets (spec: command_center §3.8).';
