-- Being nobody: a request that never entered.

create or replace function tests.become_nobody() returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform tests.forget();
    perform set_config('role', 'authenticated', true);
end
$$;

comment on function tests.become_nobody() is 'Until the transaction ends: role authenticated, and nobody has entered.';
revoke all on function tests.become_nobody() from public;
