"""Writes *.jsonl beside itself: Member WD as the previous system left it, damage and all.

    python seeds/legacy/make_legacy.py

The same seed gives the same bytes. One JSON object a line, with that system's field names and times of its
zone without an offset. The damage is of the kinds that it is known to have done: replacements whose batch
does not exist any more, replacements without a batch, rows in batches of other databases, replacements linked
to all that were replaced with them, stored counts that are wrong, states that are none, two reservations of
one customer. What it prints is what `pgcrm migrate-legacy` must come to. Everything in it is invented; people
are those of the organisation Demo.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SEED = 20250205

STAFF = ("staff@crm.com", "salesperson@demo.crm.com", "salesperson3@demo.crm.com")
GONE = "left.long.ago@demo.crm.com"
DATABASES = {"liga januari": "LIGA2000", "liga maret": "LIGA2000", "istana": "ISTANA2000"}
EACH = 40
"""Records of each batch, before anything happened to it."""
FREE = 25
"""Records of each database that nobody has."""

JAKARTA = timezone(timedelta(hours=7))

Row = dict[str, Any]


@dataclass
class Made:
    """Rows by kind, and what becomes of them: how many of which are refused, and why."""

    databases: list[Row] = field(default_factory=list)
    batches: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    reservations: list[Row] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    orphans: int = 0
    """Assigned records whose batch does not exist, and that a method places."""
    lost: int = 0
    """Replacements without a batch that a method places."""

    def files(self) -> dict[str, str]:
        """Name to content."""
        kinds = {"databases": self.databases, "batches": self.batches}
        kinds |= {"records": self.records, "reservations": self.reservations}
        return {f"{kind}.jsonl": "".join(map(_line, rows)) for kind, rows in kinds.items()}


def make() -> Made:
    chance = random.Random(SEED)
    made = Made([{"name": name, "product_name": product} for name, product in DATABASES.items()])
    morning = datetime(2024, 5, 6, 9, 0, tzinfo=JAKARTA)
    for day, (database, product) in enumerate(DATABASES.items()):
        for number, staff in enumerate(STAFF):
            at = morning + timedelta(days=day, hours=2 * number, minutes=chance.randrange(60))
            _batch(made, chance, database, product, staff, at)
        made.records += [_record(made, database, product) for _ in range(FREE)]
    _damage(made, chance)
    _reservations(made)
    return made


def _batch(made: Made, chance: random.Random, database: str, product: str, staff: str, at: datetime) -> None:
    """A batch, a tenth of it found invalid and replaced."""
    batch = f"b{len(made.batches) + 1:03d}"
    records = [_record(made, database, product) for _ in range(EACH)]
    invalid = chance.sample(records, EACH // 10)
    for record in records:
        record |= {"status": "assigned", "batch_id": batch, "assigned_to_email": staff}
        record["assigned_at"] = _time(at)
        record["validation_status"] = chance.choice([None, None, "validated", "valid"])
    later = at + timedelta(days=3)
    for record in invalid:
        record |= {"status": "invalid_archived", "validation_status": "invalid", "validation_reason": "mati"}
        record["archived_at"] = _time(later)
    replacements = [_record(made, database, product) for _ in invalid]
    for record in replacements:
        record |= {"status": "assigned", "batch_id": batch, "assigned_to_email": staff, "auto_replaced": True}
        record["assigned_at"] = _time(later)
        # Each is linked to all of them.
        record["replaced_invalid_ids"] = [replaced["id"] for replaced in invalid]
    made.records += records + replacements
    made.batches.append(
        {
            "id": batch, "staff_email": staff, "database_name": database, "created_at": _time(at),
            "initial_count": EACH, "current_count": EACH - chance.choice([0, 0, 1, len(invalid)]),
        }
    )  # fmt: skip


def _record(made: Made, database: str, product: str) -> Row:
    number = next(made.numbers)
    return {
        "id": f"r{number:05d}", "database_name": database, "product_name": product,
        "row_data": {
            "username": f"lama{number}", "name": f"Nama {number}", "telpon": f"wa.me/62841{number:07d}",
            "rekening": f"'{number * 7919:010d}",
        },
        "batch_id": None, "assigned_to_email": None, "assigned_at": None, "status": "available",
        "validation_status": None, "validation_reason": None, "archived_at": None, "auto_replaced": False,
        "replaced_invalid_ids": [],
    }  # fmt: skip


def _damage(made: Made, chance: random.Random) -> None:
    replacements = [record for record in made.records if record["auto_replaced"]]
    chance.shuffle(replacements)
    hurt = iter(replacements)
    for _ in range(9):  # their batch was deleted after they were written into it
        next(hurt)["batch_id"] = "b999"
        made.orphans += 1
    for _ in range(5):
        next(hurt)["batch_id"] = None
        made.lost += 1
    for _ in range(4):  # the first batch of the staff, whatever its database: the defect of seed 000
        record = next(hurt)
        record["batch_id"] = _other(made, record, chance)
        made.refused["batch.other_database"] += 1
    for record in (next(hurt), next(hurt)):  # and what they replaced cannot be found
        record |= {"batch_id": "b998", "replaced_invalid_ids": ["r99999"]}
        made.refused["batch.orphan"] += 1
    plain = [
        record
        for record in made.records
        if record["status"] == "assigned" and not record["auto_replaced"] and record["batch_id"] != "b999"
    ]
    odd = iter(chance.sample(plain, 12))
    for _ in range(3):
        next(odd)["batch_id"] = "b997"  # placed by their own time
        made.orphans += 1
    for _ in range(3):
        next(odd)["status"] = "invalid"
    for _ in range(2):
        next(odd)["assigned_to_email"] = None
    for _ in range(2):
        next(odd)["assigned_to_email"] = GONE
        made.refused["staff.unknown"] += 1
    next(odd)["product_name"] = "PUCUK33"
    made.refused["product.mismatch"] += 1
    next(odd)["status"] = "reserved"


def _other(made: Made, record: Row, chance: random.Random) -> str:
    others = [
        batch["id"]
        for batch in made.batches
        if batch["staff_email"] == record["assigned_to_email"]
        and batch["database_name"] != record["database_name"]
    ]
    return str(chance.choice(others))


def _reservations(made: Made) -> None:
    assigned = [record for record in made.records if record["status"] == "assigned"]
    for number, record in enumerate(assigned[::15]):
        username = record["row_data"]["username"]
        made.reservations.append(
            {
                "id": f"v{number:03d}", "customer_name": username.upper(),
                "product_name": record["product_name"],
                # Half of them belong to somebody else than the record.
                "staff_email": STAFF[number % len(STAFF)], "status": "approved" if number % 7 else "pending",
                "is_permanent": number % 9 == 0, "created_at": f"2024-06-{number % 28 + 1:02d}T10:00:00",
                "last_omset_date": f"2024-07-{number % 28 + 1:02d}" if number % 2 else None,
            }
        )  # fmt: skip
    twice = made.reservations[0] | {"id": "v900", "created_at": "2024-08-01T10:00:00"}
    made.reservations += [twice, made.reservations[1] | {"id": "v901", "staff_email": GONE}]
    made.refused["duplicate"] += 1
    made.refused["staff.unknown"] += 1


def _time(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat()


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    legacy = make()
    for name, content in legacy.files().items():
        (HERE / name).write_text(content, encoding="utf-8")
        print(f"{name}: {content.count(chr(10))}")
    print(f"orphans placed: {legacy.orphans}, without a batch placed: {legacy.lost}")
    print(f"refused: {dict(legacy.refused)}")
