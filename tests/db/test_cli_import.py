"""pgcrm import as somebody at a terminal meets it: against the product that runs, or one of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.settings import Settings
from tests.support.people import PASSWORD
from tests.support.servers import Server
from tests.support.serving import serving
from tests.support.workbooks import workbook

CHECKOUT = Path(__file__).parents[2]
HEADER = ["Company", "PIC", "Phone", "Email", "City", "Service", "Channel"]
ROWS = [[f"PT {n}", f"Ana {n}", f"0812{n:08}", f"ana{n}@x.test", "Bali", "EXI_AF", "SEM"] for n in range(40)]


@pytest.fixture(scope="module")
def bff_url(server: Server, database: str) -> str:
    """The BFF's log-in to this module's database."""
    with psycopg.connect(database) as connection:
        return server.url("pgcrm_bff", connection.info.dbname)


@pytest.fixture(scope="module")
def home(bff_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a product runs."""
    home = tmp_path_factory.mktemp("home")
    with serving(bff_url, home):
        yield home


def pgcrm_import(home: Path, *words: str, **variables: str) -> tuple[int, str]:
    """Exit code, and what was printed."""
    ours = {str(field.validation_alias) for field in Settings.model_fields.values()}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        [sys.executable, "-c", "from db.cli import app; app()", "import", *words],
        cwd=home,
        env=environment
        | {"PGCRM_HOME": str(home), "PYTHONPATH": str(CHECKOUT), "PGCRM_PASSWORD": PASSWORD}
        | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def csv_of(folder: Path, rows: list[list[str]], header: list[str] = HEADER) -> str:
    file = folder / "leads.csv"
    file.write_text("\n".join(",".join(row) for row in [header, *rows]))
    return str(file)


def count(database: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute("select count(*) from crm.leads").fetchone()
    assert row is not None
    return int(row[0])


def test_a_file_comes_in_and_its_counts_are_shown(database: str, home: Path, tmp_path: Path) -> None:
    before = count(database)
    file = csv_of(tmp_path, ROWS)
    code, text = pgcrm_import(home, file, "--module", "leads", "--as", "mc@alpha.test")
    assert code == 0, text
    assert "completed" in text
    assert count(database) == before + 40
    code, text = pgcrm_import(home, file, "--module", "leads", "--as", "mc@alpha.test")
    assert code == 0
    assert "was uploaded before" in text
    assert count(database) == before + 40


def test_rows_with_errors_are_shown_with_their_lines_and_end_in_1(home: Path, tmp_path: Path) -> None:
    bad = [[*row[:3], f"no mail {n}", *row[4:]] for n, row in enumerate(ROWS[:12])]
    code, text = pgcrm_import(home, csv_of(tmp_path, bad), "--module", "leads", "--as", "mc@alpha.test")
    assert code == 1
    assert "line 2: email: must be an e-mail address" in text
    assert "line 11:" in text
    assert "line 12:" not in text
    assert "and 2 more" in text


def test_columns_can_be_mapped_and_workbooks_come_in(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "buch.xlsx"
    header = [f"Spalte {number}" for number in range(7)]
    file.write_bytes(
        workbook([header, ["PT Buch", "Ana", "0812000111", "buch@x.test", "Bali", "EXI_AF", "SEM"]])
    )
    names = [
        "company_name",
        "pic_name",
        "contact_phone",
        "email",
        "city_area",
        "service_code",
        "primary_channel",
    ]
    columns = [
        word for left, right in zip(header, names, strict=True) for word in ("--map", f"{left}={right}")
    ]
    code, text = pgcrm_import(home, str(file), "--module", "leads", "--as", "mc@alpha.test", *columns)
    assert code == 0, text


@pytest.mark.parametrize(
    ("words", "variables", "message"),
    [
        (("--module", "nothing", "--as", "mc@alpha.test"), {}, "is no module that can be imported"),
        (("--module", "leads", "--as", "fin@alpha.test"), {}, "Your role may not do this."),
        (("--module", "leads", "--as", "mc@alpha.test"), {"PGCRM_PASSWORD": "wrong password"}, "password"),
        (("--module", "leads", "--as", "mc@alpha.test", "--option", "a=1"), {}, "is no option"),
        (("--module", "leads", "--as", "mc@alpha.test", "--map", "PIC=colour"), {}, "has no column"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_in_plain_words(
    home: Path, tmp_path: Path, words: tuple[str, ...], variables: dict[str, str], message: str
) -> None:
    code, text = pgcrm_import(home, csv_of(tmp_path, ROWS[:1]), *words, **variables)
    assert code == 1
    assert message in text


def test_where_none_runs_it_starts_one_and_ends_it_again(database: str, bff_url: str, tmp_path: Path) -> None:
    before = count(database)
    home = tmp_path / "home"
    home.mkdir()
    file = csv_of(tmp_path, [["PT Own", "Ana", "0813000111", "own@x.test", "Bali", "EXI_AF", "SEM"]])
    words = (file, "--module", "leads", "--as", "mc@alpha.test")
    code, text = pgcrm_import(home, *words, DATABASE_URL=bff_url)
    assert code == 0, text
    assert count(database) == before + 1
    assert not (home / "serve.json").exists()


def test_options_are_json_where_they_can_be(database: str, home: Path, tmp_path: Path) -> None:
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "insert into members.products (org_id, name)"
            " select org_id, 'Slots' from app.organizations where slug = 'alpha' returning product_id"
        ).fetchone()
        assert row is not None
    options = {"record_module": "bonanza", "product_id": row[0], "name": json.dumps("77")}
    words = [word for name, value in options.items() for word in ("--option", f"{name}={value}")]
    file = csv_of(tmp_path, [["abc", "wa.me/62812"]], ["username", "telpon"])
    code, text = pgcrm_import(home, file, "--module", "member_records", "--as", "mad@alpha.test", *words)
    assert code == 0, text
