"""`make test`: everything, by as many processes as there are processors (four at most), each with a server of
its own; a file of tests stays with one of them. Arguments go to pytest, which then runs alone.

`PG` in the environment chooses the server: nothing or `18` the embedded one, `15` Debian's packages,
`container` the image of `PGCRM_TEST_IMAGE` in Docker.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


def main() -> int:
    os.chdir(Path(__file__).parents[1])
    with TemporaryDirectory(prefix="bytecode-") as folder:
        # Tests start a hundred processes: each would compile everything anew where bytecode is not written.
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        processes = min(os.cpu_count() or 1, 4)
        chosen = sys.argv[1:] or [f"--numprocesses={processes}", "--dist=loadfile"]
        return pytest.main(["--quiet", "--durations=10", "--durations-min=5", *chosen])


if __name__ == "__main__":
    sys.exit(main())
