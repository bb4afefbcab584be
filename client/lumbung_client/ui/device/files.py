"""Files that a person saves to the phone's own folders, or picks from them."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import KeptFile, RescueFile


async def save(picker: ft.FilePicker, file: KeptFile | RescueFile) -> bool:
    """Hand a file to the phone; in a browser it becomes a download. Returns whether the person went through with it."""
    in_browser = bool(picker.page.web)
    path = await picker.save_file(file_name=file.name, src_bytes=file.content)
    # A browser does not tell where it puts a download, or whether the person let it.
    return in_browser or bool(path)


def picked(event: ft.FilePickerResultEvent) -> bytes | None:
    """Return the bytes of the file that was chosen; None when the person chose none."""
    return next((file.bytes for file in event.files if file.bytes is not None), None)


def all_picked(event: ft.FilePickerResultEvent) -> list[tuple[str, bytes]]:
    """Return all files that were chosen, name and bytes, by name: cameras name them in the order they were taken.

    In a browser each photo's bytes are a slip, good for once, that stands for it (`pictures.js`).
    """
    # A browser tells them in the order in which it has read them.
    chosen = sorted(event.files, key=lambda file: file.name)
    return [(file.name, file.bytes) for file in chosen if file.bytes is not None]
