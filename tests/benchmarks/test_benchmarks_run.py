"""`make bench` runs and shows ratios. How large they are is nobody's test: machines differ, and are busy."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

CHECKOUT = Path(__file__).parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
def test_every_benchmark_prints_ours_the_limit_and_the_ratio_and_leaves_nothing_running() -> None:
    before = postgres_processes()
    done = bench("--quick", "--json")
    assert done.returncode == 0, done.stderr
    figures: list[dict[str, Any]] = json.loads(done.stdout)
    subjects = {figure["name"].split(",")[0] for figure in figures}
    assert subjects >= {"lead bundle", "crm_list_leads", "select from api.leads", "GET /api/leads/{lead_id}"}
    for figure in figures:
        assert figure["ours"] > 0, figure
        assert figure["limit"] > 0, figure
        assert figure["ratio"] == pytest.approx(figure["ours"] / figure["limit"])
    assert {figure["name"] for figure in figures if figure["met"] is not None}, "some figures have a target"
    assert postgres_processes() <= before


def test_a_benchmark_that_does_not_exist_is_refused_by_name() -> None:
    done = bench("lead_bundel")
    assert done.returncode == 2
    assert "lead_bundel" in done.stderr
    assert "lead_bundle" in done.stderr


def postgres_processes() -> set[int]:
    """Servers on a benchmark's data folder."""
    return {
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if "pgcrm-bench-" in " ".join(process.info["cmdline"] or [])
    }
