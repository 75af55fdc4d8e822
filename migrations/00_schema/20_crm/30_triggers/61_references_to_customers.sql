-- The other half of 60_references.sql: contacts name a customer, and customers and prospects that are named stay.

create or replace function crm.contacts_have_references() returns trigger
language plpgsql
security definer -- sees every customer, as a foreign key does
-- As in crm.prospects_have_references.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from new_rows n
        where (
            select true from crm.customers c where c.org_id = n.org_id and c.customer_id = n.customer_id for key share
        ) is null
    ) then
        perform crm.refuse_reference('contacts_customer_fkey');
    end if;
    return null;
end
$$;

comment on function crm.contacts_have_references() is 'A contact''s customer is of its organisation. Raises 23503 (design §3).';
revoke all on function crm.contacts_have_references() from public;

create or replace trigger contacts_40_references_insert
after insert on crm.contacts
referencing new table as new_rows
for each statement execute function crm.contacts_have_references();

create or replace trigger contacts_41_references_update
after update on crm.contacts
referencing new table as new_rows
for each statement execute function crm.contacts_have_references();

create or replace function crm.customers_stay() returns trigger
language plpgsql
security definer -- sees every lead, prospect and contact, as a foreign key does
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Whoever wrote one of them meanwhile holds the customer's row; having waited for that, we see what was written.
    if exists (select from crm.prospects p where p.org_id = old.org_id and p.customer_id = old.customer_id) then
        perform crm.refuse_reference('prospects_customer_fkey');
    end if;
    if exists (select from crm.leads l where l.org_id = old.org_id and l.customer_id = old.customer_id) then
        perform crm.refuse_reference('leads_customer_fkey');
    end if;
    if tg_op = 'DELETE' then
        delete from crm.contacts c where c.org_id = old.org_id and c.customer_id = old.customer_id;
    elsif exists (select from crm.contacts c where c.org_id = old.org_id and c.customer_id = old.customer_id) then
        perform crm.refuse_reference('contacts_customer_fkey');
    end if;
    return null;
end
$$;

comment on function crm.customers_stay() is
    'A customer with leads or prospects is not removed, and none with contacts gets another id; contacts go with their customer. Raises 23503 (design §3, case 150).';
revoke all on function crm.customers_stay() from public;

create or replace trigger customers_40_stay_delete
after delete on crm.customers
for each row execute function crm.customers_stay();

create or replace trigger customers_41_stay_update
after update on crm.customers
for each row when (old.org_id <> new.org_id or old.customer_id <> new.customer_id)
execute function crm.customers_stay();

create or replace function crm.prospects_stay() returns trigger
language plpgsql
security definer -- sees every lead, as a foreign key does
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Found by the customer, whose all of them are (30_triggers/60_references.sql).
    if exists (
        select
        from crm.leads l
        where l.org_id = old.org_id and l.customer_id = old.customer_id and l.prospect_id = old.prospect_id
    ) then
        perform crm.refuse_reference('leads_prospect_fkey');
    end if;
    return null;
end
$$;

comment on function crm.prospects_stay() is 'A prospect with leads is not removed. Raises 23503 (design §3).';
revoke all on function crm.prospects_stay() from public;

create or replace trigger prospects_42_stay_delete
after delete on crm.prospects
for each row execute function crm.prospects_stay();

create or replace trigger prospects_43_stay_update
after update on crm.prospects
for each row when (old.org_id <> new.org_id or old.prospect_id <> new.prospect_id)
execute function crm.prospects_stay();
