"""Take pictures of screens: one language, one server, a new browser for each person."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Playwright

from lumbung_client.ui.texts import LANGUAGES, Texts
from tests.e2e.accessible import faults
from tests.e2e.driver import Phone
from tests.e2e.primed import Primed
from tests.e2e.screen import Model
from tests.e2e.semantics import texts_of
from tests.e2e.steps import skip_introduction
from tests.servers import LumbungServer

NARROW, WIDE = 360, 1280
"""CSS pixels of a phone and of a desk machine."""


class Studio:
    """Knows where pictures go, and takes one of what a phone shows.

    `seen`: picture to the texts on it; `faults`: picture to what keeps a thumb or a screen reader from using it. The
    browsers' profiles are made in `workplace`, from what is `primed`. `album`: whether the pictures are to stay in the
    repository. Then some are taken by night as well, all in few colours, and both widths in both languages; to find
    words and sizes that are wrong, a desk machine in one is enough.
    """

    def __init__(
        self,
        playwright: Playwright,
        server: LumbungServer,
        folder: Path,
        language: str,
        workplace: Path,
        primed: Primed,
        *,
        album: bool = True,
    ) -> None:
        self.seen: dict[str, list[str]] = {}
        self.faults: dict[str, list[str]] = {}
        self.server = server
        self.folder = folder / language
        self.language = language
        self.words: Texts = LANGUAGES[language]
        self._playwright = playwright
        self._workplace = workplace
        self._primed = primed
        self._album = album
        self._wide_too = album or language == "id"

    def phone(self, *, been_here: bool = True) -> Phone:
        """Make a phone that nobody has used; `been_here`: the app is on it."""
        profile, model = Path(tempfile.mkdtemp(dir=self._workplace)), Model(width=NARROW, height=800)
        if been_here:
            return self._primed.phone(self._playwright, self.server, profile, model)
        return Phone(self._playwright, self.server.base_url, profile, model)

    def widths(self, phone: Phone) -> Iterator[str]:
        """Have what is shown as wide as a phone, then as a desk machine; give what the names of pictures end with."""
        yield ""
        if self._wide_too:
            phone.resize(WIDE)
            yield "-wide"
            phone.resize(NARROW)
            come_to_rest(phone)

    def both(self, phone: Phone, name: str, *shown: str) -> None:
        """Take a picture on a phone, and one on a desk machine."""
        for suffix in self.widths(phone):
            self.picture(phone, f"{name}{suffix}", *shown)

    def by_day_and_night(self, phone: Phone, name: str, *shown: str) -> None:
        """Take both in light colours, and for the album in dark ones: the words are the same."""
        for suffix in self.widths(phone):
            self.picture(phone, f"{name}{suffix}", *shown)
            if self._album:
                phone.page.emulate_media(color_scheme="dark")
                self.picture(phone, f"{name}{suffix}-dark", *shown)
                phone.page.emulate_media(color_scheme="light")
                come_to_rest(phone)

    def picture(self, phone: Phone, name: str, *shown: str) -> None:
        """Take a picture once these texts are on the screen and nothing moves any more."""
        for text in shown:
            phone.wait_text(text)
        phone.page.mouse.move(0, 0)
        come_to_rest(phone)
        nodes = phone.nodes()
        self.seen[name] = texts_of(nodes)
        if faults(nodes, phone.model.width, phone.model.height):
            come_to_rest(phone)  # on a busy machine a picture can stand still in the middle of a movement
            nodes = phone.nodes()
        if found := faults(nodes, phone.model.width, phone.model.height):
            self.faults[name] = found
        self.shoot(phone, name)

    def shoot(self, phone: Phone, name: str) -> None:
        """Take a picture of whatever is shown, for the album in 256 colours."""
        path = self.folder / f"{name}.png"
        phone.screenshot(path)
        if not self._album:
            return
        with Image.open(path) as picture:
            few = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        few.save(path, "PNG", optimize=True)

    def first_screen(self, phone: Phone) -> None:
        """Open the app and choose the language."""
        phone.open("/", LANGUAGES["id"].enrol_title)
        if self.language == "en":
            phone.tap("English")
            phone.wait_text(self.words.enrol_title)

    def enrol(self, phone: Phone, person: str) -> None:
        """Begin as a cadre."""
        self.first_screen(phone)
        phone.type_into(self.words.enrol_code, self.server.invite(person))
        phone.tap(self.words.enrol_button)
        skip_introduction(phone, self.language)
        phone.wait_text(self.words.tab_activities)

    def sign_in(self, phone: Phone) -> None:
        """Begin as the city's coordinator."""
        self.first_screen(phone)
        phone.tap(self.words.i_am_coordinator)
        self.log_in(phone)

    def open_drawer(self, phone: Phone, title: str) -> None:
        """Open a drawer of the coordinator's desk, from one of the four main screens."""
        phone.tap(self.words.tab_feed, role="tab")
        phone.wait_gone(self.words.no_activities_title)  # the list of own activities names the desk, too
        phone.tap(self.words.desk.title)
        phone.wait_text(self.words.desk.look_after)
        phone.scroll_to(title)
        phone.tap(title)

    def log_in(self, phone: Phone) -> None:
        """Say who the city's coordinator is, where one is asked for that."""
        login = next(account for account in self.server.demo["logins"] if account["region"] == "64.74")
        phone.wait_text(self.words.login_title)
        phone.type_into(self.words.login_name, login["login"])
        phone.type_into(self.words.password, login["password"])
        phone.tap(self.words.login_button)
        phone.wait_text(self.words.last_sync.partition("{")[0])


def come_to_rest(phone: Phone) -> None:
    """Wait until nothing moves: tooltips have faded, transitions have ended. A caret blinks twice a second."""
    seen: list[bytes] = []

    def still() -> bool:
        seen.append(phone.page.screenshot())
        return seen[-3:].count(seen[-1]) == 3

    phone.wait_until(lambda: still() or None, "the screen does not come to rest", 20)
