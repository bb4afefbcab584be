"""Answers as people read them: only what is asked, with what was worked out, and nothing of a bentrok hidden."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from lumbung_client.session.views import Photo, Said
from lumbung_client.ui.parts.answer_list import answer_list
from lumbung_client.ui.parts.answers import Line, Reader, bare_lines, lines
from lumbung_client.ui.parts.photo_way import PhotoWays
from lumbung_client.ui.parts.rivals import Disputed
from lumbung_client.ui.texts import texts
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, row_path
from lumbung_shared.labels import Label
from lumbung_shared.logic import consequences
from lumbung_shared.writes import DELETED, PLACE
from tests.client.every_type import offered, ruled
from tests.client.fakes import PICTURE, Phone
from tests.client.phones import opened, settled
from tests.client.ui.flutterless import below
from tests.client.ui.stage import on_stage, played

FORM, DAY = ruled(), "2026-11-22"
WAYS = PhotoWays(None, "")  # type: ignore[arg-type]  # there are no photos to tell of
ROW = "0000000001"
PHOTO: Json = {"sha256": "a" * 64, "bytes": 5, "width": 1600, "height": 1200}


def reader(language: str = "id") -> Reader:
    return Reader(texts(language), language, lambda code: f"({code})")


def read(answers: dict[str, Json], language: str = "id") -> dict[str, str]:
    """Return label to answer of what is listed."""
    listed = lines(FORM, answers, reader(language), consequences(FORM, answers, DAY))
    return {line.label: line.answer for line in listed}


def cell(name: str) -> str:
    return row_path("sales", ROW, name)


def test_of_a_form_that_is_not_known_here_every_answer_is_there_and_nothing_else() -> None:
    answers: dict[str, Json] = {"nama": "Bu Nur", "tanggal": None, cell("kilos"): "12.5", cell("organic"): True}
    marks: dict[str, Json] = {cell(DELETED): False, cell(PLACE): "0000000002"}
    listed = {line.label: line.answer for line in bare_lines({**answers, **marks}, reader())}
    assert listed == {"nama": "Bu Nur", "kilos": "12.5", "organic": "Ya"}


def test_what_is_not_asked_is_left_out_and_what_is_worked_out_is_there() -> None:
    answers: dict[str, Json] = {
        "open": True,
        "why_closed": "Sakit",
        "hour": "14:30",
        cell("what"): "Beras",
        cell("kilos"): "12.5",
        cell("price"): 5000,
        cell("proof"): PHOTO,
    }
    assert read(answers) == {
        "Jam kunjungan": "14.30",
        "Lapak buka?": "Ya",
        "Penjualan 1": "",
        "Barang": "Beras",
        "Berat": "12,5 kg",
        "Harga per kg": "Rp5.000",
        "Nilai": "62.500 rupiah",
        "Nilai seluruhnya": "62.500 rupiah",
    }
    assert read({**answers, "open": False}, "en") == {
        "Hour of the visit": "14:30",
        "Is the stall open?": "No",
        "Why is it closed?": "Sakit",
        "Worth in all": "0 rupiah",
    }
    assert read({**answers, cell("price"): 200_000})["Foto nota"] == "Foto (1600 x 1200)"


def test_without_what_follows_every_given_answer_is_listed() -> None:
    answers: dict[str, Json] = {"open": False, cell("what"): "Beras", "sign": PHOTO}
    listed = lines(FORM, answers, reader())
    assert Line(f"sales/{ROW}", "Penjualan 1", heading=True) in listed
    assert Line("sign", "Foto papan nama", "Foto (1600 x 1200)", photo=Photo("a" * 64)) in listed


@pytest.mark.parametrize(
    ("text", "unit", "indonesian", "english"),
    [
        ("2026", "", "2026", "2026"),
        ("62500", "", "62.500", "62,500"),
        ("2026", "kg", "2.026 kg", "2,026 kg"),
        ("0.30000000000000004", "", "0,3", "0.3"),
        ("-1234.5", "rupiah", "-1.234,5 rupiah", "-1,234.5 rupiah"),
        ("2026-11-22", "", "Minggu, 22 November 2026", "Sunday, 22 November 2026"),
        ("2026-99-99", "", "2026-99-99", "2026-99-99"),
        ("0812", "", "0812", "0812"),
        ("baik", "", "baik", "baik"),
        ("NaN", "", "NaN", "NaN"),
    ],
)
def test_what_was_worked_out_is_written_as_people_write_it(text: str, unit: str, indonesian: str, english: str) -> None:
    item = Field("total", FieldType.CALCULATED, Label("Nilai", "Worth"), unit=unit)
    assert (reader("id").read(item, text), reader("en").read(item, text)) == (indonesian, english)


def test_a_question_without_a_label_is_not_shown() -> None:
    item = replace(FORM.by_name["total"], label=Label("", ""))
    form = replace(FORM, fields=(item,))
    assert lines(form, {"total": "5"}, reader()) == []


def test_a_photo_or_reference_of_another_shape_is_shown_as_it_is() -> None:
    photo, reference = (Field("it", kind, Label("Itu", "It")) for kind in (FieldType.PHOTO, FieldType.REFERENCE))
    assert reader().read(photo, "?") == reader().read(reference, "?") == "?"
    assert reader().read(photo, {"sha256": "x"}) == "{'sha256': 'x'}"
    assert reader().read(reference, {"id": "x", "name": "Bu Nur"}) == "Bu Nur"


def rivals_of(*values_there: Json) -> tuple[Said, ...]:
    return tuple(Said(value, "Budi", mine=False, here=False, at=0) for value in values_there)


def shown(control: ft.Control) -> list[str]:
    return [text for one in below(control) if isinstance(text := getattr(one, "value", None), str)]


def test_an_answer_that_is_not_asked_is_shown_all_the_same_when_it_is_to_be_decided() -> None:
    answers: dict[str, Json] = {"open": True, "why_closed": "Sakit"}
    assert "Sakit" not in shown(answer_list(FORM, answers, reader(), day=DAY, ways=WAYS))
    disputed = Disputed(rivals={"why_closed": rivals_of("Sakit", "Hujan")})
    texts_there = shown(answer_list(FORM, answers, reader(), disputed, day=DAY, ways=WAYS))
    assert {"Mengapa tutup?", "Sakit", "Hujan"} <= set(texts_there)


def test_rivals_in_a_row_that_is_not_asked_stand_under_its_heading() -> None:
    answers: dict[str, Json] = {"open": False, cell("what"): "Beras", cell("kilos"): "1"}
    disputed = Disputed(rivals={cell("kilos"): rivals_of("1", "2")})
    texts_there = shown(answer_list(FORM, answers, reader(), disputed, day=DAY, ways=WAYS))
    assert {"Penjualan 1", "1 kg", "2 kg"} <= set(texts_there)
    assert "Beras" not in texts_there


def test_two_photos_that_stand_beside_each_other_are_both_shown_and_one_is_chosen() -> None:
    async def act() -> None:
        async with on_stage() as stage, opened(Phone(stage.server, seed=2)) as other:
            record = stage.session.start_draft(FORM.kind)
            stage.session.answer(record, "name", "Bu Nur")
            assert stage.session.finish(record) == ()
            await stage.settle()
            assert await other.enrol(stage.server.add("siti")) is None
            await settled(other)
            stage.server.down = True
            for session in (stage.session, other):
                session.start_edit(record)
                content = PICTURE + session.identity.replica.encode() if session.identity else b""
                assert await session.photos.answer(record, "sign", content) is None
                assert session.finish(record) == ()
                await settled(session)
            stage.server.down = False
            await other.sync_now()
            await stage.session.sync_now()
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.until(lambda: bool(stage.screen.all(ft.Image)))
            await stage.screen.until(lambda: stage.screen.shows("Foto ini tidak ada di ponsel ini."))
            assert stage.screen.all(ft.OutlinedButton, key="use-sign-1")
            assert not stage.screen.all(ft.TextButton, key="own-sign")

    with offered(FORM):
        played(act())
