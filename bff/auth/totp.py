"""Second factors: codes of an authenticator app (RFC 6238, 6 digits, 30 s) and recovery codes."""

import hashlib
import hmac
import secrets
from base64 import b32encode

import pyotp

STEP_SECONDS = 30
RECOVERY_CODES = 10
_ISSUER = "pgcrm"


def new_secret() -> str:
    """A shared secret of 160 bits, base32 as apps take it."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, email: str) -> str:
    """The `otpauth://` address that an app reads as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)


def matching_step(secret: str, code: str, now: float) -> int | None:
    """The number of the 30-second step whose code this is: the current one, or a neighbour (clocks differ).

    The newest wins; whether it was used before is the database's business.
    """
    current = int(now) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    matches = [
        step
        for step in (current - 1, current, current + 1)
        if hmac.compare_digest(totp.generate_otp(step), code)
    ]
    return max(matches, default=None)


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits, grouped for reading: `abcd-efgh-ijkl-mnop`."""
    return [_grouped(b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> bytes:
    """SHA-256 of a recovery code; case, blanks and hyphens do not count."""
    return hashlib.sha256("".join(code.split()).replace("-", "").lower().encode()).digest()


def _grouped(text: str) -> str:
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
