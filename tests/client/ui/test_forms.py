"""Forms on the screen: the list, one of them tried out, withdrawn, saved as Excel, and one brought from Excel."""

from __future__ import annotations

import json
from typing import Any

import flet as ft

from lumbung_client.store.entries import drop
from lumbung_client.sync.transport import Response
from lumbung_shared.catalogue import WHOLE
from lumbung_shared.expressions import read
from lumbung_shared.forms import Field, Form, Option, published_forms
from lumbung_shared.labels import Label
from lumbung_shared.problems import Code, Problem, sentence
from lumbung_shared.protocol import FormReading, Grant, Offer, SheetRemark
from tests.client.fakes import FakeServer, message
from tests.client.ui.stage import Stage, on_stage, played

CITY = Grant("64.74", "regency-coordinator")
NORTH = "64.74.01"
EXCEL = {"content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def question(name: str, kind: str = "text", title: str = "", **more: Any) -> Field:
    return Field(name, kind, Label(title or name, title or name), **more)


def survey(version: int = 1, title: str = "Survei sungai") -> Form:
    fields = (
        *published_forms()["other", 1].fields[:2],
        question("title", title="Nama sungai"),
        question("dirty", "yes_no", "Kotor?"),
        question("why", title="Mengapa kotor?", relevant=read("${dirty} = 'yes'")),
        question(
            "finds", "repeat", "Temuan", fields=(question("what", "choice", "Apa?", options=(_option("Botol"),)),)
        ),
        question("pictures", "photos", "Foto sungai"),
    )
    return Form("river-survey", version, Label(title, title), "event", fields)


def _option(name: str) -> Option:
    return Option(name.lower(), Label(name, name))


def server(*offers: Offer) -> FakeServer:
    return FakeServer(offers=[*(Offer(form, WHOLE) for form in published_forms().values()), *offers])


async def pick(stage: Stage, content: bytes) -> None:
    """Choose a file, as the browser's own dialog answers."""
    action: Any = stage.screen.find(ft.FilledTonalButton, key="form-pick").action
    files = [{"id": 0, "name": "a.xlsx", "size": len(content), "bytes": content}]
    await stage.screen.fire(action.file_picker, "result", {"files": files})
    await stage.settle()


def refusal(code: Code) -> Response:
    body = message(Problem(code, 409, "-", "-"), 409).body
    return Response(409, {"content-type": "application/problem+json"}, body)


def test_choosing_a_kind_offers_what_is_offered_in_the_persons_regions_today() -> None:
    async def act() -> None:
        offers = (Offer(survey(), NORTH), Offer(survey(2, "Survei parit"), "64.74.02"))
        async with on_stage(server=server(*offers)) as stage:
            await stage.screen.go("/catat")
            assert stage.screen.shows("Survei")
            await stage.screen.press("kind-river-survey")
            assert stage.screen.shows("Survei sungai")
            assert stage.screen.shows("Nama sungai")

    played(act())


def test_a_coordinator_finds_the_forms_in_the_settings_and_a_cadre_does_not() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server(Offer(survey(), NORTH))) as stage:
            await stage.screen.go("/pengaturan")
            await stage.screen.press("forms")
            assert stage.screen.page.route == "/umpan/meja/formulir"
            assert stage.screen.shows("Survei sungai")
            assert stage.screen.shows("Versi 1 · Berlaku di Bontang Utara")
            assert stage.screen.shows("Pelatihan bank sampah")
            assert stage.screen.shows("2 versi")
            await stage.screen.press("form-river-survey")
            assert stage.screen.page.route == "/umpan/meja/formulir/river-survey/1"
        async with on_stage(server=server()) as stage:
            await stage.screen.go("/pengaturan")
            assert not stage.screen.all(ft.OutlinedButton, key="forms")
            await stage.screen.go("/umpan/meja/formulir")
            assert not stage.screen.all(ft.FloatingActionButton)

    played(act())


def test_a_form_is_tried_out_with_its_own_questions_and_nothing_is_saved() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server(Offer(survey(), NORTH))) as stage:
            await stage.screen.go("/umpan/meja/formulir/river-survey/1")
            screen = stage.screen
            assert screen.shows("tidak ada yang disimpan")
            assert not screen.shows("Mengapa kotor?")
            await screen.type("title", "Sungai Guntung")
            await screen.change("dirty", "yes")
            assert screen.shows("Mengapa kotor?")
            await screen.change("dirty", "no")
            assert not screen.shows("Mengapa kotor?")
            await screen.press("add-finds")
            await screen.press("add-finds")
            cards = [it for it in screen.all(ft.Container) if str(it.key).startswith("card-")]
            assert len(cards) == 2
            await screen.press(f"remove-{str(cards[0].key).removeprefix('card-')}")
            assert len([it for it in screen.all(ft.Container) if str(it.key).startswith("card-")]) == 1
            assert screen.find(ft.TextField, key="title").value == "Sungai Guntung"
            assert stage.session.activities() == []
            assert stage.session.waiting() == []

    played(act())


def test_a_version_is_withdrawn_after_a_question_and_the_other_versions_are_a_tap_away() -> None:
    async def act() -> None:
        offers = (Offer(survey(), NORTH), Offer(survey(2), "64.74", since="2026-12-01"))
        async with on_stage(CITY, server=server(*offers)) as stage:
            await stage.screen.go("/umpan/meja/formulir/river-survey/2")
            assert stage.screen.shows("Versi 2 · Berlaku di Kota Bontang · mulai Selasa, 1 Desember 2026")
            await stage.screen.press("version-1")
            assert stage.screen.page.route == "/umpan/meja/formulir/river-survey/1"
            await stage.screen.press("form-withdraw")
            assert stage.screen.shows("Tarik versi 1 formulir ini?")
            gone = Offer(survey(), NORTH, withdrawn=True, number=99)
            stage.server.canned["/api/v1/forms/withdraw"] = message(gone)
            await stage.screen.press("confirm-yes")
            await stage.screen.until(lambda: stage.screen.shows("Versi 1 sudah ditarik."))
            assert stage.screen.shows("Sudah ditarik")
            assert not stage.screen.all(ft.OutlinedButton, key="form-withdraw")

    played(act())


def test_what_cannot_be_withdrawn_says_why() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server(Offer(survey(), NORTH))) as stage:
            await stage.screen.go("/umpan/meja/formulir/other/2")
            assert not stage.screen.all(ft.OutlinedButton, key="form-withdraw")
            await stage.screen.go("/umpan/meja/formulir/river-survey/1")
            await stage.screen.press("form-withdraw")
            stage.server.down = True
            await stage.screen.press("confirm-yes")
            await stage.screen.until(lambda: stage.screen.shows(sentence(Code.SERVER_UNREACHABLE, "id")))
            await stage.screen.go("/umpan/meja/formulir/unheard-of/1")
            assert stage.screen.shows("Formulir ini tidak ada di ponsel ini.")

    played(act())


def test_a_form_is_saved_as_an_excel_file() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server(Offer(survey(), NORTH))) as stage:
            stage.server.canned["/api/v1/forms/river-survey/1/xlsx"] = Response(200, EXCEL, b"PK")
            await stage.screen.go("/umpan/meja/formulir/river-survey/1")
            stage.screen.connection.answers["save_file"] = "/Download/a.xlsx"
            await stage.screen.press("form-export")
            await stage.screen.until(lambda: stage.screen.shows("Formulir disimpan sebagai river-survey-v1.xlsx"))
            stage.screen.connection.answers["save_file"] = None
            await stage.screen.press("form-export")
            await stage.screen.until(lambda: stage.screen.shows("Berkas tidak jadi disimpan."))
            stage.server.down = True
            await stage.screen.press("form-export")
            await stage.screen.until(lambda: stage.screen.shows(sentence(Code.SERVER_UNREACHABLE, "id")))

    played(act())


def test_what_is_wrong_with_an_excel_file_is_said_with_its_place() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            await stage.screen.go("/umpan/meja/formulir")
            await stage.screen.press("form-bring")
            assert stage.screen.page.route == "/umpan/meja/formulir/excel"
            faults = (
                SheetRemark("name-taken", Label("Nama “a” dipakai dua kali.", "Twice."), "survey", 7, "name"),
                SheetRemark("survey-sheet-missing", Label("Tidak ada lembar survey.", "No survey.")),
            )
            stage.server.canned["/api/v1/forms/xlsx"] = message(FormReading(None, faults))
            await pick(stage, b"PK")
            assert stage.screen.shows("Yang perlu diperbaiki: 2")
            assert stage.screen.shows("Lembar survey, baris 7, kolom name")
            assert stage.screen.shows("Nama “a” dipakai dua kali.")
            assert not stage.screen.all(ft.FilledButton, key="form-publish")
            stage.server.answers = [refusal(Code.BODY_TOO_LARGE)]
            await pick(stage, b"PK")
            assert stage.screen.shows(sentence(Code.BODY_TOO_LARGE, "id"))

    played(act())


def test_a_form_from_excel_is_looked_at_and_published_for_a_region_and_from_a_day() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja/formulir/excel")
            lacks = (SheetRemark("x", Label("Jenis “audio” tidak ada di Lumbung.", "No audio."), "survey", 9, "type"),)
            added = (SheetRemark("y", Label("Tanggal kegiatan ditambahkan.", "The date was added.")),)
            stage.server.canned["/api/v1/forms/xlsx"] = message(FormReading(survey(), (), lacks, added))
            await pick(stage, b"PK")
            assert screen.shows("Tidak ikut atau berubah: 1")
            assert screen.shows("Ditambahkan oleh Lumbung: 1")
            assert screen.shows("Formulir baru")
            assert screen.shows("Nama sungai")
            await screen.change("form-region", NORTH, "select")
            await screen.press("form-publish")
            assert screen.shows("Terbitkan formulir ini di Bontang Utara?")
            stage.server.canned["/api/v1/forms"] = refusal(Code.KIND_TAKEN)
            await screen.press("confirm-yes")
            await screen.until(lambda: screen.shows(sentence(Code.KIND_TAKEN, "id")))
            stage.server.canned["/api/v1/forms"] = message(Offer(survey(), NORTH, number=50), 201)
            await screen.press("form-publish")
            await screen.press("confirm-yes")
            await screen.until(lambda: screen.page.route == "/umpan/meja/formulir/river-survey/1")
            assert screen.shows("Formulir terbit sebagai versi 1.")
            asked = json.loads(stage.server.requests[-1].body)
            assert (asked["region"], asked.get("since", ""), asked["form"]["kind"]) == (NORTH, "", "river-survey")
            await screen.go("/catat")
            assert screen.shows("Survei sungai")

    played(act())


def test_a_record_whose_form_the_phone_lacks_is_shown_by_its_answers() -> None:
    async def act() -> None:
        async with on_stage(server=server(Offer(survey(), NORTH))) as stage:
            record = stage.session.start_draft("river-survey")
            for path, value in (("title", "Sungai Guntung"), ("dirty", True), ("why", "Sampah")):
                stage.session.answer(record, path, value)
            assert stage.session.finish(record) == ()
            await stage.settle()
            stage.session._store.apply([drop("forms", "river-survey@1")])
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("Sungai Guntung")
            assert stage.screen.shows("Sampah")
            assert stage.screen.shows("Ya")

    played(act())
