-- What is wrong with one expression of a policy: the shapes are described in policy_shapes.sql.

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
