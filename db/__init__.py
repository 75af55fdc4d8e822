"""Python that reaches the database: settings, server, migrations, command line."""

__version__ = "0.1.0"
