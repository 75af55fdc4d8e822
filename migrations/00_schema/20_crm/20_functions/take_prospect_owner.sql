-- Whom a prospect may be given to: an active person with a role that owns leads, within reach of whoever gives it.

create or replace function crm.take_prospect_owner(p_user_id uuid) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if not app.can('leads', 'set_owner', 'all')
        and not (app.can('leads', 'set_owner', 'team') and p_user_id = any (app.team_ids()))
        and not (app.can('leads', 'set_owner', 'own') and p_user_id = app.uid())
    then
        perform app.fail('PT403', 'prospect.owner.not_in_team', 'You give prospects to yourself or to people of your own team only.');
    end if;
    -- Shared: a deactivation waits for us, or we see it.
    perform
    from app.profiles p
    join app.roles r on r.role_key = p.role_key and r.can_own_leads
    where p.org_id = app.org_id() and p.user_id = p_user_id and p.is_active
    for share of p;
    if not found then
        perform app.refuse_field(
            'owner_user_id', 'prospect.owner_user_id.not_allowed', 'must be an active salesperson or sales manager'
        );
    end if;
end
$$;

comment on function crm.take_prospect_owner(uuid) is
    'Raises PT403 prospect.owner.not_in_team for people whom the caller may not name, PT422 prospect.owner_user_id.not_allowed for whoever cannot own leads; the person stays active until the transaction ends (spec: command_center §3.2, §3.4).';
revoke all on function crm.take_prospect_owner(uuid) from public;
