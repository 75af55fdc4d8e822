-- Which rows of ingest.import_columns are whose: every person known here reads reference data.

create policy import_columns_select on ingest.import_columns
for select to authenticated, analyst
using ((select app.org_id()) is not null);
