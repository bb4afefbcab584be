"""What a person sees when another tab has the store, when the phone is full, and when something could not be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field, replace

import flet as ft
import pytest

from lumbung_client.main import draw
from lumbung_client.session.door import ASKING_TRIES, Door, Standing
from lumbung_client.session.ports import Ports
from lumbung_client.session.session import Session
from lumbung_client.store.durable import StorageNumbers, StoreUnreadable
from lumbung_client.store.durable_memory import MemoryFile, MemoryFiles
from lumbung_client.ui.texts import LANGUAGES, Texts
from tests.client.fakes import FakeServer, FakeTimer, Phone
from tests.client.phones import logged, settled
from tests.client.tabs import Browser, Tab, TabLine, turns
from tests.client.ui.flutterless import Screen
from tests.client.ui.stage import KIND, played

PLENTY = 10_000_000


@dataclass
class Drive(MemoryFiles):
    """A folder on a phone whose room and promise a test sets. `broken`: the folder cannot be read."""

    free: int | None = None
    persisted: bool | None = None
    broken: bool = False

    async def open(self, name: str) -> MemoryFile:
        if self.broken:
            raise StoreUnreadable("not ours")
        return await super().open(name)

    async def numbers(self) -> StorageNumbers:
        return StorageNumbers(self.persisted, self.free, None if self.free is None else 1_000_000_000, 1_250_000)


@dataclass
class App:
    """The whole app on one page."""

    screen: Screen
    door: Door
    files: Drive
    ports: Ports
    left: list[object] = field(default_factory=list)

    @property
    def session(self) -> Session:
        assert self.door.session is not None
        return self.door.session

    async def open_form(self) -> str:
        await self.screen.go("/catat")
        await self.screen.press(f"kind-{KIND}")
        return str(self.screen.page.route).rpartition("/")[2]

    def saved(self, record: str) -> str:
        draft = self.session.draft(record)
        return "" if draft is None else str(draft.answers.get("agenda", ""))

    async def type_until(self, text: str, shown: str) -> None:
        await self.screen.type("agenda", text)
        await self.screen.until(lambda: self.screen.shows(shown))

    def field(self) -> str:
        return str(self.screen.find(ft.TextField, key="agenda").value)


async def enrolled_phone(files: Drive) -> Phone:
    phone = Phone(FakeServer(), files=files)
    session = await Session.open(phone.ports())
    assert await session.enrol(phone.server.add("siti")) is None
    await settled(session)
    await session.close()
    return phone


@asynccontextmanager
async def app_on(ports: Ports, width: float = 360) -> AsyncIterator[App]:
    """Draw the app as its entry point does."""
    doors: list[Door] = []

    async def main(page: ft.Page) -> None:
        doors.append(await draw(page, ports))

    assert isinstance(ports.files, Drive)
    async with Screen(main, width=width) as screen:
        await screen.settle()
        try:
            yield App(screen, doors[0], ports.files, ports)
        finally:
            await doors[0].close()


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_second_tab_says_so_in_the_persons_language_and_opens_when_the_first_is_closed(language: str) -> None:
    words: Texts = LANGUAGES[language]

    async def act() -> None:
        phone = await enrolled_phone(Drive())
        browser = Browser(phone)
        first = Tab(browser.ports())
        await first.door.open()
        assert first.door.session is not None
        first.door.session.set_language(language)
        logged(first.door.session, "Melati")
        async with app_on(replace(browser.ports(), language=language)) as second:
            assert second.screen.shows(words.elsewhere_title)
            assert second.screen.shows(words.use_here)
            await first.door.close()
            assert isinstance(second.ports.timer, FakeTimer)
            second.ports.timer.fire()
            await second.screen.until(lambda: second.screen.shows("Melati"))

    played(act())


def test_a_tap_moves_the_app_here_and_what_was_just_typed_in_the_other_tab_is_saved() -> None:
    async def act() -> None:
        phone = await enrolled_phone(Drive())
        browser = Browser(phone)
        async with app_on(browser.ports()) as first:
            record = await first.open_form()
            await first.screen.type("agenda", "Melati")
            second = Tab(browser.ports())
            await second.door.take_over()
            await first.screen.until(lambda: first.screen.shows("Lumbung dilanjutkan di tab lain"))
            assert first.screen.shows("sudah tersimpan")
            assert second.door.session is not None
            draft = second.door.session.draft(record)
            assert draft is not None
            assert draft.answers["agenda"] == "Melati"
            # And back again, to the same form.
            await first.screen.press("use-here")
            await first.screen.until(lambda: first.door.standing is Standing.OPEN)
            await first.screen.settle()
            assert first.field() == "Melati"
            assert second.door.standing is Standing.GAVE_WAY
            await second.door.close()

    played(act())


def test_a_tab_that_does_not_answer_has_to_be_closed_and_that_is_said() -> None:
    async def act() -> None:
        browser = Browser(await enrolled_phone(Drive()))
        first = Tab(browser.ports())
        await first.door.open()
        first.line.frozen = True
        async with app_on(browser.ports()) as second:
            await second.screen.press("use-here")
            assert second.screen.shows("Memindahkan Lumbung ke sini…")
            assert isinstance(second.ports.timer, FakeTimer)
            for _ in range(ASKING_TRIES):
                second.ports.timer.fire()
                await turns()
            await second.screen.until(lambda: second.screen.shows("Tab lain tidak menjawab"))
            assert isinstance(second.ports.handover, TabLine)
            first.line.frozen = False
            await second.screen.press("use-here")
            await second.screen.until(lambda: second.screen.shows("Belum ada kegiatan"))
        await first.door.close()

    played(act())


def test_a_second_window_of_a_native_app_waits_without_a_button() -> None:
    async def act() -> None:
        phone = await enrolled_phone(Drive())
        first = await Session.open(phone.ports())
        async with app_on(phone.ports()) as second:
            assert second.screen.shows("Lumbung sedang terbuka di jendela lain")
            assert not second.screen.all(ft.FilledButton)
            await first.close()
            phone.timer.fire()
            await second.screen.until(lambda: second.screen.shows("Belum ada kegiatan"))

    played(act())


def test_the_next_screen_of_a_process_opens_the_store_once_the_one_before_it_is_gone() -> None:
    async def act() -> None:
        phone = await enrolled_phone(Drive())
        async with app_on(phone.ports()) as first:
            logged(first.session, "Melati")
            async with app_on(phone.ports()) as second:
                assert second.screen.shows("Lumbung sedang terbuka di jendela lain")
                # What Flet says to a screen that the phone's system has ended, in a context of its own.
                await asyncio.create_task(first.screen.fire(first.screen.page, "close"))
                phone.timer.fire()
                await second.screen.until(lambda: second.screen.shows("Melati"))

    played(act())


def test_a_store_that_cannot_be_read_leads_to_the_page_that_saves_the_raw_files() -> None:
    async def act() -> None:
        phone = await enrolled_phone(Drive(broken=False))
        files = phone.files
        assert isinstance(files, Drive)
        files.broken = True
        async with app_on(replace(phone.ports(), rescue_page="/selamatkan.html")) as app:
            assert app.screen.shows("Lumbung belum bisa dibuka")
            way_out = app.screen.find(ft.OutlinedButton, key="rescue-page").action
            assert isinstance(way_out, ft.OpenUrl)
            assert way_out.url == "/selamatkan.html"
            files.broken = False
            await app.screen.press("try-again")
            await app.screen.until(lambda: app.screen.shows("Belum ada kegiatan"))

    played(act())


def test_little_room_is_said_above_the_list_in_the_form_and_in_the_settings() -> None:
    async def act() -> None:
        files = Drive(free=34_500_000, persisted=True)
        phone = await enrolled_phone(files)
        async with app_on(phone.ports()) as app:
            warning = "Penyimpanan ponsel hampir penuh: sisa sekitar 34\u00a0MB."
            assert app.screen.shows(warning)
            await app.open_form()
            assert app.screen.shows(warning)
            await app.screen.go("/pengaturan")
            assert app.screen.shows(warning)
            assert app.screen.shows("Dipakai Lumbung: 1\u00a0MB. Sisa penyimpanan: sekitar 34\u00a0MB.")
            files.free = 500_000_000
            await app.screen.fire(app.screen.page, "app_lifecycle_state_change", {"state": "resume"})
            await app.screen.until(lambda: not app.screen.shows(warning))
            assert app.screen.shows("Sisa penyimpanan: lebih dari 50\u00a0MB."), "a browser tells everybody 10 GB"
            files.free = 0
            await app.screen.fire(app.screen.page, "app_lifecycle_state_change", {"state": "resume"})
            await app.screen.until(lambda: app.screen.shows("hampir penuh: sisa kurang dari 1\u00a0MB."))

    played(act())


def test_a_promise_that_was_not_given_can_be_asked_for_again() -> None:
    async def act() -> None:
        files = Drive(free=500_000_000, persisted=False)
        phone = await enrolled_phone(files)

        async def ask() -> bool:
            files.persisted = True
            return True

        async with app_on(replace(phone.ports(), ask_to_keep=ask)) as app:
            await app.screen.go("/pengaturan")
            assert app.screen.shows("peramban bisa menghapus data Lumbung")
            await app.screen.press("ask-to-keep")
            await app.screen.until(lambda: not app.screen.shows("peramban bisa menghapus data Lumbung"))
            assert app.screen.shows("tidak akan menghapus data Lumbung")

    played(act())


def test_pieces_set_aside_at_an_earlier_start_are_still_told_of() -> None:
    async def act() -> None:
        phone = await enrolled_phone(Drive())
        (await phone.files.open("segment-1.damaged-1")).close()
        async with app_on(phone.ports()) as app:
            await app.screen.go("/pengaturan")
            assert app.screen.shows("Data itu disisihkan (1 berkas), tidak dihapus.")

    played(act())


def test_data_that_could_not_be_read_is_told_where_the_person_looks_first() -> None:
    async def act() -> None:
        phone = await enrolled_phone(Drive())
        for name in await phone.files.names():
            if name != "journal":
                file = await phone.files.open(name)
                file.truncate(0)
                file.write_at(0, b"spoilt" * 50)
                file.flush()
                file.close()
        async with app_on(phone.ports()) as app:
            assert app.screen.shows("Daftarkan ponsel ini")
            assert app.screen.shows("Sebagian data di ponsel ini tidak terbaca.")

    played(act())


def test_a_full_phone_keeps_what_was_typed_on_the_screen_and_saves_it_at_the_next_key() -> None:
    async def act() -> None:
        files = Drive()
        phone = await enrolled_phone(files)
        async with app_on(phone.ports()) as app:
            record = await app.open_form()
            await app.type_until("Mel", "Mel")
            await app.screen.until(lambda: app.saved(record) == "Mel")
            files.room = files.used()
            await app.type_until("Melati", "BELUM tersimpan")
            assert app.screen.shows("Penyimpanan ponsel penuh")
            await asyncio.sleep(0.1)
            await app.screen.settle()
            assert (app.field(), app.saved(record)) == ("Melati", "Mel")
            # Also a choice, which is saved at once, stays where the person sees it.
            before = app.screen.find(ft.Checkbox, key="partners=lpm")
            await app.screen.change("partners=lpm", True)
            await app.screen.settle()
            assert before.key
            assert app.screen.find(ft.Checkbox, key="partners=lpm").value is True
            files.room = PLENTY
            await app.screen.type("agenda", "Melati Indah")
            await app.screen.until(lambda: app.saved(record) == "Melati Indah")
            await app.screen.until(lambda: not app.screen.shows("BELUM tersimpan"))
            draft = app.session.draft(record)
            assert draft is not None
            assert draft.answers["partners"] == ["lpm"]

    played(act())


def test_after_making_room_a_button_saves_what_was_typed() -> None:
    async def act() -> None:
        files = Drive()
        phone = await enrolled_phone(files)
        async with app_on(phone.ports()) as app:
            record = await app.open_form()
            files.room = files.used()
            await app.type_until("Melati", "BELUM tersimpan")
            await app.screen.press("finish")
            await app.screen.press("save-draft")
            assert app.field() == "Melati", "nothing leads out of the form while it is not saved"
            await app.screen.press("save-again")
            await app.screen.settle()
            assert app.screen.shows("BELUM tersimpan")
            files.room = PLENTY
            await app.screen.press("save-again")
            await app.screen.until(lambda: app.saved(record) == "Melati")
            assert not app.screen.shows("BELUM tersimpan")
            await app.screen.press("finish")
            await app.screen.until(lambda: app.screen.shows("Terkirim"))

    played(act())


def test_a_write_that_failed_once_is_made_again_without_a_tap() -> None:
    async def act() -> None:
        files = Drive()
        phone = await enrolled_phone(files)
        async with app_on(phone.ports()) as app:
            record = await app.open_form()
            files.failing_flushes = 1
            await app.screen.type("agenda", "Melati")
            await app.screen.until(lambda: app.saved(record) == "Melati")
            assert not app.screen.shows("BELUM tersimpan")

    played(act())


def test_what_was_typed_outlives_the_screen_when_the_store_cannot_be_opened_again() -> None:
    async def act() -> None:
        files = Drive()
        phone = await enrolled_phone(files)
        async with app_on(phone.ports()) as app:
            record = await app.open_form()
            await app.screen.until(lambda: app.session.draft(record) is not None)
            files.failing_flushes = 1
            files.broken = True
            await app.type_until("Melati", "BELUM tersimpan")
            assert app.field() == "Melati"
            await app.screen.go("/")
            assert app.screen.shows("BELUM tersimpan")
            files.broken = False
            await app.screen.press("save-again")
            await app.screen.until(lambda: app.saved(record) == "Melati")
            await app.screen.until(lambda: not app.screen.shows("BELUM tersimpan"))

    played(act())


def test_what_was_typed_last_is_saved_when_the_page_is_about_to_go() -> None:
    async def act() -> None:
        phone = await enrolled_phone(Drive())
        left: list[Callable[[], object]] = []
        async with app_on(replace(phone.ports(), on_leaving=left.append)) as app:
            record = await app.open_form()
            await app.screen.type("agenda", "Melati")
            assert app.saved(record) == ""
            Context().run(left[0])
            assert app.saved(record) == "Melati"

    played(act())


def test_a_phone_that_is_full_from_the_start_shows_what_it_holds() -> None:
    async def act() -> None:
        files = Drive()
        phone = await enrolled_phone(files)
        session = await Session.open(phone.ports())
        logged(session, "Melati")
        await settled(session)
        await session.close()
        files.refused_from = files.turn
        async with app_on(phone.ports()) as app:
            assert app.screen.shows("Melati")
            assert app.screen.shows("belum bisa menyimpan")
            files.refused_from = None
            await app.screen.press("save-again")
            await app.screen.until(lambda: not app.screen.shows("belum bisa menyimpan"))

    played(act())
