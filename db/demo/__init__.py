"""The demo organisation (seeds/demo.yaml), and `pgcrm demo`, which shows and checks the main job on it."""

from db.demo.content import LOG_INS, LogIn
from db.demo.seeding import seed

__all__ = ["LOG_INS", "LogIn", "main", "seed"]


def main() -> int:
    """Run the demo on this folder's installation; the exit code: 0 only if everything was as it must be.

    Raises SettingsError, ServerError, MigrateError, psycopg.Error when it cannot begin.
    """
    from db.demo.show import run

    return run()
