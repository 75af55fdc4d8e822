-- Whoever changes the owner of a lead, by whatever way, leaves a line in the history and an event at its prospects.

create or replace function crm.leads_keep_assignments() returns trigger
language plpgsql
security definer -- writes history, which nobody else can
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        -- Named with the lead itself: a beginning, no handover.
        insert into crm.lead_assignments (org_id, lead_id, from_user_id, to_user_id, assigned_by, assigned_at)
        select n.org_id, n.lead_id, null, n.sales_owner_user_id, coalesce(app.uid(), n.assigned_by, n.created_by), coalesce(n.assigned_at, n.created_at)
        from new_rows n
        where n.sales_owner_user_id is not null;
        return null;
    end if;

    insert into crm.lead_assignments (org_id, lead_id, from_user_id, to_user_id, assigned_by, assigned_at, notes)
    select
        n.org_id, n.lead_id, o.sales_owner_user_id, n.sales_owner_user_id, app.uid(), app.now(),
        -- Why, as api.crm_assign_lead was told.
        nullif(current_setting('pgcrm.assignment_notes', true), '')
    from new_rows n
    join old_rows o on o.org_id = n.org_id and o.lead_id = n.lead_id
    where n.sales_owner_user_id is distinct from o.sales_owner_user_id;

    -- The prospect that goes along, and the one that is left.
    insert into crm.prospect_events (org_id, prospect_id, event_type, ref_id, created_by)
    select distinct n.org_id, p.prospect_id, 'HANDOVER', n.lead_id, app.uid()
    from new_rows n
    join old_rows o on o.org_id = n.org_id and o.lead_id = n.lead_id
    cross join lateral (values (n.prospect_id), (o.prospect_id)) as p (prospect_id)
    where n.sales_owner_user_id is distinct from o.sales_owner_user_id;
    return null;
end
$$;

comment on function crm.leads_keep_assignments() is
    'Writes crm.lead_assignments when a lead gets an owner, and HANDOVER events when it changes hands (spec: command_center §2.4, §3.4).';
revoke all on function crm.leads_keep_assignments() from public;

create or replace trigger leads_60_assignments_insert
after insert on crm.leads
referencing new table as new_rows
for each statement execute function crm.leads_keep_assignments();

create or replace trigger leads_61_assignments_update
after update on crm.leads
referencing old table as old_rows new table as new_rows
for each statement execute function crm.leads_keep_assignments();

create or replace trigger lead_assignments_90_audit_insert
after insert on crm.lead_assignments
referencing new table as new_rows
for each statement execute function app.audit_row_insert('assignment_id');
