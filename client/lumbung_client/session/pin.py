"""What a PIN is kept as, whether another is the same, and how long to wait after wrong ones. Pure; asks nobody."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from lumbung_client.store.entries import Pin
from lumbung_shared.writes import PhoneTime

SHORTEST, LONGEST = 4, 8
"""Digits of a PIN."""
ROUNDS = 10_000
"""40 ms in Pyodide on a desk machine, which is about ten times as fast as a slow phone."""
SALT_BYTES = 16
FREE = 5
"""Wrong attempts before there is a wait."""
_MINUTE = 60_000
WAITS = (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, 60 * _MINUTE)
"""How long to wait after the fifth wrong attempt and each further one, ms; after more the last of them."""
_BLOCK = 64


def is_pin(text: str) -> bool:
    """Tell whether a text may be a PIN."""
    return SHORTEST <= len(text) <= LONGEST and text.isascii() and text.isdigit()


def kept(pin: str, salt: bytes, rounds: int = ROUNDS) -> Pin:
    """Return what is stored of a PIN."""
    return Pin(salt.hex(), rounds, pbkdf2(pin.encode(), salt, rounds).hex())


def is_right(stored: Pin, pin: str) -> bool:
    """Tell whether this is the PIN that was set."""
    digest = pbkdf2(pin.encode(), bytes.fromhex(stored.salt), stored.rounds)
    return hmac.compare_digest(digest, bytes.fromhex(stored.digest))


def tried(stored: Pin, now: PhoneTime) -> Pin:
    """Return the PIN with one more attempt, counted as a wrong one until it proves to be right."""
    return replace(stored, wrong=stored.wrong + 1, tried=PhoneTime(now.wall, now.mono, now.boot))


def wait(stored: Pin, now: PhoneTime) -> int:
    """Return for how long nothing may be tried, ms; 0 when something may.

    Both clocks have to agree that the time is over. Set back, the wall clock counts nothing; after a new start the
    monotonic one knows only how long ago that was, and has to show a minute at least.
    """
    if stored.wrong < FREE:
        return 0
    owed = WAITS[min(stored.wrong - FREE, len(WAITS) - 1)]
    since = now.wall - stored.tried.wall
    if now.boot == stored.tried.boot:
        running = now.mono - stored.tried.mono
        return max(0, owed - (min(since, running) if since >= 0 else running))
    if since < 0:
        return max(0, owed - now.mono)
    return max(0, owed - since, _MINUTE - now.mono)


def pbkdf2(secret: bytes, salt: bytes, rounds: int) -> bytes:
    """Return the first 32 bytes of PBKDF2-HMAC-SHA256 (RFC 8018, 5.2); the browser's Python comes without OpenSSL's."""
    key = (hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in key)) for pad in (0x36, 0x5C))

    def mac(message: bytes) -> bytes:
        inside, outside = inner.copy(), outer.copy()
        inside.update(message)
        outside.update(inside.digest())
        return outside.digest()

    block = mac(salt + (1).to_bytes(4, "big"))
    total = int.from_bytes(block, "big")
    for _ in range(rounds - 1):
        block = mac(block)
        total ^= int.from_bytes(block, "big")
    return total.to_bytes(32, "big")
