"""`make test`: everything in one pytest run on a fresh server. Arguments go to pytest.

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
        return pytest.main(["--quiet", "--durations=10", "--durations-min=5", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
