"""The one exception of this package."""


class ServerError(RuntimeError):
    """The embedded Postgres cannot do what was asked. The message is for people and says what to do."""
