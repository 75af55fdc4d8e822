-- All lints at once, on any database: `select * from tests.lint()`.

create or replace function tests.lint() returns table (lint text, object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select 'database_rights', l.* from tests.lint_database_rights() l
    union all
    select 'tables_without_rls', l.* from tests.lint_tables_without_rls() l
    union all
    select 'tables_without_policy', l.* from tests.lint_tables_without_policy() l
    union all
    select 'tables_without_org_id', l.* from tests.lint_tables_without_org_id() l
    union all
    select 'table_rights', l.* from tests.lint_table_rights() l
    union all
    select 'unindexed_foreign_keys', l.* from tests.lint_unindexed_foreign_keys() l
    union all
    select 'function_paths', l.* from tests.lint_function_paths() l
    union all
    select 'public_functions', l.* from tests.lint_public_functions() l
    union all
    select 'definer_functions', l.* from tests.lint_definer_functions() l
    union all
    select 'text_executing_functions', l.* from tests.lint_text_executing_functions() l
    union all
    select 'functions_without_comment', l.* from tests.lint_functions_without_comment() l
    union all
    select 'api_results', l.* from tests.lint_api_results() l
    union all
    select 'view_rights', l.* from tests.lint_view_rights() l
    union all
    select 'policy_shapes', l.* from tests.lint_policy_shapes() l
    union all
    select 'role_powers', l.* from tests.lint_role_powers() l
    union all
    select 'roles_named', l.* from tests.lint_roles_named() l
    union all
    select 'stale_exemptions', l.* from tests.lint_stale_exemptions() l
$$;

comment on function tests.lint() is
    'Every breach of the rules of design §3, §4 and §11 in this database: which rule, which object, what is wrong. No row = none. For the owner and superusers.';
revoke all on function tests.lint() from public;
