"""Bad input and failure: each gets a sentence to act on, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.steps import (
    begin,
    city_feed,
    enrol,
    fill,
    finish,
    log_compost_training,
    move_cadre,
    read_field,
    revoke_all,
    skip_introduction,
    spend,
)
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]


def test_codes_that_do_not_work_and_a_server_that_is_down_are_said_and_the_next_code_enrols(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    used, fresh = (code["code"] for code in server.demo["codes"][:2])
    spend(server, used)
    spend(server, used)  # a code lets a second store in, but no third
    phone = make_phone()
    phone.open("/", "Daftarkan ponsel ini")
    phone.tap("Daftar")
    phone.wait_text("Isi kodenya dulu.")
    for code, sentence in (("ZZZZ-9999", "tidak dikenal"), (used, "sudah dipakai")):
        phone.type_into("Kode pendaftaran", code)
        phone.tap("Daftar")
        phone.wait_text(sentence)
    server.stop()
    phone.type_into("Kode pendaftaran", fresh)
    phone.tap("Daftar")
    phone.wait_text("Pendaftaran perlu internet")
    server.start()
    phone.tap("Daftar")
    skip_introduction(phone)
    phone.wait_text("Belum ada kegiatan")


def test_a_dead_server_and_a_withdrawn_permission_leave_everything_on_the_phone(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    first = server.demo["codes"][0]
    phone = make_phone()
    enrol(phone, first["code"])

    # The phone believes that it has a network; nobody answers.
    server.stop()
    log_compost_training(phone, "Dasawisma Anggrek")
    phone.tap("Kirim", role="tab")
    phone.wait_text("Server tidak dapat dihubungi")
    phone.wait_text("Menunggu kirim")
    server.start()
    phone.tap("Kirim sekarang")
    phone.wait_text("Bukti terima terakhir", 60)

    # The permission ends while a form is open: the phone is locked, and what was typed is there again with a new code.
    begin(phone, "Kegiatan lain")
    fill(phone, "Nama kegiatan *", "Gotong royong")
    revoke_all(server)
    phone.go_offline()
    phone.go_online()
    phone.wait_text("Lumbung di ponsel ini terkunci", 60)
    assert not phone.shows("Gotong royong")
    assert not phone.shows("Dasawisma Anggrek")
    phone.type_into("Kode pendaftaran", server.invite(first["person"]))
    phone.tap("Daftar")
    phone.wait_text("Dasawisma Anggrek", 60)
    phone.tap("Kegiatan lain")
    assert read_field(phone, "Nama kegiatan *") == "Gotong royong"
    finish(phone, "Gotong royong")
    phone.wait_text("Semua sudah terkirim", 60)
    assert set(city_feed(server)()) == {"Dasawisma Anggrek", "Gotong royong"}


def test_an_activity_that_the_server_refuses_says_why_and_is_sent_when_it_is_corrected(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    first = server.demo["codes"][0]
    phone = make_phone()
    enrol(phone, first["code"])
    phone.go_offline()
    log_compost_training(phone, "Dasawisma Anggrek")
    # While the phone is out of reach its owner is moved to another kelurahan.
    move_cadre(server, first["person"], "64.74.02.1001")
    phone.go_online()
    phone.wait_text("1 perlu diperbaiki", 60)
    phone.tap("Dasawisma Anggrek")
    phone.wait_text("Anda tidak bertugas di wilayah itu")
    phone.tap("Perbaiki")
    phone.wait_text("Buang perubahan")
    phone.choose("Kelurahan/desa *", "Tanjung Laut")
    finish(phone, "Dasawisma Anggrek")
    phone.wait_text("Semua sudah terkirim", 60)
    assert city_feed(server)() == ["Dasawisma Anggrek"]
