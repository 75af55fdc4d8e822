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
