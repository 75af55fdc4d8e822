-- Triggers of crm.customers: id, phone key, stamps, keys for deduplication, audit.

create or replace function crm.customers_before_write() returns trigger
language plpgsql
security definer -- draws a number and reads the organisation's region
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Only our own functions can insert; they may bring an id that they have drawn (decisions §5.18).
    if tg_op = 'INSERT' and new.customer_id is null then
        new.customer_id := app.next_prefixed_id(new.org_id, 'CUST', app.today());
    end if;
    if new.phone is not null then
        new.phone_key := crm.phone_key(new.phone, crm.calling_code_of(new.org_id));
    else
        new.phone_key := null;
    end if;
    if not new.credit_hold then
        new.credit_hold_reason := null;
        new.credit_hold_at := null;
    elsif new.credit_hold_at is null then
        new.credit_hold_at := app.now();
    end if;
    return new;
end
$$;

comment on function crm.customers_before_write() is
    'Makes customer_id and phone_key; clearing credit_hold clears its reason and date (spec: command_center §2.2, customers §1.6).';
revoke all on function crm.customers_before_write() from public;

create or replace trigger customers_10_rules
before insert or update on crm.customers
for each row
-- Calling it costs more than looking whether it has anything to do.
when (
    new.customer_id is null or new.phone is not null or new.phone_key is not null
    or new.credit_hold or new.credit_hold_reason is not null or new.credit_hold_at is not null
)
execute function crm.customers_before_write();

create or replace trigger customers_20_stamp
before update on crm.customers
for each row execute function app.stamp_versioned_row('npwp_key', 'email_key', 'company_key');

create or replace function crm.customers_after_insert() returns trigger
language plpgsql
security definer -- keeps crm.customer_keys, which nobody can write
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into crm.customer_keys (org_id, kind, key, customer_id)
    select k.org_id, k.kind, k.key, k.customer_id
    from new_rows n
    cross join lateral (
        values
            (n.org_id, 'npwp', n.npwp_key, n.customer_id),
            (n.org_id, 'email', n.email_key, n.customer_id),
            (n.org_id, 'phone', n.phone_key, n.customer_id),
            (n.org_id, 'company', n.company_key, n.customer_id)
    ) as k (org_id, kind, key, customer_id)
    where k.key is not null and n.deleted_at is null
    -- A file's come in no order: sorted, they are written place by place.
    order by k.org_id, k.kind, k.key;
    return null;
end
$$;

comment on function crm.customers_after_insert() is 'Adds the keys of new customers (decisions §1.3).';
revoke all on function crm.customers_after_insert() from public;

create or replace trigger customers_50_keys_insert
after insert on crm.customers
referencing new table as new_rows
for each statement execute function crm.customers_after_insert();

create or replace function crm.customers_after_update() returns trigger
language plpgsql
security definer -- keeps crm.customer_keys, which nobody can write
set search_path = pg_catalog, pg_temp
as $$
begin
    perform crm.refresh_customer_keys(changed.org_id, changed.customer_ids, changed.former)
    from (
        select
            n.org_id,
            array_agg(distinct n.customer_id) as customer_ids,
            array_agg(row(o.org_id, k.kind, k.key, o.customer_id)::crm.customer_keys) filter (where k.key is not null) as former
        from new_rows n
        join old_rows o on o.org_id = n.org_id and o.customer_id = n.customer_id
        cross join lateral (
            values ('npwp', o.npwp_key), ('email', o.email_key), ('phone', o.phone_key), ('company', o.company_key)
        ) as k (kind, key)
        where (n.npwp_key, n.email_key, n.phone_key, n.company_key, n.deleted_at is null)
            is distinct from (o.npwp_key, o.email_key, o.phone_key, o.company_key, o.deleted_at is null)
        group by n.org_id
    ) changed;
    return null;
end
$$;

comment on function crm.customers_after_update() is 'Keeps keys in step with customers; a deleted customer has none (decisions §1.3).';
revoke all on function crm.customers_after_update() from public;

create or replace trigger customers_51_keys_update
after update on crm.customers
referencing old table as old_rows new table as new_rows
for each statement execute function crm.customers_after_update();

create or replace function crm.customers_after_delete() returns trigger
language plpgsql
security definer -- keeps crm.customer_keys, which nobody can write
-- As in crm.match_customers: by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from crm.customer_keys k
    using (
        select o.org_id, v.kind, v.key, o.customer_id
        from old_rows o
        cross join lateral (
            values ('npwp', o.npwp_key), ('email', o.email_key), ('phone', o.phone_key), ('company', o.company_key)
        ) as v (kind, key)
    ) f
    where k.org_id = f.org_id and k.kind = f.kind and k.key = f.key and k.customer_id = f.customer_id;
    return null;
end
$$;

comment on function crm.customers_after_delete() is 'Keys go with their customer; those of its contacts went with them (decisions §1.3).';
revoke all on function crm.customers_after_delete() from public;

create or replace trigger customers_52_keys_delete
after delete on crm.customers
referencing old table as old_rows
for each statement execute function crm.customers_after_delete();

create or replace trigger customers_90_audit_insert
after insert on crm.customers
referencing new table as new_rows
for each statement execute function crm.audit_new_customers();

create or replace trigger customers_91_audit_update
after update on crm.customers
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('customer_id', 'owner_ids', 'creator_ids');

create or replace trigger customers_92_audit_delete
after delete on crm.customers
referencing old table as old_rows
for each statement execute function app.audit_row_change('customer_id');
