"""The command `pgcrm`."""

from db.cli import database, imports, jobs, legacy, people, service
from db.cli.common import make_app

app = make_app("A CRM that lives in Postgres.")
service.register(app)
database.register(app)
people.register(app)
jobs.register(app)
imports.register(app)
legacy.register(app)
