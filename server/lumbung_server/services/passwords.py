"""Hash passwords and compare them (argon2id). Knows neither accounts nor the database."""

from __future__ import annotations

from asyncio import to_thread
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_PASSWORDS = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODY: Final = "$argon2id$v=19$m=19456,t=2,p=1$bHVtYnVuZy1sdW1idW5n$1cMLdtvDCVrJmzFP6SXzqLzO9GYpEvUrEqp47wnRUg8"
"""Verified when there is no password to verify, so that the answer takes as long as when there is one."""
UNSET: Final = ""
"""The hash of an account that has no password yet: nothing matches it."""


def password_hash(password: str) -> str:
    """Return the argon2id hash of a password. Takes tens of milliseconds: call it in a thread."""
    return _PASSWORDS.hash(password.encode("utf-8", "surrogatepass"))


async def hashed(password: str) -> str:
    """Return the argon2id hash of a password, while other requests go on."""
    return await to_thread(password_hash, password)


async def matches(stored: str, password: str) -> bool:
    """Tell whether a password has this hash, after the same time for every hash, while other requests go on."""
    return await to_thread(_matches, stored or NOBODY, password)


def _matches(stored: str, password: str) -> bool:
    try:
        return _PASSWORDS.verify(stored, password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
