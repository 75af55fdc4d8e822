-- Payments: what came in for an invoice, and what of it was taken back.

create table ar.payments (
    org_id uuid not null,
    payment_id bigint generated always as identity,
    invoice_id text not null,
    payment_date date not null,
    -- Of a reversal too: that one counts against.
    amount numeric(18, 2) not null constraint payments_amount_check check (amount > 0),
    payment_method text constraint payments_payment_method_check
        check (payment_method in ('Transfer', 'Cash', 'Check', 'Giro', 'Virtual Account')),
    reference_no text constraint payments_reference_no_check check (btrim(reference_no) <> '' and length(reference_no) <= 100),
    notes text constraint payments_notes_check check (length(notes) <= 5000),
    -- Set on a reversal: the payment that it takes back.
    reversed_payment_id bigint,
    -- Set on a payment that was taken back, by trigger.
    reversed_at timestamptz,
    source_import_id bigint,
    source_row_no bigint,
    created_by uuid,
    created_at timestamptz not null default now(),
    constraint payments_pkey primary key (org_id, payment_id),
    constraint payments_source_row_key unique (org_id, source_import_id, source_row_no),
    constraint payments_invoice_fkey foreign key (org_id, invoice_id) references ar.invoices (org_id, invoice_id),
    constraint payments_reversible_key unique (org_id, invoice_id, payment_id, amount),
    -- A payment is taken back whole, from the invoice it was for, and once.
    constraint payments_reversed_fkey foreign key (org_id, invoice_id, reversed_payment_id, amount)
        references ar.payments (org_id, invoice_id, payment_id, amount),
    constraint payments_reversed_check check (reversed_payment_id is null or reversed_at is null)
);
create unique index payments_reversed_key on ar.payments (org_id, invoice_id, reversed_payment_id, amount)
    where reversed_payment_id is not null;
-- The same transfer is booked once (case 107); after a reversal it can be booked again.
create unique index payments_reference_no_key on ar.payments (org_id, invoice_id, reference_no)
    where reference_no is not null and reversed_payment_id is null and reversed_at is null;
create index payments_reference_no_idx on ar.payments (org_id, reference_no, payment_date desc, payment_id desc)
    where reference_no is not null;
create index payments_payment_date_idx on ar.payments (org_id, payment_date desc, payment_id desc);
alter table ar.payments enable row level security;
comment on table ar.payments is 'Append-only; a wrong one is reversed by a row that counts against (spec: command_center §2.3, decisions D7).';
