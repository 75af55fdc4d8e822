-- Triggers of crm.contacts: phone keys, stamps, keys for deduplication, audit.

create or replace function crm.contacts_before_write() returns trigger
language plpgsql
security definer -- reads the organisation's region
set search_path = pg_catalog, pg_temp
as $$
declare
    v_calling_code text;
begin
    if tg_op = 'UPDATE' and new.customer_id <> old.customer_id then
        perform app.fail('PT422', 'contact.customer_id.immutable', 'A contact stays with its customer; only a merge moves it.');
    end if;
    if new.phone is not null or new.mobile is not null then
        v_calling_code := crm.calling_code_of(new.org_id);
    end if;
    new.phone_key := crm.phone_key(new.phone, v_calling_code);
    new.mobile_key := crm.phone_key(new.mobile, v_calling_code);
    return new;
end
$$;

comment on function crm.contacts_before_write() is
    'Makes phone_key and mobile_key; refuses another customer_id with PT422 contact.customer_id.immutable (spec: customers §1.2).';
revoke all on function crm.contacts_before_write() from public;

create or replace trigger contacts_10_rules_insert
before insert on crm.contacts
for each row
-- Only our own functions can insert; they may bring the key of the telephone that they have made.
when (new.phone_key is null or new.mobile is not null)
execute function crm.contacts_before_write();

create or replace trigger contacts_11_rules_update
before update on crm.contacts
for each row execute function crm.contacts_before_write();

create or replace trigger contacts_20_stamp
before update on crm.contacts
for each row execute function app.stamp_versioned_row('email_key');

create or replace function crm.contacts_after_insert() returns trigger
language plpgsql
security definer -- keeps crm.customer_keys, which nobody can write
-- As in crm.match_customers: by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into crm.customer_keys (org_id, kind, key, customer_id)
    select n.org_id, k.kind, k.key, n.customer_id
    from new_rows n
    cross join lateral (
        -- By the primary key: a plan made for one row must not read the whole table for a thousand, and an index of
        -- live customers alone tempts a planner that knows nothing of the table yet.
        select c.deleted_at is null as is_live
        from crm.customers c
        where c.org_id = n.org_id and c.customer_id = n.customer_id
        offset 0
    ) c
    cross join lateral (values ('email', n.email_key), ('phone', n.phone_key), ('phone', n.mobile_key)) as k (kind, key)
    where c.is_live and k.key is not null
    -- As in crm.customers_after_insert.
    order by n.org_id, k.kind, k.key
    on conflict on constraint customer_keys_pkey do nothing;
    return null;
end
$$;

comment on function crm.contacts_after_insert() is 'Adds the keys of new contacts to their customers (decisions §1.3).';
revoke all on function crm.contacts_after_insert() from public;

create or replace trigger contacts_50_keys_insert
after insert on crm.contacts
referencing new table as new_rows
for each statement execute function crm.contacts_after_insert();

create or replace function crm.contacts_after_change() returns trigger
language plpgsql
security definer -- keeps crm.customer_keys, which nobody can write
set search_path = pg_catalog, pg_temp
as $$
begin
    -- The keys of a removed or changed person may still be those of another one: look at all of the customer's.
    perform crm.refresh_customer_keys(changed.org_id, changed.customer_ids, changed.former)
    from (
        select
            o.org_id,
            array_agg(distinct o.customer_id) as customer_ids,
            array_agg(row(o.org_id, k.kind, k.key, o.customer_id)::crm.customer_keys) filter (where k.key is not null) as former
        from old_rows o
        cross join lateral (values ('email', o.email_key), ('phone', o.phone_key), ('phone', o.mobile_key)) as k (kind, key)
        group by o.org_id
    ) changed;
    return null;
end
$$;

comment on function crm.contacts_after_change() is 'Keeps keys in step with changed and removed contacts (decisions §1.3).';
revoke all on function crm.contacts_after_change() from public;

create or replace trigger contacts_51_keys_update
after update on crm.contacts
referencing old table as old_rows
for each statement execute function crm.contacts_after_change();

create or replace trigger contacts_52_keys_delete
after delete on crm.contacts
referencing old table as old_rows
for each statement execute function crm.contacts_after_change();

create or replace trigger contacts_90_audit_insert
after insert on crm.contacts
referencing new table as new_rows
for each statement execute function crm.audit_new_contacts();

create or replace trigger contacts_91_audit_update
after update on crm.contacts
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('contact_id');

create or replace trigger contacts_92_audit_delete
after delete on crm.contacts
referencing old table as old_rows
for each statement execute function app.audit_row_change('contact_id');
