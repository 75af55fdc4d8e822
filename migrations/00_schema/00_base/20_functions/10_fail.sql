-- Raises an error in the project's one shape.

create or replace function app.fail(
    p_errcode text,
    p_code text,
    p_message text,
    p_detail text default null
) returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
-- Not immutable: the planner would evaluate a call with constant arguments, and so raise before its turn.
-- @plpgsql_check_options: performance_warnings = false
begin
    raise exception using
        errcode = p_errcode,
        message = p_message,
        hint = p_code,
        detail = coalesce(p_detail, '');
end
$$;

comment on function app.fail(text, text, text, text) is
    'Raises. p_errcode: PTnnn (HTTP status) or a SQLSTATE; p_code: stable code, becomes the hint; p_message: for people; p_detail: facts, or a JSON list of {field, code, message}. Rule: design §5.';
revoke all on function app.fail(text, text, text, text) from public;
grant execute on function app.fail(text, text, text, text) to authenticated;
