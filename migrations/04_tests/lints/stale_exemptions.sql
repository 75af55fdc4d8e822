-- Lint: an exemption that outlived its object, waiting for the next one of that name.

create or replace function tests.lint_stale_exemptions() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select e.object, format('is on tests.%s and does not exist, or needs no exemption', e.list)
    from (
        select 'v_global_tables', g.object, to_regclass(g.object) is not null
        from tests.v_global_tables g
        union all
        select 'v_internal_tables', i.object, to_regclass(i.object) is not null
        from tests.v_internal_tables i
        union all
        select 'v_indexes_without_org_id', i.object, to_regclass(i.object) is not null
        from tests.v_indexes_without_org_id i
        union all
        select 'v_owner_views', v.object, exists (
            select
            from pg_class c
            where c.oid = to_regclass(v.object)
              and not coalesce(c.reloptions @> array['security_invoker=true'], false)
        )
        from tests.v_owner_views v
        union all
        select 'v_definer_functions', d.object, exists (
            select from tests.v_our_functions f where f.name = d.object and f.prosecdef
        )
        from tests.v_definer_functions d
        union all
        select 'v_text_executing_functions', t.object, exists (
            select from tests.v_our_functions f where f.name = t.object and f.code ~* '\mexecute\M'
        )
        from tests.v_text_executing_functions t
        union all
        select 'v_words_like_roles', w.object, exists (
            select from app.roles k where w.word in (k.role_key, k.label)
        ) and exists (
            select
            from pg_constraint k
            where format('%s on %s', k.conname, k.conrelid::regclass) = w.object
              and strpos(pg_get_constraintdef(k.oid), quote_literal(w.word)) > 0
        )
        from tests.v_words_like_roles w
    ) as e (list, object, is_needed)
    where not e.is_needed
$$;

comment on function tests.lint_stale_exemptions() is 'Entries of the lists of exemptions that nothing needs.';
revoke all on function tests.lint_stale_exemptions() from public;
