-- One field that finds customers, leads, tickets and invoices: what the caller sees, and nothing else.

create or replace function api.crm_search(p_q text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_word text := btrim(p_q, E' \t\r\n\u00a0');
    v_id text := upper(v_word);
    v_customer_ids text[];
    v_lead_ids text[];
    v_ticket_ids text[];
    v_customers jsonb;
    v_leads jsonb;
    v_tickets jsonb;
    v_invoices jsonb;
begin
    if app.uid() is null then
        perform app.fail('PT401', 'auth.required', 'Nobody is logged in.');
    end if;
    if coalesce(length(v_word), 0) not between 2 and 100 then
        perform app.fail(
            'PT422', 'request.invalid', 'Some fields are missing or wrong.',
            '[{"field": "q", "code": "search.q.length", "message": "must have from 2 to 100 characters"}]'
        );
    end if;

    -- Ids only, more than are shown; each is read through a view, so that the policies have the last word.
    -- Names that begin with the word come first, and where they fill the page no other is looked for.
    v_customer_ids := crm.search_customers(v_word, 100, true);
    if cardinality(v_customer_ids) >= 5 then
        v_lead_ids := crm.search_leads(v_word, v_customer_ids || v_id, 5);
    end if;
    if v_lead_ids is null or cardinality(v_lead_ids) < 5 then
        v_customer_ids := crm.search_customers(v_word, 100, false);
        v_lead_ids := crm.search_leads(v_word, v_customer_ids || v_id, 5);
    end if;
    v_customer_ids := v_customer_ids || v_id;
    v_lead_ids := v_lead_ids || v_id;
    v_ticket_ids := desk.find_tickets('{}', 100, null);

    select jsonb_agg(jsonb_build_object('kind', 'customer', 'id', c.customer_id, 'title', c.company_name, 'status', c.status))
    into v_customers
    from (
        select v.customer_id, v.company_name, v.status
        from api.customers v
        where v.customer_id = any (v_customer_ids)
        order by array_position(v_customer_ids, v.customer_id)
        limit 5
    ) c;

    select jsonb_agg(jsonb_build_object('kind', 'lead', 'id', l.lead_id, 'title', l.company_name, 'status', l.status))
    into v_leads
    from (
        select v.lead_id, v.company_name, v.status
        from api.leads v
        where v.lead_id = any (v_lead_ids)
        order by v.created_at desc, v.lead_id desc
        limit 5
    ) l;

    select jsonb_agg(jsonb_build_object('kind', 'ticket', 'id', t.ticket_id, 'title', t.subject, 'status', t.status))
    into v_tickets
    from (
        select v.ticket_id, v.subject, coalesce(v.inquiry_status, v.ticket_status) as status, v.created_at
        from api.tickets v
        where v.ticket_id = any (v_ticket_ids || v_id)
          and (v.ticket_id = v_id or strpos(lower(v.subject), lower(v_word)) > 0)
        union
        -- By itself: one index finds ids, another one leads.
        select v.ticket_id, v.subject, coalesce(v.inquiry_status, v.ticket_status), v.created_at
        from api.tickets v
        where v.related_lead_id = any (v_lead_ids)
        union
        -- Masked, as operations see them, and searched so (case 153, pitfall P13).
        select v.ticket_id, v.subject, v.inquiry_status, v.created_at
        from api.v_ops_rfqs_masked v
        where app.can('v_ops_rfqs_masked', 'select', 'dept')
          and v.ticket_id = any (v_ticket_ids || v_id)
          and (v.ticket_id = v_id or strpos(lower(v.subject), lower(v_word)) > 0)
        order by created_at desc, ticket_id desc
        limit 5
    ) t;

    select jsonb_agg(jsonb_build_object('kind', 'invoice', 'id', i.invoice_id, 'title', i.title, 'status', i.status))
    into v_invoices
    from (
        select v.invoice_id, coalesce(v.external_no, v.invoice_id) as title, v.status
        from ar.invoices v
        where v.org_id = (select app.org_id())
          and (v.invoice_id = v_id or v.external_no = v_word or v.customer_id = any (v_customer_ids[:5]))
        order by v.invoice_date desc, v.invoice_id desc
        limit 5
    ) i;

    return jsonb_build_object(
        'items',
        jsonb_path_query_array(
            coalesce(v_customers, '[]') || coalesce(v_leads, '[]') || coalesce(v_tickets, '[]') || coalesce(v_invoices, '[]'),
            '$[0 to 14]'
        )
    );
end
$$;

comment on function api.crm_search(text) is
    'p_q: 2 to 100 characters, looked for literally in company names, e-mail addresses, telephone numbers and NPWPs, in subjects of the caller''s newest hundred tickets, and as an id. Returns {items: [{kind: customer, lead, ticket or invoice; id, title, status}]}, up to five of each kind, fifteen in all. Raises PT401, PT422 (spec: command_center §7, case 153; pitfalls P13, P34).';
revoke all on function api.crm_search(text) from public;
grant execute on function api.crm_search(text) to authenticated;
