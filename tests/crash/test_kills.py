"""`kill -9` of the BFF and of Postgres at random moments: an import ends as if nothing had happened.

Here a short file and few kills. `PGCRM_LONG=1` runs the whole battery: 200,000 rows, twenty kills of the BFF
and twenty of Postgres for each module. The seed is printed where it fails; `PGCRM_SEED` sets it.
"""

import hashlib
import json
import os
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest

from db.credentials import set_password
from tests.crash import files
from tests.crash.hunt import Hunt
from tests.crash.outcome import Outcome, differences
from tests.crash.product import Product, running
from tests.crash.uploader import Uploader
from tests.db.installations import eventually, nothing_is_left, temporary_home
from tests.support.serving import REPOSITORY

LONG = os.environ.get("PGCRM_LONG") == "1"
KILLS = 20 if LONG else 2
ROWS = {"leads": 200_000 if LONG else 8_000, "member_records": 200_000 if LONG else 4_000}
SEED = int(os.environ.get("PGCRM_SEED", secrets.randbelow(10**6)))
PASSWORD = "seven grey otters"


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with temporary_home() as home:
        with running(home) as product:
            yield product
        assert nothing_is_left(home)


@dataclass(frozen=True)
class Somebody:
    """The only person of an organisation, which has one product."""

    org_id: UUID
    product_id: int
    token: str

    def fields(self, module: str) -> dict[str, str]:
        """What an upload says beside its file."""
        if module != "member_records":
            return {}
        options = {"record_module": "member_wd", "product_id": self.product_id, "name": "Members"}
        return {"options": json.dumps(options)}


def somebody(product: Product, name: str) -> Somebody:
    with psycopg.connect(product.admin_url()) as connection:
        (org_id,) = connection.execute("select app.create_organization(%s, %s)", [name, name]).fetchone()  # type: ignore[misc]
        (user_id,) = connection.execute(  # type: ignore[misc]
            "select app.create_profile(%s, %s, 'Uploader', 'super_admin', 'DIR')", [org_id, f"up@{name}.test"]
        ).fetchone()
        set_password(connection, user_id, PASSWORD, must_change=False)
        (product_id,) = connection.execute(  # type: ignore[misc]
            "insert into members.products (org_id, name) values (%s, 'Contoh88') returning product_id",
            [org_id],
        ).fetchone()
    credentials = {"email": f"up@{name}.test", "password": PASSWORD}
    answer = httpx.post(f"{product.url}/api/auth/login", json=credentials, timeout=30)
    return Somebody(org_id, product_id, answer.json()["access_token"])


def undisturbed(product: Product, who: Somebody, file: Path, module: str) -> dict[str, float]:
    """Import the file; how many seconds each phase took."""
    uploader = Uploader(product, who.token, file, module, who.fields(module))
    begun = time.monotonic()
    uploader.start()
    while uploader.import_id is None and uploader.is_alive():
        uploader.join(0.01)
    staged = time.monotonic()
    uploader.join()
    assert uploader.error is None, uploader.error
    assert uploader.failures == []
    assert uploader.done is not None
    assert uploader.done["total_rows"] == ROWS[module]
    return {"staging": staged - begun, "processing": time.monotonic() - staged}


@pytest.mark.parametrize("module", list(ROWS))
def test_an_import_that_is_killed_again_and_again_ends_like_one_that_was_not(
    product: Product, tmp_path: Path, module: str
) -> None:
    print(f"PGCRM_SEED={SEED}")
    assert product.read("show fsync") == [("on",)]
    file, lines = getattr(files, module)(tmp_path, ROWS[module])
    quiet, hunted = (somebody(product, f"{kind}-{module}".replace("_", "-")) for kind in ("quiet", "hunted"))
    seconds = undisturbed(product, quiet, file, module)
    print(f"undisturbed: {seconds}")

    uploader = Uploader(product, hunted.token, file, module, hunted.fields(module))
    record = Hunt(product, uploader, hunted.org_id, lines, seconds, random.Random(SEED)).run(KILLS)
    print(record)
    assert uploader.done is not None
    assert uploader.done["total_rows"] == ROWS[module]
    # A short file may be done before its later moments come; the first one, an upload under way, always does.
    assert record.hits >= (KILLS if LONG else 1), "it was hardly ever killed at work"

    expected, found = (Outcome(product.admin_url(), who.org_id, module) for who in (quiet, hunted))
    assert differences(found, expected) == ""
    assert_stored_once(product, hunted.org_id, file)


def test_a_file_that_was_stored_when_its_server_died_is_brought_again_and_the_rest_swept(
    product: Product, tmp_path: Path
) -> None:
    file, _ = files.leads(tmp_path, 10)
    who = somebody(product, "interrupted")
    folder = product.home / "files" / "import-files"
    before = stored_in(folder)
    uploader = Uploader(product, who.token, file, "leads", {})
    with psycopg.connect(product.admin_url()) as connection:
        connection.execute("lock table ingest.imports in exclusive mode")  # the file has no row for a while
        uploader.start()
        assert eventually(lambda: any(name.endswith(".csv") for name in stored_in(folder) - before))
        product.kill_bff()
    product.recover()
    uploader.join()
    assert uploader.error is None
    assert len(uploader.failures) == 1
    assert_stored_once(product, who.org_id, file)

    kept = {path for (path,) in product.read("select path from app.files") or []}
    half = "2026/11/unfinished-a1b2c3d4"  # what a kill in the middle of storing leaves
    (folder / half).parent.mkdir(parents=True, exist_ok=True)
    (folder / half).write_bytes(b"company_name,pic_")
    orphans = stored_in(folder) - kept
    assert len(orphans - before) == 2
    assert swept(product) == set(), "a young file may be on its way"
    yesterday = time.time() - 25 * 3600
    for name in stored_in(folder):
        os.utime(folder / name, (yesterday, yesterday))
    assert swept(product) == orphans
    assert swept(product, "--delete") == orphans
    assert swept(product) == set()
    assert stored_in(folder) == kept


def stored_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def swept(product: Product, *options: str) -> set[str]:
    """The files that `pgcrm buckets sweep` lists."""
    done = subprocess.run(
        [sys.executable, "-c", "from db.cli import app; app()", "buckets", "sweep", *options],
        env={"PGCRM_HOME": str(product.home), "PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"]},
        cwd=product.home,
        capture_output=True,
        text=True,
        check=True,
    )
    bucket = "import-files/"
    return {line.removeprefix(bucket) for line in done.stdout.splitlines() if line.startswith(bucket)}


def assert_stored_once(product: Product, org_id: UUID, file: Path) -> None:
    """There is one import, its file is kept as it was brought."""
    rows = product.read(
        "select f.bucket, f.path, f.sha256 from app.files f join ingest.imports i using (org_id, import_id)"
        " where i.org_id = %s",
        org_id,
    )
    assert rows is not None
    ((bucket, path, sha256),) = rows
    stored = (product.home / "files" / bucket / path).read_bytes()
    assert stored == file.read_bytes()
    assert sha256 == hashlib.sha256(stored).hexdigest()
