-- Which rows of ingest.import_rows are whose: those of imports one sees (spec: command_center §1.7).

create policy import_rows_select on ingest.import_rows
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('import_rows', 'select', 'all'))
        or (
            (select app.can('import_rows', 'select', 'parent'))
            and exists (
                select
                from ingest.imports i
                where i.org_id = import_rows.org_id and i.import_id = import_rows.import_id
            )
        )
    )
);
