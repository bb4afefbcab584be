"""One store, one tab: a second tab says so, and takes over when the first is closed."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.steps import enrol, log_compost_training
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_second_tab_waits_and_takes_over_with_everything_when_the_first_is_closed(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    phone.go_offline()
    log_compost_training(phone, "Dasawisma Anggrek")
    first = phone.new_tab()
    phone.open("/", "Lumbung belum bisa dibuka")
    assert phone.shows("tab atau jendela lain")
    phone.tap("Coba lagi")
    phone.wait_text("Lumbung belum bisa dibuka")
    first.close()
    phone.tap("Coba lagi")
    phone.wait_text("Dasawisma Anggrek")
    assert phone.shows("1 menunggu kirim")
