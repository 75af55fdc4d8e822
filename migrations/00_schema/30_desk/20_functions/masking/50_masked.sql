-- A ticket as operations see it: without a word of who the customer is, where it is masked.

create or replace function desk.masked(p_ticket desk.tickets) returns desk.tickets
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_patterns record;
    v_masked desk.tickets := p_ticket;
begin
    if not p_ticket.need_customer_masking then
        return p_ticket;
    end if;
    -- Ids join back to the customer, and so may its author (pitfall P13).
    v_masked.related_lead_id := null;
    v_masked.related_customer_id := null;
    v_masked.created_by := null;
    select m.* into v_patterns
    from desk.mask_patterns(
        p_ticket.org_id, p_ticket.related_lead_id, p_ticket.related_customer_id,
        (select string_agg(e.value, ' ') from jsonb_each_text(to_jsonb(v_masked)) e),
        concat_ws(
            ' ', p_ticket.origin_city, p_ticket.origin_country, p_ticket.destination_city, p_ticket.destination_country,
            p_ticket.cargo_category, p_ticket.cargo_dimensions
        )
    ) m;
    v_masked.subject := desk.mask(p_ticket.subject, v_patterns.free_patterns);
    v_masked.description := desk.mask(p_ticket.description, v_patterns.free_patterns);
    v_masked.scope_of_work := desk.mask(p_ticket.scope_of_work, v_patterns.free_patterns);
    v_masked.origin_address := desk.mask(p_ticket.origin_address, v_patterns.free_patterns);
    v_masked.destination_address := desk.mask(p_ticket.destination_address, v_patterns.free_patterns);
    v_masked.close_reason := desk.mask(p_ticket.close_reason, v_patterns.free_patterns);
    -- What a quotation needs keeps its words; a company's name is not one of them.
    v_masked.origin_city := desk.mask(p_ticket.origin_city, v_patterns.whole_patterns);
    v_masked.origin_country := desk.mask(p_ticket.origin_country, v_patterns.whole_patterns);
    v_masked.destination_city := desk.mask(p_ticket.destination_city, v_patterns.whole_patterns);
    v_masked.destination_country := desk.mask(p_ticket.destination_country, v_patterns.whole_patterns);
    v_masked.cargo_category := desk.mask(p_ticket.cargo_category, v_patterns.whole_patterns);
    v_masked.cargo_dimensions := desk.mask(p_ticket.cargo_dimensions, v_patterns.whole_patterns);
    return v_masked;
end
$$;

comment on function desk.masked(desk.tickets) is
    'The row with related ids and author null and [masked] for the customer''s words, when need_customer_masking; else the row (spec: command_center §4 v_ops_rfqs_masked, pitfall P13).';
revoke all on function desk.masked(desk.tickets) from public;
