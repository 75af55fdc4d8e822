-- The calling code of phone numbers that an organisation writes without one.

create or replace function crm.calling_code_of(p_org_id uuid) returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select c.calling_code
        from app.calling_codes c
        where c.region = (select app.setting_of(p_org_id, 'phone_region') #>> '{}')
    );
end
$$;

comment on function crm.calling_code_of(uuid) is 'Calling code of the organisation''s phone region, such as 62 (decisions §5.4).';
revoke all on function crm.calling_code_of(uuid) from public;
