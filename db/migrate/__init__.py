"""The files under migrations/ are the current schema; this package makes a database agree with them."""

from db.migrate.errors import MigrateError
from db.migrate.install import write_sql
from db.migrate.runner import MigrateReport, migrate

__all__ = ["MigrateError", "MigrateReport", "migrate", "write_sql"]
