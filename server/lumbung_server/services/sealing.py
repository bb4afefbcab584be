"""Keep secrets so that the database alone gives none of them away: encrypted with a key in a file beside it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lumbung_server.settings import Unusable

_KEY_BYTES = 32
NONCE_BYTES = 12


class Sealer:
    """A key that encrypts short secrets (AES-256-GCM) and makes digests that nobody can search through without it."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._digests = hmac.digest(key, b"lumbung digests", hashlib.sha256)

    def seal(self, secret: bytes, owner: str, nonce: bytes) -> str:
        """Return a secret encrypted for a place that bears its owner's name. `nonce`: 12 bytes, never used before."""
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, secret, owner.encode())).decode()

    def unseal(self, sealed: str, owner: str) -> bytes | None:
        """Return the secret; None when it was sealed with another key, or for somebody else."""
        raw = base64.b64decode(sealed)
        try:
            return self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], owner.encode())
        except InvalidTag:
            return None

    def digest(self, secret: str) -> str:
        """Return the form in which a secret is stored that a person can type, and a machine could try out."""
        return hmac.digest(self._digests, secret.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()


def open_sealer(path: Path) -> Sealer:
    """Return the sealer whose key is stored at `path`; make the key, readable by its owner alone, the first time.

    Raises Unusable for a key that cannot be read.
    """
    if not path.exists():
        keep_secret(path, AESGCM.generate_key(8 * _KEY_BYTES))
    try:
        return Sealer(bytes.fromhex(path.read_text().strip()))
    except ValueError:
        raise Unusable(f"kunci akun di {path} rusak; pulihkan berkas itu dari cadangan") from None


def keep_secret(path: Path, raw: bytes) -> None:
    """Write a secret to a file of its own, for its owner alone; one that another process wrote first stays."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(raw.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    # Linking fails when another process was faster, and then its key is the key.
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()
