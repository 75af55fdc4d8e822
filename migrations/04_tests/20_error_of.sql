-- Which error a statement raises: SQLSTATE and stable code, which pgTAP's throws_ok cannot see.

create or replace function tests.error_of(p_sql text) returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_code text;
begin
    execute p_sql;
    return null;
exception
    when others then
        get stacked diagnostics v_code = pg_exception_hint;
        return rtrim(sqlstate || ' ' || case when v_code ~ '^[a-z_]+(\.[a-z_]+)+$' then v_code else '' end);
end
$$;

comment on function tests.error_of(text) is
    'Runs p_sql with the caller''s rights. Returns ''PT403 permission.denied'', ''42501'' where the hint is no code, null where nothing is raised; what a failing statement did is undone.';
revoke all on function tests.error_of(text) from public;
