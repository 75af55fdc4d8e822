-- One wrong field, said in the shape of all field errors.

create or replace function kpi.refuse(p_field text, p_code text, p_message text) returns void
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

comment on function kpi.refuse(text, text, text) is 'Raises PT422 request.invalid about one field (design §5).';
revoke all on function kpi.refuse(text, text, text) from public;
grant execute on function kpi.refuse(text, text, text) to authenticated;
