"""`make bench` runs and shows ratios. How large they are is nobody's test: machines differ, and are busy."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files in reach of any user (pytest's own are private)."""
    folder = Path(tempfile.mkdtemp(prefix="pgcrm-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def bench(*arguments: str, temporary: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=CHECKOUT,
        env=os.environ | {"TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
def test_every_benchmark_prints_ours_the_limit_and_the_ratio_and_leaves_nothing(temporary: Path) -> None:
    done = bench("--quick", "--json", temporary=temporary)
    assert done.returncode == 0, done.stderr
    figures: list[dict[str, Any]] = json.loads(done.stdout)
    subjects = {figure["name"].split(",")[0] for figure in figures}
    assert subjects >= {
        *("lead bundle", "crm_list_leads", "select from api.leads", "GET /api/leads/{lead_id}"),
        *("list of leads", "dashboard of a month", "search for one company", "page of metrics"),
        *("assign 50", "staff batches page", "process 50 invalid", "approve a reservation"),
    }
    assert any(figure["name"].startswith("counts of ") for figure in figures)
    for figure in figures:
        assert figure["ours"] > 0, figure
        assert figure["limit"] > 0, figure
        assert figure["ratio"] == pytest.approx(figure["ours"] / figure["limit"])
    assert {figure["name"] for figure in figures if figure["met"] is not None}, "some figures have a target"
    assert not list(temporary.iterdir())
    assert not processes_that_mention(temporary)


def test_a_benchmark_that_does_not_exist_is_refused_by_name(temporary: Path) -> None:
    done = bench("lead_bundel", temporary=temporary)
    assert done.returncode == 2
    assert "lead_bundel" in done.stderr
    assert "lead_bundle" in done.stderr


def processes_that_mention(folder: Path) -> list[str]:
    """Command lines of servers, reapers and HTTP processes that work in `folder`."""
    commands = (" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    return [command for command in commands if str(folder) in command]
