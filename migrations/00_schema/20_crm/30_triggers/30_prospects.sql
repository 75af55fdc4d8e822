-- Triggers of crm.prospects: id, stamps, stage history, whose customer it is, audit.

create or replace function crm.prospects_before_write() returns trigger
language plpgsql
security definer -- draws a number
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' and new.prospect_id is null then
        new.prospect_id := app.next_prefixed_id(new.org_id, 'ACT', app.today());
    end if;
    if new.current_stage in ('Closed Won', 'Closed Lost') then
        new.closed_at := coalesce(new.closed_at, app.now());
    else
        new.closed_at := null;
    end if;
    return new;
end
$$;

comment on function crm.prospects_before_write() is 'Makes prospect_id; closed_at is set exactly in closed stages (spec: command_center §2.4).';
revoke all on function crm.prospects_before_write() from public;

create or replace trigger prospects_10_rules
before insert or update on crm.prospects
for each row
-- Calling it costs more than looking whether it has anything to do.
when (
    new.prospect_id is null or new.closed_at is not null or new.current_stage in ('Closed Won', 'Closed Lost')
)
execute function crm.prospects_before_write();

create or replace trigger prospects_20_stamp
before update on crm.prospects
for each row execute function app.stamp_authored_row();

create or replace function crm.prospects_after_change() returns trigger
language plpgsql
security definer -- writes history and customers on which the caller may have no right
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id uuid := app.uid();
begin
    if tg_op = 'INSERT' then
        insert into crm.prospect_stage_history (org_id, prospect_id, from_stage, to_stage, changed_by)
        select n.org_id, n.prospect_id, null, n.current_stage, coalesce(v_user_id, n.created_by)
        from new_rows n;

        -- A new prospect can only add its owner: customers that know them already are not looked at.
        perform crm.refresh_customer_owners(n.org_id, array_agg(distinct n.customer_id))
        from new_rows n
        cross join lateral (
            -- By key: a plan made for one row must not read the whole table for a thousand.
            select k.owner_ids
            from crm.customers k
            where k.org_id = n.org_id and k.customer_id = n.customer_id
            offset 0
        ) c
        join app.profiles o on o.org_id = n.org_id and o.user_id = n.owner_user_id
        join app.roles r on r.role_key = o.role_key and r.role_group = 'sales'
        where n.counts and n.owner_user_id <> all (c.owner_ids)
        group by n.org_id;
    elsif tg_op = 'UPDATE' then
        insert into crm.prospect_stage_history (org_id, prospect_id, from_stage, to_stage, changed_by)
        select n.org_id, n.prospect_id, o.current_stage, n.current_stage, v_user_id
        from new_rows n
        join old_rows o on o.org_id = n.org_id and o.prospect_id = n.prospect_id
        where n.current_stage <> o.current_stage;

        perform crm.refresh_customer_owners(moved.org_id, array_agg(distinct moved.customer_id))
        from (
            select r.org_id, r.customer_id
            from new_rows n
            join old_rows o on o.org_id = n.org_id and o.prospect_id = n.prospect_id
            cross join lateral (values (n.org_id, n.customer_id), (o.org_id, o.customer_id)) as r (org_id, customer_id)
            where (n.customer_id, n.owner_user_id, n.counts) is distinct from (o.customer_id, o.owner_user_id, o.counts)
        ) moved
        group by moved.org_id;
    else
        delete from crm.prospect_stage_history h
        using old_rows o
        where h.org_id = o.org_id and h.prospect_id = o.prospect_id;

        perform crm.refresh_customer_owners(o.org_id, array_agg(distinct o.customer_id)) from old_rows o group by o.org_id;
    end if;
    return null;
end
$$;

comment on function crm.prospects_after_change() is
    'Writes the first stage and each change of it to the history; keeps the customers'' owner_ids (spec: command_center §2.3, case 51).';
revoke all on function crm.prospects_after_change() from public;

create or replace trigger prospects_50_effects_insert
after insert on crm.prospects
referencing new table as new_rows
for each statement execute function crm.prospects_after_change();

create or replace trigger prospects_51_effects_update
after update on crm.prospects
referencing old table as old_rows new table as new_rows
for each statement execute function crm.prospects_after_change();

create or replace trigger prospects_52_effects_delete
after delete on crm.prospects
referencing old table as old_rows
for each statement execute function crm.prospects_after_change();

create or replace trigger prospects_90_audit_insert
after insert on crm.prospects
referencing new table as new_rows
for each statement execute function app.audit_row_insert('prospect_id');

create or replace trigger prospects_91_audit_update
after update on crm.prospects
referencing old table as old_rows new table as new_rows
for each statement execute function app.audit_row_change('prospect_id');

create or replace trigger prospects_92_audit_delete
after delete on crm.prospects
referencing old table as old_rows
for each statement execute function app.audit_row_change('prospect_id');

create or replace trigger prospect_stage_history_90_audit_insert
after insert on crm.prospect_stage_history
referencing new table as new_rows
for each statement execute function app.audit_row_insert('history_id');
