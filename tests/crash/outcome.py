"""What an organisation holds, in words that do not depend on ids and moments: equal for equal outcomes."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import psycopg

LABELS = """
    select f.field, i.import_id::text, 'the import'
    from ingest.imports i
    cross join (values ('source_import_id'), ('import_id')) as f (field)
    where i.org_id = %(org)s
    union all
    select '', p.user_id::text, 'the uploader' from app.profiles p where p.org_id = %(org)s
"""
"""What stands for an id. The first column says in which field the id means this; empty: anywhere."""

LEAD_LABELS = """
    select '', l.lead_id, 'lead of row ' || l.source_row_no from crm.leads l where l.org_id = %(org)s
    union all
    select '', l.customer_id, 'customer of row ' || min(l.source_row_no)
    from crm.leads l
    where l.org_id = %(org)s
    group by l.customer_id
    union all
    select '', l.prospect_id, 'prospect of row ' || min(l.source_row_no)
    from crm.leads l
    where l.org_id = %(org)s
    group by l.prospect_id
    union all
    select
        t.field, c.contact_id::text,
        'contact ' || row_number() over (
            partition by t.field, c.customer_id order by c.full_name, c.email, c.phone, c.contact_id
        )
        || ' of row ' || f.row_no
    from crm.contacts c
    join (
        select l.customer_id, min(l.source_row_no) as row_no
        from crm.leads l
        where l.org_id = %(org)s
        group by l.customer_id
    ) f using (customer_id)
    cross join (values ('contact_id'), ('crm.contacts')) as t (field)
    where c.org_id = %(org)s
    union all
    select
        'crm.prospect_stage_history', h.history_id::text,
        'history ' || row_number() over (partition by h.prospect_id order by h.history_id)
        || ' of row ' || f.row_no
    from crm.prospect_stage_history h
    join (
        select l.prospect_id, min(l.source_row_no) as row_no
        from crm.leads l
        where l.org_id = %(org)s
        group by l.prospect_id
    ) f using (prospect_id)
    where h.org_id = %(org)s
"""
"""The row of the file that it came from."""

RECORD_LABELS = """
    select f.field, d.database_id::text, 'the database'
    from members.databases d
    cross join (values ('database_id'), ('members.databases')) as f (field)
    where d.org_id = %(org)s
    union all
    select f.field, p.product_id::text, 'the product'
    from members.products p
    cross join (values ('product_id'), ('members.products')) as f (field)
    where p.org_id = %(org)s
    union all
    select f.field, r.record_id::text, 'record ' || r.row_number
    from members.records r
    cross join (values ('record_id'), ('target_id'), ('members.records')) as f (field)
    where r.org_id = %(org)s
"""

LEFT_OUT = frozenset(
    # numbers of their own
    {"history_id", "event_id", "audit_id", "id", "notification_id", "xid"}
    # of the request, and of whom it is about
    | {"org_id", "request_id", "ip_address", "user_agent"}
    # chance
    | {"pick_key"}
)
MOMENTS = ("_at",)
SETS = ("match_keys",)
"""Lists whose order means nothing."""

RECORD_COUNTS = """
    select c.database_id, sum(c.available) as available, sum(c.assigned) as assigned
    from members.record_counts c
    where c.org_id = %(org)s
    group by c.database_id
"""
"""How they are spread over rows is chance."""


@dataclass(frozen=True)
class Module:
    """What an import of a module writes."""

    labels: str
    tables: tuple[str, ...]
    more: Mapping[str, str] = field(default_factory=dict)
    """Queries where not a table as it stands is to be compared."""


MODULES = {
    "leads": Module(
        LEAD_LABELS,
        (
            "crm.customers",
            "crm.customer_keys",
            "crm.contacts",
            "crm.prospects",
            "crm.prospect_stage_history",
            "crm.prospect_events",
            "crm.leads",
            "app.notifications",
        ),
    ),
    "member_records": Module(
        RECORD_LABELS,
        ("members.products", "members.databases", "members.records", "app.notifications"),
        {"members.record_counts": RECORD_COUNTS},
    ),
}

IMPORT_ROWS = """
    select r.row_no, r.row_data, r.status, r.errors, encode(r.row_hash, 'hex') as row_hash, r.is_unreadable,
        r.target_table, r.target_id
    from ingest.import_rows r
    where r.org_id = %(org)s
"""

AUDIT = """
    select
        a.table_name, a.action, jsonb_build_object(a.table_name, a.record_id) as record, a.changed_fields,
        a.changed_by, a.import_id
    from app.audit_logs a
    where a.org_id = %(org)s
      and a.table_name not in
        ('ingest.imports', 'app.profiles', 'app.organizations', 'app.settings', 'members.products')
"""
"""Left out: what was there before, and the import itself, which has an entry for each of its chunks."""

ANNOUNCED = """
    select o.topic, coalesce(l.lead_id, o.key) as key, o.cache_tags
    from app.outbox o
    left join jsonb_array_elements_text(o.payload -> 'lead_ids') as l (lead_id) on true
    where o.org_id = %(org)s and o.topic not like 'imports.%%'
"""
"""How a file falls into chunks, each of which tells of its leads at once, is chance."""


@dataclass(frozen=True)
class Outcome:
    """What an organisation's one import has made of it. Of millions of rows only checksums are kept."""

    admin_url: str
    org_id: UUID
    module: str

    def counted(self) -> dict[str, Counter[bytes]]:
        """By table: the checksum of each row, and how often it is there."""
        found: dict[str, Counter[bytes]] = {}
        for table, text in self._contents():
            found.setdefault(table, Counter())[_checksum(text)] += 1
        return found

    def named(self, wanted: Mapping[str, Counter[bytes]], shown: int = 3) -> list[str]:
        """How many rows these are, and some of them."""
        lines = {table: [f"{table}: {rows.total()} rows"] for table, rows in wanted.items() if rows}
        for table, text in self._contents() if lines else ():
            if table in lines and len(lines[table]) <= shown and _checksum(text) in wanted[table]:
                lines[table].append(f"  {text.decode()}")
        return [line for part in lines.values() for line in part]

    def _contents(self) -> Iterator[tuple[str, bytes]]:
        """Table and contents of each row, in words that do not depend on ids and moments."""
        queries = {
            "ingest.import_rows": IMPORT_ROWS,
            "app.audit_logs": AUDIT,
            "app.outbox": ANNOUNCED,
            **{
                table: f"select t.* from {table} t where t.org_id = %(org)s"
                for table in MODULES[self.module].tables
            },
            **MODULES[self.module].more,
        }
        with psycopg.connect(self.admin_url) as connection:
            labels = _labels(connection, self.org_id, MODULES[self.module])
            for table, query in queries.items():
                for row in _rows(connection, query, self.org_id):
                    yield table, orjson.dumps(_plain(row, labels), option=orjson.OPT_SORT_KEYS)


def differences(found: Outcome, expected: Outcome) -> str:
    """What is here and not there, and the other way round; empty for equal outcomes."""
    ours, theirs = found.counted(), expected.counted()
    tables = ours.keys() | theirs.keys()
    too_much = {table: ours.get(table, Counter()) - theirs.get(table, Counter()) for table in tables}
    missing = {table: theirs.get(table, Counter()) - ours.get(table, Counter()) for table in tables}
    return "\n".join(
        [f"+ {line}" for line in found.named(too_much)] + [f"- {line}" for line in expected.named(missing)]
    )


def _checksum(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).digest()


def _labels(connection: psycopg.Connection, org_id: UUID, module: Module) -> dict[tuple[str, str], str]:
    rows = connection.execute(f"{LABELS} union all {module.labels}", {"org": org_id}).fetchall()
    return {(name, key): label for name, key, label in rows}


def _rows(connection: psycopg.Connection, query: str, org_id: UUID) -> Iterator[dict[str, Any]]:
    """Rows as JSON, a thousand at a time."""
    with connection.cursor(name="rows") as cursor:
        cursor.itersize = 1000
        cursor.execute(f"select to_jsonb(q)::text from ({query}) q", {"org": org_id})
        for (text,) in cursor:
            yield orjson.loads(text)


def _plain(value: Any, labels: dict[tuple[str, str], str], name: str = "") -> Any:
    """The value without moments and numbers of its own, and with labels for ids."""
    if isinstance(value, dict):
        return {
            key: _plain(part, labels, key)
            for key, part in value.items()
            if key not in LEFT_OUT and not key.endswith(MOMENTS)
        }
    if isinstance(value, list):
        parts = [_plain(part, labels, name) for part in value]
        return sorted(parts) if name in SETS else parts
    if isinstance(value, str | int):
        return labels.get((name, str(value))) or labels.get(("", str(value)), value)
    return value
