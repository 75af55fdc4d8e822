"""The pgTAP files of sql_tests/, each as one test: `pg_prove` on a clone of the template."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.conftest import FIXTURES, cloned
from tests.support import pgtap
from tests.support.servers import Server

FOLDER = FIXTURES.parent
FILES = sorted(path for path in FOLDER.rglob("*.sql") if path != FIXTURES)
WORKERS = 2

Results = dict[Path, "Future[tuple[bool, str]]"]


@pytest.fixture(scope="module")
def results(server: Server, template: str, request: pytest.FixtureRequest) -> Iterator[Results]:
    """What became of each file that is asked for. Workers have a database each: files lock what others do."""
    wanted = {item.callspec.params["file"] for item in request.session.items if item.module is request.module}
    databases: SimpleQueue[str] = SimpleQueue()

    def prove(file: Path) -> tuple[bool, str]:
        database = databases.get()
        try:
            return pgtap.prove(file, database, server.bin_dir)
        finally:
            databases.put(database)

    with ExitStack() as stack:
        for _ in range(WORKERS):
            databases.put(server.admin_url(stack.enter_context(cloned(server, template))))
        pool = stack.enter_context(ThreadPoolExecutor(WORKERS))
        stack.callback(pool.shutdown, cancel_futures=True)
        yield {file: pool.submit(prove, file) for file in FILES if file in wanted}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER).with_suffix("")))
def test_pgtap(file: Path, results: Results) -> None:
    passed, said = results[file].result()
    if not passed:
        pytest.fail(failures(said), pytrace=False)


def failures(said: str) -> str:
    """The output without the lines of what passed."""
    return "\n".join(line for line in said.splitlines() if not line.startswith("ok "))
