-- Records that hold a value, of everybody's: for those who see them all.

create or replace function members.find_records(p_word text, p_limit integer) returns bigint[]
language plpgsql
stable
security definer -- under row security no condition but the policy's own can choose an index (design §4)
set enable_seqscan = off
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_keys text[] := members.match_keys(array[p_word]);
begin
    if v_keys = '{}' or not app.can('records', 'select', 'all') then
        return '{}'::bigint[];
    end if;
    return array(
        select f.record_id
        from (
            -- By the indexes that handing out and reserving have.
            (
                select r.record_id
                from members.records r
                where r.org_id = app.org_id() and r.match_keys @> v_keys and r.status = 'assigned'
                limit p_limit
            )
            union all
            (
                select r.record_id
                from members.records r
                where r.org_id = app.org_id() and r.match_keys @> v_keys and r.status = 'available'
                limit p_limit
            )
            union all
            (
                select r.record_id
                from members.download_requests q
                cross join lateral unnest(q.record_ids) as w (record_id)
                join members.records r on r.org_id = q.org_id and r.record_id = w.record_id and r.status = 'requested'
                where q.org_id = app.org_id() and q.status = 'pending' and r.match_keys @> v_keys
                limit p_limit
            )
        ) f
        limit p_limit
    );
end
$$;

comment on function members.find_records(text, integer) is
    'p_word: a whole value, in any case of letters, in any column. Up to p_limit record_ids: assigned ones first, then available, then requested; none for whoever does not see all. Archived ones are found in their database (api.members_list_records). Read them through api.records (spec: member §5.25 global search, LD-31).';
revoke all on function members.find_records(text, integer) from public;
grant execute on function members.find_records(text, integer) to authenticated;
