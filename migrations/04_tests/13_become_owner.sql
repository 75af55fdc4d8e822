-- Being the owner: sees every row, as definer functions do.

create or replace function tests.become_owner() returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform tests.forget();
    perform set_config('role', 'pgcrm_owner', true);
end
$$;

comment on function tests.become_owner() is 'Until the transaction ends: role pgcrm_owner, and nobody has entered.';
revoke all on function tests.become_owner() from public;
