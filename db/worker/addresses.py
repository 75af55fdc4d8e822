"""Where a webhook may lead: to the world, not into the network that pgcrm itself stands in.

Whoever may make a webhook could otherwise have the server call what only the server can reach: a metadata
service, an administration page, a database (server-side request forgery).
"""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit


class ForbiddenAddressError(Exception):
    """The address leads where it must not. The message is for whoever made the webhook."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was looked up and judged: connect to `url`, which names what was judged, and to nothing
    that the name may mean a moment later."""

    url: str
    host: str
    """The header `Host`."""
    server_name: str
    """Whose certificate it must be."""


async def targets_of(url: str, *, private: bool) -> list[Target]:
    """Look a webhook's address up: what it means, in the order to try. `private`: whether it may lead to
    private, loopback and other addresses that are not the public internet's. Raises ForbiddenAddressError;
    OSError when the name means nothing."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(entry[4][0]) for entry in found]
    # All of them: which one is reached is chance.
    if not private and not all(_is_public(address) for address in addresses):
        raise ForbiddenAddressError("It leads to an address that is not on the public internet.")
    return [Target(_with_host(parts, address, port), parts.netloc, name) for address in addresses]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether packets to it leave for the internet, also when an IPv4 address hides in an IPv6 one."""
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if hidden is None and int(address) >> 32 == 0x64FF9B << 64:  # NAT64
            hidden = IPv4Address(int(address) & 0xFFFFFFFF)
        if hidden is not None:
            return _is_public(hidden)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def _with_host(parts: SplitResult, address: IPv4Address | IPv6Address, port: int) -> str:
    host = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    return parts._replace(netloc=f"{host}:{port}").geturl()
