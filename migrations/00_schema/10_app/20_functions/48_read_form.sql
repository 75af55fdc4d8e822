-- Reads the body of one request as app.read_rows reads rows of a file: the values, or every problem at once.

create or replace function app.read_form(p_prefix text, p_fields jsonb, p_input jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_read record;
begin
    if jsonb_typeof(p_input) is distinct from 'object' then
        perform app.fail('PT422', 'request.not_an_object', 'The body must be a JSON object.');
    end if;
    select r.fields, r.problems into v_read from app.read_rows(p_prefix, p_fields, '{1}', array[p_input]) r;
    if v_read.problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_read.problems::text);
    end if;
    return v_read.fields;
end
$$;

comment on function app.read_form(text, jsonb, jsonb) is
    'p_prefix, p_fields: see app.read_rows; p_input: the body. Returns {name: normalised text} without blank ones. Raises PT422 request.invalid with all of {field, code, message}.';
revoke all on function app.read_form(text, jsonb, jsonb) from public;
grant execute on function app.read_form(text, jsonb, jsonb) to authenticated;
