-- The functions the lints look at: all in our schemas, whoever made them, but for what extensions brought.

create view tests.v_our_functions with (security_invoker = true) as
select
    p.oid,
    s.nspname,
    p.oid::regprocedure::text as name,
    p.proowner,
    p.prosecdef,
    p.proconfig,
    p.proacl,
    p.prorettype,
    p.proargmodes,
    l.lanname,
    -- Without comments, so that what is only talked about is not found. (A quoted -- counts as one: harmless here.)
    regexp_replace(p.prosrc, '--[^\n]*|/\*.*?\*/', '', 'g') as code
from pg_catalog.pg_proc p
join tests.v_our_schemas s on s.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
where not exists (
    select
    from pg_catalog.pg_depend d
    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
);

comment on view tests.v_our_functions is 'Functions and procedures of our schemas; code is the body without its comments.';
revoke all on tests.v_our_functions from public;
