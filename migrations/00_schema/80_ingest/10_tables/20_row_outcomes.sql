-- What becomes of a row of a file, on its way to its row in ingest.import_rows.

create type ingest.row_outcome as (
    row_no bigint,
    status text,
    errors jsonb,
    row_hash bytea,
    target_table text,
    target_id text
);
comment on type ingest.row_outcome is 'How a row ended: columns of ingest.import_rows (design §7).';
