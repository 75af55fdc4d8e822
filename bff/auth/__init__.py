"""Who somebody is: log-in, tokens, second factors. One interface, two providers (`PGCRM_AUTH`)."""

from bff.auth.identity import Identity
from bff.auth.local import LocalIdentity
from bff.auth.store import Gateway
from db.settings import Settings

__all__ = ["Gateway", "Identity", "make_identity"]


def make_identity(settings: Settings, gateway: Gateway) -> Identity:
    """The provider that the settings name. Does no input or output yet."""
    if settings.auth == "supabase":
        # Half a second of imports that an installation of its own never needs.
        from bff.auth.supabase import SupabaseIdentity

        return SupabaseIdentity(settings)
    return LocalIdentity(
        gateway, access_seconds=settings.access_token_seconds, refresh_seconds=settings.refresh_token_seconds
    )
