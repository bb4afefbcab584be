"""Names made on the phone (record ids, row ids, replica ids) and names of kinds. Time and chance are arguments."""

from __future__ import annotations

import re
import uuid

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_REPLICA = re.compile(r"[0-9a-z]{16}")
_ROW = re.compile(r"[0-9a-z]{10}")
_KIND = re.compile(r"[a-z][a-z0-9-]{0,60}", re.ASCII)
# Crockford's alphabet: no i, l, o, u, so that nothing read aloud is mistaken.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def uuid7(unix_ms: int, randomness: bytes) -> str:
    """Return a version 7 UUID (RFC 9562, section 5.7) of a time in milliseconds and 10 random bytes."""
    random_bits = int.from_bytes(randomness[:10], "big")
    value = (unix_ms & (2**48 - 1)) << 80 | 0x7 << 76
    value |= (random_bits >> 62 & 0xFFF) << 64 | 0b10 << 62 | random_bits & (2**62 - 1)
    return str(uuid.UUID(int=value))


def is_record_id(text: str) -> bool:
    """Tell whether the text is a UUIDv7 in its usual lowercase form."""
    return _UUID7.fullmatch(text) is not None


def base32(randomness: bytes, length: int) -> str:
    """Return `length` characters of Crockford's alphabet, five random bits each."""
    number = int.from_bytes(randomness, "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(length))


def replica_id(randomness: bytes) -> str:
    """Return a replica's name: 16 characters from 10 random bytes."""
    return base32(randomness, 16)


def is_replica_id(text: str) -> bool:
    """Tell whether the text has the form of a replica's name."""
    return _REPLICA.fullmatch(text) is not None


def row_id(unix_ms: int, randomness: bytes) -> str:
    """Return the id of a repeat's row: 10 characters that sort by the second they were made, then by chance."""
    seconds = unix_ms // 1000 & (2**35 - 1)
    time_part = "".join(ALPHABET[seconds >> 5 * place & 31] for place in reversed(range(7)))
    return time_part + base32(randomness, 3)


def is_row_id(text: str) -> bool:
    """Tell whether the text has the form of a row's id."""
    return _ROW.fullmatch(text) is not None


def is_kind_name(text: str) -> bool:
    """Tell whether the text may name a kind of records."""
    return _KIND.fullmatch(text) is not None
