"""A phone whose permission was withdrawn hands over what it had not sent; it counts once a coordinator accepts it."""

from __future__ import annotations

import pytest

from lumbung_shared.problems import Code, sentence
from tests.e2e.conftest import MakePhone
from tests.e2e.steps import city_feed, enrol, log_compost_training, sign_in
from tests.e2e.test_lost_phone import ARRIVAL, WORDS, invited, is_locked, open_person
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]


def test_what_a_locked_phone_hands_over_is_in_the_feed_once_it_is_accepted(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    cadre, chief, feed = make_phone(), make_phone(1280, 800), city_feed(server)
    account = next(one for one in server.demo["logins"] if one["region"] == "64.74")
    name = server.demo["codes"][0]["name"]
    sign_in(chief, account["login"], account["password"])
    open_person(chief, name)
    enrol(cadre, invited(chief, WORDS.invite))
    cadre.go_offline()
    log_compost_training(cadre, "Dasawisma Melati")
    cadre.wait_text("1 menunggu kirim")

    chief.tap("Muat ulang")
    chief.scroll_to(WORDS.revoke)
    chief.tap(WORDS.revoke)
    chief.wait_text(f"Cabut izin ponsel {name} ini?")
    chief.tap(WORDS.revoke)
    chief.wait_text("Izin dicabut")

    cadre.go_online()
    is_locked(cadre)
    cadre.scroll_to(WORDS.hand_over)
    cadre.tap(WORDS.hand_over)
    cadre.wait_text(sentence(Code.HANDOVER_NOT_ALLOWED, "id"), ARRIVAL)

    chief.scroll_to(WORDS.allow_handover)
    chief.tap(WORDS.allow_handover)
    chief.wait_text(WORDS.allow_handover_question.format(name=name))
    chief.tap(WORDS.allow_handover)
    chief.wait_text("Boleh menyerahkan catatan sampai")

    cadre.scroll_to(WORDS.hand_over)
    cadre.tap(WORDS.hand_over)
    cadre.wait_text("Sudah diserahkan dan menunggu diperiksa koordinator: 1 catatan.", ARRIVAL)
    is_locked(cadre)
    assert feed() == []

    chief.reopen("/umpan/meja/serah-terima")
    chief.wait_text("• Dasawisma Melati", ARRIVAL)
    chief.scroll_to(WORDS.release)
    chief.tap(WORDS.release)
    chief.wait_text(WORDS.release_question.format(n=1, name=name))
    chief.tap(WORDS.release)
    chief.wait_text(WORDS.handovers_none, ARRIVAL)
    assert feed() == ["Dasawisma Melati"]

    cadre.scroll_to(WORDS.hand_over_again)
    cadre.tap(WORDS.hand_over_again)
    cadre.wait_text(WORDS.handed_accepted.format(n=1), ARRIVAL)
    assert cadre.record.violations() == chief.record.violations() == []
