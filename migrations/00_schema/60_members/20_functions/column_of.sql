-- Which column of a file says who a member is: one list for all modules.

create or replace function members.column_of(p_columns text[], p_kind text) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select c.name
    from unnest(p_columns) with ordinality as c (name, position)
    join unnest(
        case p_kind
            -- "name" is a person's, never a key (spec: member §3.5).
            when 'key' then array[
                'username', 'user_name', 'user', 'id', 'userid', 'user_id', 'customer_id', 'id_customer', 'member',
                'member_id', 'no_member', 'account'
            ]
            when 'name' then array[
                'nama_lengkap', 'full_name', 'fullname', 'customer_name', 'nama', 'name', 'customer'
            ]
            when 'phone' then array[
                'telpon', 'telepon', 'telp', 'no_telp', 'phone', 'phone_number', 'telephone', 'no_hp', 'hp', 'nomor',
                'whatsapp', 'wa'
            ]
        end
    ) with ordinality as k (name, rank)
        on k.name = regexp_replace(lower(btrim(c.name)), '[[:space:]]+', '_', 'g')
    order by k.rank, c.position
    limit 1
$$;

comment on function members.column_of(text[], text) is
    'p_columns: header of the file; p_kind: key, name or phone. The best known column name in it, null for none (spec: member §3.5, LD-3).';
revoke all on function members.column_of(text[], text) from public;
