"""Generated requests, good and bad, to every route: all checks of schemathesis, and no failure of ours."""

import subprocess
import sys
from pathlib import Path

import pytest
from organisation import Organisation

from bff.routes import ROUTES

SECONDS = 90
STREAMS = [route.path for route in ROUTES if route.answer_type == "text/event-stream"]
"""Streams have no end that a generated request would wait for."""

# Two checks need to be told what the schema cannot say. Rules of the business refuse data that has the right
# shape: a service that the organisation does not have, a wrong password, a file name that is not *.csv. And
# bad data are refused with whichever 4xx names the fault best.
CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = [
    "2xx", "401", "403", "404", "409", "410", "415", "422", "423", "429"
]
negative_data_rejection.expected-statuses = ["4xx"]

[phases.fuzzing.error-feedback]
enabled = false
"""
"""The last is on by default for all phases: from the words of a refusal, "is required" where a change blanked
a name, it would conclude that no change may leave the name out, and call our description wrong."""

# What was created may be gone: a repeated Idempotency-Key gets the answer that was given before it went.
EXCLUDED = "ensure_resource_availability"


@pytest.mark.slow
def test_every_route_does_what_its_description_says(database, bff, tmp_path: Path):
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    organisation = Organisation(database, bff)
    try:
        token = organisation.person().http.headers["authorization"]
        done = subprocess.run(
            [
                *(sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"),
                *(
                    "--config-file",
                    config,
                    "run",
                    f"{bff}/openapi.json",
                    "--header",
                    f"Authorization: {token}",
                ),
                *(
                    "--checks",
                    "all",
                    "--exclude-checks",
                    EXCLUDED,
                    "--max-time",
                    str(SECONDS),
                    "--seed",
                    "2",
                    "--continue-on-failure",
                ),
                *(option for path in STREAMS for option in ("--exclude-path", path)),
                *("--no-color", "--warnings", "off"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=SECONDS + 120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"Tested: {len(ROUTES) - len(STREAMS)}" in done.stdout
    finally:
        organisation.close()
