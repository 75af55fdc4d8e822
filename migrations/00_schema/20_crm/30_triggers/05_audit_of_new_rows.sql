-- Audit of new customers, contacts and leads: what app.audit_row_insert would write, but for what follows from the rest.
--
-- A file makes each of them by the hundred thousand, and turning a row into an image costs as much as each of its columns
-- does, empty ones too: the columns that files fill make the image, all of them only where another one is filled.

create or replace function crm.audit_new_customers() returns trigger
language plpgsql
security definer -- writes app.audit_logs, on which nobody has a privilege
set search_path = pg_catalog, pg_temp
as $$
declare
    v_context record;
begin
    if not exists (select from new_rows) then
        return null;
    end if;
    v_context := app.audit_context();

    insert into app.audit_logs (
        org_id, table_name, record_id, action, changed_by, after_data, import_id, request_id, ip_address, user_agent
    )
    select
        n.org_id, 'crm.customers', n.customer_id, 'INSERT', v_context.changed_by,
        jsonb_strip_nulls(
            case
                when num_nonnulls(
                    n.legal_name, n.external_code, n.email, n.phone, n.website, n.address, n.size, n.industry,
                    n.registration_number, n.parent_customer_id, n.credit_limit, n.credit_hold_reason, n.credit_hold_at,
                    n.health_score, n.health_score_updated_at, n.external_ref, n.merged_into_id, n.deleted_at
                ) = 0
                then to_jsonb(row(
                    n.org_id, n.customer_id, n.company_name, n.npwp, n.city, n.country, n.status, n.customer_type,
                    n.credit_hold, n.custom_fields, n.warranty_expiry_alert_opt_out, n.source_import_id,
                    n.created_by, n.created_at
                )::crm.customer_image)
                else to_jsonb(n)
                    - '{owner_ids,creator_ids,npwp_key,email_key,company_key,phone_key,version,updated_at}'::text[]
            end
        ),
        v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
    from new_rows n;
    return null;
end
$$;

comment on function crm.audit_new_customers() is
    'Statement trigger: an entry for each new customer, with all that is not null but owner_ids, creator_ids, keys, version and updated_at (spec: command_center §3.5).';
revoke all on function crm.audit_new_customers() from public;

create or replace function crm.audit_new_contacts() returns trigger
language plpgsql
security definer -- writes app.audit_logs, on which nobody has a privilege
set search_path = pg_catalog, pg_temp
as $$
declare
    v_context record;
begin
    if not exists (select from new_rows) then
        return null;
    end if;
    v_context := app.audit_context();

    insert into app.audit_logs (
        org_id, table_name, record_id, action, changed_by, after_data, import_id, request_id, ip_address, user_agent
    )
    select
        n.org_id, 'crm.contacts', n.contact_id::text, 'INSERT', v_context.changed_by,
        jsonb_strip_nulls(
            case
                when num_nonnulls(
                    n.first_name, n.last_name, n.title, n.department, n.mobile, n.email_opt_in_at, n.sms_opt_in_at,
                    n.last_contacted_at, n.notes
                ) = 0
                then to_jsonb(row(
                    n.org_id, n.contact_id, n.customer_id, n.full_name, n.email, n.phone, n.is_primary,
                    n.decision_maker, n.influencer, n.email_opt_in, n.sms_opt_in, n.created_by, n.created_at
                )::crm.contact_image)
                else to_jsonb(n) - '{email_key,phone_key,mobile_key,version,updated_at}'::text[]
            end
        ),
        v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
    from new_rows n;
    return null;
end
$$;

comment on function crm.audit_new_contacts() is
    'Statement trigger: an entry for each new contact, with all that is not null but keys, version and updated_at (spec: command_center §3.5).';
revoke all on function crm.audit_new_contacts() from public;

create or replace function crm.audit_new_leads() returns trigger
language plpgsql
security definer -- writes app.audit_logs, on which nobody has a privilege
set search_path = pg_catalog, pg_temp
as $$
declare
    v_context record;
begin
    if not exists (select from new_rows) then
        return null;
    end if;
    v_context := app.audit_context();

    insert into app.audit_logs (
        org_id, table_name, record_id, action, changed_by, after_data, import_id, request_id, ip_address, user_agent
    )
    select
        n.org_id, 'crm.leads', n.lead_id, 'INSERT', v_context.changed_by,
        jsonb_strip_nulls(
            case
                when num_nonnulls(
                    n.country, n.route, n.est_volume_value, n.est_volume_unit, n.timeline,
                    n.sales_owner_user_id, n.assigned_at, n.assigned_by, n.closed_at
                ) = 0
                then to_jsonb(row(
                    n.org_id, n.lead_id, n.lead_date, n.company_name, n.npwp, n.pic_name, n.contact_phone, n.email,
                    n.city_area, n.service_code, n.sourced_by, n.primary_channel, n.campaign_name, n.notes, n.status, n.next_step,
                    n.due_date, n.status_changed_at, n.customer_id, n.prospect_id, n.counts, n.source_import_id,
                    n.source_row_no, n.created_by, n.created_at
                )::crm.lead_image)
                else to_jsonb(n) - 'updated_at'
            end
        ),
        v_context.import_id, v_context.request_id, v_context.ip_address, v_context.user_agent
    from new_rows n;
    return null;
end
$$;

comment on function crm.audit_new_leads() is
    'Statement trigger: an entry for each new lead, with all that is not null but updated_at (spec: command_center §3.5).';
revoke all on function crm.audit_new_leads() from public;
