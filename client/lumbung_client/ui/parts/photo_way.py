"""How a photo stands on its way to the server, in words, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import flet as ft

from lumbung_client.session.views import Photo, PhotoState, PhotoWay
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.states import NOT_SENT
from lumbung_client.ui.safe import part, say, start
from lumbung_shared.problems import sentence

_LOOKS: Mapping[PhotoState, tuple[ft.IconData, str]] = {
    PhotoState.DRAFT: (ft.Icons.EDIT_OUTLINED, ft.Colors.ON_SURFACE_VARIANT),
    PhotoState.WAITING: (ft.Icons.SCHEDULE, ft.Colors.TERTIARY),
    PhotoState.TEXT_ONLY: (ft.Icons.SHORT_TEXT, ft.Colors.TERTIARY),
    PhotoState.FOR_WIFI: (ft.Icons.WIFI, ft.Colors.TERTIARY),
    PhotoState.SENDING: (ft.Icons.SYNC, ft.Colors.TERTIARY),
    PhotoState.PAUSED: (ft.Icons.PAUSE_CIRCLE_OUTLINE, ft.Colors.ON_SURFACE_VARIANT),
    PhotoState.CANCELLED: NOT_SENT,
    PhotoState.REFUSED: (ft.Icons.ERROR_OUTLINE, ft.Colors.ERROR),
    PhotoState.DROPPED: (ft.Icons.CLOUD_DONE_OUTLINED, ft.Colors.PRIMARY),
    PhotoState.GONE: (ft.Icons.ERROR_OUTLINE, ft.Colors.ERROR),
    PhotoState.SENT: (ft.Icons.CHECK_CIRCLE_OUTLINE, ft.Colors.PRIMARY),
}


@dataclass(frozen=True)
class PhotoWays:
    """Tells of the photos of one record. `lacks`: names of those that the server misses; `may_ask`: whether the person
    may ask for one again."""

    opened: Opened
    record: str
    lacks: Collection[str] = ()
    may_ask: bool = False

    def is_nowhere(self, photo: Photo) -> bool:
        """Tell whether neither a photo nor its small copy is with the server or here: there is nothing to look at."""
        if self.opened.session.carrier.way(photo.sha256) is not None:
            return False
        return photo.sha256 in self.lacks and (not photo.small or photo.small in self.lacks)

    def under(self, photo: Photo) -> list[ft.Control]:
        """Return what stands under a photo: how it stands, and the buttons of what can be done about it."""
        way = self.opened.session.carrier.way(photo.sha256)
        if way is None:
            if photo.sha256 in self.lacks:
                return self._missing(photo)
            # It is in what the server told, and not among what it misses.
            return [way_line(self.opened, PhotoWay(PhotoState.SENT, 0, 0))]
        parts = [way_line(self.opened, way)]
        if buttons := self._buttons(photo, way.state):
            # Two of them and the words do not fit beside each other on a small phone.
            parts.append(ft.Row(spacing=4, wrap=True, controls=buttons))
        return [ft.Column(spacing=0, controls=parts)]

    def _buttons(self, photo: Photo, state: PhotoState) -> list[ft.Control]:
        """Return what a person can say about a photo of this phone."""
        words, carrier, name = self.opened.words.photos, self.opened.session.carrier, photo.sha256[:8]
        go_on = words.go_on if state is PhotoState.PAUSED else words.resume
        resume = _button(go_on, f"resume-{name}", lambda: carrier.resume(photo))
        pause = _button(words.pause, f"pause-{name}", lambda: carrier.pause(photo))
        cancel = _button(words.cancel, f"cancel-{name}", lambda: carrier.cancel(photo))
        offered: Mapping[PhotoState, list[ft.Control]] = {
            PhotoState.WAITING: [pause, cancel],
            PhotoState.TEXT_ONLY: [pause, cancel],
            PhotoState.FOR_WIFI: [pause, cancel],
            PhotoState.SENDING: [pause, cancel],
            PhotoState.PAUSED: [resume, cancel],
            PhotoState.CANCELLED: [resume],
            PhotoState.REFUSED: [resume],
        }
        return offered.get(state, [])

    def _missing(self, photo: Photo) -> list[ft.Control]:
        words, page = self.opened.words, ft.context.page

        async def ask() -> None:
            failure = await self.opened.session.gallery.ask_again(self.record, photo)
            say(page, words.photos.asked if failure is None else sentence(failure.code, self.opened.language))

        icon = ft.Icon(ft.Icons.HOURGLASS_EMPTY, size=16, color=ft.Colors.TERTIARY)
        text = ft.Text(words.photos.missing, size=13, color=ft.Colors.TERTIARY, expand=True)
        parts: list[ft.Control] = [ft.Row(spacing=4, controls=[icon, text])]
        if self.may_ask:
            parts.append(_button(words.photos.ask, f"ask-{photo.sha256[:8]}", lambda: start(page, ask)))
        return [ft.Column(spacing=0, controls=parts)]


def way_line(opened: Opened, way: PhotoWay) -> ft.Control:
    """Return shape and words of how a photo stands."""
    percent = 100 * way.sent // way.size if way.size else 0
    text = str(getattr(opened.words.photos, f"state_{way.state.value}", "")).format(percent=percent)
    if way.state is PhotoState.REFUSED:
        text = sentence(way.reason, opened.language)
    icon, colour = _LOOKS[way.state]
    return ft.Row(
        spacing=4,
        vertical_alignment=ft.CrossAxisAlignment.START,
        controls=[ft.Icon(icon, size=16, color=colour), ft.Text(text, size=13, color=colour, expand=True)],
    )


@part
def PhotoStanding(photo: Photo) -> ft.Control:  # noqa: N802
    """Draw how a photo of this phone stands, where nothing can be done about it; of any other nothing is known here."""
    opened = use_model()
    way = opened.session.carrier.way(photo.sha256)
    return ft.Container(content=way_line(opened, way) if way else None)


def _button(word: str, key: str, act: Callable[[], None]) -> ft.Control:
    return ft.TextButton(word, key=key, on_click=act)
