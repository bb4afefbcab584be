"""Decide what the service worker keeps: every file of the bundle by the hash of its content."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from bundle.errors import BundleError

COMPRESSIBLE = (
    ".js",
    ".mjs",
    ".json",
    ".webmanifest",
    ".html",
    ".css",
    ".svg",
    ".wasm",
    ".otf",
    ".ttf",
    ".frag",
    ".tar",
    ".zip",
)
# Neither is kept by the service worker: one describes the kept files, the other is the worker itself.
BUNDLE_LIST = "bundle.json"
SERVICE_WORKER = "sw.js"
DOWNLOADER = "download.js"
PLACEHOLDER = "__BUNDLE__"
HASH_LENGTH = 32
MEMBER_HASH_LENGTH = 16
"""Enough to tell them apart; the archive they make is verified as a whole."""
MEMBERS = "python/members"
LARGE = 4_000_000
PART = 3_300_000
"""About 1 MB on the wire: what a cut connection costs at most."""


class Member(NamedTuple):
    """One of the pieces of an archive: the first 16 hex digits of its SHA-256, and the bytes it costs to transfer."""

    hash: str
    transfer: int


@dataclass(frozen=True)
class Entry:
    """A kept file: the first 32 hex digits of its SHA-256, its size, and the bytes it costs to transfer.

    A large file is fetched in `parts`, each a file of its own. An archive of our own code lists its `members`: who
    holds another version of it fetches only those that differ.
    """

    hash: str
    size: int
    transfer: int
    parts: tuple[Entry, ...] = ()
    members: tuple[Member, ...] = ()


def is_compressible(name: str) -> bool:
    """Whether the server keeps compressed copies beside the file."""
    return name.endswith(COMPRESSIBLE)


def entry(
    content: bytes, compressed: bytes | None, parts: tuple[Entry, ...] = (), members: tuple[Member, ...] = ()
) -> Entry:
    """Describe one file; `compressed` is its smallest compressed copy, if the server has one."""
    transfer = sum(part.transfer for part in parts) or len(content if compressed is None else compressed)
    return Entry(digest(content), len(content), transfer, parts, members)


def digest(content: bytes, length: int = HASH_LENGTH) -> str:
    """The name of a content."""
    return hashlib.sha256(content).hexdigest()[:length]


def member_name(member: str) -> str:
    """Where a member of an archive is, by its hash."""
    return f"{MEMBERS}/{member}.tar"


def part_name(name: str, number: int) -> str:
    """Where a part of a large file is; its ending stays, and with it the type that the server tells."""
    return f"parts/{number}/{name}"


def cut(content: bytes) -> list[bytes]:
    """The parts of a large file, of equal length; none of any other."""
    if len(content) < LARGE:
        return []
    length = math.ceil(len(content) / math.ceil(len(content) / PART))
    return [content[start : start + length] for start in range(0, len(content), length)]


def wire(entries: dict[str, Entry]) -> dict[str, dict[str, object]]:
    """The entries as they stand in files: nothing of what there is none."""
    return {name: _plain(entries[name]) for name in sorted(entries)}


def _plain(entry: Entry) -> dict[str, object]:
    plain: dict[str, object] = {"hash": entry.hash, "size": entry.size, "transfer": entry.transfer}
    if entry.parts:
        plain["parts"] = [_plain(part) for part in entry.parts]
    if entry.members:
        plain["members"] = [list(member) for member in entry.members]
    return plain


def version_of(entries: dict[str, Entry]) -> str:
    """The name of a bundle: equal files give equal versions."""
    listing = "\n".join(f"{name} {entries[name].hash}" for name in sorted(entries))
    return hashlib.sha256(listing.encode()).hexdigest()[:16]


def sizes(files: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the path and size of every file that a `bundle.json` names, parts included."""
    for name, one in files.items():
        yield name, one["size"]
        for number, part in enumerate(one.get("parts", ())):
            yield part_name(name, number), part["size"]


def bundle_list(entries: dict[str, Entry], inputs: str, quality: int) -> str:
    """The text of `bundle.json`; `inputs` is the digest of everything the bundle was made from, `quality` brotli's."""
    about = {"version": version_of(entries), "inputs": inputs, "quality": quality}
    return json.dumps({**about, "files": wire(entries)}, indent=1)


def service_worker(template: str, downloader: str, entries: dict[str, Entry]) -> str:
    """The service worker with its file list and the downloader it shares with the page, as one script."""
    if template.count(PLACEHOLDER) != 1:
        raise BundleError(f"sw.js: expected exactly one {PLACEHOLDER}")
    listing = json.dumps({"version": version_of(entries), "files": wire(entries)}, separators=(",", ":"))
    return f"{downloader}\n{template.replace(PLACEHOLDER, listing)}"
