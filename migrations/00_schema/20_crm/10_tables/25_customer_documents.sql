-- Documents of customers: contracts, certificates, drawings.

create table crm.customer_documents (
    org_id uuid not null,
    document_id bigint generated always as identity,
    customer_id text not null,
    uploaded_by uuid not null,
    uploaded_at timestamptz not null default now(),
    constraint customer_documents_pkey primary key (org_id, document_id),
    constraint customer_documents_customer_fkey foreign key (org_id, customer_id) references crm.customers (org_id, customer_id),
    constraint customer_documents_uploaded_by_fkey foreign key (org_id, uploaded_by) references app.profiles (org_id, user_id)
);
create index customer_documents_customer_idx on crm.customer_documents (org_id, customer_id, document_id desc);
create index customer_documents_uploaded_by_idx on crm.customer_documents (org_id, uploaded_by);
alter table crm.customer_documents enable row level security;
comment on table crm.customer_documents is
    'The file is in app.files, bucket customer-documents (spec: command_center §2.3; decisions §5.9, pitfall P36).';

alter table app.files
    add constraint files_document_fkey foreign key (org_id, document_id) references crm.customer_documents (org_id, document_id)
        on delete cascade;
