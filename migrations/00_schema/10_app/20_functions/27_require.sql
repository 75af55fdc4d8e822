-- The first statement of a definer function: refuse whoever has no right to it at all.

create or replace function app.require(p_resource text, p_action text) returns void
language plpgsql
stable
security definer -- reads who the caller is from tables that the caller cannot read
set search_path = pg_catalog, pg_temp
as $$
begin
    if app.uid() is null then
        perform app.fail('PT401', 'auth.required', 'Nobody is logged in.');
    end if;
    if strpos(app.identity_value('permissions'), ' ' || p_resource || ':' || p_action || ':') = 0 then
        perform app.fail(
            'PT403',
            'permission.denied',
            'Your role may not do this.',
            format('%s on %s', p_action, p_resource)
        );
    end if;
end
$$;

comment on function app.require(text, text) is
    'Raises PT401 auth.required when nobody is known and PT403 permission.denied when the caller''s role has no scope for the action (decisions §5.14).';
revoke all on function app.require(text, text) from public;
grant execute on function app.require(text, text) to authenticated;
