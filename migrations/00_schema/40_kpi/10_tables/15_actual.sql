-- What a metric came to in a period.

create type kpi.actual as (
    value numeric,
    -- OK, NA (it cannot be known) or NO_DATA (nobody has entered anything).
    status text,
    reason text,
    -- Where the value is from: computed, entries or marketing_spend.
    source text,
    -- Parts of the value, where a metric has parts.
    details jsonb
);
comment on type kpi.actual is 'A number with its status, and why where there is none (spec: command_center §3.9, §5.3).';
