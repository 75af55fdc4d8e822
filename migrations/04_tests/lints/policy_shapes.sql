-- Lint: a policy of another shape than those that are known to be right and fast (design §4, decisions §5.7).
--
-- The shapes, as Postgres prints them:
--   scoped      org_id = (select app.org_id()) and [deleted_at is null and] (<line> or <line> …)
--   child       the same with one line, whose condition is `exists` on the parent's primary key
--   reference   (select app.org_id()) is not null, for select on a global table
-- and a line is (select app.can('<table>', '<command>', '<scope>')) with a condition, or alone for scope `all`.

create or replace function tests.lint_policy_shapes() returns table (object text, problem text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_policy record;
    v_shape text;
begin
    for v_policy in
        select
            p.polname,
            c.oid as table_id,
            c.relname,
            c.oid::regclass::text as table_name,
            case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
                as command,
            p.polpermissive,
            array(select r.oid::regrole::text from unnest(p.polroles) r (oid) order by 1) as roles,
            regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\s+', ' ', 'g') as using_expression,
            regexp_replace(pg_get_expr(p.polwithcheck, p.polrelid), '\s+', ' ', 'g') as check_expression
        from pg_policy p
        join pg_class c on c.oid = p.polrelid
        join tests.v_our_schemas s on s.oid = c.relnamespace
    loop
        object := format('%s on %s', v_policy.polname, v_policy.table_name);
        if v_policy.polname <> v_policy.relname || '_' || v_policy.command then
            problem := format('is not called %s_%s', v_policy.relname, v_policy.command);
            return next;
        end if;
        if not v_policy.polpermissive then
            problem := 'is restrictive';
            return next;
        end if;
        if v_policy.roles <> '{authenticated}' and (v_policy.command <> 'select' or v_policy.roles <> '{analyst,authenticated}') then
            problem := format('is for %s', array_to_string(v_policy.roles, ', '));
            return next;
        end if;

        foreach v_shape in array array_remove(array[v_policy.using_expression, v_policy.check_expression], null) loop
            for problem in
                select tests.problems_of_policy(v_policy.table_id, v_policy.command, v_shape)
            loop
                return next;
            end loop;
        end loop;
    end loop;
end
$$;

comment on function tests.lint_policy_shapes() is
    'Policies with another name, kind, audience or shape than allowed, and with other scopes than app.role_permissions gives for that table and command.';
revoke all on function tests.lint_policy_shapes() from public;

create or replace function tests.problems_of_policy(p_table regclass, p_command text, p_expression text) returns setof text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_table text := (select c.relname from pg_class c where c.oid = p_table);
    v_org constant text := '(org_id = ( SELECT app.org_id() AS org_id))';
    v_parts text[] := tests.parts_of(p_expression);
    v_lines text[];
    v_line text[];
    v_scopes text[] := '{}'::text[];
    v_scope text;
    v_condition text;
begin
    if p_expression = '(( SELECT app.org_id() AS org_id) IS NOT NULL)' then
        if p_command <> 'select' or not exists (select from tests.v_global_tables g where g.object = p_table::text) then
            return next 'shows every organisation''s rows';
        end if;
        return;
    end if;

    if v_parts[1] <> 'AND' or v_parts[2] <> v_org then
        return next 'does not begin with org_id = (select app.org_id()) and …';
        return;
    end if;
    v_parts := array_remove(v_parts[3:], '(deleted_at IS NULL)');

    if cardinality(v_parts) > 1 then
        -- One line, whose parts stand beside the organisation's.
        v_lines := array['(' || array_to_string(v_parts, ' AND ') || ')'];
    elsif (tests.parts_of(v_parts[1]))[1] = 'OR' then
        v_lines := (tests.parts_of(v_parts[1]))[2:];
    else
        v_lines := v_parts;
    end if;

    foreach v_condition in array v_lines loop
        v_line := tests.parts_of(v_condition);
        if v_line[1] = 'AND' then
            v_line := v_line[2:];
        else
            v_line := array[v_condition];
        end if;
        v_scope := substring(
            v_line[1] from format('^\(*\s*SELECT app\.can\(''%s''::text, ''%s''::text, ''(\w+)''::text\) AS can\)+$', v_table, p_command)
        );
        if v_scope is null then
            return next format('has a line that does not begin with (select app.can(''%s'', ''%s'', …))', v_table, p_command);
            continue;
        end if;
        v_scopes := v_scopes || v_scope;
        if (v_scope = 'all') <> (cardinality(v_line) = 1) then
            return next format('scope %s %s', v_scope, case v_scope when 'all' then 'has a condition' else 'has no condition' end);
        end if;
        foreach v_condition in array v_line[2:] loop
            if not tests.is_policy_condition(v_condition) then
                return next format('scope %s: %s', v_scope, v_condition);
            end if;
        end loop;
    end loop;

    return query
    select format('scope %s of app.role_permissions has no line', m.scope)
    from (
        select distinct r.scope
        from app.role_permissions r
        where r.resource = v_table and r.action = p_command and r.scope <> all (v_scopes)
    ) m
    union all
    select format('scope %s is nobody''s', s.scope)
    from unnest(v_scopes) as s (scope)
    where not exists (
        select from app.role_permissions r where r.resource = v_table and r.action = p_command and r.scope = s.scope
    );
end
$$;

comment on function tests.problems_of_policy(regclass, text, text) is
    'What is wrong with one expression of a policy, as pg_get_expr prints it with single blanks; no row = an allowed shape.';
revoke all on function tests.problems_of_policy(regclass, text, text) from public;

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

create or replace function tests.parts_of(p_expression text) returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text := btrim(p_expression);
    v_operator text := '';
    v_parts text[] := '{}'::text[];
    v_depth integer := 0;
    v_start integer := 2;
    v_quoted boolean := false;
    v_found text;
begin
    if v_text !~ '^\(.*\)$' then
        return array['', v_text];
    end if;
    -- Postgres puts every `and` and `or` in parentheses of its own: what stands one deep belongs to one operator.
    for i in 1..length(v_text) loop
        case substr(v_text, i, 1)
            when '''' then v_quoted := not v_quoted;
            when '(' then v_depth := v_depth + (not v_quoted)::integer;
            when ')' then v_depth := v_depth - (not v_quoted)::integer;
            when ' ' then
                v_found := substring(substr(v_text, i, 5) from '^ (AND|OR) ');
                if v_depth = 1 and not v_quoted and v_found is not null then
                    v_operator := v_found;
                    v_parts := v_parts || substr(v_text, v_start, i - v_start);
                    v_start := i + length(v_found) + 2;
                end if;
            else null;
        end case;
        if v_depth = 0 and i < length(v_text) then
            return array['', v_text];
        end if;
    end loop;
    if v_operator = '' then
        return array['', v_text];
    end if;
    return array[v_operator] || v_parts || substr(v_text, v_start, length(v_text) - v_start);
end
$$;

comment on function tests.parts_of(text) is
    'An expression as pg_get_expr prints it, taken apart at its outermost operator: {AND, part, part …}, {OR, part …}, or {'''', expression} where that is neither.';
revoke all on function tests.parts_of(text) from public;
