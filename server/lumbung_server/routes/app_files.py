"""Serve the phone app's files; knows nothing of accounts, records or sync.

Every file is answered with an entity tag of its content and must be revalidated, so that a new bundle is seen at
once and an unchanged one costs a header. What the build compressed goes out as it is: brotli to those who take it, else
gzip, else nothing of it. Pages of the app itself (paths without a dot) are all `index.html`.
"""

from __future__ import annotations

import hashlib
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from litestar import HttpMethod, Request, Response, route
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from lumbung_server.routes.headers import APP_HEADERS

MEDIA_TYPES: Final = {
    ".bin": "application/octet-stream",
    ".css": "text/css",
    ".frag": "application/json",
    ".gz": "application/gzip",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tar": "application/x-tar",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}

NOT_BUILT: Final = (
    "Aplikasi Lumbung belum dirakit di server ini. Jalankan `make app` di server, lalu muat ulang halaman ini.\n"
    "The Lumbung app is not built on this server yet. Run `make app` on the server, then reload this page.\n"
)
# Flutter asks without end for the font of a missing letter until somebody answers.
FALLBACK_FONTS: Final = "assets/fonts/noto"
RESERVED: Final = ("api", "katalog")
"""What is no address within the app."""
INDEX: Final = "index.html"
ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
"""The compressed copies there may be beside a file, the smallest first: name in HTTP → ending."""


@dataclass(frozen=True)
class Stored:
    """A file as it can leave the server: `encoding` tells how `source` is compressed, if it is a compressed copy."""

    source: Path
    length: int
    tag: str
    media_type: str
    encoding: str | None


class AppFolder:
    """The folder of an assembled app; finds files by request path and remembers their tags while they do not change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._tags: dict[tuple[Path, int, int], str] = {}

    def is_built(self) -> bool:
        """Whether there is an app to serve."""
        return (self._folder / INDEX).is_file()

    def find(self, name: str) -> Path | None:
        """The file that a request path (without its first slash) means; None if there is none."""
        parts = name.split("/")
        if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
            return None
        path = self._folder.joinpath(*parts)
        try:
            # A link inside the folder may not lead out of it either.
            inside = path.is_file() and path.resolve().is_relative_to(self._folder)
        except OSError:
            return None  # A name longer than any file's.
        return path if inside else None

    def may_be_page(self, name: str) -> bool:
        """Whether a path without a file can be an address within the app: no ending, and not below a real folder."""
        folders = {one.name for one in self._folder.iterdir() if one.is_dir()}
        return "." not in name.rpartition("/")[2] and name.partition("/")[0] not in folders

    def offer(self, path: Path, accepted: frozenset[str]) -> Stored:
        """Choose a file, or the smallest of its compressed copies that the browser takes."""
        copies = [(path.with_name(path.name + ending), name) for name, ending in ENCODINGS.items() if name in accepted]
        found = [(copy, name) for copy, name in copies if copy.is_file()]
        source, encoding = found[0] if found else (path, None)
        media_type = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        facts = source.stat()
        key = (source, facts.st_mtime_ns, facts.st_size)
        if key not in self._tags:
            self._tags[key] = f'"{hashlib.sha256(source.read_bytes()).hexdigest()[:32]}"'
        return Stored(source, facts.st_size, self._tags[key], media_type, encoding)


def app_files(folder: Path) -> Sequence[HTTPRouteHandler]:
    """Handlers for `/` and everything below it that no other handler claims.

    Unknown paths under `/api` raise NotFoundException, for the application's own error answers.
    """
    app = AppFolder(folder)

    @route(
        ["/", "/{file_path:path}"],
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        include_in_schema=False,
        name="app_files",
    )
    async def serve(request: Request[object, object, State]) -> Response[bytes]:
        return await to_thread(answer, app, request, request.scope["path"].strip("/"))

    return [serve]


def answer(app: AppFolder, request: Request[object, object, State], name: str) -> Response[bytes]:
    """Choose what a path is answered with: a file, the app's page, nothing to say, or not found."""
    if name.partition("/")[0] in RESERVED:
        raise NotFoundException()
    if not app.is_built():
        return plain(503, NOT_BUILT)
    path = app.find(name or INDEX)
    if path is not None:
        return file_answer(app.offer(path, accepted_encodings(request)), request)
    if name.startswith(FALLBACK_FONTS):
        return Response(b"", status_code=204, headers=APP_HEADERS)
    page = app.find(INDEX)
    if page is None or not app.may_be_page(name):
        return plain(404, "Berkas ini tidak ada.\nThere is no such file.\n")
    return file_answer(app.offer(page, accepted_encodings(request)), request)


def file_answer(stored: Stored, request: Request[object, object, State]) -> Response[bytes]:
    """The file, or 304 when the browser has this very content."""
    headers = {**APP_HEADERS, "Cache-Control": "no-cache", "ETag": stored.tag, "Vary": "Accept-Encoding"}
    if stored.tag in known_tags(request.headers.get("If-None-Match", "")):
        return Response(b"", status_code=304, headers=headers)
    if stored.encoding:
        headers["Content-Encoding"] = stored.encoding
    if request.method == HttpMethod.HEAD:
        headers["Content-Length"] = str(stored.length)
        return Response(b"", media_type=stored.media_type, headers=headers)
    content = stored.source.read_bytes()
    headers["Content-Length"] = str(len(content))
    return Response(content, media_type=stored.media_type, headers=headers)


def known_tags(header: str) -> set[str]:
    """The entity tags of an If-None-Match header, weak ones too: the comparison is weak for GET."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def accepted_encodings(request: Request[object, object, State]) -> frozenset[str]:
    """The encodings that Accept-Encoding names without a quality of zero."""
    accepted = set()
    for part in request.headers.get("Accept-Encoding", "").split(","):
        name, _, quality = part.strip().lower().partition(";")
        value = quality.strip().removeprefix("q=")
        if not value or value.strip("0.") != "":
            accepted.add(name.strip())
    return frozenset(accepted)


def accepts_gzip(request: Request[object, object, State]) -> bool:
    """Whether Accept-Encoding names gzip without a quality of zero."""
    return "gzip" in accepted_encodings(request)


def plain(status: int, text: str) -> Response[bytes]:
    """A sentence for a person."""
    headers = {**APP_HEADERS, "Cache-Control": "no-store"}
    return Response(text.encode(), status_code=status, media_type="text/plain", headers=headers)
