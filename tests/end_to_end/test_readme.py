"""README and docs/: what they say can be done can be done, and what they name is there."""

import csv
import re
import subprocess
from itertools import islice
from pathlib import Path

import pytest

from db import demo
from db.paths import SEEDS
from db.settings import Settings
from tests.support.serving import REPOSITORY

README = REPOSITORY / "README.md"
PAGES = [README, *sorted((REPOSITORY / "docs").glob("*.md"))]
SOURCES = ("migrations", "bff", "db")


def commands(heading: str) -> str:
    """The commands of a section of the README."""
    section = README.read_text().split(f"### {heading}\n", 1)[1].split("\n##", 1)[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.S))


@pytest.fixture(scope="module")
def source() -> str:
    """All of our source as one text."""
    files = (path for folder in SOURCES for path in (REPOSITORY / folder).rglob("*"))
    return "\n".join(path.read_text() for path in files if path.suffix in (".py", ".sql"))


def test_run_and_test_stand_at_the_top_and_nothing_else(tmp_path):
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(), re.S)
    assert [line.split("#")[0].strip() for line in blocks[0].splitlines()] == ["make run", "make test"]
    before = README.read_text().split("```", 1)[0].strip().split("\n\n")
    assert len(before) == 2  # the title and one sentence


@pytest.fixture
def beginning_of_the_file(tmp_path) -> Path:
    """The header of seeds/leads.csv and its first hundred rows."""
    with (
        (SEEDS / "leads.csv").open(newline="", encoding="utf-8-sig") as whole,
        (tmp_path / "leads.csv").open("w", newline="", encoding="utf-8") as beginning,
    ):
        csv.writer(beginning).writerows(islice(csv.reader(whole), 101))
    return tmp_path / "leads.csv"


def test_the_commands_for_front_ends_do_what_they_say(database, bff, beginning_of_the_file):
    demo.seed(database, beside_others=True)
    script = commands("Front ends call HTTP")
    for theirs, ours in (("http://127.0.0.1:8000", bff), ("seeds/leads.csv", str(beginning_of_the_file))):
        assert theirs in script
        script = script.replace(theirs, ours)
    curl = 'curl() { command curl --fail-with-body "$@"; echo; }'
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{curl}\n{script}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lead, page, processed, errors, assigned, cards = (x for x in done.stdout.splitlines() if x.strip())
    assert '"lead_id": "LEADSEM' in lead
    assert "PT Contoh Baru" in page
    assert '"status": "completed"' in processed
    assert '"total_rows": 100' in processed
    assert '"code": "lead.' in errors
    assert '"assigned_count": 20' in assigned
    assert '"active_count": 20' in cards


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_holds_two_versions_of_itself(page):
    assert not re.search(r"^(<{7}|={7}|>{7})", page.read_text(), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_named_is_in_the_source(page, source):
    named = re.findall(r"`((?:app|api|tests|bff|db)[./][\w./]+)", page.read_text())
    for name in named:
        path = REPOSITORY / name
        assert path.exists() or re.search(rf"\b{re.escape(name)}\b", source), name


def test_error_codes_are_those_of_the_source(source):
    text = (REPOSITORY / "docs" / "errors.md").read_text()
    whole = {
        code for code in re.findall(r"`([a-z]+\.[a-z_.]+)`", text) if not code.startswith(("lead.", "app."))
    }
    for code in whole:
        assert re.search(rf"""["']{re.escape(code)}["']""", source), code
    for code in re.findall(r"`(lead\.[a-z_.]+)`", text):
        # Codes of fields are put together: lead.<field>.<rule>.
        said = [re.search(rf"['{{]{part}[',]", source) for part in code.split(".")[1:]]
        assert all(said) or f"'{code}'" in source, code


def test_every_setting_is_in_the_table_and_nothing_else():
    table = README.read_text().split("## Settings", 1)[1].split("\n## ", 1)[0]
    told = {
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert told == {str(field.validation_alias) for field in Settings.model_fields.values()}


def test_the_tree_shows_every_folder():
    shown = README.read_text().split("## The tree", 1)[1].split("```")[1]
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    folders = {Path(name).parts[0] for name in tracked if "/" in name and not name.startswith(".")}
    for folder in folders:
        assert f"{folder}/" in shown, folder
