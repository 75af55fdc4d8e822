-- One fact about whoever is asking: the only place that decides whom to believe.

create or replace function app.identity_value(p_name text) returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value text;
    v_user_id uuid;
begin
    if app.is_gateway() then
        v_value := current_setting('pgcrm.' || p_name, true);
        if v_value <> '' then
            return v_value;
        end if;
        if current_setting('pgcrm.uid', true) <> '' then
            return null;
        end if;
        -- Nobody entered: PostgREST and Supabase Storage carry the person in the claims.
        v_user_id := auth.uid();
    else
        -- A log-in of its own: its person hangs on the log-in, whatever the session has set.
        select l.user_id
        into v_user_id
        from app.db_logins l
        where l.login = session_user
          and (l.expires_at is null or l.expires_at > clock_timestamp());
    end if;

    if v_user_id is null then
        return null;
    end if;

    select case p_name
        when 'uid' then i.user_id::text
        when 'org_id' then i.org_id::text
        when 'role_key' then i.role_key
        when 'dept_code' then i.dept_code
        when 'team_ids' then i.team_ids::text
        when 'permissions' then i.permission_list
    end
    into v_value
    from app.identity_of(v_user_id) i;

    return v_value;
end
$$;

comment on function app.identity_value(text) is
    'uid, org_id, role_key, dept_code, team_ids or permissions of the caller as text; null when nobody is known. Reads the settings of app.enter for gateways, app.db_logins for all others (design §4).';
revoke all on function app.identity_value(text) from public;
