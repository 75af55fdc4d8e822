"""What the previous system left comes in: repaired where its rows say how, else refused with a reason."""

import json
import runpy
from collections import Counter
from contextlib import closing

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from typer.testing import CliRunner

from db import demo, legacy
from db.cli import app
from db.paths import SEEDS
from tests.support.people import logged_in

FOLDER = SEEDS / "legacy"


@pytest.fixture(scope="module")
def made():
    return runpy.run_path(str(FOLDER / "make_legacy.py"))["make"]()


@pytest.fixture(scope="module")
def seeded(database) -> str:
    """The administrator's URL of a database with the demo in it."""
    demo.seed(database, beside_others=True)
    return database


@pytest.fixture(scope="module")
def admin(seeded, bff):
    with closing(logged_in(bff, "admin@crm.com", "admin123")) as client:
        yield client


def fingerprint(admin_url: str) -> list[tuple]:
    """Every row that a migration writes, but for times of the audit trail."""
    with psycopg.connect(make_conninfo(admin_url)) as connection:
        return [
            connection.execute(
                f"select count(*), coalesce(sum(hashtext(t::text)), 0) from {table} t"
            ).fetchone()
            for table in (
                *("members.databases", "members.batches", "members.records", "members.assignments"),
                *("members.reservations", "members.conflicts", "members.legacy_records"),
                *("members.legacy_batches", "members.legacy_reservations"),
            )
        ]


def test_the_files_are_what_their_script_makes(made):
    for name, content in made.files().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == content


def test_the_legacy_set_comes_in_and_the_report_says_what_did_not(seeded, admin, made):
    said: list[str] = []
    done = legacy.migrate(seeded, "demo", FOLDER, said.append)
    assert said[2] == f"records: {len(made.records)} new or changed"
    assert done["repaired"]["orphaned_fixed"] == made.orphans
    assert done["repaired"]["replacements_fixed"] == made.lost
    assert Counter(row["reason"] for row in done["refused"]) == made.refused
    refused = {row["legacy_id"] for row in done["refused"] if row["kind"] == "record"}
    assert done["records"] == len(made.records) - len(refused)
    assert done["batches"] == len(made.batches)

    report = admin.get("/api/memberwd/admin/diagnose-batches").json()
    assert {row["record_id"] for row in report["refused"]} == refused
    assert report["summary"]["replacements_without_batch"] == 0
    assert report["difference"] == 0
    # What is still orphaned is what was refused for it, and nothing else.
    assert report["summary"]["orphaned_records"] == made.refused["batch.orphan"]
    assert {sample["record_id"] for sample in report["orphaned_samples"]} <= refused

    cards = admin.get("/api/memberwd/databases").json()["items"]
    ours = [card for card in cards if card["name"] in ("liga januari", "liga maret", "istana")]
    assert sum(card["total_records"] for card in ours) == done["records"]
    for card in ours:
        states = ("available", "requested", "assigned", "archived", "excluded")
        assert sum(card[f"{state}_count"] for state in states) == card["total_records"]

    before = fingerprint(seeded)
    again = legacy.migrate(seeded, "demo", FOLDER, said.append)
    assert fingerprint(seeded) == before
    counted = ("databases", "batches", "records", "reservations", "replacements_linked")
    assert {name: again[name] for name in counted} == dict.fromkeys(counted, 0)
    assert again["refused"] == done["refused"]
    repaired = admin.post("/api/memberwd/admin/repair-batches").json()
    assert repaired["orphaned_fixed"] == repaired["replacements_fixed"] == 0
    assert fingerprint(seeded) == before


def test_the_command_says_what_was_refused_and_ends_with_1(seeded, made, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", seeded)
    monkeypatch.setenv("DATABASE_ADMIN_URL", seeded)
    result = CliRunner().invoke(app, ["migrate-legacy"])
    assert result.exit_code == 1, result.output
    assert "Brought in: 0 databases, 0 batches, 0 records" in result.output
    lines = [line for line in result.output.splitlines() if line.startswith(("record ", "reservation "))]
    assert Counter(line.partition(": ")[2] for line in lines) == made.refused


def test_every_replacement_replaces_one_of_its_own_batch(seeded):
    with psycopg.connect(seeded) as connection:
        wrong = connection.execute(
            "select count(*) from members.assignments n join members.assignments o"
            " on o.org_id = n.org_id and o.assignment_id = n.replaces_assignment_id"
            " where (o.database_id, o.batch_id, o.staff_id) is distinct from"
            " (n.database_id, n.batch_id, n.staff_id)"
        ).fetchone()
        linked = connection.execute(
            "select count(*), count(distinct replaces_assignment_id) from members.assignments"
            " where replaces_assignment_id is not null"
        ).fetchone()
    assert wrong == (0,)
    assert linked is not None
    assert linked[0] == linked[1] > 20


def test_a_file_that_is_no_json_changes_nothing(seeded, tmp_path):
    (tmp_path / "databases.jsonl").write_text('{"name": "x"}\n', encoding="utf-8")
    (tmp_path / "records.jsonl").write_text(json.dumps({"id": "x"}) + "\n{\n", encoding="utf-8")
    before = fingerprint(seeded)
    with pytest.raises(legacy.BadFile, match="line 2"):
        legacy.migrate(seeded, "demo", tmp_path, lambda line: None)
    assert fingerprint(seeded) == before
    with pytest.raises(LookupError, match="nowhere"):
        legacy.migrate(seeded, "nowhere", tmp_path, lambda line: None)
