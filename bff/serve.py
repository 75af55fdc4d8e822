"""The application as an HTTP server's process runs it."""

import logging
import sys

from starlette.applications import Starlette

from bff.app import create_app
from db.settings import Settings


def make_app() -> Starlette:
    """For `uvicorn --factory bff.serve:make_app`: settings come from the environment.

    The access log goes to stdout as JSON lines, errors with their tracebacks go to stderr.
    """
    logging.getLogger("pgcrm").addHandler(logging.StreamHandler(sys.stderr))
    return create_app(Settings.load(), log=sys.stdout)
