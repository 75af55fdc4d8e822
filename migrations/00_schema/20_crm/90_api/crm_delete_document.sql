-- Deletes a document of a customer with its file.

create or replace function api.crm_delete_document(p_customer_id text, p_document_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('customer_documents', 'delete');
    delete from crm.customer_documents d
    where d.org_id = app.org_id() and d.customer_id = p_customer_id and d.document_id = p_document_id;
    if not found then
        perform app.fail('PT404', 'customer.document.not_found', 'The customer has no such document.', p_document_id::text);
    end if;
    perform app.emit('customer_documents.deleted', array[p_customer_id], array['customers', 'customer_documents']);
    return jsonb_build_object('customer_id', p_customer_id, 'document_id', p_document_id);
end
$$;

comment on function api.crm_delete_document(text, bigint) is
    'Returns {customer_id, document_id}. Raises PT401, PT403, PT404 customer.document.not_found (spec: command_center §1.5).';
revoke all on function api.crm_delete_document(text, bigint) from public;
grant execute on function api.crm_delete_document(text, bigint) to authenticated;
