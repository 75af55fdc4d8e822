-- Whom a lead may be handed to: an active person with a role that owns leads, within reach of whoever hands it over.

create or replace function crm.take_lead_owner(p_user_id uuid) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Shared: a deactivation waits for us, or we see it.
    perform
    from app.profiles p
    join app.roles r on r.role_key = p.role_key and r.can_own_leads
    where p.org_id = app.org_id() and p.user_id = p_user_id and p.is_active
    for share of p;
    if not found then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            jsonb_build_array(jsonb_build_object(
                'field', 'new_owner_user_id',
                'code', 'lead.new_owner_user_id.not_allowed',
                'message', 'must be an active salesperson or sales manager'
            ))::text
        );
    end if;
    if not app.can('leads', 'set_owner', 'all')
        and not (app.can('leads', 'set_owner', 'team') and p_user_id = any (app.team_ids()))
    then
        perform app.fail('PT403', 'lead.owner.not_in_team', 'You hand leads to people of your own team only.');
    end if;
end
$$;

comment on function crm.take_lead_owner(uuid) is
    'Raises PT422 lead.new_owner_user_id.not_allowed for whoever cannot own leads, PT403 lead.owner.not_in_team for people the caller may not name; the person stays active until the transaction ends (spec: command_center §3.4, cases 43, 44).';
revoke all on function crm.take_lead_owner(uuid) from public;
