-- What became of the leads that were assigned in a period: four metrics are made of it, and it is made once for all of them.

create type kpi.assignments as (
    assigned bigint,
    -- Acted on by whoever got it.
    accepted bigint,
    contacted bigint,
    -- The median from getting a lead to the first action; null where there was none.
    response_minutes double precision
);
comment on type kpi.assignments is 'Numbers behind SALES_LEADS_ACCEPTED, SALES_LAR, SALES_FIRST_CONTACT_RATE and SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN (spec: command_center §5.1).';
