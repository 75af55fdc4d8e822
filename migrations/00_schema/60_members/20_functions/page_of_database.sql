-- The next records of a database in the order of the file: those that the caller sees and that answer to status and word.

create or replace function members.page_of_database(
    p_database_id bigint,
    p_status text,
    p_needle text,
    p_limit integer,
    p_after bigint,
    out record_ids bigint[],
    out stopped_at bigint
)
language plpgsql
stable
security definer -- walks members.record_keys, which nobody can read; who sees which record is asked as the policy asks it
-- A few of a million are found by index, whatever the statistics say.
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_staff uuid[] := members.readable_staff();
    -- As it stands in the text of a jsonb: what does not have it need not be taken apart.
    v_written text := substr(to_jsonb(p_needle)::text, 2, length(to_jsonb(p_needle)::text) - 2);
    -- A search looks through so many records and no more; the next page goes on where it stopped.
    v_most integer := case when p_needle is not null then 50000 end;
    v_few boolean;
    -- What may be meant, where that is less than the whole database.
    v_ids bigint[];
begin
    if v_staff is not null then
        v_ids := array(
            select r.record_id
            from members.records r
            where r.org_id = v_org_id and r.assigned_to = any (v_staff) and r.database_id = p_database_id and r.record_id > p_after
            order by r.record_id
            limit v_most
        );
    elsif p_status is not null then
        select
            100 * sum(case p_status when 'available' then c.available when 'requested' then c.requested when 'assigned' then c.assigned else c.archived end)
            < sum(c.available + c.requested + c.assigned + c.archived)
        into v_few
        from members.record_counts c
        where c.org_id = v_org_id and c.database_id = p_database_id;
        if v_few then
            v_ids := array(
                select f.record_id
                from (
                    select r.record_id
                    from members.records r
                    where p_status = 'available' and r.org_id = v_org_id and r.database_id = p_database_id and r.status = 'available'
                    union all
                    select i.record_id
                    from members.download_requests q
                    cross join lateral unnest(q.record_ids) as i (record_id)
                    where p_status = 'requested' and q.org_id = v_org_id and q.module = 'normal' and q.database_id = p_database_id and q.status = 'pending'
                    union all
                    -- With whom, person by person.
                    select r.record_id
                    from members.records r
                    where p_status in ('assigned', 'invalid_archived') and r.org_id = v_org_id and r.database_id = p_database_id
                      and r.assigned_to = any (array(select p.user_id from app.profiles p where p.org_id = v_org_id))
                ) f
                where f.record_id > p_after
                order by f.record_id
                limit v_most
            );
        end if;
    end if;

    if v_ids is not null then
        stopped_at := v_ids[v_most];
        record_ids := array(
            select f.record_id
            from unnest(v_ids) as f (record_id)
            cross join lateral (
                select y.status, y.row_data from members.records y where y.org_id = v_org_id and y.record_id = f.record_id offset 0
            ) r
            where (p_status is null or r.status = p_status)
              and (
                  p_needle is null
                  or (
                      strpos(lower(r.row_data::text), v_written) > 0
                      -- In a value, not in the name of a column or across two values.
                      and exists (select from jsonb_each_text(r.row_data) v where strpos(lower(v.value), p_needle) > 0)
                  )
              )
            order by f.record_id
            limit p_limit
        );
        return;
    end if;

    -- Walked in its order: put together with the above in one statement, all of it would be sorted first.
    if p_needle is not null then
        stopped_at := (
            select k.record_id
            from members.record_keys k
            where k.org_id = v_org_id and k.database_id = p_database_id and k.record_id > p_after
            order by k.record_id
            offset v_most - 1
            limit 1
        );
    end if;
    record_ids := array(
        select k.record_id
        from members.record_keys k
        cross join lateral (
            select y.status, y.row_data from members.records y where y.org_id = v_org_id and y.record_id = k.record_id offset 0
        ) r
        where k.org_id = v_org_id and k.database_id = p_database_id and k.record_id > p_after
          and (stopped_at is null or k.record_id <= stopped_at)
          and (p_status is null or r.status = p_status)
          and (
              p_needle is null
              or (
                  strpos(lower(r.row_data::text), v_written) > 0
                  -- In a value, not in the name of a column or across two values.
                  and exists (select from jsonb_each_text(r.row_data) v where strpos(lower(v.value), p_needle) > 0)
              )
          )
        order by k.record_id
        limit p_limit
    );
end
$$;

comment on function members.page_of_database(bigint, text, text, integer, bigint) is
    'p_status: null = any; p_needle: in small letters, null = any; p_after: a record_id, 0 at first. Up to p_limit record_ids; stopped_at: where a search through 50,000 records ended, null when it reached the end. Read them through api.records (spec: member §4 preview, §8; LD-31, LD-33).';
revoke all on function members.page_of_database(bigint, text, text, integer, bigint) from public;
grant execute on function members.page_of_database(bigint, text, text, integer, bigint) to authenticated;
