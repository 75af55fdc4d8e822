-- Which fields a statement's error names.

create or replace function tests.faults_of(p_sql text) returns text[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_detail text;
begin
    execute p_sql;
    return null;
exception
    when others then
        get stacked diagnostics v_detail = pg_exception_detail;
        if v_detail !~ '^\s*\[' then
            return array[sqlstate || ' ' || sqlerrm];
        end if;
        return array(
            select concat_ws(' ', f ->> 'field', f ->> 'code')
            from jsonb_array_elements(v_detail::jsonb) f
            order by 1
        );
end
$$;

comment on function tests.faults_of(text) is
    'Runs p_sql with the caller''s rights. Returns ''field code'' of each entry of the error''s detail, sorted; state and message of an error without such a list; null where nothing is raised.';
revoke all on function tests.faults_of(text) from public;
