-- A setting of an organisation, or its default.

create or replace function app.setting_of(p_org_id uuid, p_key text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce(s.value, d.default_value)
        from app.setting_definitions d
        left join app.settings s on s.org_id = p_org_id and s.key = d.key
        where d.key = p_key
    );
end
$$;

comment on function app.setting_of(uuid, text) is
    'Value of a setting (jsonb) in an organisation, the definition''s default where it is not set, null for an unknown key (decisions §4).';
revoke all on function app.setting_of(uuid, text) from public;
