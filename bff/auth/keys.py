"""The keys of our own access tokens: Ed25519, in the database, the same for all BFF processes."""

import secrets
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bff.auth.store import Gateway, call
from bff.auth.tokens import KeySet


class LocalKeys(KeySet):
    """`app.signing_keys`. The first process that finds no key that signs makes one."""

    algorithms = frozenset({"EdDSA"})
    audience = "pgcrm"
    issuer = "pgcrm"

    def __init__(self, gateway: Gateway) -> None:
        super().__init__()
        self._gateway = gateway
        self._signing: tuple[str, Ed25519PrivateKey] | None = None

    async def sign(self, claims: dict[str, Any]) -> str:
        """The claims as a token, signed with the newest key."""
        await self.refresh()
        if self._signing is None:
            raise RuntimeError("app.auth_signing_keys returned no key that signs")
        kid, key = self._signing
        return jwt.encode({"iss": self.issuer, "aud": self.audience} | claims, key, "EdDSA", {"kid": kid})

    async def _fetch(self) -> list[dict[str, Any]]:
        rows = await call(self._gateway, "auth_signing_keys")
        if not any(row["signs"] for row in rows):
            new = Ed25519PrivateKey.generate().private_bytes_raw()
            rows = await call(
                self._gateway, "auth_signing_keys", kid=secrets.token_urlsafe(12), private_key=new
            )
        keys = {
            row["kid"]: Ed25519PrivateKey.from_private_bytes(bytes.fromhex(row["private_key"]))
            for row in rows
        }
        self._signing = next(((row["kid"], keys[row["kid"]]) for row in rows if row["signs"]), None)
        return [_public(kid, key) for kid, key in keys.items()]


def _public(kid: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    parts = jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**parts, "kid": kid, "alg": "EdDSA", "use": "sig"}
