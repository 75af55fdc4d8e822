-- Where events are published.

create or replace function app.event_channel() returns text
language plpgsql
volatile
security definer -- app.event_channel has no grant; the worker alone
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from app.event_channel) then
        insert into app.event_channel default values on conflict do nothing;
    end if;
    return (select c.name from app.event_channel c);
end
$$;

comment on function app.event_channel() is
    'The channel to listen on. Its name is a secret: LISTEN and NOTIFY know no privileges, and an analyst must neither hear of other organisations'' events nor make some up. Rule: design §4, §8.';
revoke all on function app.event_channel() from public;
grant execute on function app.event_channel() to pgcrm_worker;
