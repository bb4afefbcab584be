"""Pack folders so that the same content always gives the same bytes."""

from __future__ import annotations

import gzip
import io
import math
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import brotli

from bundle.errors import BundleError

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o644
BLOCK = tarfile.BLOCKSIZE
LONGEST = 100
END_OF_TAR = bytes(2 * BLOCK)
# Where a tar's header says how long the file is, in octal digits; `static/download.js` reads it, too.
SIZE_AT, SIZE_DIGITS = 124, 11


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file below `folder` as (path with forward slashes, file), in a fixed order."""
    found = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    yield from sorted(found)


def gzipped(content: bytes) -> bytes:
    """Gzip without a time stamp, for the few who do not take brotli."""
    return gzip.compress(content, compresslevel=6, mtime=0)


def brotlied(content: bytes, quality: int) -> bytes:
    """Compress with brotli; a window that holds the largest file. `quality`: up to 11."""
    packed: bytes = brotli.compress(content, quality=quality, lgwin=24)
    return packed


def tar(folder: Path) -> bytes:
    """Pack a folder as tar; owners, times and modes are constants. Not compressed: that is done with the whole.

    Raises BundleError for a path that does not fit into a plain header, all that `static/python-worker.js` reads.
    """
    packed = io.BytesIO()
    end = 0
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, path in files_below(folder):
            if len(name.encode()) > LONGEST:
                raise BundleError(f"{name}: the path is longer than {LONGEST} bytes")
            entry = tarfile.TarInfo(name)
            entry.size = path.stat().st_size
            entry.mode = FILE_MODE
            with path.open("rb") as content:
                archive.addfile(entry, content)
        end = archive.offset
    return packed.getvalue()[:end] + END_OF_TAR


def members(archive: bytes) -> list[bytes]:
    """What a tar is made of: for each file its header with its content, then what ends it. Joined they are the tar."""
    found, start = list[bytes](), 0
    while archive[start]:
        size = int(archive[start + SIZE_AT : start + SIZE_AT + SIZE_DIGITS], 8)
        end = start + BLOCK * (1 + math.ceil(size / BLOCK))
        found.append(archive[start:end])
        start = end
    return [*found, archive[start:]]


def zip_archive(folder: Path) -> bytes:
    """Pack a folder as zip whose entries all carry the same time, not compressed either."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, path in files_below(folder):
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.external_attr = FILE_MODE << 16
            archive.writestr(entry, path.read_bytes())
    return packed.getvalue()
