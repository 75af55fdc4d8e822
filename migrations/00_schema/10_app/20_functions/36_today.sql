-- Today, where the organisation is.

create or replace function app.today() returns date
language plpgsql
stable
security definer -- reads settings whoever is asking
set search_path = pg_catalog, pg_temp
as $$
begin
    return (app.now() at time zone coalesce(app.setting('time_zone') #>> '{}', 'Asia/Jakarta'))::date;
end
$$;

comment on function app.today() is
    'Date of app.now() in the caller''s organisation''s time zone; never the session''s (pitfall P8).';
revoke all on function app.today() from public;
grant execute on function app.today() to authenticated, analyst;
