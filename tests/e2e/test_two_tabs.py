"""One store, one tab: a second says so, takes over when the first is closed, or at once when the person wants it."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.steps import begin, city_feed, enrol, fill, finish, log_compost_training, read_field
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

GROUP = "Kelompok yang dilatih *"
ELSEWHERE = "Lumbung sedang terbuka di tab lain"
GAVE_WAY = "Lumbung dilanjutkan di tab lain"


@pytest.mark.full
def test_a_second_tab_opens_by_itself_with_everything_when_the_first_is_closed(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    phone.go_offline()
    log_compost_training(phone, "Dasawisma Anggrek")
    first = phone.new_tab()
    phone.open("/", ELSEWHERE)
    first.close()
    phone.wait_text("Dasawisma Anggrek", 10)
    assert phone.shows("1 menunggu kirim")


def test_a_tap_takes_over_without_losing_a_letter_and_the_first_tab_comes_back_only_by_a_tap(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone, feed = make_phone(), city_feed(server)
    enrol(phone, server.demo["codes"][0]["code"])
    phone.go_offline()
    log_compost_training(phone, "Dasawisma Anggrek")
    begin(phone, "Pelatihan kompos rumah tangga/RT")
    first = phone.new_tab()
    phone.open("/", ELSEWHERE)
    second = phone.page

    # Letters are typed in the first tab, and the very next thing is the tap in the second.
    phone.show(first)
    fill(phone, GROUP, "Dasawisma Melati")
    phone.show(second)
    phone.tap("Pakai di sini")
    phone.wait_text("Dasawisma Anggrek", 10)
    phone.tap("Dasawisma Melati")
    assert read_field(phone, GROUP) == "Dasawisma Melati"
    phone.scroll_to("Keranjang Takakura")
    phone.tap("Keranjang Takakura")
    finish(phone, "Dasawisma Melati")

    phone.show(first)
    phone.wait_text(GAVE_WAY)
    phone.page.wait_for_timeout(2500)  # longer than a waiting tab would take to try again
    assert phone.shows(GAVE_WAY)
    phone.tap("Pakai di sini")
    phone.wait_text("Dasawisma Melati", 10)
    phone.show(second)
    phone.wait_text(GAVE_WAY)
    phone.show(first)
    phone.go_online()
    phone.wait_until(lambda: len(feed()) == 2, "not everything reached the server", 60)
    assert set(feed()) == {"Dasawisma Anggrek", "Dasawisma Melati"}


@pytest.mark.full
def test_a_request_under_way_does_not_hold_up_the_tab_that_takes_over(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone, feed = make_phone(), city_feed(server)
    enrol(phone, server.demo["codes"][0]["code"])
    log_compost_training(phone, "Dasawisma Anggrek")
    phone.wait_text("Terkirim", 60)
    first = phone.new_tab()
    phone.open("/", ELSEWHERE)
    second = phone.page
    phone.show(first)
    server.pause()
    try:
        log_compost_training(phone, "Dasawisma Melati")
        phone.show(second)
        phone.tap("Pakai di sini")
        phone.wait_text("Dasawisma Melati", 10)
    finally:
        server.resume()
    phone.wait_until(lambda: len(feed()) == 2, "not everything reached the server", 120)
    assert set(feed()) == {"Dasawisma Anggrek", "Dasawisma Melati"}


@pytest.mark.full
def test_a_second_tab_speaks_the_chosen_language(server: LumbungServer, make_phone: MakePhone) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    phone.open("/pengaturan", "English")
    phone.tap("English")
    phone.wait_text("Settings")
    phone.new_tab()
    phone.open("/", "Lumbung is open in another tab")
    assert phone.shows("Use it here")


# As a tab that the system has put to sleep: nothing in it runs.
SLEEP = "() => setTimeout(() => { const end = Date.now() + 12000; while (Date.now() < end); })"


@pytest.mark.full
def test_a_second_tab_says_that_a_silent_one_has_to_be_closed(server: LumbungServer, make_phone: MakePhone) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    first = phone.new_tab()
    phone.open("/", ELSEWHERE)
    first.workers[0].evaluate(SLEEP)
    phone.tap("Pakai di sini")
    phone.wait_text("Tab lain tidak menjawab", 10)
    first.close()
    phone.wait_text("Belum ada kegiatan", 10)
