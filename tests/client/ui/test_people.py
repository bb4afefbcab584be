"""A coordinator finds people, invites them and withdraws the permission of a lost phone."""

from __future__ import annotations

import io
from dataclasses import replace

import flet as ft
import pytest
from PIL import Image

from lumbung_client.session.people import INVITE_PATH, PEOPLE_PATH, REVOKE_PATH
from lumbung_client.ui.parts.qr import qr_picture
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import FeedEntry, FeedPage, Grant, Person
from lumbung_shared.staff import Invitation, KnownDevice, Member, MemberPage
from tests.client.fakes import START, VILLAGE, FakeServer, message, problem
from tests.client.ui.stage import KIND, on_stage, played

CITY = Grant("64.74", "regency-coordinator")
WORDS = LANGUAGES["id"].access
DAY = 86_400_000
PHONE = KnownDevice("device-1", START - 5 * DAY, START - DAY, "Android")
BUDI = Member(Person("budi", "Budi", "KPM Lok Tuan"), (Grant(VILLAGE, "cadre"),), (PHONE,), True, True)
ANI = Member(Person("ani", "Ani"), (Grant("64.74.02", "district-coordinator"),))
MADE = Invitation("K7QM-2R9A", "https://lumbung.example/masuk?kode=K7QM-2R9A", START + 7 * DAY)


def telling(*members: Member) -> FakeServer:
    """A server that tells these people."""
    server = FakeServer()
    server.canned[PEOPLE_PATH] = message(MemberPage(members))
    return server


def test_the_list_is_reached_from_feed_and_settings_and_says_who_works_where_on_which_phones() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling(BUDI, ANI)) as stage:
            screen = stage.screen
            for address in ("/umpan/meja", "/pengaturan"):
                await screen.go(address)
                await stage.settle()
                await screen.press("people")
                await screen.until(lambda: screen.shows("2 orang"))
            assert screen.shows("Kader, Lok Tuan")
            assert screen.shows("KPM Lok Tuan")
            assert screen.shows("1 ponsel, terakhir tersambung 21 Nov 2026")
            assert screen.shows(WORDS.phones_none)
            await screen.type("search", "lok")
            assert [tile.key for tile in screen.all(ft.ListTile)] == ["person-budi"]
            await screen.type("search", "entah")
            assert screen.shows("Tidak ada yang cocok")

    played(act())


def test_a_cadre_finds_no_way_there_and_is_refused_at_the_address() -> None:
    async def act() -> None:
        server = FakeServer()
        server.canned[PEOPLE_PATH] = problem(Code.FORBIDDEN, 403)
        async with on_stage(server=server) as stage:
            screen = stage.screen
            for address in ("/umpan", "/pengaturan"):
                await screen.go(address)
                assert not [one for one in screen.walk() if getattr(one, "key", None) == "people"]
            for address in ("/umpan/meja/orang", "/umpan/meja/orang/budi"):
                await screen.go(address)
                await screen.until(lambda: screen.shows(sentence(Code.FORBIDDEN, "id")))

    played(act())


def test_without_a_network_it_says_so_and_tries_again() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling(BUDI)) as stage:
            screen = stage.screen
            stage.server.down = True
            await screen.go("/umpan/meja/orang")
            await screen.until(lambda: screen.shows(WORDS.people_offline))
            stage.server.down = False
            await screen.press("people-again")
            await screen.until(lambda: screen.shows("1 orang"))
            assert not screen.shows(WORDS.people_offline)

    played(act())


def test_an_invitation_shows_code_qr_link_and_until_when_and_can_be_passed_on() -> None:
    async def act() -> None:
        server = telling(BUDI)
        server.canned[INVITE_PATH] = message(MADE, 201)
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/orang/budi")
            await screen.until(lambda: screen.shows(WORDS.invite_help))
            await screen.press("invite")
            await screen.until(lambda: screen.shows(MADE.code))
            assert screen.shows(MADE.link)
            assert screen.shows("Berlaku sampai 29 Nov 2026 06.26 WITA")
            assert screen.find(ft.Image).src == qr_picture(MADE.link)
            assert screen.find(ft.Image).semantics_label
            share, copy = (
                screen.find(ft.FilledButton, key="share").action,
                screen.find(ft.OutlinedButton, key="copy").action,
            )
            assert isinstance(share, ft.ShareText)
            assert isinstance(copy, ft.CopyToClipboard)
            for passed_on in (share.text, copy.data):
                assert MADE.link in passed_on
                assert MADE.code in passed_on
                assert "Budi" in passed_on
            assert screen.find(ft.OutlinedButton, key="invite").content == WORDS.invite_again
            await screen.press("refresh")
            assert screen.shows(MADE.code)

    played(act())


def test_the_qr_code_is_black_on_white_with_white_around_it() -> None:
    picture = Image.open(io.BytesIO(qr_picture(MADE.link))).convert("L")
    width, height = picture.size
    assert width == height
    edge = [picture.getpixel((at, 8)) for at in range(width)] + [picture.getpixel((8, at)) for at in range(height)]
    assert set(edge) == {255}
    corner = [picture.getpixel((at, 36)) for at in range(32, 32 + 7 * 8)]
    assert set(corner) == {0}, "the upper edge of a finder pattern"


@pytest.mark.parametrize("code", [Code.PERSON_UNKNOWN, Code.TOO_MANY_ATTEMPTS, Code.SERVER_BUSY])
def test_what_the_server_refuses_is_said_and_the_button_works_again(code: Code) -> None:
    async def act() -> None:
        server = telling(BUDI)
        server.canned[INVITE_PATH] = problem(code, 404)
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/orang/budi")
            await screen.until(lambda: screen.shows(WORDS.invite_help))
            await screen.press("invite")
            await screen.until(lambda: screen.shows(sentence(code, "id")))
            assert not screen.find(ft.FilledButton, key="invite").disabled
            stage.server.down = True
            await screen.press("invite")
            await screen.until(lambda: screen.shows(WORDS.people_offline))

    played(act())


def test_withdrawing_asks_first_and_says_what_becomes_of_unsent_work() -> None:
    async def act() -> None:
        server, gone = telling(BUDI), replace(PHONE, revoked=START)
        server.canned[REVOKE_PATH] = message(gone)
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/orang/budi")
            await screen.until(lambda: screen.shows(WORDS.phones_title))
            await screen.press("revoke-device-1")
            assert screen.shows("Cabut izin ponsel Budi ini?")
            assert screen.shows("Yang belum terkirim tidak hilang")
            await screen.press("confirm-no")
            assert not [one for one in stage.server.requests if one.path == REVOKE_PATH]
            await screen.press("revoke-device-1")
            await screen.press("confirm-yes")
            await screen.until(lambda: screen.shows("Izin dicabut 22 Nov 2026"))
            assert not [one for one in screen.walk() if getattr(one, "key", None) == "revoke-device-1"]
            server.canned[PEOPLE_PATH] = message(MemberPage((replace(BUDI, devices=(gone,)),)))
            await screen.go("/umpan/meja/orang")
            await screen.until(lambda: screen.shows(WORDS.phones_revoked))

    played(act())


def test_a_refused_withdrawal_changes_nothing_and_says_why() -> None:
    async def act() -> None:
        server = telling(BUDI)
        server.canned[REVOKE_PATH] = problem(Code.DEVICE_UNKNOWN, 404)
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/orang/budi")
            await screen.until(lambda: screen.shows(WORDS.phones_title))
            await screen.press("revoke-device-1")
            await screen.press("confirm-yes")
            await screen.until(lambda: screen.shows(sentence(Code.DEVICE_UNKNOWN, "id")))
            assert not screen.shows("Izin dicabut")

    played(act())


def test_whom_one_may_not_invite_or_lock_out_has_no_such_buttons() -> None:
    async def act() -> None:
        chief = replace(ANI, devices=(PHONE,))
        async with on_stage(CITY, server=telling(chief)) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/orang/ani")
            await screen.until(lambda: screen.shows(WORDS.not_invitable))
            keys = {str(getattr(one, "key", "")) for one in screen.walk()}
            assert not keys & {"invite", "revoke-device-1"}
            await screen.go("/umpan/meja/orang/entah")
            assert screen.shows(WORDS.person_gone)

    played(act())


def test_the_feed_names_the_organisation_that_the_server_tells() -> None:
    async def act() -> None:
        server = FakeServer()
        entry = FeedEntry(
            "rec", KIND, 1, VILLAGE, "2026-11-20", "budi", 5, "Melati", values={"rt": "05"}, organisation="Produta"
        )
        server.feed = FeedPage((entry,), {"budi": Person("budi", "Budi", "KPM")})
        async with on_stage(CITY, server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.screen.until(lambda: stage.screen.shows("Budi, Produta · Lok Tuan"))
            await stage.screen.go("/umpan/rec")
            await stage.screen.until(lambda: stage.screen.shows("Dicatat oleh Budi, Produta"))

    played(act())
