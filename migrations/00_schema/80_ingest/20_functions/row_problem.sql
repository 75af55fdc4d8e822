-- The reason of a row that the database refused for something no validation had foreseen.

create or replace function ingest.row_problem(p_sqlstate text, p_code text, p_message text) returns jsonb
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_array(
        case
            -- Our own words can be shown; Postgres' may quote rows that the reader cannot see (case 152).
            when p_sqlstate like 'PT4%' then jsonb_build_object('field', null, 'code', p_code, 'message', p_message)
            else jsonb_build_object(
                'field', null, 'code', 'import.row.refused', 'message', format('The row was refused (%s).', p_sqlstate)
            )
        end
    )
$$;

comment on function ingest.row_problem(text, text, text) is
    'JSON list with one {field, code, message} for an error caught while writing a row (design §7).';
revoke all on function ingest.row_problem(text, text, text) from public;
