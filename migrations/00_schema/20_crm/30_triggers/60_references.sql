-- References of the tables that files of leads fill: a foreign key's promise, kept by statement, because a foreign key
-- runs a query of its own for every row and every reference (a tenth of what a file of leads takes).

create or replace function crm.refuse_reference(p_constraint text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'a row refers to nothing, or something refers to this row'
        using errcode = 'foreign_key_violation', constraint = p_constraint;
end
$$;

comment on function crm.refuse_reference(text) is
    'Raises 23503 as the foreign key p_constraint would, without a word of the rows (case 152).';
revoke all on function crm.refuse_reference(text) from public;

-- Children: what a new row names is there, and stays locked against removal as under a foreign key.

create or replace function crm.customers_have_references() returns trigger
language plpgsql
security definer -- sees every organisation, as a foreign key does
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from (select distinct n.org_id from new_rows n) r
        where (select true from app.organizations o where o.org_id = r.org_id for key share) is null
    ) then
        perform crm.refuse_reference('customers_org_id_fkey');
    end if;
    return null;
end
$$;

comment on function crm.customers_have_references() is 'A customer''s organisation exists. Raises 23503 (design §3).';
revoke all on function crm.customers_have_references() from public;

create or replace trigger customers_40_references
after insert on crm.customers
referencing new table as new_rows
for each statement execute function crm.customers_have_references();

create or replace function crm.prospects_have_references() returns trigger
language plpgsql
security definer -- sees every customer and person, as a foreign key does
-- By key, whatever the statistics say: a plan made for one row must not read a table for each of a thousand.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from (select distinct n.org_id, n.owner_user_id from new_rows n) r
        where (
            select true from app.profiles p where p.org_id = r.org_id and p.user_id = r.owner_user_id for key share
        ) is null
    ) then
        perform crm.refuse_reference('prospects_owner_fkey');
    end if;
    if exists (
        select
        from new_rows n
        where (
            select true from crm.customers c where c.org_id = n.org_id and c.customer_id = n.customer_id for key share
        ) is null
    ) then
        perform crm.refuse_reference('prospects_customer_fkey');
    end if;
    return null;
end
$$;

comment on function crm.prospects_have_references() is
    'A prospect''s customer and owner are of its organisation. Raises 23503 (design §3).';
revoke all on function crm.prospects_have_references() from public;

create or replace trigger prospects_40_references_insert
after insert on crm.prospects
referencing new table as new_rows
for each statement execute function crm.prospects_have_references();

create or replace trigger prospects_41_references_update
after update on crm.prospects
referencing new table as new_rows
for each statement execute function crm.prospects_have_references();

create or replace function crm.leads_have_references() returns trigger
language plpgsql
security definer -- sees every prospect, person and service, as a foreign key does
-- As in crm.prospects_have_references.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_missing text;
begin
    -- The prospect is the customer's own, so that it answers for the customer too.
    select case when r.customer_id is null then 'leads_prospect_fkey' else 'leads_customer_fkey' end
    into v_missing
    from (
        select
            n.customer_id as wanted,
            (
                select p.customer_id from crm.prospects p where p.org_id = n.org_id and p.prospect_id = n.prospect_id for key share
            ) as customer_id
        from new_rows n
        offset 0
    ) r
    where r.customer_id is distinct from r.wanted
    limit 1;
    if v_missing is not null then
        perform crm.refuse_reference(v_missing);
    end if;

    select m.missing
    into v_missing
    from (
        select
            case
                when (
                    select true
                    from crm.services s
                    where s.org_id = r.org_id and s.service_code = r.service_code
                    for key share
                ) is null
                    then 'leads_service_fkey'
                when (
                    select true from crm.lead_channels c where c.primary_channel = r.primary_channel for key share
                ) is null
                    then 'leads_primary_channel_fkey'
                when r.sales_owner_user_id is not null and (
                    select true
                    from app.profiles p
                    where p.org_id = r.org_id and p.user_id = r.sales_owner_user_id
                    for key share
                ) is null
                    then 'leads_sales_owner_fkey'
            end as missing
        from (
            select distinct n.org_id, n.service_code, n.primary_channel, n.sales_owner_user_id from new_rows n
        ) r
    ) m
    where m.missing is not null
    limit 1;

    if v_missing is not null then
        perform crm.refuse_reference(v_missing);
    end if;
    return null;
end
$$;

comment on function crm.leads_have_references() is
    'A lead''s prospect is one of its customer, its service and sales owner are of its organisation, its channel exists. Raises 23503 (design §3).';
revoke all on function crm.leads_have_references() from public;

create or replace trigger leads_40_references_insert
after insert on crm.leads
referencing new table as new_rows
for each statement execute function crm.leads_have_references();

create or replace trigger leads_41_references_update
after update on crm.leads
referencing new table as new_rows
for each statement execute function crm.leads_have_references();

-- Parents: what is referred to keeps its key and stays.

create or replace function crm.organizations_stay() returns trigger
language plpgsql
security definer -- sees every customer, as a foreign key does
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from crm.customers c where c.org_id = old.org_id) then
        perform crm.refuse_reference('customers_org_id_fkey');
    end if;
    return null;
end
$$;

comment on function crm.organizations_stay() is 'An organisation with customers is not removed. Raises 23503 (design §3).';
revoke all on function crm.organizations_stay() from public;

create or replace trigger organizations_40_stay_delete
after delete on app.organizations
for each row execute function crm.organizations_stay();

create or replace trigger organizations_41_stay_update
after update on app.organizations
for each row when (old.org_id <> new.org_id)
execute function crm.organizations_stay();

create or replace function crm.people_stay() returns trigger
language plpgsql
security definer -- sees every lead and prospect, as a foreign key does
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from crm.prospects p where p.org_id = old.org_id and p.owner_user_id = old.user_id) then
        perform crm.refuse_reference('prospects_owner_fkey');
    end if;
    if exists (select from crm.leads l where l.org_id = old.org_id and l.sales_owner_user_id = old.user_id) then
        perform crm.refuse_reference('leads_sales_owner_fkey');
    end if;
    return null;
end
$$;

comment on function crm.people_stay() is 'Whoever owns leads or prospects is not removed. Raises 23503 (design §3).';
revoke all on function crm.people_stay() from public;

create or replace trigger profiles_61_stay_delete
after delete on app.profiles
for each row execute function crm.people_stay();

create or replace trigger profiles_62_stay_update
after update on app.profiles
for each row when (old.org_id <> new.org_id or old.user_id <> new.user_id)
execute function crm.people_stay();

create or replace function crm.services_stay() returns trigger
language plpgsql
security definer -- sees every lead, as a foreign key does
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from crm.leads l where l.org_id = old.org_id and l.service_code = old.service_code) then
        perform crm.refuse_reference('leads_service_fkey');
    end if;
    return null;
end
$$;

comment on function crm.services_stay() is 'A service that leads ask for is not removed. Raises 23503 (design §3).';
revoke all on function crm.services_stay() from public;

create or replace trigger services_40_stay_delete
after delete on crm.services
for each row execute function crm.services_stay();

create or replace trigger services_41_stay_update
after update on crm.services
for each row when (old.org_id <> new.org_id or old.service_code <> new.service_code)
execute function crm.services_stay();

create or replace function crm.lead_channels_stay() returns trigger
language plpgsql
security definer -- sees every lead, as a foreign key does
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from crm.leads l where l.primary_channel = old.primary_channel) then
        perform crm.refuse_reference('leads_primary_channel_fkey');
    end if;
    return null;
end
$$;

comment on function crm.lead_channels_stay() is 'A channel that leads came through is not removed. Raises 23503 (design §3).';
revoke all on function crm.lead_channels_stay() from public;

create or replace trigger lead_channels_40_stay_delete
after delete on crm.lead_channels
for each row execute function crm.lead_channels_stay();

create or replace trigger lead_channels_41_stay_update
after update on crm.lead_channels
for each row when (old.primary_channel <> new.primary_channel)
execute function crm.lead_channels_stay();
