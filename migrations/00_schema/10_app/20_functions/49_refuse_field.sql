-- Refuses one field of a request for what only the data can tell.

create or replace function app.refuse_field(p_field text, p_code text, p_message text) returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.fail(
        'PT422', 'request.invalid', 'Some fields are missing or wrong.',
        jsonb_build_array(jsonb_build_object('field', p_field, 'code', p_code, 'message', p_message))::text
    );
end
$$;

comment on function app.refuse_field(text, text, text) is
    'Raises PT422 request.invalid with one {field, code, message}: the shape in which forms report their faults.';
revoke all on function app.refuse_field(text, text, text) from public;
grant execute on function app.refuse_field(text, text, text) to authenticated;
