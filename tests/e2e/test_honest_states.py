"""On a phone of 360 by 800, with letters as they are and twice as large: every state is seen, named and explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.forms import built_in_forms
from tests.e2e.accessible import faults
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import move_cadre, skip_introduction
from tests.e2e.studio import come_to_rest
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(400)]

PICTURES = Path(__file__).resolve().parents[2] / "build" / "honest-states"
LETTERS = "(percent) => { document.documentElement.style.fontSize = `${percent}%`; }"
FIRST, SECOND = "Kerja bakti RT 05", "Rapat warga RT 07"
ARRIVAL = 60.0


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("language", ["id", "en"])
def test_an_activity_says_how_it_stands_from_its_draft_to_the_server(
    server: LumbungServer, make_phone: MakePhone, language: str, percent: int
) -> None:
    words = LANGUAGES[language]
    states, guide, code = words.states, words.guide, server.demo["codes"][0]
    phone = make_phone()

    def look(name: str, *shown: str, mine: bool = True) -> None:
        # Where `mine` is False an edge may cut a button, or other tests look at the questions.
        for text in shown:
            phone.wait_text(text)
        phone.screenshot(PICTURES / f"{language}-{percent}-{name}.png")
        if mine:
            come_to_rest(phone)
            assert faults(phone.nodes(), phone.model.width, phone.model.height) == []

    def reach(text: str) -> None:
        phone.scroll_to(text)
        phone.tap(text)

    def close(shown: str) -> None:
        reach(guide.close)
        phone.wait_gone(shown)

    _enrol(phone, code["code"], language)
    phone.page.evaluate(LETTERS, percent)

    # Nothing was recorded, so nothing was sent; and the browser has promised nothing.
    look("1-empty", words.banner_nothing_yet, states.not_kept)
    assert not phone.shows(words.banner_all_sent)
    phone.tap(states.not_kept)
    look("2-not-kept", states.not_kept_title, states.not_kept_install, mine=False)
    _let_the_browser_promise(phone)
    reach(words.storage_ask)
    close(states.not_kept_title)
    phone.wait_gone(states.not_kept)

    phone.go_offline()
    _fill_in(phone, language, FIRST)
    phone.scroll_to(states.word_draft)
    look("3-form", states.word_draft, mine=False)  # the questions are looked at where they are tested
    phone.tap(words.save_draft)
    look("4-draft", FIRST, states.word_draft, states.banner_drafts.format(n=1))
    phone.tap(FIRST)
    phone.tap(words.finish)
    look("5-waiting", FIRST, states.word_waiting, words.banner_offline)

    # The banner explains, without a network; so does the state of the activity.
    phone.tap(words.banner_offline)
    look("6-sheet", states.sheet_title, states.why_offline, mine=False)
    for text in (states.fact_account, states.fact_try, states.legend, states.word_rejected):
        phone.scroll_to(text)
    look("7-legend", mine=False)
    close(states.sheet_title)
    phone.tap(FIRST)
    phone.tap(states.word_waiting)
    look("8-explained", states.legend, states.why_offline, mine=False)
    close(states.legend)
    phone.tap(words.back)

    # A server that does not answer: what is on its way says so, and is called sent only when it has arrived.
    server.pause()
    phone.go_online()
    look("9-sending", states.word_sending)
    server.resume()
    phone.wait_gone(states.word_sending, ARRIVAL)
    look("10-sent", states.word_sent, words.banner_all_sent)

    # Moved to another kelurahan meanwhile: the server refuses, with a reason and a way out.
    phone.go_offline()
    _fill_in(phone, language, SECOND)
    phone.tap(words.finish)
    phone.wait_text(SECOND)
    move_cadre(server, code["person"], "64.74.02.1001")
    phone.go_online()
    phone.wait_text(words.banner_refused.format(n=1), ARRIVAL)
    look("11-refused", states.word_correct)
    phone.tap(SECOND)
    look("12-refused-opened", states.word_correct, states.todo_correct, mine=False)
    phone.tap(states.word_correct)
    look("13-refused-explained", states.legend, mine=False)
    close(states.legend)
    assert phone.record.violations() == []
    assert phone.record.page_errors == []


def _enrol(phone: Phone, code: str, language: str) -> None:
    """Register the phone in a language."""
    words = LANGUAGES[language]
    phone.open(f"/masuk?kode={code}", LANGUAGES["id"].enrol_title)
    if language == "en":
        phone.scroll_to("English")
        phone.tap("English")
        phone.wait_text(words.enrol_title)
    phone.scroll_to(words.enrol_button)
    phone.tap(words.enrol_button)
    skip_introduction(phone, language)
    phone.wait_text(words.no_activities_title)


def _fill_in(phone: Phone, language: str, name: str) -> None:
    """Open the form of any other activity and give it a name."""
    words, form = LANGUAGES[language], built_in_forms()["other"]
    phone.tap(words.tab_record, role="tab")
    phone.wait_text(words.choose_kind)
    title = form.title.within(language)
    phone.scroll_to(title)
    phone.tap(title)
    label = form.by_name[form.headline].label.within(language) + " *"
    phone.scroll_to(label)
    phone.type_into(label, name)


def _let_the_browser_promise(phone: Phone) -> None:
    """Let the browser promise to keep the data when it is asked the next time; a headless one never does."""
    phone.page.evaluate("() => { navigator.storage.persist = async () => true; }")
    (worker,) = phone.page.workers
    worker.evaluate("() => { navigator.storage.persisted = async () => true; }")
