-- What may change on a lead, whoever writes it: moves of its status, and columns that depend on the role.

create or replace function crm.leads_check_change() returns trigger
language plpgsql
security definer -- reads who is asking
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_reopening boolean;
begin
    if new.status <> old.status then
        select t.is_reopening
        into v_is_reopening
        from crm.lead_transitions t
        where t.from_status = old.status and t.to_status = new.status;
        if not found or (v_is_reopening and not app.can('leads', 'reopen', 'all')) then
            perform app.fail(
                'PT409', 'lead.status.transition', 'A lead cannot go from this status to that one.',
                format('%s -> %s', old.status, new.status)
            );
        end if;
        -- Nobody in particular: the owner's own work. Marketing stops when sales has begun (spec §1.6).
        if app.uid() is not null
            and not app.can('leads', 'set_status', 'all')
            and not (app.can('leads', 'set_status', 'unowned') and old.sales_owner_user_id is null)
        then
            perform app.fail('PT403', 'lead.status.owned', 'Its owner decides about the status of this lead.');
        end if;
    end if;

    if (new.sourced_by, new.primary_channel, new.campaign_name)
        is distinct from (old.sourced_by, old.primary_channel, old.campaign_name)
        and app.uid() is not null
        and not app.can('leads', 'set_attribution', 'all')
    then
        perform app.fail('PT403', 'lead.attribution.marketing', 'Source, channel and campaign are marketing''s to change.');
    end if;
    return new;
end
$$;

comment on function crm.leads_check_change() is
    'Refuses moves that crm.lead_transitions does not list (PT409 lead.status.transition), moves by whoever may not make them (PT403 lead.status.owned) and attribution by others than marketing (PT403 lead.attribution.marketing) (spec: command_center §1.6, §2.5).';
revoke all on function crm.leads_check_change() from public;

create or replace trigger leads_05_check_update
before update on crm.leads
for each row
when (
    (new.status, new.sourced_by, new.primary_channel, new.campaign_name)
    is distinct from (old.status, old.sourced_by, old.primary_channel, old.campaign_name)
)
execute function crm.leads_check_change();
