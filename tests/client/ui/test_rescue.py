"""*Pengaturan* saves what waits to a file and brings a file back, and says in words what came of it."""

from __future__ import annotations

from typing import Any

import flet as ft

from lumbung_client.session.views import RescueFile
from lumbung_shared.problems import sentence
from tests.client.fakes import Phone
from tests.client.phones import logged, opened
from tests.client.ui.stage import Stage, on_stage, played


async def pick(stage: Stage, content: bytes | None) -> None:
    """Choose a file, or none, as the browser's own dialog answers."""
    button = stage.screen.find(ft.OutlinedButton, key="rescue-bring")
    action: Any = button.action
    files = [] if content is None else [{"id": 0, "name": "a.zip", "size": len(content), "bytes": content}]
    await stage.screen.fire(action.file_picker, "result", {"files": files})
    await stage.settle()


def test_saving_says_how_many_are_in_the_file_and_how_to_send_it() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            logged(stage.session, "Melati")
            await stage.settle()
            await stage.screen.go("/kirim")
            await stage.screen.press("to-rescue")
            assert stage.screen.shows("1 kegiatan di ponsel ini belum diterima server.")
            stage.screen.connection.answers["save_file"] = "/Download/berkas.zip"
            await stage.screen.press("rescue-save")
            await stage.screen.until(lambda: stage.screen.shows("1 kegiatan disimpan di berkas lumbung-siti-"))
            assert stage.screen.shows("WhatsApp")
            assert "save_file" in stage.screen.connection.calls
            stage.screen.connection.answers["save_file"] = None
            await stage.screen.press("rescue-save")
            await stage.screen.until(lambda: stage.screen.shows("Berkas tidak jadi disimpan."))

    played(act())


def test_with_nothing_to_save_no_file_is_made() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.go("/pengaturan")
            await stage.screen.press("rescue-save")
            await stage.screen.until(lambda: stage.screen.shows("Tidak ada yang perlu disimpan ke berkas"))
            assert "save_file" not in stage.screen.connection.calls

    played(act())


def test_a_picked_file_is_brought_back_and_the_result_stays_on_the_screen() -> None:
    async def act() -> None:
        async with on_stage() as stage, opened(Phone(stage.server, seed=5)) as old:
            await old.enrol(stage.server.add("siti"))
            stage.server.down = True
            record = logged(old, "Melati")
            file = await old.rescue.file()
            assert isinstance(file, RescueFile)
            await stage.screen.go("/pengaturan")
            await pick(stage, None)
            assert stage.session.activities() == []
            await pick(stage, file.content)
            await stage.screen.until(lambda: stage.screen.shows("Sudah masuk ke ponsel ini: 1 kegiatan."))
            assert [row.record for row in stage.session.waiting()] == [record]
            await pick(stage, file.content)
            await stage.screen.until(lambda: stage.screen.shows("Semua isi berkas ini sudah ada"))
            await pick(stage, file.content[:50])
            await stage.screen.until(lambda: stage.screen.shows(sentence("rescue-damaged", "id")))

    played(act())


def test_somebody_elses_file_says_whose_it_is() -> None:
    async def act() -> None:
        async with on_stage() as stage, opened(Phone(stage.server, seed=5)) as old:
            await old.enrol(stage.server.add("budi"))
            logged(old, "Melati")
            file = await old.rescue.file()
            assert isinstance(file, RescueFile)
            await stage.screen.go("/pengaturan")
            await pick(stage, file.content)
            await stage.screen.until(lambda: stage.screen.shows("milik Budi"))

    played(act())


def test_photos_that_cannot_be_read_any_more_are_not_hidden() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.lost_pictures = 2
            await stage.screen.go("/pengaturan")
            assert stage.screen.shows("2 foto di ponsel ini tidak terbaca lagi")

    played(act())
