"""A new version comes while a form is open: nobody is disturbed, nothing is lost, and there is a way back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Playwright

from lumbung_client import __version__
from lumbung_client.ui.texts import LANGUAGES
from tests.e2e.accessible import faults
from tests.e2e.driver import Phone
from tests.e2e.releases import FIRST, NEWS, NUMBER, TITLE, deploy, second_release
from tests.e2e.screen import Model
from tests.e2e.steps import begin, enrol, fill, finish, log_compost_training, read_field
from tests.e2e.studio import come_to_rest
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

KIND, GROUP = "Pelatihan kompos rumah tangga/RT", "Kelompok yang dilatih *"
PICTURES = Path(__file__).resolve().parents[2] / "build" / "updates"
LETTERS = "(percent) => { document.documentElement.style.fontSize = `${percent}%`; }"
RUNNING = "() => lumbungVersions.kept?.running.number ?? ''"
READY = "() => lumbungVersions.kept?.ready?.number ?? ''"
SERVED_TO_PAGE = "() => fetch('/release.json').then((file) => file.json()).then((told) => told.number)"
SERVED_TO_PYTHON = (
    "() => fetch(new URL('release.json', self.location)).then((file) => file.json()).then((told) => told.number)"
)
NETWORK_IS_BACK = "() => { dispatchEvent(new Event('online')); }"
WORDS = LANGUAGES["id"].updating


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second release."""
    return second_release(tmp_path_factory.mktemp("second-release"))


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """The folder that the server serves; the first release is in it."""
    folder = tmp_path / "served"
    folder.mkdir()
    deploy(FIRST, folder)
    return folder


@pytest.fixture
def server(tmp_path: Path, served: Path) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path / "server", app=served) as running:
        yield running


@pytest.fixture
def phone(playwright: Playwright, server: LumbungServer, tmp_path: Path) -> Iterator[Phone]:
    with Phone(playwright, server.base_url, tmp_path / "phone", Model(width=360, height=800)) as switched_on:
        yield switched_on


def number(phone: Phone, expression: str) -> str:
    """What a page says; nothing while it is being loaded."""
    try:
        return str(phone.page.evaluate(expression))
    except Error:
        return ""


def wait_until_ready(phone: Phone) -> None:
    """Wait until the page says that the second release is ready."""
    asked = f"(wanted) => ({READY})() === wanted"
    phone.page.wait_for_function(asked, arg=NUMBER, timeout=120_000, polling=200)


def restarted(phone: Phone, bundle: Path, begin_it: Callable[[], None]) -> None:
    """Do what begins a release, and wait until the app has started anew in it.

    The page is asked nothing while it is being left: Playwright was seen to wait for such an answer without end. What
    Python runs in is asked for by its version.
    """
    release = json.loads((bundle / "bundle.json").read_text("utf-8"))["version"]
    script = f"{phone.origin}/.version/{release}/python-worker.js"
    before = phone.record.requests.count(script)
    begin_it()
    phone.wait_until(lambda: phone.record.requests.count(script) > before, f"{release} does not begin", 120)
    phone.wait_started()


def tap(phone: Phone, text: str) -> None:
    """Touch what may have to be scrolled to."""
    phone.scroll_to(text)
    phone.tap(text)


def within_reach(phone: Phone, *names: str) -> None:
    """See that these are there, and all on the screen fits a thumb and stands within the sides, once it is at rest."""
    phone.page.mouse.move(0, 0)
    come_to_rest(phone)
    nodes = phone.nodes()
    assert any(node.name in names for node in nodes)
    assert faults(nodes, phone.model.width, phone.model.height) == []


def look_at_offer(phone: Phone, language: str) -> None:
    """See the offer with letters of two sizes, every word of it and what can be touched."""
    words = LANGUAGES[language].updating
    for percent in (100, 200):
        phone.page.evaluate(LETTERS, percent)
        for text in (words.ready, NUMBER, NEWS[language], words.install, words.later):
            phone.scroll_to(text)
        phone.scroll_to(words.ready)
        phone.screenshot(PICTURES / f"{language}-{percent}-offer.png")
        within_reach(phone, words.install, words.later)
    phone.page.evaluate(LETTERS, 100)


def test_a_version_comes_behind_an_open_form_begins_when_it_is_wanted_and_can_be_undone(
    server: LumbungServer, phone: Phone, served: Path, second: Path
) -> None:
    enrol(phone, server.demo["codes"][0]["code"])
    begin(phone, KIND)
    form = phone.page.url
    fill(phone, GROUP, "Dasawisma Anggrek")
    deploy(second, served)
    phone.page.evaluate(NETWORK_IS_BACK)
    wait_until_ready(phone)

    # Whoever is in the form notices nothing of it, and writes on.
    assert phone.page.url == form
    assert number(phone, RUNNING) == __version__
    assert not phone.shows(WORDS.ready)
    assert read_field(phone, GROUP) == "Dasawisma Anggrek"
    phone.page.keyboard.press("End")
    phone.page.keyboard.type(" RT 05")
    phone.page.go_back()
    phone.wait_text("Lanjutkan draf")
    phone.tap("Kegiatan", role="tab")
    phone.wait_text(WORDS.ready)
    phone.wait_text("Dasawisma Anggrek RT 05")

    # The offer says what it is, in both languages, with letters of any size.
    look_at_offer(phone, "id")
    phone.tap(LANGUAGES["id"].settings)
    tap(phone, "English")
    phone.wait_text(LANGUAGES["en"].settings)
    phone.page.go_back()
    phone.wait_text(LANGUAGES["en"].updating.ready)
    look_at_offer(phone, "en")
    phone.tap(LANGUAGES["en"].settings)
    tap(phone, "Bahasa Indonesia")
    phone.wait_text(LANGUAGES["id"].settings)
    phone.page.go_back()

    # Without a network, from here: everything of it is on the phone.
    phone.go_offline()
    restarted(phone, second, lambda: tap(phone, WORDS.install))
    assert number(phone, RUNNING) == NUMBER
    phone.wait_text("Dasawisma Anggrek RT 05")
    assert not phone.shows(WORDS.ready)
    phone.tap("Dasawisma Anggrek RT 05")
    assert read_field(phone, GROUP) == "Dasawisma Anggrek RT 05"
    phone.page.go_back()

    # The new version writes in the store, and the one before goes on with that.
    log_compost_training(phone, "Dasawisma Melati")
    phone.tap(LANGUAGES["id"].settings)
    phone.scroll_to(TITLE["id"])
    phone.scroll_to(WORDS.back)
    phone.screenshot(PICTURES / "id-100-back.png")
    phone.page.evaluate(LETTERS, 200)
    phone.scroll_to(WORDS.back)
    phone.screenshot(PICTURES / "id-200-back.png")
    within_reach(phone, WORDS.back)
    phone.page.evaluate(LETTERS, 100)
    tap(phone, WORDS.back)
    phone.wait_text(WORDS.back_question)
    restarted(phone, FIRST, lambda: phone.tap(WORDS.back, role="button"))
    assert number(phone, RUNNING) == __version__
    phone.open("/", "Dasawisma Melati")
    assert phone.shows("Dasawisma Anggrek RT 05")
    assert not phone.shows(WORDS.ready), "who went back is not told of it again"

    # From the settings it can be begun once more; when everything was sent, it stays.
    phone.tap(LANGUAGES["id"].settings)
    restarted(phone, second, lambda: tap(phone, WORDS.install))
    assert number(phone, RUNNING) == NUMBER
    phone.go_online()
    phone.open("/", "Terkirim", 60)
    phone.tap(LANGUAGES["id"].settings)
    phone.scroll_to(TITLE["id"])
    phone.wait_gone(WORDS.back)
    assert phone.record.violations() == []


def test_who_says_later_has_it_at_the_next_start_and_the_draft_with_it(
    server: LumbungServer, phone: Phone, served: Path, second: Path
) -> None:
    enrol(phone, server.demo["codes"][0]["code"])
    deploy(second, served)
    phone.page.evaluate(NETWORK_IS_BACK)
    wait_until_ready(phone)
    phone.wait_text(WORDS.ready)
    tap(phone, WORDS.later)
    phone.wait_gone(WORDS.ready)
    begin(phone, KIND)
    fill(phone, GROUP, "Dasawisma Anggrek")
    phone.page.wait_for_timeout(500)
    server.stop()
    phone.reopen("/", "Lanjutkan isian tadi")
    assert number(phone, RUNNING) == NUMBER
    phone.tap("Lanjutkan isian tadi")
    assert read_field(phone, GROUP) == "Dasawisma Anggrek"


def test_two_tabs_each_keep_their_own_version_and_hand_the_store_to_each_other(
    server: LumbungServer, phone: Phone, served: Path, second: Path
) -> None:
    enrol(phone, server.demo["codes"][0]["code"])
    older = phone.page
    deploy(second, served)
    phone.page.evaluate(NETWORK_IS_BACK)
    wait_until_ready(phone)
    phone.new_tab()
    phone.open("/", "Lumbung sedang terbuka di tab lain")
    newer = phone.page
    assert number(phone, RUNNING) == __version__, "it is not alone, and nobody wanted it otherwise"
    phone.tap("Pakai di sini")
    phone.wait_text(WORDS.ready)
    phone.show(older)
    phone.wait_text("Lumbung dilanjutkan di tab lain")
    phone.show(newer)
    restarted(phone, second, lambda: tap(phone, WORDS.install))
    assert number(phone, RUNNING) == NUMBER
    phone.wait_text("Belum ada kegiatan")
    log_compost_training(phone, "Dasawisma Melati")

    # The older tab goes on in its own version, with what the newer one wrote.
    phone.show(older)
    phone.tap("Pakai di sini")
    phone.wait_text("Dasawisma Melati")
    for page, wanted in ((older, __version__), (newer, NUMBER)):
        assert page.evaluate(RUNNING) == wanted
        assert page.evaluate(SERVED_TO_PAGE) == wanted
        (worker,) = page.workers
        assert worker.evaluate(SERVED_TO_PYTHON) == wanted
    begin(phone, KIND)
    fill(phone, GROUP, "Dasawisma Anggrek")
    tap(phone, "Keranjang Takakura")
    finish(phone, "Dasawisma Anggrek")
    phone.show(newer)
    phone.wait_text("Lumbung dilanjutkan di tab lain")
    phone.tap("Pakai di sini")
    phone.wait_text("Dasawisma Anggrek")
    assert phone.shows("Dasawisma Melati")


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_phone_that_is_too_old_keeps_all_and_finds_the_new_version(
    playwright: Playwright, tmp_path: Path, served: Path, second: Path, language: str
) -> None:
    words = LANGUAGES[language]
    with (
        LumbungServer(tmp_path / "strict", app=served, environment={"LUMBUNG_OLDEST_APP": NUMBER}) as server,
        Phone(playwright, server.base_url, tmp_path / "old-phone", Model(width=360, height=800)) as phone,
    ):
        enrol(phone, server.demo["codes"][0]["code"])
        log_compost_training(phone, "Dasawisma Melati")
        if language == "en":
            phone.tap(LANGUAGES["id"].settings)
            tap(phone, "English")
            phone.wait_text(words.settings)
            phone.page.go_back()
        phone.tap(words.tab_send, role="tab")
        told = {"id": "Versi aplikasi ini sudah usang", "en": "This version of the app is too old"}
        phone.wait_text(told[language])
        assert phone.shows("Dasawisma Melati")
        for percent in (100, 200):
            phone.page.evaluate(LETTERS, percent)
            phone.scroll_to(words.updating.look)
            phone.screenshot(PICTURES / f"{language}-{percent}-too-old.png")
            within_reach(phone, words.updating.look)
            phone.scroll_to(words.rescue_lead)
        phone.page.evaluate(LETTERS, 100)
        deploy(second, served)
        tap(phone, words.updating.look)
        wait_until_ready(phone)
        restarted(phone, second, lambda: tap(phone, words.updating.install))
        assert number(phone, RUNNING) == NUMBER
        phone.open("/", words.banner_all_sent, 60)
        assert phone.shows("Dasawisma Melati")
