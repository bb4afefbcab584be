"""The first minutes on a phone of 360 by 800: introduced, practised without a network, helped on every main screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.forms import built_in_forms
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import city_feed
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

PICTURES = Path(__file__).resolve().parents[2] / "build" / "first-minutes"
LETTERS = "(percent) => { document.documentElement.style.fontSize = `${percent}%`; }"


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("language", ["id", "en"])
def test_somebody_new_is_introduced_practises_offline_and_finds_help(
    server: LumbungServer, make_phone: MakePhone, language: str, percent: int
) -> None:
    words, guide = LANGUAGES[language], LANGUAGES[language].guide
    phone, feed = make_phone(), city_feed(server)

    def look(name: str, *shown: str) -> None:
        for text in shown:
            phone.wait_text(text)
        phone.screenshot(PICTURES / f"{language}-{percent}-{name}.png")

    def reach(text: str) -> None:
        phone.scroll_to(text)
        phone.tap(text)

    phone.open(f"/masuk?kode={server.demo['codes'][0]['code']}", LANGUAGES["id"].enrol_title)
    if language == "en":
        reach("English")
        phone.wait_text(words.enrol_title)
    reach(words.enrol_button)
    phone.wait_text(guide.works_title)
    phone.page.evaluate(LETTERS, percent)
    look("1-works", guide.works)
    phone.go_offline()
    reach(guide.forward)
    look("2-arrived", guide.arrived)
    reach(guide.forward)
    look("3-seen", guide.seen)
    reach(guide.practise)

    # A form like the real one, that says all the time that it is none.
    look("4-practice", guide.practice_note)
    group = _practise(phone, language)
    look("5-practised", guide.practice_done, guide.practice_note)
    assert not phone.shows(group)
    reach(guide.practice_next)
    phone.wait_text(words.choose_kind)
    assert not phone.shows(words.drafts_open)

    for number, (tab, lines) in enumerate(
        (
            (words.tab_record, guide.record_lines),
            (words.tab_send, guide.send_lines),
            (words.tab_feed, guide.feed_lines),
            (words.tab_activities, guide.activities_lines),
        )
    ):
        phone.tap(tab, role="tab")
        phone.tap(guide.help)
        look(f"6-help-{number}", lines.partition("\n")[0])
        reach(guide.close)
        phone.wait_gone(lines.partition("\n")[0])
    look("7-activities", words.no_activities_title, words.banner_offline)

    # Seen once: not again after the browser was closed, and to be read again from the settings.
    phone.reopen("/", words.no_activities_title)
    phone.tap(words.settings)
    reach(guide.again)
    look("8-again", guide.works)
    assert feed() == []
    assert phone.record.violations() == []


def _practise(phone: Phone, language: str) -> str:
    """Finish the practice form; returns what was typed."""
    words = LANGUAGES[language]
    form = built_in_forms()["compost-training"]
    headline = form.by_name[form.headline].label.within(language) + " *"
    phone.scroll_to(headline)
    phone.type_into(headline, "Dasawisma Melati")
    phone.scroll_to(words.finish)
    phone.tap(words.finish)
    return "Dasawisma Melati"
