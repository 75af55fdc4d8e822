-- Triggers of crm.leads: id, stamps, whose customer it is, audit.

create or replace function crm.leads_before_write() returns trigger
language plpgsql
security definer -- draws a number
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        -- Only our own functions can insert; they may bring an id that they have drawn, and the moment.
        new.lead_date := coalesce(new.lead_date, app.today());
        if new.lead_id is null then
            new.lead_id := app.next_prefixed_id(
                new.org_id,
                (select c.id_prefix from crm.lead_channels c where c.primary_channel = new.primary_channel),
                new.lead_date
            );
        end if;
        new.status_changed_at := coalesce(new.status_changed_at, app.now());
    elsif new.status <> old.status then
        new.status_changed_at := app.now();
    end if;
    if new.status in ('Closed Won', 'Closed Lost', 'Disqualified') then
        new.closed_at := coalesce(new.closed_at, app.now());
    else
        new.closed_at := null;
    end if;
    return new;
end
$$;

comment on function crm.leads_before_write() is
    'Makes lead_id from channel and lead_date; stamps status_changed_at and closed_at (spec: command_center §2.2, §2.4).';
revoke all on function crm.leads_before_write() from public;

create or replace trigger leads_10_rules_insert
before insert on crm.leads
for each row
-- Calling it costs more than looking whether it has anything to do.
when (
    new.lead_id is null or new.lead_date is null or new.status_changed_at is null or new.closed_at is not null
    or new.status in ('Closed Won', 'Closed Lost', 'Disqualified')
)
execute function crm.leads_before_write();

create or replace trigger leads_11_rules_update
before update on crm.leads
for each row execute function crm.leads_before_write();

create or replace trigger leads_20_stamp
before update on crm.leads
for each row execute function app.stamp_authored_row();

create or replace function crm.leads_after_change() returns trigger
language plpgsql
security definer -- keeps customers on which the caller may have no right
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        -- A new lead can only add people: customers that know them already are not looked at.
        perform
            crm.refresh_customer_owners(n.org_id, array_agg(distinct n.customer_id)),
            crm.refresh_customer_creators(n.org_id, array_agg(distinct n.customer_id))
        from new_rows n
        cross join lateral (
            -- By key: a plan made for one row must not read the whole table for a thousand.
            select k.owner_ids, k.creator_ids
            from crm.customers k
            where k.org_id = n.org_id and k.customer_id = n.customer_id
            offset 0
        ) c
        where n.counts
          and (
              (n.sales_owner_user_id is not null and n.sales_owner_user_id <> all (c.owner_ids))
              or n.created_by <> all (c.creator_ids)
          )
        group by n.org_id;
    elsif tg_op = 'UPDATE' then
        perform
            crm.refresh_customer_owners(moved.org_id, array_agg(distinct moved.customer_id)),
            crm.refresh_customer_creators(moved.org_id, array_agg(distinct moved.customer_id))
        from (
            select r.org_id, r.customer_id
            from new_rows n
            join old_rows o on o.org_id = n.org_id and o.lead_id = n.lead_id
            cross join lateral (values (n.org_id, n.customer_id), (o.org_id, o.customer_id)) as r (org_id, customer_id)
            where (n.customer_id, n.sales_owner_user_id, n.counts)
                is distinct from (o.customer_id, o.sales_owner_user_id, o.counts)
        ) moved
        group by moved.org_id;
    else
        perform
            crm.refresh_customer_owners(o.org_id, array_agg(distinct o.customer_id)),
            crm.refresh_customer_creators(o.org_id, array_agg(distinct o.customer_id))
        from old_rows o
        group by o.org_id;
    end if;
    return null;
end
$$;

comment on function crm.leads_after_change() is 'Keeps the customers'' owner_ids and creator_ids (decisions D1, D9).';
revoke all on function crm.leads_after_change() from public;

create or replace trigger leads_50_effects_insert
after insert on crm.leads
referencing new table as new_rows
for each statement execute function crm.leads_after_change();

create or replace trigger leads_51_effects_update
after update on crm.leads
referencing old table as old_rows new table as new_rows
for each statement execute function crm.leads_after_change();

create or replace trigger leads_52_effects_delete
after delete on crm.leads
referencing old table as old_rows
for each statement execute function crm.leads_after_change();

create or replace trigger leads_90_audit_insert
after insert on crm.leads
referencing new table as new_rows
for each statement execute function crm.audit_new_leads();

create or replace trigger leads_91_audit_update
after update on crm.leads
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('lead_id');

create or replace trigger leads_92_audit_delete
after delete on crm.leads
referencing old table as old_rows
for each statement execute function app.audit_row_change('lead_id');
