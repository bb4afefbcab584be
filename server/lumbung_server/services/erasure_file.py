"""The second place of what was erased: a file beside the receipt key, which no older copy of the database can lack.

One JSON object a line, only ever appended to. It says what was erased, never what stood there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from lumbung_server.repositories.erasures import Erasure
from lumbung_server.settings import Settings, Unusable
from lumbung_shared.codec import Malformed, from_wire, to_wire

NAME = "erasures.jsonl"


def erasure_file(settings: Settings) -> Path:
    """Return where the file is."""
    return settings.var / NAME


def read_erasures(file: Path) -> dict[str, Erasure]:
    """Return id to erasure of all that the file tells, in its order. Raises Unusable, OSError.

    What a crash left of a line is passed over: its erasure was never done.
    """
    if not file.exists():
        return {}
    found: dict[str, Erasure] = {}
    for line in file.read_text("utf-8", "replace").splitlines():
        try:
            plain = json.loads(line)
        except ValueError:
            continue
        try:
            one = from_wire(Erasure, plain)
        except Malformed as error:
            raise Unusable(f"{file} tidak terbaca ({error.where}); pulihkan berkas itu dari cadangan") from None
        found[one.id] = one
    return found


def append_erasures(file: Path, made: Iterable[Erasure]) -> None:
    """Add to the file, and have the disk keep it before this returns. Raises OSError."""
    is_new = not file.exists()
    lines = "".join(f"{json.dumps(to_wire(one), ensure_ascii=False, sort_keys=True)}\n" for one in made)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "rb+") as opened:
        # A line that a crash broke off must not swallow the next one.
        broken = opened.seek(0, os.SEEK_END) > 0 and _last_byte(opened.fileno()) != b"\n"
        opened.write((b"\n" if broken else b"") + lines.encode())
        opened.flush()
        os.fsync(opened.fileno())
    if is_new:
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _last_byte(opened: int) -> bytes:
    return os.pread(opened, 1, os.fstat(opened).st_size - 1)
