-- Whether the caller may work on a prospect: the scopes of `prospects:update`, for definer code.

create or replace function app.may_update_prospects(p_org_id uuid, p_prospect_id text) returns boolean
language sql
stable
security definer -- answers for the caller about a row that the caller may not be able to read
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select
        from crm.prospects p
        where p.org_id = p_org_id
          and p.org_id = app.org_id()
          and p.prospect_id = p_prospect_id
          and (
              app.can('prospects', 'update', 'all')
              or (app.can('prospects', 'update', 'team') and p.owner_user_id = any (app.team_ids()))
              or (app.can('prospects', 'update', 'own') and p.owner_user_id = app.uid())
          )
    )
$$;

comment on function app.may_update_prospects(uuid, text) is
    'True when the caller may move this prospect; no policy says it, because no column has a grant (spec: command_center §1.7).';
revoke all on function app.may_update_prospects(uuid, text) from public;
grant execute on function app.may_update_prospects(uuid, text) to authenticated, analyst;
