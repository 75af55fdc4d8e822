-- The moment at which rules judge: real time, unless the owner froze the clock.

create or replace function app.now() returns timestamptz
language plpgsql
stable
security definer -- app.clock has no grant
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select coalesce((select c.frozen_at from app.clock c), pg_catalog.now())
    );
end
$$;

comment on function app.now() is
    'The transaction''s moment (timestamptz) for every rule that depends on time; reads app.clock. Rule: decisions §5.16.';
revoke all on function app.now() from public;
grant execute on function app.now() to authenticated, analyst;
