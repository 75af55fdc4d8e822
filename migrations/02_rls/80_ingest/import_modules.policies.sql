-- Which rows of ingest.import_modules are whose: every person known here reads reference data.

create policy import_modules_select on ingest.import_modules
for select to authenticated, analyst
using ((select app.org_id()) is not null);
