"""A form with a question of every type, filled in on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import flet as ft
import pytest

from lumbung_client.session.gallery import photo_in
from lumbung_client.session.ports import Shrunk
from lumbung_client.store.entries import GONE, OWNER, put, put_record
from lumbung_client.store.local_store import Name
from lumbung_client.store.pictures import digest_of
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.canonical import Json
from lumbung_shared.forms import rows
from lumbung_shared.ids import uuid7
from lumbung_shared.photos import LONGEST_EDGE, THUMBNAIL_EDGE
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Grant
from lumbung_shared.records import Head, RecordState
from tests.client.every_type import GOODS, KIND, every_type, offered
from tests.client.fakes import PICTURE, VILLAGE, shrunk
from tests.client.ui.stage import Stage, on_stage, played

STALL, SIGN = PICTURE + b" of the stall", PICTURE + b" of the sign"


@pytest.fixture(autouse=True)
def form() -> Iterator[None]:
    with offered(every_type()):
        yield


def answers(stage: Stage, record: str) -> dict[str, Json]:
    draft = stage.session.draft(record)
    assert draft is not None
    return dict(draft.answers)


def stall_photos(stage: Stage, record: str) -> list[str]:
    found = (photo_in(cells["photo"]) for cells in rows("stall", answers(stage, record)).values())
    return [photo.sha256 for photo in found if photo]


async def take(stage: Stage, key: str, *pictures: bytes) -> None:
    """Choose pictures as the phone's own dialog answers."""
    action: Any = stage.screen.find(ft.OutlinedButton, key=key).action
    files = [{"id": n, "name": f"IMG_{n}.jpg", "size": len(it), "bytes": it} for n, it in enumerate(pictures)]
    await stage.screen.fire(action.file_picker, "result", {"files": files})
    await stage.screen.until(lambda: not stage.screen.shows("Menyimpan foto"))


def test_every_type_of_question_has_its_control() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind(KIND)
            keys = {str(getattr(control, "key", None)) for control in stage.screen.walk()}
            for item in every_type().questions:
                first = item.options[0].value if item.options else ""
                wanted = {item.name, f"add-{item.name}", f"{item.name}.l", f"{item.name}={first}"}
                assert keys & wanted or item.type == "calculated", item.name
            assert stage.screen.shows("Mintalah izin dulu.\nJangan memotret wajah.")
            assert stage.screen.shows("Tentang kunjungan")
            assert stage.screen.shows("Diisi di pasar.")
            assert not stage.screen.shows("Isian ini memerlukan")

    played(act())


def test_one_of_many_options_is_searched_and_a_tap_chooses_it() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            assert stage.screen.find(ft.TextField, key="main").value == ""
            await stage.screen.press("main")
            assert all(stage.screen.all(ft.ListTile, key=f"option-{name.lower()}") for name in GOODS)
            await stage.screen.type("options-search", "A ika")
            assert not stage.screen.all(ft.ListTile, key="option-beras")
            await stage.screen.type("options-search", "ikan asin")
            assert stage.screen.shows("Tidak ada pilihan yang cocok.")
            await stage.screen.type("options-search", "IKA")
            await stage.screen.press("option-ikan")
            assert answers(stage, record)["main"] == "ikan"
            assert not any(sheet.open for sheet in stage.screen.all(ft.BottomSheet))
            assert stage.screen.find(ft.TextField, key="main").value == "Ikan"
            await stage.screen.press("main")
            await stage.screen.press("options-clear")
            assert "main" not in answers(stage, record)

    played(act())


def test_several_of_many_options_are_ticked_and_kept_at_each_tick() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.press("goods")
            for name in ("udang", "beras", "kopi", "kopi"):
                await stage.screen.fire(stage.screen.find(ft.Checkbox, key=f"option-{name}"), "change", True)
            assert answers(stage, record)["goods"] == ["beras", "udang"]
            await stage.screen.press("options-done")
            assert stage.screen.find(ft.TextField, key="goods").value == "Beras, Udang"

    played(act())


def test_a_person_of_a_whole_city_searches_the_place_among_its_villages() -> None:
    async def act() -> None:
        async with on_stage(Grant("64.74", "regency-coordinator")) as stage:
            record = await stage.open_kind(KIND)
            names = {f"64.74.03.{1000 + n}": f"Desa {n}" for n in range(20)}
            owner = stage.session._content.owner
            assert owner is not None
            places = {**owner.regions, **names}
            stage.session._store.apply([put(Name.META, OWNER, replace(owner, regions=places))])
            await stage.screen.settle()
            await stage.screen.press("region")
            await stage.screen.type("options-search", "desa 17")
            await stage.screen.press("option-64.74.03.1017")
            assert answers(stage, record)["region"] == "64.74.03.1017"

    played(act())


def test_no_more_rows_than_the_form_allows_can_be_added() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind(KIND)
            await stage.screen.press("add-sales")
            await stage.screen.press("add-sales")
            assert not stage.screen.all(ft.OutlinedButton, key="add-sales")
            assert stage.screen.shows("Paling banyak 2.")
            assert stage.screen.shows("Jumlah"), "the heading of a group in a row"
            remove = next(one for one in stage.screen.all(ft.IconButton) if str(one.key).startswith("remove-"))
            await stage.screen.fire(remove, "click")
            assert stage.screen.all(ft.OutlinedButton, key="add-sales")

    played(act())


def test_photos_are_taken_captioned_and_removed_after_a_question() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.type("name", "Bu N")
            await take(stage, "add-stall", STALL, SIGN)
            assert stall_photos(stage, record) == [digest_of(b"%d " % LONGEST_EDGE + one) for one in (STALL, SIGN)]
            await stage.screen.until(lambda: len(stage.screen.all(ft.Image)) == 2)
            assert stage.screen.find(ft.Image).semantics_label == "Foto 1"
            row = next(iter(rows("stall", answers(stage, record))))
            await stage.screen.type(f"stall/{row}/caption", "Dari depan")
            await stage.screen.press(f"remove-{row}")
            assert stage.screen.shows("Hapus foto ini?")
            await stage.screen.press("confirm-yes")
            assert len(stall_photos(stage, record)) == 1
            assert answers(stage, record)["name"] == "Bu N"
            assert len(stage.screen.all(ft.Image)) == 1

    played(act())


def test_photos_are_moved_by_buttons_that_say_which_and_end_at_both_ends() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await take(stage, "add-stall", STALL)
            assert not [it for it in stage.screen.all(ft.IconButton) if str(it.key).startswith("up-")]
            await take(stage, "add-stall", SIGN)
            first, second = rows("stall", answers(stage, record))
            for key, words in (
                (f"up-{first}", "Foto 1 sudah paling awal."),
                (f"down-{second}", "Foto 2 sudah paling akhir."),
            ):
                await stage.screen.press(key)
                assert stage.screen.shows(words)
                assert list(rows("stall", answers(stage, record))) == [first, second]
            labels = [it.label for it in stage.screen.all(ft.Semantics) if isinstance(it.content, ft.IconButton)]
            assert "Majukan foto 2" in labels
            await stage.screen.press(f"up-{second}")
            assert list(rows("stall", answers(stage, record))) == [second, first]
            cards = [str(it.key) for it in stage.screen.all(ft.Container) if str(it.key).startswith("card-")]
            assert cards == [f"card-{second}", f"card-{first}"]
            await stage.screen.press(f"down-{second}")
            assert list(rows("stall", answers(stage, record))) == [first, second]

    played(act())


def test_more_photos_than_there_is_room_for_are_left_out_and_said() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await take(stage, "add-stall", STALL)
            await take(stage, "add-stall", *(PICTURE + bytes([n]) for n in range(5)))
            assert len(stall_photos(stage, record)) == 3
            assert stage.screen.shows("Paling banyak 3.")
            assert not stage.screen.all(ft.OutlinedButton, key="add-stall")

    played(act())


def test_of_several_photos_the_bad_one_is_named_and_all_others_are_kept() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await take(stage, "add-stall", STALL, b"a text", SIGN)
            assert stage.screen.shows(f"IMG_1.jpg: {sentence(Code.PHOTO_UNREADABLE, 'id')}")
            assert not stage.screen.shows("IMG_0.jpg")
            assert stall_photos(stage, record) == [digest_of(b"%d " % LONGEST_EDGE + one) for one in (STALL, SIGN)]
            await take(stage, "add-stall", PICTURE)
            assert not stage.screen.shows("IMG_1.jpg")

    played(act())


def test_a_photo_that_cannot_be_read_or_kept_is_said_where_it_was_taken() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await take(stage, "sign", b"a text")
            assert stage.screen.shows(sentence(Code.PHOTO_UNREADABLE, "id"))
            await take(stage, "sign", SIGN)
            assert not stage.screen.shows(sentence(Code.PHOTO_UNREADABLE, "id"))
            assert "sign" in answers(stage, record)
            assert stage.screen.find(ft.OutlinedButton, key="sign").content == "Ganti foto"
            await stage.screen.press("remove-sign")
            await stage.screen.press("confirm-yes")
            assert "sign" not in answers(stage, record)

    played(act())


def test_an_activity_with_photos_shows_them_and_says_that_they_wait_here() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.type("name", "Bu Nur")
            await take(stage, "add-stall", STALL)
            await stage.screen.press("finish")
            await stage.settle()
            assert stage.screen.shows("Teks terkirim")
            assert stage.screen.shows("Foto 0/1")
            assert stage.screen.shows("1 foto menunggu")
            assert not stage.screen.shows("Semua sudah terkirim")
            await stage.screen.go("/kirim")
            assert stage.screen.shows("1 foto masih menunggu di ponsel ini, jadi jangan hapus data Lumbung.")
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("1 foto masih menunggu di ponsel ini.")
            await stage.screen.until(lambda: len(stage.screen.all(ft.Image)) == 1)
            assert stage.screen.shows("Foto lapak 1")

    played(act())


def test_a_photo_that_is_on_another_phone_says_so() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.type("name", "Bu Nur")
            photo: Json = {"sha256": "0" * 64, "bytes": 1, "width": 1, "height": 1}
            stage.session.answer(record, "sign", photo)
            await stage.screen.press("finish")
            await stage.settle()
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.until(lambda: stage.screen.shows("Foto ini tidak ada di ponsel ini."))
            assert stage.session.photos.waiting() == 0

    played(act())


async def made_small(content: bytes, edge: int) -> Shrunk | Code:
    """Make a picture small, so that its small copy is one."""
    return await shrunk(content[:40] if edge == THUMBNAIL_EDGE else content, edge)


async def visited(stage: Stage, content: bytes = STALL) -> tuple[str, str]:
    """Finish a visit with one photo that waits, open it, and return its record and the photo's name."""
    record = await stage.open_kind(KIND)
    await stage.screen.type("name", "Bu Nur")
    await take(stage, "add-stall", content)
    await stage.screen.press("finish")
    await stage.settle()
    await stage.screen.go(f"/kegiatan/{record}")
    view = stage.session.activity(record)
    assert view is not None
    (photo,) = filter(None, map(photo_in, view.answers.values()))
    return record, photo.sha256


def test_a_photo_on_its_way_says_how_it_stands_and_can_be_paused() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            _, name = await visited(stage)
            assert stage.screen.shows("Menunggu dikirim")
            await stage.screen.press(f"pause-{name[:8]}")
            await stage.screen.until(lambda: stage.screen.shows("Ditunda"))
            await stage.screen.press(f"resume-{name[:8]}")
            await stage.screen.until(lambda: stage.screen.shows("Menunggu dikirim"))
            stage.session.pictures.confirmed(name)
            await stage.screen.until(lambda: stage.screen.shows("Sudah diterima server"))
            assert not stage.screen.all(ft.TextButton, key=f"pause-{name[:8]}")

    played(act())


def test_a_photo_that_is_not_to_be_sent_says_so_everywhere_and_is_sent_when_wanted() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record, name = await visited(stage)
            await stage.screen.press(f"cancel-{name[:8]}")
            await stage.screen.until(lambda: stage.screen.shows("Tidak dikirim, tetap disimpan di ponsel ini"))
            assert stage.screen.shows("1 foto tidak dikirim karena Anda membatalkannya")
            assert not stage.screen.all(ft.TextButton, key=f"pause-{name[:8]}")
            await stage.screen.go("/")
            assert stage.screen.shows("Teks terkirim, 1 foto tidak dikirim")
            assert stage.screen.shows("Foto 0/1, 1 tidak dikirim")
            assert not stage.screen.shows("Semua sudah terkirim")
            assert not stage.screen.shows("menunggu")
            await stage.screen.go("/kirim")
            assert stage.screen.shows("1 foto tidak dikirim karena Anda membatalkannya.")
            assert not stage.screen.shows("masih menunggu")
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press(f"resume-{name[:8]}")
            await stage.screen.until(lambda: stage.screen.shows("Menunggu dikirim"))
            await stage.screen.press(f"pause-{name[:8]}")
            await stage.screen.until(lambda: bool(stage.screen.all(ft.TextButton, key=f"cancel-{name[:8]}")))

    played(act())


def test_a_photo_that_the_server_refused_says_why_and_is_sent_again_by_a_tap() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            _, name = await visited(stage)
            stage.session.pictures.note(name, held=Code.PHOTO_REFUSED)
            await stage.screen.until(lambda: stage.screen.shows("Server tidak dapat menerima berkas ini sebagai foto."))
            await stage.screen.press(f"resume-{name[:8]}")
            await stage.screen.until(lambda: stage.screen.shows("Menunggu dikirim"))

    played(act())


def test_a_photo_is_shown_large_by_a_tap() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            _, name = await visited(stage)
            await stage.screen.until(lambda: bool(stage.screen.all(ft.Image)))
            await stage.screen.press(f"photo-{name[:8]}")
            await stage.screen.until(lambda: bool(stage.screen.all(ft.InteractiveViewer)))
            await stage.screen.press("photo-close")
            await stage.screen.until(lambda: not any(it.open for it in stage.screen.all(ft.AlertDialog)))

    played(act())


def test_photos_that_were_sent_are_cleared_from_the_phone_and_say_where_they_are() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.go("/pengaturan")
            assert not stage.screen.all(ft.Text, key="photo-room")
            stage.session.photos._ports = replace(stage.session.photos._ports, shrink=made_small)
            record, name = await visited(stage, STALL + bytes(1_000_000))
            await stage.screen.go("/pengaturan")
            assert stage.screen.shows("Foto di ponsel ini: 1 (1\u00a0MB).\nBelum ada di server: 1.")
            assert not stage.screen.all(ft.OutlinedButton, key="empty-photos")
            for picture in stage.session.pictures.unconfirmed():
                stage.session.pictures.confirmed(picture.sha256)
            await stage.screen.until(lambda: bool(stage.screen.all(ft.OutlinedButton, key="empty-photos")))
            assert stage.screen.shows("bisa dihapus dari ponsel ini: 1 foto, 1\u00a0MB.")
            await stage.screen.press("empty-photos")
            assert stage.screen.shows("Hapus 1 foto dari ponsel ini?")
            await stage.screen.press("confirm-yes")
            await stage.screen.until(lambda: stage.screen.shows("Ruang 1\u00a0MB sudah dikosongkan."))
            await stage.screen.until(lambda: not stage.screen.all(ft.OutlinedButton, key="empty-photos"))
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("Di ponsel ini tinggal foto kecilnya")
            stage.session.pictures.note(name, held=GONE)
            await stage.screen.until(lambda: stage.screen.shows("server mungkin tidak punya lagi"))

    played(act())


def test_whoever_saves_data_is_told_that_whole_photos_wait() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.go("/pengaturan")
            await stage.screen.change("sparing", value=True)
            assert stage.session.is_sparing
            await visited(stage)
            await stage.screen.go("/kirim")
            assert stage.screen.shows("Foto ukuran penuh menunggu Wi-Fi.")

    played(act())


def test_a_photo_that_the_server_misses_is_asked_for_again_by_who_coordinates() -> None:
    async def act() -> None:
        async with on_stage(Grant("64.74", "regency-coordinator")) as stage:
            asked: list[Request] = []

            def answer(request: Request) -> Response:
                asked.append(request)
                return Response(204, {}, b"")

            stage.server.photos = answer
            photo: Json = {"sha256": "a" * 64, "bytes": 9, "width": 4, "height": 3}
            head = Head(
                "9" * 16, 1, {"region": VILLAGE, "name": "Bu Nur", "date": "2026-11-20", "sign": photo}, by="ani"
            )
            state = RecordState(uuid7(1, b"0123456789"), KIND, 1, "1", "ani", (head,), lacks=("a" * 64,))
            stage.session._store.apply([put_record(state)])
            await stage.screen.go(f"/umpan/{state.record}")
            assert stage.screen.shows("Foto ini belum sampai di server.")
            assert not stage.screen.shows("Foto ini tidak ada di ponsel ini.")
            await stage.screen.press("ask-aaaaaaaa")
            await stage.screen.until(lambda: stage.screen.shows("Sudah diminta."))
            assert [one.path for one in asked] == ["/api/v1/photos/wanted"]

    played(act())
