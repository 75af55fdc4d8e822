-- The schemas the lints look at: those of the owner, but for `auth`, which is Supabase's or a stand-in for it.

create view tests.v_our_schemas with (security_invoker = true) as
select n.oid, n.nspname
from pg_catalog.pg_namespace n
join pg_catalog.pg_roles r on r.oid = n.nspowner
where r.rolname = 'pgcrm_owner'
  and n.nspname <> 'auth';

comment on view tests.v_our_schemas is 'Schemas that belong to pgcrm_owner: oid, nspname.';
revoke all on tests.v_our_schemas from public;
