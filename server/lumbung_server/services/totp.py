"""Time-based one-time codes (RFC 6238): six digits, SHA-1, half a minute, the step before and after allowed.

That is what every authenticator app does. Pure: the time is an argument, and who was here before is told elsewhere.
"""

from __future__ import annotations

import base64
import hmac

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECRET_BYTES = 20
"""As long as what SHA-1 gives (RFC 4226, 4)."""
DIGITS = 6
STEP_SECONDS = 30
_DRIFT = (0, -1, 1)
_ISSUER = "Lumbung"


def step_of(secret: bytes, code: str, now: int) -> int | None:
    """Return the time step of which a code is; None for none of those that count at `now` (ms)."""
    current = now // 1000 // STEP_SECONDS
    if len(code) != DIGITS or not code.isascii():
        return None
    found = None
    for step in (current + drift for drift in _DRIFT):
        if hmac.compare_digest(code_at(secret, step), code):
            found = step
    return found


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a time step."""
    return _totp(secret).generate(step * STEP_SECONDS).decode()


def as_text(secret: bytes) -> str:
    """Return a secret as people type it into their authenticator: base32."""
    return base64.b32encode(secret).decode().rstrip("=")


def address(secret: bytes, login: str) -> str:
    """Return a secret as the address that authenticators scan (`otpauth://totp/…`)."""
    return _totp(secret).get_provisioning_uri(login, _ISSUER)


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what RFC 6238 and every authenticator have; nothing here depends on collisions.
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
