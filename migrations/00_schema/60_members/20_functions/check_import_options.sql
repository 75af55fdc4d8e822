-- Reads what an upload of member records must say beside its file.

create or replace function members.check_import_options(p_options jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_options jsonb := app.read_payload(
        'member_records', p_options,
        '{
            "record_module": {"kind": "text", "required": true, "maximum": 20},
            "product_id": {"kind": "id", "required": true},
            "name": {"kind": "text", "required": true, "maximum": 255},
            "description": {"kind": "text", "maximum": 1000}
        }'
    );
begin
    if v_options ->> 'record_module' not in ('normal', 'member_wd', 'bonanza') then
        perform app.fail(
            'PT422', 'request.invalid', 'There is no such record module.',
            '[{"field": "record_module", "code": "records.module.unknown", "message": "must be normal, member_wd or bonanza"}]'
        );
    end if;
    if not exists (
        select
        from members.products p
        where p.org_id = app.org_id() and p.product_id = (v_options ->> 'product_id')::bigint
    ) then
        perform app.fail('PT404', 'product.not_found', 'There is no such product.', v_options ->> 'product_id');
    end if;
    return v_options;
end
$$;

comment on function members.check_import_options(jsonb) is
    'p_options {record_module, product_id, name, description?}. Returns them without blank ones. Raises PT404 product.not_found, PT422 (spec: member §5.10 upload, §6: the product is chosen by the form, case 13).';
revoke all on function members.check_import_options(jsonb) from public;
