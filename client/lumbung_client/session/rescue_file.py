"""The rescue file: a zip with a description, pictures, and what the store set aside. Decides what it looks like.

Never reads or changes the store. Equal content gives equal bytes. `docs/storage-format.md` describes it.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO

from lumbung_client.store.entries import Draft, Entry, Picture
from lumbung_shared.canonical import Json, NotCanonical, as_value
from lumbung_shared.codec import Malformed, from_wire, to_wire
from lumbung_shared.ids import is_record_id, is_replica_id
from lumbung_shared.problems import Code
from lumbung_shared.times import local_date
from lumbung_shared.writes import write_digest

FORMAT, VERSION = "lumbung-rescue", 1
DESCRIPTION = "rescue.json"
PICTURES, SET_ASIDE = "pictures/", "set-aside/"
LARGEST = 200_000_000
"""Bytes of a rescue file that a phone opens, and of all that is in it."""
_LARGEST_DESCRIPTION = 50_000_000
_MOST_PARTS = 20_000
_LATEST = 253_370_764_800_000
"""Begin of the year 9999, ms: a later time has no date."""
_DATE = (1980, 1, 1, 0, 0, 0)


class Unusable(Exception):
    """The bytes are no rescue file that this app can take in; `code` says why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Part:
    """A file inside: its name, digest and size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Holder:
    """Whose records they are."""

    id: str
    name: str


@dataclass(frozen=True)
class Description:
    """What the file says about itself, and all of it that is text. `made_at`: ms; `replica`: the store it is from.

    Every entry names the store that made it.
    """

    format: str
    version: int
    made_at: int
    app: str
    person: Holder
    replica: str
    entries: tuple[Entry, ...] = ()
    drafts: tuple[Draft, ...] = ()
    pictures: tuple[Picture, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass
class Writer:
    """A rescue file in the making: parts first, the description last."""

    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._buffer = BytesIO()
        self._zip = zipfile.ZipFile(self._buffer, "w")

    async def add(self, parts: AsyncIterator[tuple[str, bytes]]) -> None:
        """Add files by name, one at a time: all of them at once may be more than a phone can hold."""
        async for name, content in parts:
            self.parts.append(Part(name, hashlib.sha256(content).hexdigest(), len(content)))
            self._zip.writestr(_entry(name), content)

    def finished(self, description: Description) -> bytes:
        """Return the bytes of the whole file."""
        text = json.dumps(to_wire(description), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        self._zip.writestr(_entry(DESCRIPTION, zipfile.ZIP_DEFLATED), text.encode())
        self._zip.close()
        return self._buffer.getvalue()


class Reader:
    """A rescue file that was opened and found whole. Raises Unusable."""

    def __init__(self, content: bytes) -> None:
        self._zip = _opened(content)
        self.description = _description(self._zip)
        listed = {part.name: part for part in self.description.parts}
        for name, part in listed.items():
            _check(self._zip, part)
            if name.startswith(PICTURES) and name != PICTURES + part.sha256:
                raise Unusable(Code.RESCUE_DAMAGED)
        if any(PICTURES + picture.sha256 not in listed for picture in self.description.pictures):
            raise Unusable(Code.RESCUE_DAMAGED)

    def picture(self, sha256: str) -> bytes:
        """Return the bytes of a picture that the description names."""
        return _read(self._zip, PICTURES + sha256)


def file_name(person: str, made_at: int, activities: int) -> str:
    """Return a name that any system and messenger takes. `made_at`: ms."""
    plain = unicodedata.normalize("NFKD", person).encode("ascii", "ignore").decode().lower()
    who = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "kader"
    return f"lumbung-{who}-{local_date(made_at).isoformat()}-{activities}-kegiatan.zip"


def _entry(name: str, method: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = method
    entry.create_system = 3  # the same on every system
    entry.external_attr = 0o644 << 16
    return entry


def _opened(content: bytes) -> zipfile.ZipFile:
    if len(content) > LARGEST:
        raise Unusable(Code.RESCUE_TOO_LARGE)
    if content.count(b"PK\x01\x02") > _MOST_PARTS:
        raise Unusable(Code.RESCUE_TOO_LARGE)  # each would be an object in memory before any of them is looked at
    try:
        opened = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError) as error:
        # The table of contents stands at the end: without it this may well be the first half of one.
        half = content.startswith(b"PK\x03\x04")
        raise Unusable(Code.RESCUE_DAMAGED if half else Code.RESCUE_UNKNOWN) from error
    if sum(entry.file_size for entry in opened.infolist()) > LARGEST:
        raise Unusable(Code.RESCUE_TOO_LARGE)
    if DESCRIPTION not in opened.namelist():
        raise Unusable(Code.RESCUE_UNKNOWN)
    return opened


def _read(opened: zipfile.ZipFile, name: str) -> bytes:
    try:
        entry = opened.getinfo(name)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unusable(Code.RESCUE_DAMAGED)
        with opened.open(entry) as part:
            # Without a number all that was packed would be unpacked, whatever size the table of contents claims.
            return part.read(entry.file_size)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError) as error:
        # RuntimeError covers what zipfile says to passwords, NotImplementedError to strange packing.
        raise Unusable(Code.RESCUE_DAMAGED) from error


def _check(opened: zipfile.ZipFile, part: Part) -> None:
    content = _read(opened, part.name)
    if len(content) != part.size or hashlib.sha256(content).hexdigest() != part.sha256:
        raise Unusable(Code.RESCUE_DAMAGED)


def _description(opened: zipfile.ZipFile) -> Description:
    if opened.getinfo(DESCRIPTION).file_size > _LARGEST_DESCRIPTION:
        raise Unusable(Code.RESCUE_TOO_LARGE)
    try:
        plain: Json = json.loads(_read(opened, DESCRIPTION))
    except (ValueError, RecursionError) as error:
        raise Unusable(Code.RESCUE_DAMAGED) from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise Unusable(Code.RESCUE_UNKNOWN)
    version = plain.get("version")
    if isinstance(version, int) and version > VERSION:
        raise Unusable(Code.RESCUE_NEWER)
    try:
        description = from_wire(Description, plain)
        well_formed = version == VERSION and all(map(_is_well_formed, description.entries))
        # What has no canonical form could be kept, and never be written to a file or sent again.
        for item in (description.person, *description.drafts, *description.pictures):
            as_value(to_wire(item))
    except (Malformed, NotCanonical, RecursionError) as error:
        raise Unusable(Code.RESCUE_DAMAGED) from error
    times = (
        *(entry.made_at for entry in description.entries),
        *(time for draft in description.drafts for time in (draft.opened_at, draft.changed_at)),
        *(picture.made_at for picture in description.pictures),
    )
    dated = all(0 <= time < _LATEST for time in times)
    if not (well_formed and dated and all(is_record_id(draft.record) for draft in description.drafts)):
        raise Unusable(Code.RESCUE_DAMAGED)
    return description


def _is_well_formed(entry: Entry) -> bool:
    """Tell whether a store can keep the entry and send it. Raises NotCanonical."""
    write = entry.write
    names = [name for heads in write.replaces.values() for name in heads]
    as_value([entry.code, entry.path, entry.order])
    return (
        is_replica_id(entry.replica)
        and is_record_id(write.record)
        and write.n > 0
        and all(len(name) == 2 for name in names)
        and bool(write_digest(entry.replica, write))
    )
