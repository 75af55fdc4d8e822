-- The first rows of a database, for those who see its records whoever has them.

create or replace function members.preview_of(p_module text, p_database_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Whoever sees some records only would search a long list for them.
    if not app.can('records', 'select', 'all') then
        return '[]'::jsonb;
    end if;
    return (
        select coalesce(jsonb_agg(f.row_data order by f.record_id), '[]')
        from (
            select r.record_id, r.row_data
            from members.records r
            where r.org_id = (select app.org_id()) and r.module = p_module and r.database_id = p_database_id
            order by r.record_id
            limit 5
        ) f
    );
end
$$;

comment on function members.preview_of(text, bigint) is
    'Up to five rows, in the order of the file; none for whom the permission on records is not all (spec: member §4 preview).';
revoke all on function members.preview_of(text, bigint) from public;
grant execute on function members.preview_of(text, bigint) to authenticated;
