-- What an organisation can set, with default and range (decisions §4), and the calling codes phone keys need.

with wanted (key, kind, default_value, minimum, maximum, allowed, pattern, description) as (
    values
        ('time_zone', 'time_zone', '"Asia/Jakarta"'::jsonb, null::numeric, null::numeric, null::text[], null::text,
            'where days are cut'),
        ('currency', 'text', '"IDR"', null, null, null, '^[A-Z]{3}$', 'ISO 4217 code of amounts that name none'),
        ('phone_region', 'text', '"ID"', null, null, null, '^[A-Z]{2}$', 'region of phone numbers without a country code'),
        ('country', 'text', '"ID"', null, null, null, '^[A-Z]{2}$', 'country of addresses that name none'),
        ('outbox_keep_days', 'integer', '7', 1, 90, null, null, 'for how long events are kept after they were sent'),
        ('webhook_attempts', 'integer', '16', 1, 30, null, null, 'how often an event is sent to a webhook that does not take it'),
        ('webhook_first_retry_seconds', 'integer', '5', 0, 3600, null, null,
            'pause after the first attempt, doubled after each further one, at most six hours'),
        ('webhook_dead_days', 'integer', '30', 1, 365, null, null, 'for how long events are kept that a webhook did not take'),
        ('undo_import_days', 'integer', '30', 1, 365, null, null, 'for how long an import can be undone'),
        ('merge_undo_days', 'integer', '30', 1, 365, null, null, 'for how long a merge can be undone'),
        ('trash_days', 'integer', '30', 1, 365, null, null, 'for how long deleted customers can be restored'),
        ('bulk_limit', 'integer', '100', 1, 1000, null, null, 'rows of one bulk call'),
        ('bulk_calls_per_minute', 'integer', '10', 1, 600, null, null, 'bulk calls a person may make in a minute'),
        ('normal_auto_approve', 'boolean', 'false', null, null, null, null,
            'Normal Database: approve requests at once, unless their database says no'),
        ('normal_auto_approve_maximum', 'integer', '0', 0, 10000, null, null,
            'Normal Database: records of the largest request that is approved at once; 0 = any'),
        ('normal_auto_replace', 'boolean', 'false', null, null, null, null, 'Normal Database: replace invalid records at once'),
        ('normal_replacements_per_batch', 'integer', '10', 1, 1000, null, null,
            'Normal Database: records of one batch that are replaced at once'),
        ('member_wd_auto_replace', 'boolean', 'false', null, null, null, null, 'Member WD: replace invalid records at once'),
        ('member_wd_replacements_per_batch', 'integer', '10', 1, 1000, null, null,
            'Member WD: records of one batch that are replaced at once'),
        ('bonanza_auto_replace', 'boolean', 'false', null, null, null, null, 'DB Bonanza: replace invalid records at once'),
        ('bonanza_replacements_per_batch', 'integer', '10', 1, 1000, null, null,
            'DB Bonanza: records of one database that are replaced at once for one staff'),
        ('monitoring_enabled', 'boolean', 'false', null, null, null, null, 'check the data by the clock'),
        ('monitoring_interval_hours', 'integer', '6', 1, 168, null, null, 'hours between two checks of the data'),
        ('monitoring_notify_on_critical', 'boolean', 'true', null, null, null, null, 'tell admins of high issues of the data'),
        ('monitoring_notify_on_warning', 'boolean', 'false', null, null, null, null,
            'tell admins of medium issues of the data when its health is below 80'),
        ('reservation_grace_days', 'integer', '30', 1, 365, null, null, 'days a reservation lives without a deposit'),
        ('reservation_warning_days', 'integer', '7', 1, 90, null, null, 'days before the end of grace to warn'),
        ('reservation_without_deposit', 'text', '"from_approval"', null, null, array['from_approval', 'immediate'], null,
            'where the grace of a reservation that never had a deposit starts'),
        ('required_success_days', 'integer', '18', 1, 31, null, null, 'successful days a month for the bonus')
)
insert into app.setting_definitions (key, kind, default_value, minimum, maximum, allowed, pattern, description)
select * from wanted
on conflict (key) do update
set kind = excluded.kind,
    default_value = excluded.default_value,
    minimum = excluded.minimum,
    maximum = excluded.maximum,
    allowed = excluded.allowed,
    pattern = excluded.pattern,
    description = excluded.description;

with wanted (region, calling_code) as (
    values
        ('AE', '971'), ('AU', '61'), ('BD', '880'), ('CN', '86'), ('DE', '49'), ('FR', '33'), ('GB', '44'), ('ID', '62'),
        ('IN', '91'), ('JP', '81'), ('KH', '855'), ('KR', '82'), ('LA', '856'), ('LK', '94'), ('MM', '95'), ('MY', '60'),
        ('NL', '31'), ('NZ', '64'), ('PH', '63'), ('PK', '92'), ('SA', '966'), ('TH', '66'), ('TW', '886'), ('VN', '84')
)
insert into app.calling_codes (region, calling_code)
select * from wanted
on conflict (region) do update set calling_code = excluded.calling_code;
