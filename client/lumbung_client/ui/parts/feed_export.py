"""What a coordinator's feed shows, as an Excel file."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import Failure
from lumbung_client.ui.device.files import save
from lumbung_client.ui.model import use_model
from lumbung_client.ui.parts.layout import notice
from lumbung_client.ui.safe import part
from lumbung_shared.problems import sentence


@part
def FeedExport() -> ft.Control:  # noqa: N802
    """Draw the button that downloads the activities of the chosen filter, and what came of it."""
    opened = use_model()
    words, feed = opened.words, opened.feed
    said, set_said = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    # Asked for once: this screen is drawn again and again, the picker must stay the same.
    picker = ft.use_memo(ft.FilePicker, [])

    async def export() -> None:
        set_busy(True)
        set_said("")
        try:
            file = await opened.session.exported_feed(feed.chosen)
            if isinstance(file, Failure):
                set_said(sentence(file.code, opened.language))
            elif await save(picker, file):
                set_said(words.feed_exported.format(name=file.name))
            else:
                set_said(words.forms.not_exported)
        finally:
            set_busy(False)

    button = ft.TextButton(
        words.feed_exporting if busy else words.feed_export,
        key="feed-export",
        icon=ft.Icons.DOWNLOAD,
        height=48,
        disabled=busy,
        on_click=export,
    )
    told = [ft.Container(padding=16, content=notice(ft.Icons.INFO_OUTLINE, said))] if said else []
    return ft.Column(
        tight=True, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=[button, *told]
    )
