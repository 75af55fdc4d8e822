-- Refuses pages that may not be blocked: only who manages everybody does it, and only for roles that allow it.

create or replace function app.check_blocked_pages(p_wanted jsonb, p_role_key text) returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_wanted ? 'blocked_pages' then
        return;
    end if;
    if not app.can('profiles', 'manage', 'all') then
        perform app.fail('PT403', 'permission.denied', 'You may not block pages.');
    end if;
    if p_wanted -> 'blocked_pages' <> '[]' and not exists (
        select from app.roles r where r.role_key = p_role_key and r.pages_can_be_blocked
    ) then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            '[{"field": "blocked_pages", "code": "user.blocked_pages.role", "message": "cannot be blocked for this role"}]'
        );
    end if;
end
$$;

comment on function app.check_blocked_pages(jsonb, text) is
    'p_wanted: as app.read_profile returns it. Raises PT403 permission.denied, PT422 user.blocked_pages.role. Rule: spec member §2, case 7.';
revoke all on function app.check_blocked_pages(jsonb, text) from public;
