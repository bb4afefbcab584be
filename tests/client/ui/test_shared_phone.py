"""What people see of it when several use one phone, and of the PIN: at no address anything of somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import flet as ft
import pytest

from lumbung_client.main import draw
from lumbung_client.session.admission import ENROL_PATH
from lumbung_client.session.door import Door, Standing
from lumbung_client.session.gate import UNUSED_MS
from lumbung_client.session.session import Session
from lumbung_client.store.durable_memory import MemoryFolders
from lumbung_client.sync.transport import Request, Response
from lumbung_client.ui.model import AppModel
from lumbung_client.ui.parts.finding import MANY
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.account import ResetDone
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant
from tests.client.fakes import FakeServer, Phone, message, problem
from tests.client.phones import logged, settled
from tests.client.tabs import turns
from tests.client.ui.flutterless import Screen
from tests.client.ui.stage import KIND, played, skip_introduction
from tests.client.ui.test_locked import ADDRESSES

WORDS, SAID = LANGUAGES["id"], LANGUAGES["id"].sharing
PIN, WRONG = "2580", "0000"
NEW = "padi menguning di sawah"


@dataclass
class App:
    """The whole app on one page of one phone."""

    screen: Screen
    door: Door
    phone: Phone

    @property
    def session(self) -> Session:
        assert self.door.session is not None
        return self.door.session

    async def press(self, key: str) -> None:
        await self.screen.press(key)
        await turns()
        await self.settle()

    async def settle(self) -> None:
        if self.door.session is not None:
            await settled(self.door.session)
        await turns()
        await self.screen.settle()

    async def enter(self, pin: str) -> None:
        await self.screen.type("pin", pin)
        await self.press("pin-open")

    async def admit(self, code: str) -> None:
        await self.screen.type("code", code)
        await self.press("submit")

    def bare(self) -> bool:
        """Whether nothing of anybody's records stands on the screen."""
        bars = self.screen.all(ft.NavigationBar) + self.screen.all(ft.AppBar)
        return not bars and not self.screen.shows("Melati") and not self.screen.shows("Anggrek")


@asynccontextmanager
async def app_on(phone: Phone, route: str = "/") -> AsyncIterator[App]:
    """Draw the app as its entry point does."""
    doors: list[Door] = []

    async def main(page: ft.Page) -> None:
        doors.append(await draw(page, phone.ports()))

    async with Screen(main, route=route, width=360) as screen:
        await screen.settle()
        app = App(screen, doors[0], phone)
        await app.settle()
        try:
            yield app
        finally:
            await doors[0].close()


async def phone_of(*people: str, pin: str = "") -> Phone:
    """Return a phone on which these people logged something, the first of them `Melati`, the second `Anggrek`."""
    phone = Phone(FakeServer(), others=MemoryFolders())
    door = Door(phone.ports(), lambda: None, lambda: True)
    await door.open()
    for person, name in zip(people, ("Melati", "Anggrek"), strict=False):
        if door.people:
            await door.add()
        assert door.session is not None
        assert (
            await door.session.enrol(phone.server.add(person, Grant(f"64.74.01.100{len(door.people)}", "cadre")))
            is None
        )
        await settled(door.session)
        logged(door.session, name)
        await settled(door.session)
        await turns()
        if pin:
            door.session.gate.set(pin)
    await door.close()
    return phone


def test_one_person_alone_sees_nothing_of_it_but_two_sections_of_the_settings() -> None:
    async def act() -> None:
        async with app_on(await phone_of("budi")) as app:
            assert app.screen.shows("Melati")
            await app.screen.go("/pengaturan")
            assert app.screen.shows(SAID.lead)
            assert app.screen.shows(SAID.pin_lead)
            assert not app.screen.all(ft.OutlinedButton, key="switch-person")

    played(act())


def test_several_people_choose_their_name_and_see_their_own() -> None:
    async def act() -> None:
        async with app_on(await phone_of("budi", "ani")) as app:
            assert app.screen.shows(SAID.chooser_title)
            assert app.bare()
            assert app.screen.shows("Budi")
            await app.press("person-2")
            assert app.screen.shows("Anggrek")
            assert not app.screen.shows("Melati")
            await app.screen.go("/pengaturan")
            assert app.screen.shows(SAID.also_here.format(names="Budi"))
            await app.press("switch-person")
            assert app.bare()
            await app.press("person-1")
            assert app.screen.page.route == "/"
            assert app.screen.shows("Melati")
            assert not app.screen.shows("Anggrek")

    played(act())


def test_no_address_leads_past_the_choice_or_the_pin() -> None:
    async def act() -> None:
        phone = await phone_of("budi", "ani", pin=PIN)
        async with app_on(phone) as app:
            for choose in (lambda: turns(), lambda: app.press("person-1")):
                await choose()
                for address in ADDRESSES:
                    await app.screen.go(address.format(record="record", draft="draft"))
                    assert app.bare(), f"{address}: {app.screen.texts()}"

    played(act())


def test_somebody_new_comes_by_the_settings_and_whoever_turns_back_finds_everything() -> None:
    async def act() -> None:
        phone = await phone_of("budi")
        async with app_on(phone) as app:
            await app.screen.go("/pengaturan")
            await app.press("add-person")
            assert app.screen.shows(SAID.adding)
            assert app.bare()
            await app.press("switch-person")
            assert app.screen.shows("Melati")
            await app.screen.go("/pengaturan")
            await app.press("add-person")
            await app.admit(phone.server.add("ani", Grant("64.74.01.1009", "cadre")))
            await skip_introduction(app.screen)
            assert app.screen.shows("Belum ada kegiatan")
            assert [one.name for one in app.door.people] == ["Budi", "Ani"]

    played(act())


class SlowToAdmit(FakeServer):
    """A server whose answer to a code comes when a test says so."""

    def __init__(self, like: FakeServer) -> None:
        super().__init__(like.persons, codes=like.codes, owners=like.owners, stored=like.stored, order=like.order)
        self.answering = asyncio.Event()

    async def send(self, request: Request) -> Response:
        answer = await super().send(request)
        if request.path == ENROL_PATH:
            await self.answering.wait()
        return answer


def test_an_answer_that_comes_after_its_store_was_left_says_nothing_to_whoever_is_there_now() -> None:
    async def act() -> None:
        phone = await phone_of("budi")
        phone.server = slow = SlowToAdmit(phone.server)
        async with app_on(phone) as app:
            await app.screen.go("/pengaturan")
            await app.press("add-person")
            await app.screen.type("code", slow.add("ani", Grant("64.74.01.1009", "cadre")))
            admitting = asyncio.create_task(app.screen.press("submit"))
            await turns()
            await app.press("switch-person")
            assert app.screen.shows("Melati")
            budis = app.session
            slow.answering.set()
            await admitting
            await app.settle()
            assert app.session is budis, "his store was not opened again for it"
            assert not app.screen.all(ft.SnackBar)
            assert app.screen.shows("Melati")
            assert [one.name for one in app.door.people] == ["Budi"]

    played(act())


def test_an_invitation_opened_by_another_is_taken_along_to_a_store_of_its_own() -> None:
    async def act() -> None:
        phone = await phone_of("budi")
        code = phone.server.add("ani", Grant("64.74.01.1009", "cadre"))
        async with app_on(phone, f"/masuk?kode={code}") as app:
            assert app.screen.shows(SAID.used_by.format(name="Budi"))
            await app.press("submit")
            assert app.screen.shows(SAID.for_another.format(name="Budi"))
            await app.press("add-person")
            assert app.screen.find(ft.TextField, key="code").value == code
            await app.press("submit")
            await skip_introduction(app.screen)
            assert app.screen.shows("Belum ada kegiatan")
            assert app.session.identity is not None
            assert app.session.identity.person.id == "ani"

    played(act())


def test_an_invitation_on_a_phone_of_several_is_for_one_of_them_or_for_somebody_new() -> None:
    async def act() -> None:
        phone = await phone_of("budi", "ani")
        code = phone.server.add("ani", Grant("64.74.01.1001", "cadre"))
        async with app_on(phone, f"/masuk?kode={code}") as app:
            assert app.screen.shows(SAID.chooser_invited)
            await app.press("add-person")
            await app.press("submit")
            assert app.door.folder == "2", "she has a store here already"
            assert app.screen.shows("Anggrek")
            assert [one.name for one in app.door.people] == ["Budi", "Ani"]

    played(act())


def test_an_invitation_on_a_phone_with_a_pin_needs_no_pin_of_somebody_else() -> None:
    async def act() -> None:
        phone = await phone_of("budi", pin=PIN)
        code = phone.server.add("ani", Grant("64.74.01.1009", "cadre"))
        async with app_on(phone, f"/masuk?kode={code}") as app:
            assert app.screen.shows(SAID.pin_title)
            await app.press("add-person")
            assert app.screen.find(ft.TextField, key="code").value == code
            await app.press("submit")
            assert app.session.identity is not None
            assert app.session.identity.person.id == "ani"
        async with app_on(phone, "/") as app:
            assert [one.name for one in app.door.people] == ["Budi", "Ani"]

    played(act())


def test_a_password_link_on_a_phone_of_somebody_else_leads_to_a_store_of_ones_own() -> None:
    async def act() -> None:
        phone = await phone_of("budi")
        phone.server.canned["/api/v1/account/reset"] = message(ResetDone("koor.bontang"))
        async with app_on(phone, "/akun?kode=bm90-LWE") as app:
            await app.screen.type("new", NEW)
            await app.screen.type("again", NEW)
            phone.server.canned["/api/v1/login"] = problem(Code.REPLICA_TAKEN, 409)
            await app.press("submit")
            assert app.screen.shows(SAID.for_another.format(name="Budi"))
            await app.press("add-person")
            assert app.door.folder == "2"
            assert app.screen.shows(WORDS.enrol_title)

    played(act())


def test_a_password_link_on_a_phone_of_several_asks_whose_it_is() -> None:
    async def act() -> None:
        async with app_on(await phone_of("budi", "ani"), "/akun?kode=bm90-LWE") as app:
            assert app.screen.shows(SAID.chooser_password)
            assert not app.screen.shows(SAID.chooser_invited)

    played(act())


def test_who_signs_out_leaves_the_phone_to_the_others() -> None:
    async def act() -> None:
        async with app_on(await phone_of("budi", "ani")) as app:
            await app.press("person-1")
            await app.screen.go("/pengaturan")
            await app.press("sign-out")
            assert app.screen.shows(SAID.sign_out_help)
            await app.press("confirm-yes")
            await app.screen.until(lambda: app.screen.shows("Anggrek"))
            assert [one.name for one in app.door.people] == ["Ani"]

    played(act())


def test_what_one_searched_and_loaded_is_not_there_for_another() -> None:
    async def act() -> None:
        async with app_on(await phone_of("budi", "ani")) as app:
            await app.press("person-1")
            for number in range(MANY):
                logged(app.session, f"Melati {number}")
            await app.settle()
            await app.screen.go("/umpan")
            await app.screen.type("search", "Melati")
            await app.settle()
            await app.screen.go("/pengaturan")
            await app.press("switch-person")
            await app.press("person-2")
            await app.screen.go("/umpan")
            assert not app.screen.all(ft.TextField, key="search")

    played(act())


def test_a_pin_is_set_asked_for_and_removed() -> None:
    async def act() -> None:
        phone = await phone_of("budi")
        async with app_on(phone) as app:
            await app.screen.go("/pengaturan")
            await app.press("pin-settings")
            assert app.screen.shows(SAID.pin_limits)
            await app.press("pin-save")
            assert app.screen.shows(SAID.pin_unfit)
            await app.screen.type("pin-new", PIN)
            await app.screen.type("pin-again", WRONG)
            await app.press("pin-save")
            assert app.screen.shows(SAID.pin_differ)
            await app.screen.type("pin-again", PIN)
            await app.press("pin-save")
            assert app.screen.shows(SAID.pin_on)
        async with app_on(phone, "/pengaturan/pin") as app:
            assert app.bare()
            assert app.screen.shows("Budi")
            await app.press("pin-open")
            assert app.screen.shows(SAID.pin_missing)
            await app.enter(WRONG)
            assert app.screen.shows(SAID.pin_wrong)
            await app.enter(PIN)
            await app.press("pin-remove")
            assert app.screen.shows(SAID.pin_wrong)
            await app.screen.type("pin-now", PIN)
            await app.press("pin-remove")
            assert app.screen.shows(SAID.pin_lead)

    played(act())


@pytest.mark.parametrize(("language", "minute"), [("id", "1 menit"), ("en", "1 minute")])
def test_after_five_wrong_ones_it_says_how_long_to_wait(language: str, minute: str) -> None:
    async def act() -> None:
        phone = await phone_of("budi", pin=PIN)
        said = LANGUAGES[language].sharing
        async with app_on(phone) as app:
            app.session.set_language(language)
            await app.settle()
            for _ in range(5):
                await app.enter(WRONG)
            assert app.screen.shows(said.pin_wait.format(time=minute))
            assert app.screen.find(ft.FilledButton, key="pin-open").disabled
            phone.clock.tick(60_000)
            phone.timer.fire()
            await app.settle()
            await app.enter(PIN)
            assert app.screen.shows("Melati")

    played(act())


def test_after_ten_minutes_it_asks_again_and_keeps_what_was_being_typed() -> None:
    async def act() -> None:
        phone = await phone_of("budi", pin=PIN)
        async with app_on(phone) as app:
            await app.enter(PIN)
            await app.screen.go("/catat")
            await app.press(f"kind-{KIND}")
            address = str(app.screen.page.route)
            await app.screen.type("agenda", "Kenanga")
            await app.screen.press("discard")
            phone.clock.tick(UNUSED_MS)
            app.session.gate.look()
            await app.settle()
            assert app.bare()
            assert not any(dialog.open for dialog in app.screen.all(ft.AlertDialog))
            draft = app.session.draft(address.rpartition("/")[2])
            assert draft is not None
            assert draft.answers["agenda"] == "Kenanga"
            await app.enter(PIN)
            assert app.screen.page.route == address
            assert app.screen.find(ft.TextField, key="agenda").value == "Kenanga"

    played(act())


def test_who_forgot_the_pin_comes_in_by_a_new_code() -> None:
    async def act() -> None:
        phone = await phone_of("budi", pin=PIN)
        async with app_on(phone) as app:
            await app.press("pin-forgotten")
            assert app.screen.shows(SAID.pin_forgotten_help)
            assert app.bare()
            await app.press("pin-back")
            assert app.screen.shows(SAID.pin_title)
            await app.press("pin-forgotten")
            await app.admit(phone.server.add("ani"))
            assert app.screen.shows(SAID.for_another.format(name="Budi"))
            assert app.bare()
            await app.admit(phone.server.add("budi"))
            assert app.screen.shows("Melati")
            assert not app.session.gate.is_set

    played(act())


def test_a_locked_phone_says_so_before_it_asks_for_a_pin() -> None:
    async def act() -> None:
        phone = await phone_of("budi", "ani", pin=PIN)
        async with app_on(phone) as app:
            await app.press("person-1")
            phone.server.answers = [problem(Code.TOKEN_REVOKED, 401)]
            await app.session.sync_now()
            await app.settle()
            assert app.screen.shows(WORDS.access.locked_title)
            assert not app.screen.shows(SAID.pin_title)
            await app.press("switch-person")
            assert app.door.standing is Standing.CHOOSING
            await app.press("person-1")
            await app.admit(phone.server.add("budi"))
            assert app.screen.shows("Melati")

    played(act())


def test_what_was_typed_and_could_not_be_saved_waits_for_the_store_it_belongs_to() -> None:
    model = AppModel()
    assert model.come_to("1")
    typed = model.typed
    assert not model.come_to("1")
    assert model.come_to("2")
    assert model.typed is not typed
    assert model.come_to("1")
    assert model.typed is typed
