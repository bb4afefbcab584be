"""Sign with Ed25519 (RFC 8032, section 5.1.6) as a server does, where there is no library for it, in a browser say."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

from lumbung_shared import ed25519
from lumbung_shared.protocol import Receipt
from lumbung_shared.receipts import signed_bytes

SECRET = bytes(range(32))
KEY_ID = "kunci-uji"


def public_of(secret: bytes) -> bytes:
    """Return the public half of a key."""
    return _times_base(_scalar(secret))


def signature(secret: bytes, message: bytes) -> bytes:
    """Return the signature of a message."""
    nonce = _number(hashlib.sha512(hashlib.sha512(secret).digest()[32:] + message).digest())
    first = _times_base(nonce)
    challenge = _number(hashlib.sha512(first + public_of(secret) + message).digest())
    last = (nonce + challenge * _scalar(secret)) % ed25519._ORDER
    return first + last.to_bytes(32, "little")


def base64url(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sealed(receipt: Receipt, secret: bytes = SECRET) -> Receipt:
    """Return a receipt as a server seals it."""
    named = replace(receipt, key=KEY_ID, signature="")
    return replace(named, signature=base64url(signature(secret, signed_bytes(named))))


def keys() -> dict[str, str]:
    """Return the public keys of that server, as it tells them."""
    return {KEY_ID: base64url(public_of(SECRET))}


def _scalar(secret: bytes) -> int:
    digits = bytearray(hashlib.sha512(secret).digest()[:32])
    digits[0] &= 248
    digits[31] = digits[31] & 127 | 64
    return int.from_bytes(digits, "little") % ed25519._ORDER


def _number(digest: bytes) -> int:
    return int.from_bytes(digest, "little") % ed25519._ORDER


def _times_base(scalar: int) -> bytes:
    return ed25519._encoded(ed25519._sum(scalar, ed25519._BASE, 0, ed25519._NEUTRAL))
