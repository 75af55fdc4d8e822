-- Invoices: what customers were asked to pay. Also the essay on module `ar`.
--
-- Module `ar` keeps true that money is counted once and nothing of it disappears:
--
--   * nothing is deleted. An invoice is voided, a payment is reversed by a row of its own, and both stay to be read. What
--     a file brought by mistake and nobody has worked with is the exception: undoing the import removes it (decisions §3).
--   * ar.invoices.paid_amount is the sum of ar.payments. Triggers make it, and whatever else is written there becomes
--     that sum again; it can never exceed the amount of the invoice.
--   * whether an invoice is paid, open or overdue is derived from amounts and the day, and never stored (pitfall P22).
--   * amounts of different currencies are never added up.
--
-- Data flow: invoice form or file -> ar.invoices; payment form or file -> ar.payments -> paid_amount -> aging, DSO.
-- Locks: the organisation's lock for invoices (shared, a chunk of a file alone), then invoices by id, then counters.

create table ar.invoices (
    org_id uuid not null,
    -- INV + DDMMYY of the invoice date + number.
    invoice_id text not null,
    customer_id text not null,
    invoice_date date not null,
    due_date date not null,
    invoice_amount numeric(18, 2) not null constraint invoices_invoice_amount_check check (invoice_amount > 0),
    currency text not null constraint invoices_currency_check check (currency ~ '^[A-Z]{3}$'),
    -- The number that the organisation's own books give it.
    external_no text constraint invoices_external_no_check check (btrim(external_no) <> '' and length(external_no) <= 100),
    notes text constraint invoices_notes_check check (length(notes) <= 5000),
    status text not null default 'CREATED' constraint invoices_status_check check (status in ('CREATED', 'SENT', 'VOID')),
    -- By trigger: the sum of its payments.
    paid_amount numeric(18, 2) not null default 0,
    outstanding_amount numeric(18, 2) generated always as (
        case when status = 'VOID' then 0 else invoice_amount - paid_amount end
    ) stored,
    -- Kept apart, because comparing numbers is not leakproof and could not choose an index under row security (design §4).
    is_open boolean generated always as (status <> 'VOID' and paid_amount < invoice_amount) stored,
    voided_at timestamptz,
    voided_by uuid,
    void_reason text constraint invoices_void_reason_length_check check (length(void_reason) <= 1000),
    source_import_id bigint,
    source_row_no bigint,
    -- A stamp, as in crm.customers.
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint invoices_pkey primary key (org_id, invoice_id),
    -- The second guard of retries: a row of a file makes one invoice at most.
    constraint invoices_source_row_key unique (org_id, source_import_id, source_row_no),
    constraint invoices_due_date_check check (due_date >= invoice_date),
    constraint invoices_paid_amount_check check (paid_amount between 0 and invoice_amount),
    constraint invoices_void_check check (
        (status = 'VOID') = (voided_at is not null and coalesce(btrim(void_reason), '') <> '')
        and (status <> 'VOID' or paid_amount = 0)
    ),
    constraint invoices_customer_fkey foreign key (org_id, customer_id) references crm.customers (org_id, customer_id)
);

-- A number can be used again once its invoice is void.
create unique index invoices_external_no_key on ar.invoices (org_id, external_no) where external_no is not null and status <> 'VOID';
create index invoices_external_no_idx on ar.invoices (org_id, external_no, invoice_date desc, invoice_id desc)
    where external_no is not null;
create index invoices_invoice_date_idx on ar.invoices (org_id, invoice_date desc, invoice_id desc);
create index invoices_customer_idx on ar.invoices (org_id, customer_id, invoice_date desc, invoice_id desc);
-- One in ten is open, and aging is about nothing else: it is answered from this index alone.
create index invoices_open_idx on ar.invoices (org_id, customer_id, currency) include (due_date, outstanding_amount, invoice_date)
    where is_open;
create index invoices_due_date_idx on ar.invoices (org_id, due_date desc, invoice_id desc) where is_open;

alter table ar.invoices enable row level security;
comment on table ar.invoices is 'Invoices; void instead of deleted, payment state derived (spec: command_center §2.3, §2.5).';
comment on column ar.invoices.paid_amount is
    'Kept by the triggers of ar.payments under the lock of the invoice; anything else that is written becomes the sum again (decisions §3).';
