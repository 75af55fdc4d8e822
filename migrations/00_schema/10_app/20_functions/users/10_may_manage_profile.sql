-- Whether the caller manages somebody who is, or would become, like this.

create or replace function app.may_manage_profile(p_role_key text, p_dept_code text, p_manager_user_id uuid) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select
        app.can('profiles', 'manage', 'all')
        or (
            app.can('profiles', 'manage', 'marketing')
            and p_dept_code is not distinct from app.dept_code()
            and exists (select from app.roles r where r.role_key = p_role_key and r.role_group = 'marketing')
        )
        or (
            app.can('profiles', 'manage', 'managed')
            -- Nobody's team is not one's own: never null, which is neither yes nor no.
            and p_manager_user_id is not distinct from app.uid()
            and exists (
                select
                from app.profiles me
                join app.roles mine on mine.role_key = me.role_key
                cross join app.roles r
                -- Levels of different products say nothing about each other.
                where me.org_id = app.org_id() and me.user_id = app.uid() and r.role_key = p_role_key and r.level < mine.level and r.origin = mine.origin
            )
        )
$$;

comment on function app.may_manage_profile(text, text, uuid) is
    'Scopes of profiles:manage: all; marketing = marketing roles in the caller''s department; managed = roles of a lower level of the caller''s own product, in the caller''s team. Ask it of a person as they are and as they are to become. For functions of the owner. Rule: spec command_center §1.6, decisions §5.13.';
revoke all on function app.may_manage_profile(text, text, uuid) from public;
