-- Whether a text is the address of something on the web that may be shown as a link.

create or replace function app.is_web_address(p_text text) returns boolean
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select p_text ~* '^https?://([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?([/?#][!-~]*)?$'
$$;

comment on function app.is_web_address(text) is
    'http or https, a host, perhaps a port and what follows: no script, no name or password, no blank or control character. Null of null (spec: command_center §2.3 sales_activities).';
revoke all on function app.is_web_address(text) from public;
-- A check of a table is made as whoever writes to it.
grant execute on function app.is_web_address(text) to authenticated;
