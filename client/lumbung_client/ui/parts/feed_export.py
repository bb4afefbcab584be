"""What a coordinator's feed shows, as a file: for a spreadsheet, a map, a program."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import Failure, KeptFile
from lumbung_client.ui.model import use_model
from lumbung_client.ui.parts.download import Download, Downloads
from lumbung_client.ui.safe import part

_OTHERS = (
    ("csv", "CSV", ft.Icons.TABLE_ROWS_OUTLINED),
    ("geojson", "GeoJSON", ft.Icons.MAP_OUTLINED),
    ("jsonl", "JSON lines", ft.Icons.DATA_OBJECT),
)
"""Files for programs: their names are the same in every language."""


@part
def FeedExport() -> ft.Control:  # noqa: N802
    """Draw the buttons that download the activities of the chosen filter, and what came of it."""
    opened = use_model()
    words, feed = opened.words, opened.feed

    def fetching(end: str) -> Download:
        async def fetch() -> KeptFile | Failure:
            return await opened.session.exported_feed(feed.chosen, end)

        key = "feed-export" if end == "xlsx" else f"feed-export-{end}"
        text, icon = next(((text, icon) for one, text, icon in _OTHERS if one == end), (words.feed_export, None))
        return Download(key, text, icon or ft.Icons.DOWNLOAD, fetch)

    rarer = [fetching(end) for end, _, _ in _OTHERS]
    shown: ft.Control = Downloads([fetching("xlsx")], words.feed_exporting, words.feed_exported, rarer)
    return shown
