"""Handing over on both sides: the button of a locked phone, and what a coordinator sees and decides."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from lumbung_client.session.handovers import ALLOW_PATH, DISCARD_PATH, RELEASE_PATH
from lumbung_client.session.people import PEOPLE_PATH
from lumbung_client.ui.screens.handovers import SHOWN
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.handover import Decided, Handed, HandedRecord, HandedWrite, HandOver
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Outcome
from lumbung_shared.staff import MemberPage
from tests.client.fakes import START, VILLAGE, FakeServer, message, problem
from tests.client.ui.stage import KIND, Stage, finish_training, on_stage, played
from tests.client.ui.test_locked import lock
from tests.client.ui.test_people import BUDI, CITY, DAY, PHONE

WORDS = LANGUAGES["id"].access
RECORD = HandedRecord("r", KIND, VILLAGE, "2026-11-20", "Rapat RT 05")
WAITING = HandOver(12, BUDI.person, PHONE.id, START, 2, (RECORD, HandedRecord("s", KIND)), "Android")


def keys(stage: Stage) -> set[str]:
    return {str(getattr(one, "key", "")) for one in stage.screen.walk()}


def test_a_locked_phone_with_nothing_unsent_offers_no_hand_over() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await lock(stage)
            assert "hand-over" not in keys(stage)
            assert not stage.screen.shows(WORDS.hand_over_title)

    played(act())


def test_a_locked_phone_hands_over_and_says_at_each_step_how_it_stands() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            screen, server = stage.screen, stage.server
            server.down = True
            await finish_training(stage, "Melati")
            server.down = False
            await lock(stage)
            assert screen.shows(WORDS.hand_over_help)
            assert screen.shows(WORDS.handed_stays)
            server.answers = [problem(Code.HANDOVER_NOT_ALLOWED, 403)]
            await screen.press("hand-over")
            await screen.until(lambda: screen.shows("detail"))
            await screen.press("hand-over")
            await screen.until(lambda: screen.shows("menunggu diperiksa koordinator: 1 catatan. Nomor serah terima 12"))
            assert not screen.shows(WORDS.hand_over_help)
            assert "Melati" not in " ".join(screen.texts())
            assert screen.find(ft.OutlinedButton, key="hand-over").content == WORDS.hand_over_again
            ((name, _),) = server.handed.items()
            server.handed[name] = HandedWrite(name[1], Handed.RELEASED)
            await screen.press("hand-over")
            await screen.until(lambda: screen.shows(WORDS.handed_accepted.format(n=1)))
            assert "hand-over" not in keys(stage)

    played(act())


def test_what_was_not_accepted_is_said_with_where_it_is() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            await finish_training(stage, "Melati")
            stage.server.down = False
            await lock(stage)
            await stage.screen.press("hand-over")
            ((name, _),) = stage.server.handed.items()
            stage.server.handed[name] = HandedWrite(name[1], Handed.DISCARDED, Code.HANDOVER_DISCARDED)
            await stage.screen.press("hand-over")
            await stage.screen.until(lambda: stage.screen.shows(WORDS.handed_refused.format(n=1)))

    played(act())


def test_a_coordinator_allows_it_for_a_withdrawn_phone_after_being_asked() -> None:
    async def act() -> None:
        server, gone = FakeServer(), replace(PHONE, revoked=START)
        server.canned[PEOPLE_PATH] = message(MemberPage((replace(BUDI, devices=(gone,)),)))
        server.canned[ALLOW_PATH] = message(replace(gone, handover=START + 7 * DAY))
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/orang/budi")
            await screen.until(lambda: screen.shows(WORDS.allow_handover))
            await screen.press("allow-device-1")
            assert screen.shows(WORDS.allow_handover_question.format(name="Budi"))
            await screen.press("confirm-no")
            assert not [one for one in server.requests if one.path == ALLOW_PATH]
            await screen.press("allow-device-1")
            await screen.press("confirm-yes")
            await screen.until(lambda: screen.shows("Boleh menyerahkan catatan sampai 29 Nov 2026"))
            assert "allow-device-1" not in keys(stage)

    played(act())


def test_only_withdrawn_phones_of_people_one_looks_after_can_be_allowed() -> None:
    async def act() -> None:
        gone = replace(PHONE, id="device-2", revoked=START)
        server = FakeServer()
        server.canned[PEOPLE_PATH] = message(MemberPage((replace(BUDI, devices=(PHONE, gone), revocable=False),)))
        async with on_stage(CITY, server=server) as stage:
            await stage.screen.go("/umpan/meja/orang/budi")
            await stage.screen.until(lambda: stage.screen.shows(WORDS.phones_title))
            assert not {"allow-device-1", "allow-device-2"} & keys(stage)

    played(act())


def test_what_waits_is_reached_from_the_people_and_shows_whose_it_is_and_what() -> None:
    async def act() -> None:
        server = FakeServer(waiting=(WAITING,))
        server.canned[PEOPLE_PATH] = message(MemberPage((BUDI,)))
        server.canned[RELEASE_PATH] = message(Decided(12, (Outcome(1, "accepted"), Outcome(2, "accepted"))))
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/orang")
            await screen.until(lambda: screen.shows("Serah terima menunggu: 1"))
            await screen.press("handovers")
            await screen.until(lambda: screen.shows("Budi"))
            assert screen.shows("Dari Android, diserahkan 22 Nov 2026")
            assert screen.shows("Nomor serah terima 12")
            assert screen.shows("• Rapat RT 05")
            assert screen.shows("Rapat koordinasi (Rakor), 20 November 2026, Lok Tuan") or screen.shows("Lok Tuan")
            await screen.press("release-12")
            assert screen.shows(WORDS.release_question.format(n=2, name="Budi"))
            await screen.press("confirm-yes")
            await screen.until(lambda: screen.shows(WORDS.released_done.format(n=2)))
            assert screen.shows(WORDS.handovers_none)

    played(act())


def test_what_the_release_rejected_is_said_with_its_reason() -> None:
    async def act() -> None:
        server = FakeServer(waiting=(WAITING,))
        refused = (
            Outcome(1, "accepted"),
            Outcome(2, "rejected", code=Code.HELD_BACK),
            Outcome(3, "rejected", code=Code.REGION_NOT_GRANTED),
        )
        server.canned[RELEASE_PATH] = message(Decided(12, refused))
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/serah-terima")
            await screen.until(lambda: screen.shows("Budi"))
            await screen.press("release-12")
            await screen.press("confirm-yes")
            why = sentence(Code.REGION_NOT_GRANTED, "id")
            await screen.until(lambda: screen.shows(WORDS.released_partly.format(n=1, refused=2, why=why)))

    played(act())


def test_rejecting_needs_a_reason() -> None:
    async def act() -> None:
        server = FakeServer(waiting=(WAITING,))
        server.canned[DISCARD_PATH] = message(Decided(12))
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/serah-terima")
            await screen.until(lambda: screen.shows("Budi"))
            await screen.press("discard-12")
            await screen.press("discard-yes")
            assert not [one for one in server.requests if one.path == DISCARD_PATH]
            assert screen.find(ft.TextField, key="reason").error == WORDS.discard_reason_missing
            await screen.type("reason", "Bukan tulisan Budi")
            await screen.press("discard-yes")
            await screen.until(lambda: screen.shows(WORDS.discarded_done))
            (asked,) = [one for one in server.requests if one.path == DISCARD_PATH]
            assert b"Bukan tulisan Budi" in asked.body

    played(act())


def test_a_long_list_is_cut_and_says_so_and_a_failure_is_said() -> None:
    async def act() -> None:
        many = replace(WAITING, records=tuple(replace(RECORD, headline=f"Rapat {n}") for n in range(SHOWN + 3)))
        server = FakeServer(waiting=(many,))
        server.canned[RELEASE_PATH] = problem(Code.HANDOVER_DECIDED, 409)
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/serah-terima")
            await screen.until(lambda: screen.shows("dan 3 catatan lagi"))
            await screen.press("release-12")
            await screen.press("confirm-yes")
            await screen.until(lambda: screen.shows(sentence(Code.HANDOVER_DECIDED, "id")))
            server.down = True
            await screen.press("refresh")
            await screen.until(lambda: screen.shows(WORDS.people_offline))

    played(act())
