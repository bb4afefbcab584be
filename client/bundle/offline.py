"""Decide what the service worker keeps: every file of the bundle by the hash of its content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from bundle.errors import BundleError

COMPRESSIBLE = (".js", ".mjs", ".json", ".webmanifest", ".html", ".css", ".svg", ".wasm", ".otf", ".ttf", ".frag")
# Neither is kept by the service worker: one describes the kept files, the other is the worker itself.
BUNDLE_LIST = "bundle.json"
SERVICE_WORKER = "sw.js"
DOWNLOADER = "download.js"
PLACEHOLDER = "__BUNDLE__"
HASH_LENGTH = 32


@dataclass(frozen=True)
class Entry:
    """A kept file: the first 32 hex digits of its SHA-256, its size, and the bytes it costs to transfer."""

    hash: str
    size: int
    transfer: int


def is_compressible(name: str) -> bool:
    """Whether the server keeps a gzipped copy beside the file."""
    return name.endswith(COMPRESSIBLE)


def entry(content: bytes, compressed: bytes | None) -> Entry:
    """Describe one file; `compressed` is its gzipped copy, if the server has one."""
    digest = hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
    return Entry(digest, len(content), len(content if compressed is None else compressed))


def version_of(entries: dict[str, Entry]) -> str:
    """The name of a bundle: equal files give equal versions."""
    listing = "\n".join(f"{name} {entries[name].hash}" for name in sorted(entries))
    return hashlib.sha256(listing.encode()).hexdigest()[:16]


def bundle_list(entries: dict[str, Entry], inputs: str) -> str:
    """The text of `bundle.json`; `inputs` is the digest of everything the bundle was made from."""
    files = {name: asdict(entries[name]) for name in sorted(entries)}
    return json.dumps({"version": version_of(entries), "inputs": inputs, "files": files}, indent=1)


def service_worker(template: str, downloader: str, entries: dict[str, Entry]) -> str:
    """The service worker with its file list and the downloader it shares with the page, as one script."""
    if template.count(PLACEHOLDER) != 1:
        raise BundleError(f"sw.js: expected exactly one {PLACEHOLDER}")
    files = {name: asdict(entries[name]) for name in sorted(entries)}
    listing = json.dumps({"version": version_of(entries), "files": files}, separators=(",", ":"))
    return f"{downloader}\n{template.replace(PLACEHOLDER, listing)}"
