"""What arrives shows up in a coordinator's feed by itself, over one stream that stays open."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.steps import enrol, log_compost_training, sign_in
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

FIRST, SECOND, THIRD = "Dasawisma Anggrek", "Dasawisma Melati", "Dasawisma Kenanga"
SENT, AT_ONCE, CONNECTED_AGAIN = 60, 15, 60


def test_new_arrivals_appear_by_themselves_and_change_nothing_under_the_hand(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    cadre, desk = make_phone(), make_phone(1280)
    enrol(cadre, server.demo["codes"][0]["code"])
    login = next(it for it in server.demo["logins"] if it["role"] == "regency-coordinator")
    sign_in(desk, login["login"], login["password"])
    desk.tap("Wilayah", role="tab")
    desk.wait_text("Belum ada kabar")
    desk.wait_until(lambda: asked(desk.record.requests), "the app opens no stream of news", AT_ONCE)

    log_compost_training(cadre, FIRST)
    cadre.wait_text("Terkirim", SENT)
    desk.wait_text(FIRST, AT_ONCE)
    assert len(asked(desk.record.requests)) == 1, "it came over the stream, not by asking again and again"

    # Who is choosing keeps what is under the hand, and is told.
    desk.tap(f"Pilih {FIRST}", role="checkbox")
    log_compost_training(cadre, SECOND)
    cadre.wait_gone("Menunggu kirim", SENT)
    desk.wait_text("1 kabar baru", AT_ONCE)
    assert not desk.shows(SECOND)
    desk.tap("1 kabar baru")
    desk.wait_text(SECOND)
    desk.tap("Batal memilih")

    server.stop()
    server.start()
    log_compost_training(cadre, THIRD)
    cadre.wait_gone("Menunggu kirim", SENT)
    desk.wait_text(THIRD, CONNECTED_AGAIN)


def asked(requests: list[str]) -> list[str]:
    """The streams of news that were opened."""
    return [address for address in requests if "/api/v1/live" in address]
