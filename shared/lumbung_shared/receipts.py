"""A receipt by itself: whether a server signed it, where the server confirms it, and the text in which it is shared.

Pure, and the same on phone and server. Who made a receipt is `protocol.Receipt`'s matter.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lumbung_shared import ed25519
from lumbung_shared.canonical import canonical_bytes, digest
from lumbung_shared.codec import Malformed, from_wire, to_wire
from lumbung_shared.ids import base32
from lumbung_shared.protocol import Receipt

_BEGIN, _END = "BEGIN LUMBUNG RECEIPT", "END LUMBUNG RECEIPT"
_LINE = 64
_NAME = re.compile(r"(\d{1,9})-(\d{1,15})-[0-9a-z]{20}", re.ASCII)
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=]", re.ASCII)


@dataclass(frozen=True)
class ReceiptKeys:
    """Key id to Ed25519 public key, base64url without padding, of every key that ever sealed receipts on a server."""

    keys: Mapping[str, str]


def signed_bytes(receipt: Receipt) -> bytes:
    """Return what the signature of a receipt is over. Raises NotCanonical for what no server can have made."""
    return canonical_bytes(to_wire(replace(receipt, signature="")))


def is_signed(receipt: Receipt, keys: Mapping[str, str]) -> bool:
    """Tell whether a receipt was signed, as it is, with one of some public keys. `keys`: as in `ReceiptKeys`."""
    try:
        public, signature = unpadded(keys.get(receipt.key, "")), unpadded(receipt.signature)
        return ed25519.is_signature(public, signature, signed_bytes(receipt))
    except ValueError:
        return False


def unpadded(text: str) -> bytes:
    """Return the bytes of base64url without padding. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def receipt_name(receipt: Receipt) -> str:
    """Return by which name a server confirms a receipt: home and number, as people say them, and a check behind them.

    The check is 100 bits of the digest of the whole receipt, signature included: nobody makes it up who has not seen
    the receipt, and it is that of no other one. Raises NotCanonical.
    """
    return f"{receipt.home}-{receipt.number}-{base32(bytes.fromhex(digest(to_wire(receipt))), 20)}"


def place_in(name: str) -> tuple[str, int] | None:
    """Return home and number of the receipt that a name is of; None for what is no such name."""
    found = _NAME.fullmatch(name)
    return (found[1], int(found[2])) if found else None


def receipt_path(receipt: Receipt) -> str:
    """Return the path of the public page that confirms a receipt."""
    return f"/bukti/{receipt_name(receipt)}"


def short_digest(text: str) -> str:
    """Return the beginning of a digest as people compare it: `6b86 b273 ff34 fce1`."""
    return " ".join(text[place : place + 4] for place in range(0, 16, 4))


def armoured(receipt: Receipt) -> str:
    """Return a receipt as lines of text that come through chats and mail: whatever breaks or quotes them is undone."""
    packed = base64.b64encode(canonical_bytes(to_wire(receipt))).decode()
    lines = [packed[place : place + _LINE] for place in range(0, len(packed), _LINE)]
    return "\n".join((f"-----{_BEGIN}-----", *lines, f"-----{_END}-----"))


def receipt_in(text: str) -> Receipt:
    """Return the receipt in a text that holds what `armoured` made, or that is one as JSON. Raises Malformed."""
    _, begins, rest = text.partition(_BEGIN)
    inside, ends, _ = rest.partition(_END)
    try:
        plain = base64.b64decode(_NO_BASE64.sub("", inside), validate=True) if begins and ends else text
        return from_wire(Receipt, json.loads(plain))
    except (ValueError, RecursionError):
        raise Malformed("", "a receipt") from None
