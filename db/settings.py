"""Every setting of an installation, in one class.

Settings are environment variables (or lines of a ``.env`` file in the working folder). With none of
``DATABASE_URL``, ``DATABASE_ADMIN_URL`` and ``DATABASE_WORKER_URL`` set, pgcrm runs a Postgres of its own
inside ``PGCRM_HOME``.
Business rules are not here: they are rows of ``app.settings``, per organisation.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from db.server.places import make_home
from db.server.secrets import secret


class SettingsError(ValueError):
    """A setting is missing or wrong. The message names the environment variable and the rule, for people."""


def _postgres_url(value: str) -> str:
    if urlsplit(value).scheme not in ("postgres", "postgresql"):
        raise ValueError("must start with postgresql://")
    return value


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must start with https:// or http://")
    return value.rstrip("/")


PostgresUrl = Annotated[str, AfterValidator(_postgres_url)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]


def _variable(name: str, default: Any, **rules: Any) -> Any:
    """A field read from the environment variable `name`."""
    return Field(default, validation_alias=name, **rules)


class Settings(BaseSettings):
    """What an installation can be told. Make it with `Settings.load()`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    def __init__(self, **values: Any) -> None:
        """`values` by field name. (pydantic's own way to allow that would read $HOME and $HOST as well.)"""
        fields = type(self).model_fields
        super().__init__(**{str(fields[name].validation_alias): value for name, value in values.items()})

    # The database
    database_url: PostgresUrl | None = _variable("DATABASE_URL", None)
    """The BFF's log-in (`pgcrm_bff`)."""
    database_admin_url: PostgresUrl | None = _variable("DATABASE_ADMIN_URL", None)
    """A superuser's or createrole log-in, for `migrate`, `users` and `analysts`. The BFF never uses it."""
    database_url_ro: PostgresUrl | None = _variable("DATABASE_URL_RO", None)
    """A read replica for GET requests, same log-in. Default: `DATABASE_URL`."""
    database_worker_url: PostgresUrl | None = _variable("DATABASE_WORKER_URL", None)
    """The log-in of the dispatcher and of jobs (`pgcrm_worker`), straight to the server: it listens, which no
    pooler in transaction mode lets it. Default: made by `serve` where it makes the BFF's."""
    jobs: Literal["on", "off"] = _variable("PGCRM_JOBS", "on")
    """Whether the BFF's processes also send events and run jobs; `pgcrm jobs run` does so elsewhere."""
    webhooks_to_private: Literal["on", "off"] = _variable("PGCRM_WEBHOOKS_TO_PRIVATE", "off")
    """Whether webhooks may lead to private and loopback addresses: for receivers in one's own network, where
    everybody who may make webhooks may also reach whatever this server reaches."""
    postgres_port: int | None = _variable("PGCRM_POSTGRES_PORT", None, ge=1024, le=65535)
    """Embedded Postgres: also listen there on 127.0.0.1, for tools without Unix sockets (Metabase)."""
    server_user: str | None = _variable("PGCRM_SERVER_USER", None)
    """Embedded Postgres, when root starts it: who runs it. Default: `postgres`, else `nobody`."""
    pool_size: int = _variable("PGCRM_POOL_SIZE", 10, ge=1, le=500)
    """Connections each BFF process keeps to Postgres."""
    statement_cache: int = _variable("PGCRM_STATEMENT_CACHE", 100, ge=0, le=10_000)
    """Prepared statements kept for each connection; 0 behind PgBouncer or Supavisor in transaction mode."""

    # The installation
    home: Path = _variable("PGCRM_HOME", Path(".pgcrm"))
    """Folder of the embedded Postgres, of stored files and of generated secrets."""
    host: str = _variable("PGCRM_HOST", "127.0.0.1")
    port: int = _variable("PGCRM_PORT", 8000, ge=0, le=65535)
    workers: int = _variable("PGCRM_WORKERS", 1, ge=1, le=64)
    """BFF processes."""
    max_upload_bytes: int = _variable("PGCRM_MAX_UPLOAD_BYTES", 256 * 1024 * 1024, ge=1, le=1024**3)

    # Identity
    auth: Literal["local", "supabase"] = _variable("PGCRM_AUTH", "local")
    """Who checks passwords and signs tokens: pgcrm itself, or Supabase Auth."""
    access_token_seconds: int = _variable("PGCRM_ACCESS_TOKEN_SECONDS", 15 * 60, ge=60, le=24 * 3600)
    refresh_token_seconds: int = _variable(
        "PGCRM_REFRESH_TOKEN_SECONDS", 30 * 24 * 3600, ge=3600, le=366 * 24 * 3600
    )
    cursor_secret: SecretStr | None = _variable("PGCRM_CURSOR_SECRET", None, min_length=32)
    """Signs list cursors; all BFF processes share it. Default: generated and kept in `home`."""

    # Supabase
    supabase_url: HttpUrl | None = _variable("SUPABASE_URL", None)
    """Set: files live in Supabase Storage, otherwise on disk in `home`."""
    supabase_anon_key: SecretStr | None = _variable("SUPABASE_ANON_KEY", None)
    supabase_service_role_key: SecretStr | None = _variable("SUPABASE_SERVICE_ROLE_KEY", None)
    supabase_jwt_secret: SecretStr | None = _variable("SUPABASE_JWT_SECRET", None)
    """Only for projects that still sign tokens with a shared secret; others are verified by JWKS."""
    supabase_storage_url: HttpUrl | None = _variable("SUPABASE_STORAGE_URL", None)
    """Storage server without the gateway's `/storage/v1`. Default: `SUPABASE_URL/storage/v1`."""

    @classmethod
    def load(cls, **values: Any) -> Self:
        """Settings from the environment, `values` (by field name) winning over it. Raises SettingsError."""
        try:
            return cls(**values)
        except ValidationError as error:
            raise SettingsError("\n".join(_explain(fault) for fault in error.errors())) from None

    @property
    def embedded(self) -> bool:
        """Whether pgcrm runs its own Postgres."""
        urls = (self.database_url, self.database_admin_url, self.database_worker_url)
        return all(url is None for url in urls)

    @property
    def files_folder(self) -> Path:
        """Where uploaded files are stored when they are stored on disk."""
        return self.home / "files"

    def cursor_key(self) -> bytes:
        """The key that signs list cursors. Raises ServerError when it cannot be kept."""
        if self.cursor_secret:
            return self.cursor_secret.get_secret_value().encode()
        make_home(self.home)
        return secret(self.home, "cursors").encode()

    @model_validator(mode="after")
    def _supabase_is_coherent(self) -> Self:
        if self.auth == "supabase" and not (self.supabase_url and self.supabase_anon_key):
            raise ValueError("PGCRM_AUTH=supabase needs SUPABASE_URL and SUPABASE_ANON_KEY")
        if self.supabase_url and not self.supabase_service_role_key:
            raise ValueError(
                "SUPABASE_URL needs SUPABASE_SERVICE_ROLE_KEY as well: files are stored in Supabase Storage"
            )
        return self


def _explain(fault: Any) -> str:
    """One of pydantic's errors as a line that names the environment variable, never a secret's value."""
    message = str(fault["msg"]).removeprefix("Value error, ")
    if not fault["loc"]:
        return message
    field = Settings.model_fields.get(str(fault["loc"][0]))
    name = str(field.validation_alias) if field else str(fault["loc"][0])
    secret = "URL" in name or "SECRET" in name or "KEY" in name
    given = "" if secret else f" (it is {os.environ.get(name, fault['input'])!r})"
    return f"{name}: {message[0].lower()}{message[1:]}{given}"
