"""Seal receipts with Ed25519, check the seal, and keep the key that does it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from lumbung_server.services.sealing import keep_secret
from lumbung_server.settings import Unusable
from lumbung_shared.protocol import Receipt
from lumbung_shared.receipts import signed_bytes, unpadded


def base64url(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Signer:
    """A private key and the names it goes by: `id` in receipts, `public` for those who check them."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = base64url(raw)
        self.id = hashlib.sha256(raw).hexdigest()[:16]

    def sealed(self, receipt: Receipt) -> Receipt:
        """Return the receipt with key id and signature over its canonical form without the signature."""
        named = replace(receipt, key=self.id, signature="")
        return replace(named, signature=base64url(self._key.sign(signed_bytes(named))))


def is_sealed(receipt: Receipt, keys: Mapping[str, str]) -> bool:
    """Tell whether a receipt, as it is, was sealed with one of some public keys: id to key, base64url."""
    try:
        key = Ed25519PublicKey.from_public_bytes(unpadded(keys.get(receipt.key, "")))
        key.verify(unpadded(receipt.signature), signed_bytes(receipt))
    except (ValueError, InvalidSignature):
        return False
    return True


def open_signer(path: Path) -> Signer:
    """Return the signer whose key is stored at `path`; make the key, readable by its owner alone, the first time.

    Raises Unusable for a key that cannot be read: a new one would make it look as if nothing had happened.
    """
    if not path.exists():
        _make_key(path)
    try:
        return Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip())))
    except ValueError:
        raise Unusable(f"kunci tanda terima di {path} rusak; pulihkan berkas itu dari cadangan") from None


def _make_key(path: Path) -> None:
    keep_secret(path, Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
