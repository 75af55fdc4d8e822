-- Being a visitor: Supabase's role of whoever has not logged in.

create or replace function tests.become_anonymous() returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform tests.forget();
    perform set_config('role', 'anon', true);
end
$$;

comment on function tests.become_anonymous() is 'Until the transaction ends: role anon, and nobody has entered. `reset role` comes before being somebody again.';
revoke all on function tests.become_anonymous() from public;
