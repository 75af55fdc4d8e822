-- Which rows of crm.customer_documents are whose: those of customers one sees (decisions §5.9).

create policy customer_documents_select on crm.customer_documents
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('customer_documents', 'select', 'parent'))
    and exists (
        select from crm.customers c where c.org_id = customer_documents.org_id and c.customer_id = customer_documents.customer_id
    )
);
