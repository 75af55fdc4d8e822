-- Which rows of ingest.column_synonyms are whose: every person known here reads reference data.

create policy column_synonyms_select on ingest.column_synonyms
for select to authenticated, analyst
using ((select app.org_id()) is not null);
