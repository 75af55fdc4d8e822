-- The first rows of a database, for those who see its records whoever has them.

create or replace function members.preview_of(p_module text, p_database_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_page record;
begin
    -- Whoever sees some records only would search a long list for them.
    if not app.can('records', 'select', 'all') then
        return '[]'::jsonb;
    end if;
    v_page := members.page_of_database(p_database_id, null, null, 5, 0);
    return (
        select coalesce(jsonb_agg(f.row_data order by f.record_id), '[]')
        from members.records f
        where f.org_id = (select app.org_id()) and f.module = p_module
          and f.record_id = any (v_page.record_ids)
    );
end
$$;

comment on function members.preview_of(text, bigint) is
    'Up to five rows, in the order of the file; none for whom the permission on records is not all (spec: member §4 preview).';
revoke all on function members.preview_of(text, bigint) from public;
grant execute on function members.preview_of(text, bigint) to authenticated;
