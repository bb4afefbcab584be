"""Why a file that was picked is no photo that can be kept, told by how it begins."""

from __future__ import annotations

from lumbung_shared.problems import Code

HEAD = 16
"""Bytes of a file that tell."""
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_PICTURES = (b"\xff\xd8", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")


def why_unreadable(head: bytes) -> Code:
    """Return why bytes that begin like this could not be read as a picture."""
    if not head:
        return Code.PHOTO_EMPTY
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return Code.PHOTO_HEIC
    is_webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    is_avif = head[4:12] in (b"ftypavif", b"ftypavis")
    known = head.startswith(_PICTURES) or is_webp or is_avif
    return Code.PHOTO_UNREADABLE if known else Code.PHOTO_IS_NONE
