-- Whether a line of a policy costs nothing per row but a comparison, or a look at the parent by its key.

create or replace function tests.is_policy_condition(p_condition text) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_condition like '(EXISTS %' then coalesce(
            (
                -- The parent, by its whole primary key: then its own policies decide.
                select array_agg(a.attname::text order by k.position) = array['org_id', e.parts[6]]
                    and e.parts[2] = e.parts[3] and e.parts[2] = e.parts[5] and e.parts[4] = e.parts[7]
                from (
                    select regexp_match(
                        p_condition,
                        '^\(EXISTS \( SELECT FROM (\S+) (\w+) WHERE \(\((\w+)\.org_id = (\w+)\.org_id\) AND \((\w+)\.(\w+) = (\w+)\.\w+\)\)\)\)$'
                    ) as parts
                ) e
                join pg_index i on i.indrelid = to_regclass(e.parts[1]) and i.indisprimary
                cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
                join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                group by e.parts
            ),
            false
        )
        else regexp_replace(
            p_condition,
            '\( SELECT app\.(org_id|uid|team_ids|dept_code|managed_modules|user_ids_of_group)\((''\w+''::text)?\) AS \w+\)', '?', 'g'
        ) !~ '\w\(|SELECT'
    end
$$;

comment on function tests.is_policy_condition(text) is
    'True for a comparison of columns with constants and with (select app.…) of who is asking, which runs once per statement, and for exists on a parent''s primary key; false for a call per row or any other subquery.';
revoke all on function tests.is_policy_condition(text) from public;
