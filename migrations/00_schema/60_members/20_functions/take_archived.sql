-- Finds and locks archived records that the caller may restore or delete.

create or replace function members.take_archived(p_module text, p_wanted jsonb, p_action text) returns bigint[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_reach uuid[] := members.reach_of(p_action);
    v_ids bigint[] := array(select i::bigint from jsonb_array_elements_text(p_wanted -> 'record_ids') i);
    v_taken bigint[];
begin
    v_taken := array(
        select r.record_id
        from members.records r
        join members.databases d on d.org_id = r.org_id and d.database_id = r.database_id and d.deleted_at is null
        where r.org_id = v_org_id and r.record_id = any (v_ids) and r.module = p_module and r.status = 'invalid_archived'
          and (v_reach is null or r.assigned_to = any (v_reach))
        order by r.record_id
        for update of r
    );
    if cardinality(v_taken) = 0 then
        perform app.fail('PT404', 'records.not_found', 'None of these records is archived.');
    end if;
    return v_taken;
end
$$;

comment on function members.take_archived(text, jsonb, text) is
    'p_wanted: {record_ids}; p_action: what is asked of resource records. Raises PT404 records.not_found (spec: member §5.10, case 98).';
revoke all on function members.take_archived(text, jsonb, text) from public;
