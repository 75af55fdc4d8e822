-- What may stand in a row of a module's files.

create or replace function ingest.fields_of_module(p_module text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Whose the row is: its id, its tax number or its name.
    v_whose constant jsonb := jsonb '{
        "customer_id": {"kind": "text", "maximum": 40},
        "npwp": {"kind": "npwp", "maximum": 50},
        "company_name": {"kind": "text", "maximum": 255}
    }';
begin
    return case p_module
        when 'invoices' then v_whose || ar.invoice_fields()
        when 'payments' then ar.payment_fields() || '{
            "invoice_id": {"kind": "text", "required": true, "maximum": 100},
            "payment_date": {"kind": "date", "required": true}
        }'
        when 'customers' then '{
            "company_name": {"kind": "text", "required": true, "maximum": 255},
            "pic_name": {"kind": "text", "required": true, "maximum": 255},
            "pic_phone": {"kind": "phone", "required": true, "maximum": 50},
            "pic_email": {"kind": "email", "required": true, "maximum": 254},
            "npwp": {"kind": "npwp", "maximum": 50},
            "address": {"kind": "text", "maximum": 1000},
            "city": {"kind": "text", "maximum": 255},
            "country": {"kind": "text", "maximum": 100}
        }'
        when 'contacts' then v_whose || '{
            "full_name": {"kind": "text", "required": true, "maximum": 255},
            "email": {"kind": "email", "maximum": 254},
            "phone": {"kind": "phone", "maximum": 50},
            "mobile": {"kind": "phone", "maximum": 50},
            "title": {"kind": "text", "maximum": 100},
            "department": {"kind": "text", "maximum": 100},
            "notes": {"kind": "text", "maximum": 2000}
        }'
        when 'marketing_spend' then '{
            "channel": {"kind": "text", "required": true, "maximum": 100},
            "spend_date": {"kind": "date", "required": true},
            "amount": {"kind": "money", "required": true},
            "campaign_name": {"kind": "text", "maximum": 255},
            "notes": {"kind": "text", "maximum": 2000}
        }'
        when 'marketing_activities' then '{
            "activity_name": {"kind": "text", "required": true, "maximum": 100},
            "activity_date": {"kind": "date", "required": true},
            "quantity": {"kind": "number", "required": true},
            "channel": {"kind": "text", "maximum": 100},
            "notes": {"kind": "text", "maximum": 2000}
        }'
        when 'kpi_entries' then '{
            "metric_key": {"kind": "text", "required": true, "maximum": 60},
            "entry_date": {"kind": "date", "required": true},
            "value": {"kind": "number", "required": true},
            "assignee": {"kind": "text", "maximum": 40},
            "notes": {"kind": "text", "maximum": 2000}
        }'
    end;
end
$$;

comment on function ingest.fields_of_module(text) is
    'p_fields of app.read_rows for invoices, payments, customers, contacts, marketing_spend, marketing_activities and kpi_entries, null for other modules (spec: command_center §3.7).';
revoke all on function ingest.fields_of_module(text) from public;
