-- Takes rows of the previous system as it wrote them.

create or replace function members.stage_legacy(p_org_id uuid, p_kind text, p_rows jsonb) returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_zone text := app.setting_of(p_org_id, 'time_zone') #>> '{}';
    v_staged integer;
begin
    -- A row that is there already is replaced only while it has not come in and only by another: what was repaired stays repaired.
    case p_kind
        when 'databases' then
            insert into members.legacy_databases as l (org_id, legacy_id, product_name)
            select p_org_id, r.name, nullif(btrim(r.product_name), '')
            from jsonb_to_recordset(p_rows) as r (name text, product_name text)
            on conflict on constraint legacy_databases_pkey do update set product_name = excluded.product_name
            where l.database_id is null and l.product_name is distinct from excluded.product_name;
        when 'batches' then
            insert into members.legacy_batches as l (org_id, legacy_id, staff, database_name, created_at, initial_count, current_count)
            select
                p_org_id, r.id, nullif(btrim(r.staff_email), ''), r.database_name, members.legacy_time(r.created_at, v_zone),
                r.initial_count, r.current_count
            from jsonb_to_recordset(p_rows) as r (
                id text, staff_email text, database_name text, created_at text, initial_count integer, current_count integer
            )
            on conflict on constraint legacy_batches_pkey do update
            set staff = excluded.staff, database_name = excluded.database_name, created_at = excluded.created_at,
                initial_count = excluded.initial_count, current_count = excluded.current_count, repaired_count = null
            where l.batch_id is null
              and (l.staff, l.database_name, l.created_at, l.initial_count, l.current_count)
                  is distinct from (excluded.staff, excluded.database_name, excluded.created_at, excluded.initial_count, excluded.current_count);
        when 'records' then
            insert into members.legacy_records as l (
                org_id, legacy_id, database_name, product_name, row_data, batch, staff, assigned_at, status, validation_status,
                validation_reason, validated_at, auto_replaced, replaced_invalid_ids, archived_at
            )
            select
                p_org_id, r.id, r.database_name, nullif(btrim(r.product_name), ''), coalesce(r.row_data, '{}'), nullif(r.batch_id, ''),
                nullif(btrim(r.assigned_to_email), ''), members.legacy_time(r.assigned_at, v_zone), r.status, r.validation_status,
                r.validation_reason, members.legacy_time(r.validated_at, v_zone), coalesce(r.auto_replaced, false),
                coalesce(r.replaced_invalid_ids, '{}'), members.legacy_time(r.archived_at, v_zone)
            from jsonb_to_recordset(p_rows) as r (
                id text, database_name text, product_name text, row_data jsonb, batch_id text, assigned_to_email text, assigned_at text,
                status text, validation_status text, validation_reason text, validated_at text, auto_replaced boolean,
                replaced_invalid_ids text[], archived_at text
            )
            on conflict on constraint legacy_records_pkey do update
            set database_name = excluded.database_name, product_name = excluded.product_name, row_data = excluded.row_data,
                batch = excluded.batch, staff = excluded.staff, assigned_at = excluded.assigned_at, status = excluded.status,
                validation_status = excluded.validation_status, validation_reason = excluded.validation_reason,
                validated_at = excluded.validated_at, auto_replaced = excluded.auto_replaced,
                replaced_invalid_ids = excluded.replaced_invalid_ids, archived_at = excluded.archived_at,
                repaired_batch = null, repaired_by = null, refused_reason = null
            where l.record_id is null
              and (
                  l.database_name, l.product_name, l.row_data, l.batch, l.staff, l.assigned_at, l.status, l.validation_status,
                  l.validation_reason, l.validated_at, l.auto_replaced, l.replaced_invalid_ids, l.archived_at
              ) is distinct from (
                  excluded.database_name, excluded.product_name, excluded.row_data, excluded.batch, excluded.staff, excluded.assigned_at,
                  excluded.status, excluded.validation_status, excluded.validation_reason, excluded.validated_at, excluded.auto_replaced,
                  excluded.replaced_invalid_ids, excluded.archived_at
              );
        when 'reservations' then
            insert into members.legacy_reservations as l (
                org_id, legacy_id, customer_id, customer_name, phone_number, product_name, staff, status, is_permanent, created_at,
                approved_at, last_omset_date
            )
            select
                p_org_id, r.id, nullif(btrim(r.customer_id), ''), nullif(btrim(r.customer_name), ''), r.phone_number, r.product_name,
                r.staff_email, r.status, coalesce(r.is_permanent, false), members.legacy_time(r.created_at, v_zone),
                members.legacy_time(r.approved_at, v_zone), (members.legacy_time(r.last_omset_date, v_zone) at time zone v_zone)::date
            from jsonb_to_recordset(p_rows) as r (
                id text, customer_id text, customer_name text, phone_number text, product_name text, staff_email text, status text,
                is_permanent boolean, created_at text, approved_at text, last_omset_date text
            )
            on conflict on constraint legacy_reservations_pkey do update
            set customer_id = excluded.customer_id, customer_name = excluded.customer_name, phone_number = excluded.phone_number,
                product_name = excluded.product_name, staff = excluded.staff, status = excluded.status,
                is_permanent = excluded.is_permanent, created_at = excluded.created_at, approved_at = excluded.approved_at,
                last_omset_date = excluded.last_omset_date, refused_reason = null
            where l.reservation_id is null
              and (
                  l.customer_id, l.customer_name, l.phone_number, l.product_name, l.staff, l.status, l.is_permanent, l.created_at,
                  l.approved_at, l.last_omset_date
              ) is distinct from (
                  excluded.customer_id, excluded.customer_name, excluded.phone_number, excluded.product_name, excluded.staff,
                  excluded.status, excluded.is_permanent, excluded.created_at, excluded.approved_at, excluded.last_omset_date
              );
        else
            perform app.fail('PT422', 'legacy.kind.unknown', 'There is no such kind of rows.', p_kind);
    end case;
    get diagnostics v_staged = row_count;
    return v_staged;
end
$$;

comment on function members.stage_legacy(uuid, text, jsonb) is
    'p_kind: databases, batches, records or reservations; p_rows: objects with the previous system''s field names, each id once. Returns how many are new or have changed. Raises PT422 legacy.kind.unknown, and 22… for a value of the wrong type (spec: member §4, §5.11).';
revoke all on function members.stage_legacy(uuid, text, jsonb) from public;
