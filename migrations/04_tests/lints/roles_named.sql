-- Lint: a rule that names a role of the business. Rules ask app.can(…); who may do what stands in app.role_permissions alone (design §4).

create or replace function tests.lint_roles_named() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with rules (object, code) as (
        select f.name, f.code
        from tests.v_our_functions f
        where f.nspname <> 'tests'
        union all
        select
            format('%s on %s', p.polname, p.polrelid::regclass),
            concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        from pg_policy p
        join pg_class c on c.oid = p.polrelid
        join tests.v_our_schemas s on s.oid = c.relnamespace
        union all
        select c.oid::regclass::text, pg_get_viewdef(c.oid)
        from pg_class c
        join tests.v_our_schemas s on s.oid = c.relnamespace
        where c.relkind in ('v', 'm')
          and s.nspname <> 'tests'
        union all
        select format('%s on %s', t.tgname, t.tgrelid::regclass), pg_get_triggerdef(t.oid)
        from pg_trigger t
        join pg_class c on c.oid = t.tgrelid
        join tests.v_our_schemas s on s.oid = c.relnamespace
        where not t.tgisinternal
        union all
        select format('%s on %s', k.conname, k.conrelid::regclass), pg_get_constraintdef(k.oid)
        from pg_constraint k
        join tests.v_our_schemas s on s.oid = k.connamespace
        where k.contype = 'c'
        union all
        select format('default of %s.%s', a.attrelid::regclass, a.attname), pg_get_expr(d.adbin, d.adrelid)
        from pg_attrdef d
        join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        join pg_class c on c.oid = d.adrelid
        join tests.v_our_schemas s on s.oid = c.relnamespace
    )
    -- The whole literal: 'staff' is found, 'staff.created' is not.
    select r.object, format('names the role %L', w.word)
    from rules r
    cross join (
        select k.role_key as word from app.roles k
        union
        select k.label from app.roles k
    ) w
    where strpos(r.code, quote_literal(w.word)) > 0
      and not exists (select from tests.v_words_like_roles e where e.object = r.object and e.word = w.word)
    union all
    select r.object, 'asks for the role itself (app.role_key)'
    from rules r
    where r.code ~ '\mapp\.role_key\s*\('
$$;

comment on function tests.lint_roles_named() is
    'Functions, policies, views, triggers, checks and defaults that hold a role_key or label of app.roles as a literal, or ask app.role_key(); tests.v_words_like_roles apart.';
revoke all on function tests.lint_roles_named() from public;
