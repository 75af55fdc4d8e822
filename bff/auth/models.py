"""Bodies of the log-in routes, in and out."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from db.credentials import MAX_LENGTH

# Not a check of the address: only nobody's address is refused here (NUL cannot even be stored).
Email = Annotated[str, Field(min_length=3, max_length=255, pattern=r"^[^\s@\x00]+@[^\s@\x00]+$")]
Password = Annotated[SecretStr, Field(min_length=1, max_length=MAX_LENGTH)]
Totp = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="Six digits of the authenticator app.")]
RecoveryCode = Annotated[
    str, Field(min_length=16, max_length=40, description="Instead of `totp`; each code counts once.")
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SecondFactor(_Request):
    """Asked besides the password where an authenticator app is set up; `totp` wins over `recovery_code`."""

    totp: Totp | None = None
    recovery_code: RecoveryCode | None = None


class LoginRequest(SecondFactor):
    """`new_password`: asked for by the problem `auth.password_change_required` (the old was given out)."""

    email: Email
    password: Password
    new_password: Password | None = None


class ProofRequest(SecondFactor):
    """Whoever changes how they log in proves what log-in asks."""

    password: Password


class PasswordRequest(ProofRequest):
    new_password: Password


class EnrolRequest(_Request):
    password: Password


class ConfirmRequest(_Request):
    totp: Totp


class RefreshRequest(_Request):
    refresh_token: Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[\x21-\x7e]+$")]


class TokenAnswer(BaseModel):
    """Tokens of a session. `expires_in`: seconds the access token lives. Keep the newest refresh token."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105
    expires_in: int
    refresh_token: str


class EnrolmentAnswer(BaseModel):
    """For the authenticator app: the base32 secret, or the address as a QR code. Inactive until confirmed."""

    secret: str
    uri: str


class RecoveryCodesAnswer(BaseModel):
    """Shown once; only hashes are kept."""

    recovery_codes: list[str]
