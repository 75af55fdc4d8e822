-- The calling code that the caller's organisation dials.

create or replace function members.calling_code() returns text
language plpgsql
stable
security definer -- app.calling_codes has no grant
set search_path = pg_catalog, pg_temp
as $$
begin
    return crm.calling_code_of(app.org_id());
end
$$;

comment on function members.calling_code() is 'Such as 62 (decisions §5.4).';
revoke all on function members.calling_code() from public;
grant execute on function members.calling_code() to authenticated;
