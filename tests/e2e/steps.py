"""What people do with the app, step by step, in the words of its Indonesian interface."""

from __future__ import annotations

from tests.e2e.driver import Phone


def enrol(phone: Phone, code: str) -> None:
    """Open the link of an enrolment code and register the phone."""
    phone.open(f"/masuk?kode={code}", "Daftarkan ponsel ini")
    phone.tap("Daftar")
    phone.wait_text("Belum ada kegiatan")


def sign_in(phone: Phone, login: str, password: str) -> None:
    """Sign in as a coordinator."""
    phone.open("/", "Saya koordinator")
    phone.tap("Saya koordinator")
    phone.wait_text("Kata sandi")
    phone.type_into("Nama masuk", login)
    phone.type_into("Kata sandi", password)
    phone.tap("Masuk")
    phone.wait_text("Semua sudah terkirim")


def log_waste_bank_training(phone: Phone, name: str, kilos: str = "12,5") -> None:
    """Log a waste-bank training with one weighing, and finish it."""
    begin(phone, "Pelatihan bank sampah")
    fill(phone, "Nama bank sampah *", name)
    phone.scroll_to("Tambah: Hasil penimbangan")
    phone.tap("Tambah: Hasil penimbangan")
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


def finish(phone: Phone, headline: str) -> None:
    """Finish the form and see the activity in the list."""
    phone.tap("Selesai")
    phone.wait_text("Kegiatan")
    phone.wait_text(headline)
    phone.wait_gone("Simpan draf")
