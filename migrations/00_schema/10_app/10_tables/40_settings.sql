-- Settings of an organisation: typed, with a default, a range and a refusal that names it.

create table app.setting_definitions (
    key text primary key constraint setting_definitions_key_check check (key ~ '^[a-z][a-z0-9_]*$'),
    kind text not null constraint setting_definitions_kind_check
        check (kind in ('text', 'integer', 'number', 'boolean', 'time_zone')),
    default_value jsonb not null,
    minimum numeric,
    maximum numeric,
    -- For kind text: the values that are allowed; null = any that match the pattern.
    allowed text[],
    pattern text,
    description text not null
);
alter table app.setting_definitions enable row level security;
comment on table app.setting_definitions is 'What can be set, of which kind, within which range (decisions §4).';

create table app.settings (
    org_id uuid not null constraint settings_org_id_fkey references app.organizations (org_id),
    key text not null constraint settings_key_fkey references app.setting_definitions (key),
    value jsonb not null,
    updated_by uuid,
    updated_at timestamptz not null default now(),
    constraint settings_pkey primary key (org_id, key)
);
alter table app.settings enable row level security;
comment on table app.settings is 'What an organisation has set; absent = the definition''s default. Read through app.setting().';

create table app.calling_codes (
    region text primary key constraint calling_codes_region_check check (region ~ '^[A-Z]{2}$'),
    calling_code text not null constraint calling_codes_calling_code_check check (calling_code ~ '^[1-9][0-9]{0,3}$')
);
alter table app.calling_codes enable row level security;
comment on table app.calling_codes is 'Region to telephone calling code, for phone keys; regions that dial a leading 0 inside the country (decisions §5.4).';
