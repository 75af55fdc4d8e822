"""The demo's second half: a sheet of members goes in, batches go out, invalid records come back replaced."""

from typing import Any

from python_calamine import CalamineWorkbook

from db.demo.product import DemoFailed, FrontEnd
from db.demo.stage import Stage, console, heading, progress, table
from db.paths import SEEDS

ADMIN = "admin@crm.com"
STAFF = "staff@crm.com"
SHEET = SEEDS / "members.xlsx"
DATABASES = {"LIGA2000": "Members of Liga", "ISTANA2000": "Members of Istana"}
"""Products, and the database that the sheet becomes for each."""
BATCH = 20
"""Records of each batch."""
INVALID = 3
VALID = 2
"""Records that the staff marks in each batch."""


def show_members(stage: Stage) -> None:
    """All of it, checked against the tables. Raises DemoFailed; psycopg.Error."""
    admin, staff = stage.front_end(ADMIN), stage.front_end(STAFF)
    databases = [
        _upload(stage, admin, product, name, show_errors=number == 0)
        for number, (product, name) in enumerate(DATABASES.items())
    ]
    batches = _hand_out(stage, admin, staff, databases)
    before = _cards(staff, batches)
    invalid = _mark(stage, staff, before)
    done = admin.ask("POST", f"/api/memberwd/admin/process-invalid/{staff.user_id}", json={}).body
    after = _cards(staff, batches)
    _compare(stage, done, before, after)
    seen = {record["record_id"] for card in after.values() for record in card["records"]}
    stage.check(not seen & invalid, f"No invalid record is left on a card of {STAFF}.")


def _upload(stage: Stage, admin: FrontEnd, product: str, name: str, *, show_errors: bool) -> int:
    """The database that the sheet is for this product, uploaded unless it was before."""
    heading(f"{ADMIN} uploads {SHEET.name} for {product}")
    uploaded = admin.ask(
        "POST",
        "/api/memberwd/upload",
        data={"name": name, "product_id": str(_product_id(admin, product))},
        files={"file": (SHEET.name, SHEET.read_bytes())},
    )
    if uploaded.status == 200:
        progress("The same sheet for the same product: nothing is imported again.")
    done = stage.process(admin, uploaded.body["import"]["import_id"])
    lines = CalamineWorkbook.from_path(str(SHEET)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    in_file = sum(1 for line in lines[1:] if any(cell != "" for cell in line))
    stage.show_outcome(admin, done, in_file, show_errors=show_errors)
    made = stage.owner.records_of_import(ADMIN, done["import_id"])
    stage.check(made == done["success_rows"], f"{made} records were made of them: one of each success.")
    database_id: int = _database(admin, name)["database_id"]
    return database_id


def _product_id(admin: FrontEnd, name: str) -> int:
    made = admin.ask("POST", "/api/products", json={"name": name}, refused=(409,))
    if made.status == 201:
        return int(made.body["product_id"])
    products = admin.ask("GET", "/api/products").body["items"]
    return int(next(product["product_id"] for product in products if product["name"] == name))


def _database(admin: FrontEnd, name: str) -> dict[str, Any]:
    found = admin.pages("/api/memberwd/databases", search=name)
    try:
        return next(database for database in found if database["name"] == name)
    except StopIteration:
        raise DemoFailed(f"The database {name!r} is not there.") from None


def _hand_out(stage: Stage, admin: FrontEnd, staff: FrontEnd, database_ids: list[int]) -> list[int]:
    """The ids of two batches of the staff, one of each database: the same ones for a day."""
    heading(f"{ADMIN} hands {BATCH} records of each to {STAFF}")
    shown = table("", "Database", "Batch", "Assigned", "Reserved", "Left", "")
    batches = []
    for database_id in database_ids:
        asked = {"database_id": database_id, "staff_id": staff.user_id, "quantity": BATCH}
        key = {"Idempotency-Key": f"demo-batch-{database_id}"}
        given = admin.ask("POST", "/api/memberwd/assign-random", json=asked, headers=key)
        body = given.body
        shown.add_row(
            body["database_name"],
            str(body["batch_id"]),
            str(body["assigned_count"]),
            str(body["total_reserved_in_db"]),
            str(body["remaining_eligible"]),
            "as on the last run" if given.replayed else "",
        )
        batches.append(body["batch_id"])
    console.print(shown)
    for database_id in database_ids:
        counts = admin.ask("GET", f"/api/memberwd/databases/{database_id}").body
        states = ("available", "requested", "assigned", "archived", "excluded")
        told = {state: counts[f"{state}_count"] for state in states}
        stage.check(
            sum(told.values()) == counts["total_records"]
            and stage.owner.records_by_status(ADMIN, database_id)
            == {
                "available": told["available"] + told["excluded"],
                "assigned": told["assigned"],
                "invalid_archived": told["archived"],
            },
            f"{counts['name']}: {counts['total_records']} records = "
            f"{' + '.join(f'{n} {state}' for state, n in told.items())}.",
        )
    return batches


def _cards(staff: FrontEnd, batches: list[int]) -> dict[int, dict[str, Any]]:
    """The staff's cards of these batches, by batch."""
    return {
        card["batch_id"]: card
        for card in staff.pages("/api/memberwd/staff/batches")
        if card["batch_id"] in batches
    }


def _mark(stage: Stage, staff: FrontEnd, cards: dict[int, dict[str, Any]]) -> set[int]:
    """Mark some records of each card; the ids of those that are invalid now."""
    heading(f"{STAFF} works on them")
    shown = table("", "Batch", "Product", "Records", "Marked valid", "Marked invalid")
    invalid: set[int] = set()
    for batch_id, card in cards.items():
        # Unmarked ones first: after many runs in a day few of them are left.
        ids = [
            r["record_id"] for r in sorted(card["records"], key=lambda r: r["validation_status"] is not None)
        ]
        dead, alive = ids[:INVALID], ids[INVALID : INVALID + VALID]
        staff.ask(
            "POST",
            "/api/memberwd/staff/validate",
            json={"record_ids": dead, "is_valid": False, "reason": "The number is dead."},
        )
        staff.ask("POST", "/api/memberwd/staff/validate", json={"record_ids": alive, "is_valid": True})
        invalid |= set(dead)
        shown.add_row(
            str(batch_id), card["product_name"], str(card["active_count"]), str(len(alive)), str(len(dead))
        )
    console.print(shown)
    stage.check(len(cards) == len(DATABASES), "Both batches are the staff's, each with its records.")
    return invalid


def _compare(
    stage: Stage,
    done: dict[str, Any],
    before: dict[int, dict[str, Any]],
    after: dict[int, dict[str, Any]],
) -> None:
    heading(f"{ADMIN} processes the invalid records of {STAFF}")
    shown = table("", "Batch", "Database", "Product", "Invalid", "Replaced", "Before", "After")
    for detail in done["assignment_details"]:
        batch_id = detail["batch_id"]
        sizes = [
            str(cards[batch_id]["active_count"]) if batch_id in cards else "" for cards in (before, after)
        ]
        shown.add_row(
            str(batch_id),
            detail["database_name"],
            detail["product_name"],
            str(detail["invalid_count"]),
            str(detail["replaced_count"]),
            *sizes,
        )
    console.print(shown)
    stage.check(
        done["archived_count"] == done["new_assigned_count"] >= len(before) * INVALID,
        f"{done['archived_count']} archived, {done['new_assigned_count']} replaced.",
    )
    stage.check(
        all(after[batch_id]["active_count"] == card["active_count"] for batch_id, card in before.items()),
        "Each batch has as many active records as before.",
    )
    pairs = stage.owner.replacements(STAFF)
    stage.check(
        len(pairs) >= done["new_assigned_count"]
        and all(pair["old"] == pair["new"] for pair in pairs)
        and len({pair["replaced"] for pair in pairs}) == len(pairs),
        f"{len(pairs)} replacements so far: each in the batch and of the product of the one it replaced.",
    )
