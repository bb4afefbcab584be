"""From the first screen to a sent activity without touching anything: Tab, Enter, Space, arrows and Escape."""

from __future__ import annotations

import pytest

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.forms import built_in_forms
from tests.e2e.conftest import MakePhone
from tests.e2e.keys import Keys, out_of_order
from tests.e2e.screen import TIMEOUT
from tests.e2e.steps import city_feed
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

GROUP = "Dasawisma Melati Indah"


def test_an_activity_is_recorded_opened_and_sent_with_the_keyboard_alone(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    words, form = LANGUAGES["id"], built_in_forms()["compost-training"]
    headline = form.by_name[form.headline].label.within("id") + " *"
    phone, feed = make_phone(), city_feed(server)
    keys = Keys(phone)

    # In, past the introduction.
    phone.open(f"/masuk?kode={server.demo['codes'][0]['code']}", words.enrol_title)
    keys.use(words.enrol_button)
    phone.wait_text(words.guide.works_title)
    keys.use(words.guide.skip)
    phone.wait_text(words.no_activities_title)
    phone.go_offline()
    phone.wait_text(words.banner_offline)

    # The help opens, and Escape closes it; one is where one was.
    keys.use(words.guide.help)
    phone.wait_text(words.guide.close)
    keys.press("Escape")
    phone.wait_gone(words.guide.close)

    # Record: Finish without the name leads to the question that lacks it, and spaces stay in its answer.
    keys.use(words.tab_record)
    phone.wait_text(words.choose_kind)
    keys.use(form.title.within("id"))
    phone.wait_text(words.save_draft)
    keys.use(words.finish)
    phone.wait_text(words.please_correct.format(n=1))
    phone.wait_until(lambda: phone.value_of(headline) == "" and _has_focus(keys, headline), "no focus there", TIMEOUT)
    phone.page.keyboard.type(GROUP, delay=20)
    phone.wait_until(lambda: phone.value_of(headline) == GROUP, "the field does not take it", TIMEOUT)
    assert phone.shows(words.save_draft), "no typed space has pressed anything"

    # One of two by an arrow, one of several by a space.
    keys.go_to("Rumah tangga")
    keys.press("ArrowDown")
    keys.press("Space")
    assert keys.go_to("Satu RT", key="ArrowDown").state == "true"
    keys.go_to("Keranjang Takakura")
    keys.press("Space")
    phone.wait_until(lambda: _is_on(keys, "Keranjang Takakura"), "the box is not ticked", TIMEOUT)
    keys.use(words.finish)
    phone.wait_text(words.states.word_waiting)
    phone.wait_gone(words.finished_saved)

    # Down the screen, each with a mark that can be seen; and back up.
    keys.go_to(words.guide.help)
    keys.go_to(words.tab_send)
    assert len(keys.passed) > 2
    assert out_of_order(keys.passed) == []
    assert keys.shows_where(words.guide.help)
    assert keys.shows_where(GROUP)
    assert keys.shows_where(words.tab_record)

    # Open it, ask to delete it, think better of it, and leave.
    keys.use(GROUP)
    phone.wait_text(words.edit)
    assert keys.shows_where(words.edit)
    keys.use(words.delete)
    phone.wait_text(words.delete_question)
    keys.use(words.cancel)
    phone.wait_gone(words.delete_question)
    keys.go_to(words.back, key="Shift+Tab")
    keys.press("Enter")
    phone.wait_text(words.banner_offline)

    # Send.
    keys.use(words.tab_send)
    phone.wait_text(words.send_now)
    phone.go_online()
    keys.use(words.send_now)
    phone.wait_text(words.nothing_waits, 60)
    phone.wait_until(lambda: feed() == [GROUP], "it has not arrived", TIMEOUT)


def _has_focus(keys: Keys, name: str) -> bool:
    found = keys.focused()
    return found is not None and found.name.startswith(name)


def _is_on(keys: Keys, name: str) -> bool:
    return any(node.name == name and node.state == "true" for node in keys.phone.nodes())
