"""Photos in a form and in what is read: a small picture of each, and the button that takes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from lumbung_client.session.gallery import photo_in
from lumbung_client.session.views import Photo
from lumbung_client.ui.device.files import all_picked
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.focus import take_focus
from lumbung_client.ui.parts.layout import announced
from lumbung_client.ui.parts.photo_way import PhotoStanding
from lumbung_client.ui.parts.titled import titled
from lumbung_client.ui.safe import lay_over, part, say, start
from lumbung_client.ui.texts import Texts

HEIGHT = 160
Take = Callable[[bytes], Awaitable[str]]
NO_PICTURE: tuple[bool, bytes] = (False, b"")


def photo_question(asking: Asking) -> ft.Control:
    """Return the control of a question that one photo answers."""
    words, photo = asking.words, photo_in(asking.value)
    # The button keeps its place, and with it the focus, when there is a photo.
    parts: list[ft.Control] = [ft.Container(content=Thumbnail(photo, asking.label) if photo else None)]
    if photo:
        parts.append(PhotoStanding(photo))
    take = asking.take
    if take is not None:

        async def keep(content: bytes) -> str:
            return await take(asking.path, content)

        word = words.photos.retake if photo else words.photos.take
        parts.append(TakePhoto(asking.path, word, words, 1, keep))
        if photo:
            parts.append(
                ft.TextButton(
                    words.photos.remove,
                    key=f"remove-{asking.path}",
                    on_click=lambda: ask_to_remove(words, lambda: asking.answered(asking.path, None)),
                )
            )
    column = ft.Column(spacing=4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=parts)
    return titled(asking, column, heading=True)


def ask_to_remove(words: Texts, remove: Callable[[], None]) -> None:
    """Ask once more: what the camera just took may be nowhere else."""
    confirm(words.photos.remove_question, words.photos.remove_help, words.photos.remove, words.cancel, remove)


@part
def Thumbnail(photo: Photo, label: str) -> ft.Control:  # noqa: N802
    """Draw a small picture of a photo, or say that it is not on this phone. `label`: for those who do not see it."""
    opened = use_model()
    session, words = opened.session, opened.words
    looked, set_looked = ft.use_state(NO_PICTURE)

    async def look() -> None:
        set_looked(NO_PICTURE)
        content = await session.gallery.thumbnail(photo)
        set_looked((True, content or b""))

    ft.use_effect(look, [photo.sha256])
    done, content = looked
    inside: ft.Control = ft.ProgressRing(width=24, height=24)
    page = ft.context.page
    if content:

        async def show() -> None:
            await show_whole(page, opened, photo, label)

        picture = ft.Image(src=content, height=HEIGHT, fit=ft.BoxFit.CONTAIN, border_radius=8, semantics_label=label)
        inside = ft.Container(
            content=picture,
            key=f"photo-{photo.sha256[:8]}",
            on_click=lambda: start(page, show),
            tooltip=words.photos.open,
            # With ink a key reaches it, and the room around it shows that.
            ink=True,
            padding=4,
            border_radius=8,
        )
    elif done:
        icon = ft.Icon(ft.Icons.IMAGE_NOT_SUPPORTED_OUTLINED, color=ft.Colors.ON_SURFACE_VARIANT)
        inside = ft.Row(spacing=8, controls=[icon, ft.Text(words.photos.elsewhere, size=13, expand=True)])
    return ft.Container(
        height=HEIGHT if content or not done else None,
        alignment=ft.Alignment.CENTER_LEFT,
        content=inside,
    )


async def show_whole(page: ft.Page, opened: Opened, photo: Photo, label: str) -> None:
    """Show a photo as large as the screen, to be zoomed into; it is fetched when it is not on this phone."""
    words = opened.words
    content = await opened.session.gallery.whole(photo)
    if content is None:
        say(page, words.photos.not_now)
        return
    picture = ft.Image(src=content, fit=ft.BoxFit.CONTAIN, semantics_label=label)
    height = max(200, (page.height or 0) - 180)
    close: Callable[[], None] = lay_over(
        page,
        ft.AlertDialog(
            inset_padding=8,
            content_padding=8,
            content=ft.InteractiveViewer(picture, max_scale=6, width=page.width, height=height),
            actions=[ft.TextButton(words.photos.close, key="photo-close", on_click=lambda: close())],
        ),
    )


@part
def TakePhoto(  # noqa: N802
    key: str, word: str, words: Texts, room: int, take: Take
) -> ft.Control:
    """Draw the button that opens the camera or the gallery. `room`: how many more photos there may be, 0 for any.

    `take` keeps one picture and returns what went wrong, empty if nothing. One that cannot be kept does not hinder the
    others; of several it is called by the name of its file.
    """
    busy, set_busy = ft.use_state("")
    said, set_said = ft.use_state("")
    latest: ft.MutableRef[tuple[int, Take]] = ft.use_ref()
    latest.current = (room, take)

    async def took(event: ft.FilePickerResultEvent) -> None:
        free, keep = latest.current or (room, take)
        pictures = all_picked(event)
        taken = pictures[:free] if free else pictures
        problems = [words.photos.left_out.format(n=free)] if len(taken) < len(pictures) else []
        set_said("")
        try:
            for place, (name, content) in enumerate(taken, start=1):
                set_busy(words.photos.keeping.format(n=place, total=len(taken)))
                if wrong := await keep(content):
                    problems.append(f"{name}: {wrong}" if len(taken) > 1 else wrong)
        finally:
            set_busy("")
            set_said("\n".join(problems))

    # Asked for once: the question is drawn again and again, the picker must stay the same.
    picker = ft.use_memo(lambda: ft.FilePicker(on_result=took), [])
    ref = ft.use_memo(ft.Ref[ft.OutlinedButton], [])

    async def hold() -> None:
        # Else the field that was typed into last has the focus again when the camera is closed, and scrolls into sight.
        await take_focus(ref)

    button = ft.OutlinedButton(
        busy or word,
        ref=ref,
        key=key,
        on_click=hold,
        icon=ft.Icons.ADD_A_PHOTO_OUTLINED,
        # A browser lets a page ask for a file only while a tap is being handled.
        action=ft.PickFiles(picker, file_type=ft.FilePickerFileType.IMAGE, allow_multiple=room != 1, with_data=True),
    )
    parts: list[ft.Control] = [button]
    if said:
        parts.append(announced(ft.Text(said, size=12, color=ft.Colors.ERROR)))
    return ft.Column(spacing=4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=parts)
