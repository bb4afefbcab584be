"""Enrolment codes and device tokens: how they are made, read aloud and compared."""

from __future__ import annotations

import hashlib

from lumbung_shared.ids import ALPHABET, base32

LENGTH = 8
# What people write for characters that Crockford's alphabet leaves out.
_MEANT = str.maketrans({"o": "0", "i": "1", "l": "1", "-": "", " ": ""})


def new_code(randomness: bytes) -> str:
    """Return an enrolment code as shown to people, `XXXX-XXXX`, from five random bytes."""
    text = base32(randomness, LENGTH).upper()
    return f"{text[:4]}-{text[4:]}"


def normalised(code: str) -> str:
    """Return what the person meant: lower case, no spaces and dashes, no letter that looks like a digit."""
    return "".join(code.lower().split()).translate(_MEANT)


def is_code(text: str) -> bool:
    """Tell whether a normalised text can be a code at all."""
    return len(text) == LENGTH and set(text) <= set(ALPHABET)


def secret_digest(secret: str) -> str:
    """Return the form in which a token is stored: its SHA-256."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def storable(text: str, longest: int = 100) -> str:
    """Return what of a text that a device says about itself is kept: printable characters, so many at most."""
    return "".join(character for character in text if character.isprintable())[:longest]
