"""The application as an HTTP server's process runs it."""

import logging
import sys

from starlette.applications import Starlette

from bff.app import create_app
from db.settings import Settings


def make_app() -> Starlette:
    """For `uvicorn --factory bff.serve:make_app`: settings come from the environment."""
    _log_to_stdout()
    return create_app(Settings.load())


def _log_to_stdout() -> None:
    """The access log as JSON lines, bare; errors, with their traceback, to stderr."""
    access = logging.StreamHandler(sys.stdout)
    access.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("pgcrm.access")
    logger.addHandler(access)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logging.getLogger("pgcrm").addHandler(logging.StreamHandler(sys.stderr))
