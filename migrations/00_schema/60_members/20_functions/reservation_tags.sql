-- What readers should read again when an approved reservation comes, goes or moves.

create or replace function members.reservation_tags() returns text[]
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select array['reservations', 'deleted_reservations', 'conflicts', 'records', 'databases', 'notifications']
$$;

comment on function members.reservation_tags() is 'Cache tags for app.emit (design §8).';
revoke all on function members.reservation_tags() from public;
