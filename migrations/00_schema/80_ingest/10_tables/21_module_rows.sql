-- A row of a file between reading and writing.

create type ingest.module_row as (
    row_no bigint,
    row_hash bytea,
    -- {our column: normalised text}, blank cells left out.
    fields jsonb
);
comment on type ingest.module_row is 'A row that app.read_rows found no fault with (design §7).';
