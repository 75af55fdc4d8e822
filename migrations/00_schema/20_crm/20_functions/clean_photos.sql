-- Job: forgets photos that were uploaded and never proved anything.

create or replace function crm.clean_photos(p_limit integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    delete from crm.activity_photos p
    where (p.org_id, p.photo_id) in (
        select x.org_id, x.photo_id
        from crm.activity_photos x
        where x.activity_id is null and x.uploaded_at < app.now() - interval '30 days'
        limit p_limit
    );
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

comment on function crm.clean_photos(integer) is
    'Deletes at most p_limit photos that nobody named within 30 days; returns how many. Their bytes are found by `pgcrm buckets sweep`.';
revoke all on function crm.clean_photos(integer) from public;
