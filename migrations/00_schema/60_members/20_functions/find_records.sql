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
        select r.record_id
        from (
            select m.record_id
            from members.record_keys m
            where m.org_id = app.org_id() and m.match_keys @> v_keys
            -- A value may be in every record there is, as a day or a city is.
            limit 1000
        ) f
        join members.records r on r.org_id = app.org_id() and r.record_id = f.record_id
        order by array_position('{assigned,available,requested,invalid_archived}'::text[], r.status), r.record_id desc
        limit p_limit
    );
end
$$;

comment on function members.find_records(text, integer) is
    'p_word: a whole value, in any case of letters, in any column. Up to p_limit record_ids of a thousand that hold it: assigned ones first, then available, requested, archived; none for whoever does not see all. Read them through api.records (spec: member §5.25 global search, LD-31).';
revoke all on function members.find_records(text, integer) from public;
grant execute on function members.find_records(text, integer) to authenticated;
