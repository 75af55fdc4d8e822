-- Counts of leads by status.

create or replace function crm.leads_keep_counts() returns trigger
language plpgsql
security definer -- keeps crm.lead_counts, which nobody can write
set search_path = pg_catalog, pg_temp
as $$
begin
    -- One statement for each operation: a transition table is there for its own alone. Rows are taken in the order of the
    -- key, so that two who meet in a slot wait in the same order.
    if tg_op = 'INSERT' then
        insert into crm.lead_counts as c (org_id, status, slot, leads, assigned)
        select n.org_id, n.status, pg_backend_pid() % 64, count(*), count(n.sales_owner_user_id)
        from new_rows n
        group by n.org_id, n.status
        order by n.org_id, n.status
        on conflict on constraint lead_counts_pkey do update
        set leads = c.leads + excluded.leads, assigned = c.assigned + excluded.assigned;
    elsif tg_op = 'UPDATE' then
        insert into crm.lead_counts as c (org_id, status, slot, leads, assigned)
        select r.org_id, r.status, pg_backend_pid() % 64, sum(r.leads), sum(r.assigned)
        from (
            select n.org_id, n.status, 1 as leads, (n.sales_owner_user_id is not null)::integer as assigned from new_rows n
            union all
            select o.org_id, o.status, -1, -(o.sales_owner_user_id is not null)::integer from old_rows o
        ) r
        group by r.org_id, r.status
        having sum(r.leads) <> 0 or sum(r.assigned) <> 0
        order by r.org_id, r.status
        on conflict on constraint lead_counts_pkey do update
        set leads = c.leads + excluded.leads, assigned = c.assigned + excluded.assigned;
    else
        insert into crm.lead_counts as c (org_id, status, slot, leads, assigned)
        select o.org_id, o.status, pg_backend_pid() % 64, -count(*), -count(o.sales_owner_user_id)
        from old_rows o
        group by o.org_id, o.status
        order by o.org_id, o.status
        on conflict on constraint lead_counts_pkey do update
        set leads = c.leads + excluded.leads, assigned = c.assigned + excluded.assigned;
    end if;
    return null;
end
$$;

comment on function crm.leads_keep_counts() is
    'Keeps crm.lead_counts equal to the leads of each organisation, in the same transaction (spec: command_center §4 v_leads_pipeline_stats).';
revoke all on function crm.leads_keep_counts() from public;

create or replace trigger leads_60_counts_insert
after insert on crm.leads
referencing new table as new_rows
for each statement execute function crm.leads_keep_counts();

create or replace trigger leads_61_counts_update
after update on crm.leads
referencing old table as old_rows new table as new_rows
for each statement execute function crm.leads_keep_counts();

create or replace trigger leads_62_counts_delete
after delete on crm.leads
referencing old table as old_rows
for each statement execute function crm.leads_keep_counts();
