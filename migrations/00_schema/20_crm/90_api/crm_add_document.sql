-- Registers a stored file as a document of a customer.

create or replace function api.crm_add_document(
    p_customer_id text,
    p_file_name text,
    p_mime_type text,
    p_size_bytes bigint,
    p_sha256 text,
    p_bucket text,
    p_path text
) returns jsonb
language plpgsql
security definer -- the matrix says rpc: documents are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('customer_id', p_customer_id, 'file_name', p_file_name, 'sha256', p_sha256);
    v_answer jsonb;
    v_document_id bigint;
begin
    perform app.require('customer_documents', 'insert');
    -- Of the file its digest is the request; where this attempt stored it is not.
    v_answer := app.replay('crm_add_document', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    if not app.may_update_customers(v_org_id, p_customer_id) then
        perform app.fail('PT404', 'customer.not_found', 'There is no such customer that you may change.', left(p_customer_id, 100));
    end if;
    if p_bucket is distinct from 'customer-documents' or not starts_with(p_path, p_customer_id || '/') then
        perform app.refuse_field('file', 'customer.document.path', 'is not stored in the folder of this customer');
    end if;
    insert into crm.customer_documents (org_id, customer_id, uploaded_by, uploaded_at)
    values (v_org_id, p_customer_id, app.uid(), app.now())
    returning document_id into v_document_id;
    insert into app.files (org_id, bucket, path, file_name, mime_type, size_bytes, sha256, document_id, created_by)
    values (v_org_id, p_bucket, p_path, p_file_name, p_mime_type, p_size_bytes, p_sha256, v_document_id, app.uid());
    perform app.emit('customer_documents.created', array[p_customer_id], array['customers', 'customer_documents']);
    return app.remember(
        'crm_add_document', v_request,
        (select to_jsonb(d) - 'org_id' from api.customer_documents d where d.document_id = v_document_id)
    );
end
$$;

comment on function api.crm_add_document(text, text, text, bigint, text, text, text) is
    'p_path: <customer_id>/… in bucket customer-documents, where the file is already. Returns the row of api.customer_documents. Raises PT401, PT403, PT404 customer.not_found, PT422 (spec: command_center §2.3; decisions §5.9).';
revoke all on function api.crm_add_document(text, text, text, bigint, text, text, text) from public;
grant execute on function api.crm_add_document(text, text, text, bigint, text, text, text) to authenticated;
