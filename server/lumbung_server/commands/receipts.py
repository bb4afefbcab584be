"""Check a receipt that somebody shows against the public keys of a server: no database is needed, nor a network."""

from __future__ import annotations

import json
import urllib.request
from http.client import HTTPException
from pathlib import Path

from lumbung_server.commands.telling import Telling
from lumbung_server.services.receipts import is_sealed
from lumbung_server.settings import Unusable
from lumbung_shared.codec import Malformed, from_wire
from lumbung_shared.receipts import ReceiptKeys, receipt_in
from lumbung_shared.times import local_datetime

_KEYS_PATH = "/api/v1/receipt-keys"
_SECONDS = 20
_MOST_BYTES = 1_000_000
"""Of a file or an answer: what is longer is neither a receipt nor a list of keys."""


def run_verify_receipt(telling: Telling, file: Path, source: str) -> int:
    """Say whether a receipt was signed by the server whose public keys `source` has: a file, or a server's address.

    Raises Unusable for what cannot be read.
    """
    try:
        receipt = receipt_in(_read(file).decode("utf-8", "replace"))
    except Malformed:
        return telling.failed(f"tidak ada bukti terima di dalam {file}; simpan seluruh teks yang dibagikan ponsel")
    keys = _keys(source)
    number = f"{_plain(receipt.home)}-{receipt.number}"
    if receipt.key not in keys:
        return telling.failed(
            f"bukti terima {number} ditandatangani kunci {_plain(receipt.key)}, "
            "yang bukan kunci server itu; jangan dipakai sebagai bukti"
        )
    if not is_sealed(receipt, keys):
        return telling.failed(f"tanda tangan bukti terima {number} TIDAK sah: isinya diubah, atau tidak lengkap")
    lines = (
        f"lumbung: bukti terima {number} sah, ditandatangani kunci {receipt.key}",
        f"  diterima server {_moment(receipt.time)}: {len(receipt.numbers)} perubahan dari ponsel {receipt.replica}",
        f"  sidik {receipt.root}",
    )
    return telling.done(
        lines,
        number=number,
        time=receipt.time,
        writes=len(receipt.numbers),
        replica=receipt.replica,
        root=receipt.root,
        key=receipt.key,
    )


def _plain(text: str) -> str:
    """Return a name out of a file that nobody vouches for: a terminal is to show it, not to obey it."""
    return text if text.isalnum() and text.isascii() else "(tanpa nama)"


def _moment(ms: int) -> str:
    try:
        return f"{local_datetime(ms):%Y-%m-%d %H.%M} WITA"
    except (ValueError, OverflowError, OSError):
        return str(ms)


def _keys(source: str) -> dict[str, str]:
    content = _asked(source) if source.startswith(("https://", "http://")) else _read(Path(source))
    try:
        return dict(from_wire(ReceiptKeys, json.loads(content)).keys)
    except (ValueError, RecursionError):
        raise Unusable(f"{source} tidak berisi kunci umum server (isi alamat {_KEYS_PATH} di server itu)") from None


def _asked(address: str) -> bytes:
    asked = address.rstrip("/").removesuffix(_KEYS_PATH) + _KEYS_PATH
    try:
        with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310 - http or https, looked at before
            content: bytes = answer.read(_MOST_BYTES)
    except (OSError, ValueError, HTTPException):
        raise Unusable(
            f"kunci umum tidak dapat diambil dari {address}; simpan dulu ke berkas bila tanpa jaringan"
        ) from None
    return content


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES)
    except OSError:
        raise Unusable(f"berkas {file} tidak dapat dibaca") from None
