"""Take a picture of every screen, in both languages, at phone and desktop size.

Usage: python -m tests.e2e.screenshots FOLDER [CHAPTER …] (as `make screenshots` does, without a chapter: all of them)
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.forms import built_in_forms
from tests.e2e.driver import Phone
from tests.e2e.harvest import MONTH, bring_in
from tests.e2e.primed import Primed
from tests.e2e.screenshots_account import account
from tests.e2e.screenshots_desk import desk
from tests.e2e.screenshots_first_minutes import first_minutes
from tests.e2e.screenshots_forms import forms
from tests.e2e.screenshots_handover import handing_over
from tests.e2e.screenshots_large import large_text
from tests.e2e.screenshots_people import people
from tests.e2e.screenshots_photos import photos
from tests.e2e.screenshots_sharing import sharing
from tests.e2e.steps import move_cadre, set_clock, skip_introduction
from tests.e2e.studio import Studio
from tests.servers import LumbungServer

ROOT = Path(__file__).resolve().parents[2]
KIND = "compost-training"
BEHIND_MS = (3 * 60 + 12) * 60_000 + 20_000


class Photographer(Studio):
    """Goes through the app in one language and takes a picture at every stop."""

    def everyday(self) -> None:
        """Take the cadre's pictures, then the coordinator's on a phone and on a desktop."""
        if self.language == "id":  # the other one is chosen when the app is there
            self._first_visit()
        with self.phone() as phone:
            self.first_screen(phone)
            self._cadre(phone)
            self._refused(phone)
            self._second_tab(phone)
            self._little_room(phone)
        with self.phone() as phone:
            self._coordinator(phone)

    def month(self) -> None:
        """Take pictures of a phone on which there is a month's work."""
        bring_in(self.server, MONTH)
        with self.phone() as phone:
            self._many(phone)
            self._registers(phone)
            self._rescue(phone)

    def clocks(self) -> None:
        """Take pictures of a phone whose clock is wrong."""
        with self.phone() as phone:
            self._wrong_clock(phone)

    def _first_visit(self) -> None:
        """Take a picture of the app's files coming down, as a slow connection shows it for a while."""
        with self.phone(been_here=False) as phone:
            line = phone.page.context.new_cdp_session(phone.page)
            speed = {"offline": False, "latency": 0, "downloadThroughput": 3_000_000, "uploadThroughput": -1}
            line.send("Network.emulateNetworkConditions", speed)
            phone.page.goto(self.server.base_url, wait_until="commit")
            phone.page.wait_for_function("() => document.querySelector('#progress')?.position > 0.4", polling=50)
            self.shoot(phone, "00-first-visit")

    def _cadre(self, phone: Phone) -> None:
        words = self.words
        form = built_in_forms()[KIND]
        title = form.title.within(self.language)
        headline = form.by_name[form.headline].label.within(self.language) + " *"
        self.picture(phone, "01-enrol", words.enrol_title)
        phone.type_into(words.enrol_code, "ZZZZ-9999")
        phone.tap(words.enrol_button)
        phone.wait_gone(words.enrol_busy)
        self.picture(phone, "02-enrol-wrong-code")
        phone.type_into(words.enrol_code, self.server.invite("kdr-03"))
        phone.tap(words.enrol_button)
        skip_introduction(phone, self.language)
        self.picture(phone, "03-activities-empty", words.no_activities_title)
        phone.go_offline()
        phone.tap(words.tab_record)
        self.picture(phone, "04-choose-kind", words.choose_kind)
        phone.tap(title)
        phone.wait_text(words.save_draft)
        phone.scroll_to(headline)
        phone.type_into(headline, "Dasawisma Melati")
        self.picture(phone, "05-form", words.finish)
        phone.tap(words.finish)
        phone.wait_text(words.states.word_waiting)
        phone.wait_gone(words.finished_saved)
        self._draft(phone, headline)
        self.picture(phone, "07-activities-offline", words.banner_offline, words.states.word_draft)
        phone.tap("Dasawisma Melati")
        self.picture(phone, "08-activity", words.states.word_waiting, words.edit)
        phone.tap(words.back)
        phone.wait_text(words.banner_offline)
        phone.tap(words.tab_send)
        self.picture(phone, "09-send-offline", words.offline_help)
        phone.go_online()
        self.picture(phone, "10-send-done", words.receipts_title, words.nothing_waits)
        phone.tap("No. ")
        self.picture(phone, "13-receipt", words.receipt.seal_sound, words.receipt.match_same)
        phone.tap(words.back)
        phone.wait_text(words.receipts_title)
        phone.tap(words.tab_feed, role="tab")
        self.picture(phone, "11-feed", "Amplang Bu Nur")
        phone.tap(words.settings)
        self.picture(phone, "12-settings", words.storage)

    def _draft(self, phone: Phone, headline: str) -> None:
        words = self.words
        phone.tap(words.tab_record)
        phone.wait_text(words.choose_kind)
        phone.tap(built_in_forms()[KIND].title.within(self.language))
        phone.wait_text(words.save_draft)
        phone.scroll_to(headline)
        phone.tap(words.finish)
        phone.wait_text(words.please_correct.format(n=1))
        self.picture(phone, "06-form-incomplete", words.finish)
        phone.type_into(headline, "Dasawisma Sehati")
        phone.tap(words.save_draft)
        phone.wait_text(words.states.word_draft)
        phone.wait_gone(words.draft_saved)

    def _refused(self, phone: Phone) -> None:
        """The cadre is moved to another kelurahan while the phone is out of reach."""
        words = self.words
        phone.tap(words.back)
        phone.go_offline()
        phone.tap("Dasawisma Sehati")
        phone.wait_text(words.finish)
        phone.tap(words.finish)
        phone.wait_text(words.banner_waiting.format(n=1))
        move_cadre(self.server, "kdr-03", "64.74.02.1001")
        phone.go_online()
        phone.wait_text(words.banner_refused.format(n=1), 60)
        phone.wait_gone(words.finished_saved)
        phone.tap(words.tab_send, role="tab")
        self.picture(phone, "17-send-refused", words.send_now, words.states.word_correct)
        phone.tap("Dasawisma Sehati")
        self.picture(phone, "18-activity-refused", words.correct)

    def _second_tab(self, phone: Phone) -> None:
        words = self.words
        first = phone.new_tab()
        phone.open("/", words.use_here)
        self.picture(phone, "19-second-tab", words.elsewhere_title)
        phone.tap(words.use_here)
        phone.wait_text(words.tab_activities)
        phone.show(first)
        self.picture(phone, "20-tab-gave-way", words.gave_way_title)
        phone.tap(words.use_here)
        phone.wait_text(words.correct)  # where this tab was

    def _little_room(self, phone: Phone) -> None:
        """The browser has hardly any room left for the app."""
        words = self.words
        line = phone.page.context.new_cdp_session(phone.page)
        used = int(phone.page.evaluate("async () => (await navigator.storage.estimate()).usage"))
        line.send("Storage.overrideQuotaForOrigin", {"origin": phone.origin, "quotaSize": used + 34_500_000})
        phone.open("/", words.tab_activities)
        self.picture(phone, "21-storage-low", words.storage_low.partition("{")[0])
        phone.open("/pengaturan", words.storage)
        phone.scroll_to(words.storage_low.partition("{")[0])
        self.picture(phone, "22-settings-storage", words.storage_low.partition("{")[0])
        line.send("Storage.overrideQuotaForOrigin", {"origin": phone.origin})

    def _coordinator(self, phone: Phone) -> None:
        words = self.words
        self.first_screen(phone)
        phone.tap(words.i_am_coordinator)
        self.both(phone, "13-login", words.login_title)
        self.log_in(phone)
        phone.tap(words.tab_feed, role="tab")
        self.both(phone, "14-coordinator-feed", "Kota Bontang", "Bank Sampah Harapan Kita")
        phone.tap(words.filter)
        phone.wait_text(words.filter_since)  # until it is there, what lies below is still on its way down
        phone.scroll_to(words.show_counts)
        phone.tap(words.show_counts)
        self.picture(phone, "15-coordinator-filter", words.hide_counts)
        phone.tap(words.filter)
        phone.wait_gone(words.filter_since)
        phone.scroll_to(words.hide_counts)  # the list stays where it was when the panel goes
        phone.tap(words.hide_counts)
        phone.tap("Bank Sampah Harapan Kita")
        self.both(phone, "16-coordinator-activity", "Tanjung Laut")

    def _many(self, phone: Phone) -> None:
        """More activities than anybody finds by looking."""
        words = self.words
        self.first_screen(phone)
        phone.type_into(words.enrol_code, self.server.invite(MONTH[0].person))
        phone.tap(words.enrol_button)
        skip_introduction(phone, self.language)
        phone.wait_text(words.search_activities, 60)
        phone.go_offline()
        self._log(phone, "Dasawisma Melati Indah")
        self.picture(phone, "23-activities-many", words.banner_offline, words.search_activities)
        phone.type_into(words.search_activities, "melati dasa")
        self.picture(phone, "24-search")
        phone.type_into(words.search_activities, "zzz")
        self.picture(phone, "25-search-nothing", words.nothing_found_title)
        phone.tap(words.show_all)

    def _registers(self, phone: Phone) -> None:
        """Businesses, waste banks and groups; one of them opened; and one chosen in a form."""
        words = self.words
        phone.tap(words.registers)
        self.picture(phone, "31-registers", words.find_twins)
        phone.tap("Keripik Melati")
        self.picture(phone, "32-entry", words.edit)
        phone.tap(words.back)
        phone.wait_text(words.find_twins)
        phone.tap(words.back)
        phone.wait_text(words.search_activities)
        form = built_in_forms()["product-photo-session"]
        question = form.by_name[form.headline].label.within(self.language)
        phone.tap(words.tab_record)
        phone.wait_text(words.choose_kind)
        phone.scroll_to(form.title.within(self.language))
        phone.tap(form.title.within(self.language))
        phone.wait_text(words.save_draft)
        phone.scroll_to(f"{question} *: {words.not_chosen}")
        phone.tap(f"{question} *: {words.not_chosen}")
        self.picture(phone, "33-choose-entry", words.search_entries, "Keripik Melati")
        phone.tap(words.back)
        phone.tap(words.discard_draft)
        phone.wait_text(words.discard_question)
        phone.tap(words.discard_draft)
        phone.wait_text(words.search_activities)
        phone.wait_gone(words.discarded)

    def _rescue(self, phone: Phone) -> None:
        """What was not sent is saved to a file, and the raw files by the page that needs no app."""
        words = self.words
        phone.tap(words.settings)
        phone.scroll_to(words.rescue_save)
        with phone.page.expect_download():
            phone.tap(words.rescue_save)
        self.picture(phone, "26-settings-rescue", "-1-kegiatan.zip")
        phone.page.goto(f"{phone.origin}/selamatkan.html")
        phone.page.get_by_text("segment-000001").wait_for()
        self.shoot(phone, "27-raw-files")

    def _wrong_clock(self, phone: Phone) -> None:
        """The phone's clock is some hours behind."""
        words = self.words
        self.first_screen(phone)
        phone.type_into(words.enrol_code, self.server.invite("kdr-05"))
        phone.tap(words.enrol_button)
        skip_introduction(phone, self.language)
        phone.wait_text(words.tab_activities)
        set_clock(phone, -BEHIND_MS)
        phone.tap(words.tab_send, role="tab")
        phone.tap(words.send_now)
        self.both(phone, "28-send-wrong-clock", words.clock_how)
        phone.tap(words.tab_activities, role="tab")
        self._log(phone, "Dasawisma Kenanga", words.banner_all_sent)
        self.both(phone, "29-activities-wrong-clock", words.clock_wrong)
        phone.tap("Dasawisma Kenanga")
        self.both(phone, "30-activity-wrong-clock", words.clock_corrected_times.partition("{")[0])

    def _log(self, phone: Phone, name: str, then: str = "") -> None:
        words, form = self.words, built_in_forms()[KIND]
        headline = form.by_name[form.headline].label.within(self.language) + " *"
        phone.tap(words.tab_record)
        phone.wait_text(words.choose_kind)
        phone.tap(form.title.within(self.language))
        phone.wait_text(words.save_draft)
        phone.scroll_to(headline)
        phone.type_into(headline, name)
        phone.tap(words.finish)
        phone.wait_text(then or words.states.word_waiting)
        phone.wait_gone(words.finished_saved)


CHAPTERS: Mapping[str, Callable[[Photographer], None]] = {
    "first-minutes": first_minutes,
    "everyday": Photographer.everyday,
    "month": Photographer.month,
    "photos": photos,
    "forms": forms,
    "people": people,
    "handing-over": handing_over,
    "sharing": sharing,
    "desk": desk,
    "clocks": Photographer.clocks,
    "large-text": large_text,
    # Last: the coordinator has another password afterwards.
    "account": account,
}


def photograph(
    playwright: Playwright,
    folder: Path,
    language: str,
    workplace: Path,
    primed: Primed,
    chapters: Collection[str] = CHAPTERS,
    *,
    album: bool = True,
) -> Studio:
    """Take the pictures of chapters in one language, with a week of activities; returns who saw the texts on them."""
    app = ROOT / "build" / "app"
    with LumbungServer(workplace / f"server-{language}", app=app, port=primed.port) as server:
        bring_in(server)
        photographer = Photographer(playwright, server, folder, language, workplace, primed, album=album)
        for chapter, take in CHAPTERS.items():
            if chapter in chapters:
                take(photographer)
        return photographer


def main(arguments: list[str]) -> int:
    """Take the pictures in both languages."""
    if not arguments or not set(arguments[1:]) <= set(CHAPTERS):
        sys.stderr.write(__doc__ or "")
        return 2
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as workplace:
        primed = Primed(Path(workplace))
        for language in LANGUAGES:
            photograph(playwright, Path(arguments[0]), language, Path(workplace), primed, arguments[1:] or CHAPTERS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
