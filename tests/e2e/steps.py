"""What people do with the app, step by step, in the words of its Indonesian interface."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from mimetypes import guess_type

import requests
from playwright.sync_api import FilePayload

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import replica_id
from lumbung_shared.protocol import EnrolRequest, LoginRequest
from tests.e2e.driver import Phone
from tests.e2e.screen import TIMEOUT
from tests.servers import LumbungServer

# Time passes on both clocks of the worker.
LET_PASS = """(ms) => {
  const [wall, mono] = (self.trueClocks ||= [Date.now.bind(Date), performance.now.bind(performance)]);
  self.passed = (self.passed || 0) + ms;
  Date.now = () => wall() + self.passed;
  performance.now = () => mono() + self.passed;
}"""

# As a browser does when the person goes to another app and comes back.
SHOW = """(state) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

ENTRIES = "Cari nama, pemilik, atau tempat"
"""The field in which entries of registers are searched."""
TAKE = "Ambil atau pilih foto"
"""The button that opens camera or gallery."""


def enrol(phone: Phone, code: str) -> None:
    """Open the link of an enrolment code and register the phone."""
    phone.open(f"/masuk?kode={code}", "Daftarkan ponsel ini")
    phone.tap("Daftar")
    skip_introduction(phone)
    phone.wait_text("Belum ada kegiatan")


def skip_introduction(phone: Phone, language: str = "id") -> None:
    """Pass by what is told to whoever is new here."""
    phone.tap(LANGUAGES[language].guide.skip)


def sign_in(phone: Phone, login: str, password: str) -> None:
    """Sign in as a coordinator."""
    phone.open("/", "Saya koordinator")
    phone.tap("Saya koordinator")
    phone.wait_text("Kata sandi")
    phone.type_into("Nama pengguna", login)
    phone.type_into("Kata sandi", password)
    phone.tap("Masuk")
    phone.wait_text("Terakhir tersambung")


def log_waste_bank_training(phone: Phone, name: str, kilos: str = "12,5") -> None:
    """Log a training of a waste bank that is in no register yet, with one weighing, and finish it."""
    begin(phone, "Pelatihan bank sampah")
    add_entry(phone, "Bank sampah *", name)
    phone.scroll_to("Tambah hasil penimbangan")
    phone.tap("Tambah hasil penimbangan")
    phone.scroll_to("Jenis sampah *")
    phone.choose("Jenis sampah *", "Plastik")
    fill(phone, "Berat (kg) *", kilos)
    finish(phone, name)


def log_compost_training(phone: Phone, group: str) -> None:
    """Log a compost training, and finish it."""
    begin(phone, "Pelatihan kompos rumah tangga/RT")
    fill(phone, "Kelompok yang dilatih *", group)
    phone.scroll_to("Keranjang Takakura")
    phone.tap("Keranjang Takakura")
    finish(phone, group)


def add_entry(phone: Phone, question: str, name: str) -> None:
    """Add an entry to a register in the middle of a form, and go on with the form."""
    search_entry(phone, question, name)
    phone.tap(f"Tambah “{name}” sebagai data baru")
    phone.wait_text("Nomor HP")
    phone.tap("Selesai")
    phone.wait_gone("Nomor HP")
    phone.wait_text(name)


def choose_entry(phone: Phone, question: str, part: str, name: str) -> None:
    """Answer a question of a form with an entry, found by a part of what it says."""
    search_entry(phone, question, part)
    phone.tap(name)
    phone.wait_gone(ENTRIES)
    phone.wait_text(name)


def search_entry(phone: Phone, question: str, text: str) -> None:
    """Open the search of a question for an entry, and type."""
    name = f"{question}: belum dipilih"
    phone.scroll_to(name)
    phone.tap(name)
    phone.wait_text(ENTRIES)
    phone.type_into(ENTRIES, text)


def begin(phone: Phone, kind: str) -> None:
    """Open the form of a kind."""
    phone.tap("Catat")
    phone.wait_text("Apa yang Anda lakukan?")
    phone.scroll_to(kind)
    phone.tap(kind)
    phone.wait_text("Simpan draf")


def fill(phone: Phone, label: str, text: str) -> None:
    """Type into a field of the form."""
    phone.scroll_to(label)
    phone.type_into(label, text)


def take_photos(phone: Phone, files: Mapping[str, bytes], button: str = TAKE) -> None:
    """Pick files, by name, in the file chooser behind a button of the form. What the app makes of them comes later."""
    phone.scroll_to(button)
    with phone.page.expect_file_chooser() as chooser:
        phone.tap(button)
    assert chooser.value.is_multiple()
    chooser.value.set_files(
        [
            FilePayload(name=name, mimeType=guess_type(name)[0] or "application/octet-stream", buffer=content)
            for name, content in files.items()
        ]
    )


def finish(phone: Phone, headline: str) -> None:
    """Finish the form and see the activity in the list."""
    phone.tap("Selesai")
    phone.wait_text("Kegiatan")
    phone.wait_text(headline)
    phone.wait_gone("Simpan draf")


def read_field(phone: Phone, label: str) -> str:
    """Return what stands in a field of the form; only a field that has the focus tells its value."""
    phone.scroll_to(label)
    phone.tap(label)
    return phone.wait_until(lambda: phone.value_of(label), f"the field {label!r} is empty", TIMEOUT)


def spend(server: LumbungServer, code: str) -> None:
    """Use an enrolment code up on another phone."""
    request = EnrolRequest(code, replica_id(secrets.token_bytes(10)), "uji")
    requests.post(f"{server.base_url}/api/v1/enrol", json=to_wire(request), timeout=10).raise_for_status()


def city_feed(server: LumbungServer) -> Callable[[], list[str]]:
    """Sign in as the city's coordinator, without a browser; returns what tells the headlines of the feed."""
    account = next(login for login in server.demo["logins"] if login["region"] == "64.74")
    request = LoginRequest(account["login"], account["password"], replica_id(secrets.token_bytes(10)), "uji")
    answer = requests.post(f"{server.base_url}/api/v1/login", json=to_wire(request), timeout=10)
    answer.raise_for_status()
    who = {"Authorization": f"Bearer {answer.json()['token']}"}

    def headlines() -> list[str]:
        feed = requests.get(f"{server.base_url}/api/v1/feed", headers=who, timeout=10)
        feed.raise_for_status()
        return [entry["headline"] for entry in feed.json()["entries"]]

    return headlines


def move_cadre(server: LumbungServer, person: str, region: str) -> None:
    """Give a cadre another kelurahan instead of their own, as an administrator does."""
    _change_database(server, 'UPDATE "grant" SET region = ? WHERE person = ?', (region, person))


def revoke_all(server: LumbungServer) -> None:
    """Withdraw the permission of every device."""
    _change_database(server, "UPDATE device SET revoked_at = ?", (int(time.time() * 1000),))


def _change_database(server: LumbungServer, statement: str, values: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(server.var / "lumbung.sqlite3", timeout=10)) as database, database:
        assert database.execute(statement, values).rowcount > 0


def set_clock(phone: Phone, ms: int) -> None:
    """Let the phone's wall clock, as the app sees it, show so much more than there is; until the page starts anew."""
    (worker,) = phone.page.workers
    worker.evaluate("(ms) => { const now = (self.trueNow ||= Date.now.bind(Date)); Date.now = () => now() + ms; }", ms)


def let_pass(phone: Phone, ms: int) -> None:
    """Let time pass, as the app sees it."""
    for worker in phone.page.workers:
        worker.evaluate(LET_PASS, ms)


def look_away(phone: Phone, ms: int) -> None:
    """Go to another app, as far as the page can tell, and come back after some time."""
    phone.page.evaluate(SHOW, "hidden")
    phone.page.wait_for_timeout(500)
    let_pass(phone, ms)
    phone.page.evaluate(SHOW, "visible")
