"""What a phone shows of an answer that was erased on request: that it is gone, also where it could be typed again."""

from __future__ import annotations

import json

import pytest

from lumbung_client.ui.texts import LANGUAGES
from tests.databases import look
from tests.e2e.conftest import MakePhone
from tests.e2e.steps import begin, enrol, fill, finish
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

ARRIVAL = 60
TRAINER = "Ibu Rahmawati"
GONE = LANGUAGES["id"].access.erased_answer


def test_an_erased_name_leaves_the_screen_and_the_rest_can_still_be_edited(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.invite("kdr-01"))
    begin(phone, "Pelatihan berjenjang")
    fill(phone, "Materi pelatihan *", "Kompos")
    fill(phone, "Nama pelatih", TRAINER)
    finish(phone, "Kompos")
    phone.wait_text("Semua sudah terkirim", ARRIVAL)
    phone.tap("Kompos")
    phone.wait_text(TRAINER)
    phone.tap("Kembali")

    with look(server.database_url) as database:
        (record,) = database.execute("SELECT id FROM record WHERE kind = 'training-of-trainers'").fetchall()
    code, said = server.command("erase", "record", record[0], "--field", "trainer", "--json")
    assert code == 0, json.loads(said)
    phone.tap("Kirim", role="tab")
    phone.tap("Kirim sekarang")
    phone.wait_text("Tidak ada yang menunggu")
    phone.tap("Kegiatan", role="tab")
    phone.tap("Kompos")
    phone.scroll_to(GONE)
    assert TRAINER not in " ".join(phone.texts())

    phone.tap("Ubah")
    phone.wait_text("Simpan draf")
    phone.scroll_to(GONE)
    fill(phone, "RT", "05")
    phone.tap("Selesai")
    phone.wait_gone("Simpan draf")
    phone.wait_text("Terkirim", ARRIVAL)
    assert phone.record.violations() == []
