"""A coordinator opens the account with the password, switches the second step on, and signs out elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import flet as ft

from lumbung_client.session.account import CSRF_HEADER, PATH
from lumbung_client.sync.transport import Response
from lumbung_client.ui.screens.password_link import link_in_address
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.account import AccountView, RecoveryCodes, ResetDone, SignedIn, TotpSetup
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Admission, Grant, Person
from tests.client.fakes import START, FakeServer, message, problem
from tests.client.ui.flutterless import Screen
from tests.client.ui.stage import on_stage, played

CITY = Grant("64.74", "regency-coordinator")
WORDS = LANGUAGES["id"].account
HERE = SignedIn("a" * 16, START, START, "Android", phone=True, here=True)
LAPTOP = SignedIn("b" * 16, START, START, "Laptop kantor", phone=True)
SHOWN = AccountView("koor.bontang", "jangan-ditebak", places=(HERE, LAPTOP))
NEW = "padi menguning di sawah"


def telling(shown: AccountView = SHOWN) -> FakeServer:
    """A server on which the password opens this account."""
    server = FakeServer()
    server.canned[f"{PATH}/session"] = message(shown, 201)
    server.canned[PATH] = message(shown)
    server.canned[f"{PATH}/close"] = Response(204, {}, b"")
    return server


def sent(server: FakeServer, path: str) -> Any:
    """What was sent to an address last, and that a change carried what it must."""
    request = [one for one in server.requests if one.path == PATH + path][-1]
    if path not in ("/session", "/reset"):
        assert request.headers[CSRF_HEADER] == SHOWN.csrf
    assert "Authorization" not in request.headers
    return json.loads(request.body)


async def enter(screen: Screen) -> None:
    await screen.go("/akun")
    await screen.type("login", "koor.bontang")
    await screen.type("password", "rahasia sekali")
    await screen.press("enter")


def test_the_account_is_reached_from_the_settings_and_opens_with_the_password() -> None:
    async def act() -> None:
        server = telling()
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/pengaturan")
            await screen.press("account")
            assert not screen.shows(WORDS.places_title)
            await enter(screen)
            await screen.until(lambda: screen.shows(WORDS.places_title))
            assert screen.shows(f"Android ({WORDS.place_here})")
            assert screen.shows("Laptop kantor")
            replica = stage.session.identity.replica if stage.session.identity else ""
            body = sent(server, "/session")
            assert (body["login"], body["password"], body["replica"]) == ("koor.bontang", "rahasia sekali", replica)
            await screen.go("/pengaturan")
            await screen.until(lambda: stage.session.account.shown is None)
            await screen.go("/akun")
            assert not screen.shows(WORDS.places_title), "who leaves the screen has closed it"

    played(act())


def test_a_cadre_finds_no_account() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.go("/pengaturan")
            assert not stage.screen.shows(WORDS.lead)

    played(act())


def test_a_wrong_password_and_a_lost_network_say_what_to_do() -> None:
    async def act() -> None:
        server = telling()
        server.canned[f"{PATH}/session"] = problem(Code.LOGIN_WRONG, 403)
        async with on_stage(CITY, server=server) as stage:
            await enter(stage.screen)
            assert stage.screen.shows("detail")
            server.down = True
            await stage.screen.press("enter")
            assert stage.screen.shows(WORDS.offline)

    played(act())


def test_a_second_step_is_asked_for_at_the_door_and_at_the_login() -> None:
    async def act() -> None:
        server = telling()
        server.canned[f"{PATH}/session"] = problem(Code.TOTP_NEEDED, 403)
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await enter(screen)
            await screen.press("enter")
            assert screen.shows(WORDS.code_missing)
            server.canned[f"{PATH}/session"] = message(replace(SHOWN, totp=True, recovery=9), 201)
            await screen.type("code", " 081804 ")
            await screen.press("enter")
            await screen.until(lambda: screen.shows(WORDS.step_on.format(n=9)))
            assert sent(server, "/session")["code"] == "081804"
        server = FakeServer()
        server.canned["/api/v1/login"] = problem(Code.TOTP_NEEDED, 403)
        async with on_stage(CITY, server=server, admitted=False) as stage:
            screen = stage.screen
            await screen.press("switch")
            await screen.type("login", "koor.bontang")
            await screen.type("password", " rahasia sekali ")
            await screen.press("submit")
            await screen.press("submit")
            assert screen.shows(WORDS.code_missing)
            await screen.type("second", "081804")
            await screen.press("submit")
            body = json.loads([one for one in server.requests if one.path == "/api/v1/login"][-1].body)
            assert (body["code"], body["password"]) == ("081804", " rahasia sekali ")

    played(act())


def test_a_second_step_is_switched_on_with_a_qr_code_and_its_recovery_codes_are_shown_once() -> None:
    async def act() -> None:
        server = telling()
        server.canned[f"{PATH}/totp"] = message(TotpSetup("GEZDGNBVGY3TQOJQ", "otpauth://totp/Lumbung:koor"))
        server.canned[f"{PATH}/totp/confirm"] = problem(Code.TOTP_WRONG, 403)
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await enter(screen)
            assert screen.shows(WORDS.step_off)
            await screen.type("begin-proof", "rahasia sekali")
            await screen.press("begin-step")
            await screen.until(lambda: screen.shows("GEZD GNBV GY3T QOJQ"))
            assert sent(server, "/totp") == {"password": "rahasia sekali"}
            assert [one.semantics_label for one in screen.all(ft.Image)] == [WORDS.step_qr]
            await screen.type("first-code", "000000")
            await screen.press("confirm-step")
            assert screen.shows("detail")
            server.canned[f"{PATH}/totp/confirm"] = message(RecoveryCodes(("K7QM2-R9AX4", "0B1C2-D3E4F")))
            server.canned[PATH] = message(replace(SHOWN, totp=True, recovery=2))
            await screen.type("first-code", "081804")
            await screen.press("confirm-step")
            await screen.until(lambda: screen.shows("K7QM2-R9AX4"))
            await screen.press("noted")
            assert not screen.shows("K7QM2-R9AX4")
            assert screen.shows(WORDS.step_on.format(n=2))
            server.canned[f"{PATH}/totp/off"] = message(SHOWN)
            await screen.press("end-step")
            await screen.type("proof", "rahasia sekali")
            await screen.type("end-code", " 170304 ")
            await screen.press("end-step-yes")
            await screen.until(lambda: screen.shows(WORDS.step_off))
            assert sent(server, "/totp/off") == {"password": "rahasia sekali", "code": "170304"}

    played(act())


def test_a_new_password_is_looked_at_before_it_is_sent() -> None:
    async def act() -> None:
        server = telling()
        server.canned[f"{PATH}/password"] = message(SHOWN)
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await enter(screen)
            for new, again, said in (
                ("bismillah123", "bismillah123", sentence(Code.PASSWORD_WEAK, "id")),
                (NEW, "padi menguning", WORDS.password_differ),
            ):
                await screen.type("new", new)
                await screen.type("again", again)
                await screen.press("change-password")
                assert screen.shows(said)
            await screen.type("old", "rahasia sekali")
            await screen.type("again", NEW)
            await screen.press("change-password")
            await screen.until(lambda: screen.shows(WORDS.password_done))
            assert sent(server, "/password") == {"old": "rahasia sekali", "new": NEW}

    played(act())


def test_one_place_is_signed_out_or_all_of_them() -> None:
    async def act() -> None:
        server = telling()
        server.canned[f"{PATH}/end"] = message(replace(SHOWN, places=(HERE,)))
        server.canned[f"{PATH}/sign-out"] = message(replace(SHOWN, places=(HERE,)))
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await enter(screen)
            await screen.press(f"end-{LAPTOP.id}")
            await screen.press("confirm-yes")
            await screen.until(lambda: screen.shows(WORDS.place_ended))
            assert not [one for one in screen.all(ft.Container) if one.key == f"place-{LAPTOP.id}"]
            assert sent(server, "/end") == {"place": LAPTOP.id}
            await screen.press("everywhere")
            await screen.press("everywhere-keep")
            await screen.until(lambda: screen.shows(WORDS.everywhere_done))
            assert sent(server, "/sign-out") == {"keep": True}

    played(act())


def test_a_session_that_has_ended_asks_for_the_password_again() -> None:
    async def act() -> None:
        server = telling()
        server.canned[f"{PATH}/totp"] = problem(Code.SESSION_ENDED, 401)
        async with on_stage(CITY, server=server) as stage:
            await enter(stage.screen)
            await stage.screen.press("begin-step")
            await stage.screen.until(lambda: stage.screen.shows(WORDS.door))
            assert stage.session.locked is None

    played(act())


def test_recovery_codes_wait_for_who_leaves_the_screen_before_they_are_written_down() -> None:
    async def act() -> None:
        server = telling()
        server.canned[f"{PATH}/totp"] = message(TotpSetup("GEZDGNBVGY3TQOJQ", "otpauth://totp/Lumbung:koor"))
        server.canned[f"{PATH}/totp/confirm"] = message(RecoveryCodes(("K7QM2-R9AX4", "0B1C2-D3E4F")))
        async with on_stage(CITY, server=server) as stage:
            account, screen = stage.session.account, stage.screen
            assert await account.open("koor.bontang", "rahasia sekali") is None
            assert await account.confirm_totp("081804") is None
            await account.close()
            await enter(screen)
            await screen.until(lambda: screen.shows("K7QM2-R9AX4"))
            await screen.press("noted")
            assert account.recovery == ()

    played(act())


def test_a_link_sets_the_password_and_signs_in() -> None:
    async def act() -> None:
        server = FakeServer()
        server.canned[f"{PATH}/reset"] = message(ResetDone("koor.bontang"))
        server.canned["/api/v1/login"] = problem(Code.TOTP_NEEDED, 403)
        async with on_stage(CITY, server=server, admitted=False) as stage:
            screen = stage.screen
            stage.model.password_link = link_in_address("/akun?kode=bm90-LWE")
            await screen.settle()
            await screen.type("new", NEW)
            await screen.type("again", "lain lagi")
            await screen.press("submit")
            assert screen.shows(WORDS.password_differ)
            await screen.type("again", NEW)
            await screen.press("submit")
            await screen.until(lambda: screen.shows(WORDS.link_done.format(login="koor.bontang")))
            assert sent(server, "/reset") == {"code": "bm90-LWE", "password": NEW}
            await screen.type("code", "081804")
            asked = json.loads([one for one in server.requests if one.path == "/api/v1/login"][-1].body)
            who = Person("koor-01", "Koordinator")
            admitted = Admission("token", 0, asked["replica"], who, (CITY,), {}, "1", START, asked["login"])
            server.canned["/api/v1/login"] = message(admitted, 201)
            await screen.press("submit")
            await screen.until(lambda: stage.session.identity is not None)
            assert stage.session.identity is not None
            assert stage.session.identity.login == "koor.bontang"
            assert stage.model.password_link == ""

    played(act())


def test_a_void_link_says_so_and_lets_one_go_on() -> None:
    async def act() -> None:
        server = FakeServer()
        server.canned[f"{PATH}/reset"] = problem(Code.RESET_LINK_VOID, 410)
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            stage.model.password_link = "x"
            await screen.settle()
            await screen.type("new", NEW)
            await screen.type("again", NEW)
            await screen.press("submit")
            assert screen.shows("detail")
            await screen.press("later")
            await screen.until(lambda: not screen.shows(WORDS.link_title))

    played(act())


def test_only_a_link_to_the_account_sets_a_password() -> None:
    assert link_in_address("/akun?kode=bm90-LWE") == "bm90-LWE"
    assert [link_in_address(one) for one in ("/akun", "/masuk?kode=K7QM-2R9A", "/", "")] == [""] * 4
